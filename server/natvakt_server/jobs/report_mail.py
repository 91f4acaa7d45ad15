"""Sends reports by mail from the outbox. A planned assessment puts a mail for each recipient; a person can put one at any time.

A mail is sent when the mail server has taken it. If the answer to that is lost, it goes out once more with the same Message-ID, by which
mail programs tell that it is the same. What the server refuses for good, or has not taken for two days, is given up with the reason.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage
from types import MappingProxyType
from zoneinfo import ZoneInfo

from natvakt_server.domain.assessment import AssessmentStore
from natvakt_server.domain.clock import Clock
from natvakt_server.domain.report_mail import FAILED, SENT, Recipient, ReportMail, ReportOutbox
from natvakt_server.notify.letters import letter, one_line
from natvakt_server.notify.port import MailTransport, Refused, Unavailable
from natvakt_server.notify.retrying import Retries
from natvakt_server.reports.model import ReportDocument, read
from natvakt_server.reports.rendering import RenderingFailed, pdf
from natvakt_server.reports.words import NO_VALUE, Speech

_log = logging.getLogger(__name__)
BATCH = 20
RETRIES = Retries((60, 300, 1800, 7200, 21_600), 2 * 86_400)
LEVELS = ("overall", "core", "security", "voice")
BODIES: Mapping[str, str] = MappingProxyType(
    {
        "en": "The assessment of {customer} ({sites}) of {made} is done.\n\n{scores}"
        "\n\nNew findings: {new}. Fixed: {fixed}. Came back: {regressed}."
        "\n\nThe report is attached as PDF, and as the signed document (JSON) by which it can be verified."
        "\nVerification code: {code}\n\n{partner}\n",
        "sv": "Bedömningen av {customer} ({sites}) den {made} är klar.\n\n{scores}"
        "\n\nNya fynd: {new}. Åtgärdade: {fixed}. Återkomna: {regressed}."
        "\n\nRapporten bifogas som PDF, och som det signerade dokumentet (JSON) som den kan verifieras med."
        "\nVerifieringskod: {code}\n\n{partner}\n",
    }
)


def mails_for(recipients: Sequence[Recipient], assessment: str, now_ns: int) -> Sequence[ReportMail]:
    return [ReportMail(assessment, r.address, r.tenant, r.language, created_ns=now_ns, not_before_ns=now_ns) for r in recipients]


@dataclass(frozen=True, slots=True)
class ReportPost:
    """`sender`: the address that stands as From. `code`: the verification code of a report."""

    outbox: ReportOutbox
    assessments: AssessmentStore
    transport: MailTransport
    sender: str
    code: Callable[[ReportDocument], str]
    clock: Clock

    def send_due(self) -> int:
        """Tries what is due; answers how many were sent. Raises StoreUnavailable."""
        made: dict[tuple[str, str], bytes] = {}
        return sum(self._try(mail, made) for mail in self.outbox.due(self.clock.wall_ns(), BATCH))

    def _try(self, mail: ReportMail, made: dict[tuple[str, str], bytes]) -> bool:
        attempts = mail.attempts + 1
        try:
            self.transport.send(self._message(mail, made))
        except (Refused, RenderingFailed) as error:
            changed = replace(mail, state=FAILED, attempts=attempts, detail=str(error))
        except Unavailable as error:
            now_ns = self.clock.wall_ns()
            state = FAILED if RETRIES.is_over(mail.created_ns, now_ns) else mail.state
            not_before_ns = RETRIES.next_ns(attempts, now_ns)
            changed = replace(mail, state=state, attempts=attempts, detail=str(error), not_before_ns=not_before_ns)
        else:
            changed = replace(mail, state=SENT, attempts=attempts, detail="", sent_ns=self.clock.wall_ns())
        self.outbox.update(changed)
        level = logging.INFO if changed.state == SENT else logging.WARNING
        _log.log(
            level, "event=report-mail state=%s report=%s attempts=%d reason=%s", changed.state, mail.assessment, attempts, changed.detail
        )
        return changed.state == SENT

    def _message(self, mail: ReportMail, made: dict[tuple[str, str], bytes]) -> EmailMessage:
        whole = self.assessments.load(mail.tenant, mail.assessment)
        if whole is None:
            raise Refused("the report is no longer there")
        document = read(whole.document)
        key = (mail.assessment, mail.language)
        if key not in made:
            made[key] = pdf(document, mail.language)
        return message(document, whole.document, made[key], mail, self.sender, self.code(document))


def message(document: ReportDocument, signed: bytes, drawn: bytes, mail: ReportMail, sender: str, code: str) -> EmailMessage:
    """Names of customers are data: a line break in one cannot become a header."""
    speech = Speech(mail.language, ZoneInfo(document.time_zone))
    made = letter(
        key=f"{mail.assessment}\x1f{mail.address}",
        subject=f"{speech('report')}: {document.customer}, {speech.date(document.made_at)}",
        sender=sender,
        to=mail.address,
        date=speech.local(document.made_at),
    )
    scores = (f"{speech(name)}: {_score(document.scores.get(name), speech)}" for name in LEVELS)
    state = document.counts["state"]
    made.set_content(
        BODIES[mail.language].format(
            customer=one_line(document.customer),
            sites=", ".join(document.sites),
            made=speech.date(document.made_at),
            scores="\n".join(scores),
            partner=one_line(document.partner),
            code=code,
            **{name: state.get(name, 0) for name in ("new", "fixed", "regressed")},
        )
    )
    name = f"{document.tenant}-{document.made_at[:10]}"
    made.add_attachment(drawn, maintype="application", subtype="pdf", filename=f"{name}-{mail.language}.pdf")
    made.add_attachment(signed, maintype="application", subtype="json", filename=f"{name}.json")
    return made


def _score(value: float | None, speech: Speech) -> str:
    return NO_VALUE if value is None else speech.number(value)
