"""One assessment from frozen evidence to the stored, signed report."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from natvakt_server.analysis.engine import findings, judge_all, standing
from natvakt_server.analysis.evidence import Evidence, freeze, thaw
from natvakt_server.analysis.rule import Rule
from natvakt_server.analysis.score import score
from natvakt_server.domain.assessment import Assessment, AssessmentStore, Severity
from natvakt_server.domain.clock import Clock
from natvakt_server.domain.estate import EstateReader
from natvakt_server.jobs.evidence import EvidenceMaker
from natvakt_server.reports.build import CYCLES_A_YEAR, Frame, build
from natvakt_server.reports.difference import known_states
from natvakt_server.reports.model import Mark, ReportDocument, canonical, nanoseconds, read
from natvakt_server.reports.outlook_model import Outlook
from natvakt_server.reports.signing import ReportSigner, signed

Progress = Callable[[float, str], None]


class NothingToAssess(Exception):
    """Names the customer or site and what is missing."""


def not_delivered(assessment: Assessment) -> None:  # noqa: ARG001 - what a server that sends no mail does with any
    return None


def no_outlook(evidence: Evidence) -> Outlook | None:  # noqa: ARG001 - what a server without knowledge says of any devices
    return None


def no_marks(tenant: str) -> Mapping[str, Mark]:  # noqa: ARG001 - what a server without marks has for any customer
    return {}


@dataclass(frozen=True, slots=True)
class Assessor:
    """Runs assessments. `new_id` gives UUIDv7 texts; `marks` the checked images of partner and customer, by customer.

    `outlook` says what the knowledge that was frozen with the evidence knows of the devices. `deliver` is told of planned assessments.
    """

    reader: EstateReader
    evidence: EvidenceMaker
    store: AssessmentStore
    rules: Sequence[Rule]
    signer: ReportSigner
    clock: Clock
    new_id: Callable[[], str]
    partner: str
    marks: Callable[[str], Mapping[str, Mark]] = no_marks
    outlook: Callable[[Evidence], Outlook | None] = no_outlook
    deliver: Callable[[Assessment], None] = not_delivered

    def run(self, tenant: str, sites: Sequence[str], progress: Progress, planned_ns: int | None = None) -> Assessment:
        """Assess these sites (empty: all of the customer's) now. Raises NothingToAssess."""
        customer = self.reader.customer(tenant)
        if customer is None:
            raise NothingToAssess(f"customer {tenant!r} is not known; `natvakt-server customer add {tenant}` makes it")
        known = [s.site for s in self.reader.sites(tenant)]
        missing = [s for s in sites if s not in known]
        if missing or not known:
            raise NothingToAssess(
                f"customer {tenant!r} has no site {', '.join(missing) or 'at all'}; known are: {', '.join(known) or 'none'}"
            )
        progress(0.1, "reading evidence")
        frozen = freeze(self.evidence.freeze(tenant, sorted(sites) or known, self.clock.wall_ns()))
        progress(0.6, "judging")
        previous = self._previous(tenant, sorted(sites) or known)
        frame = Frame(
            id=self.new_id(),
            partner=self.partner,
            language=customer.language,
            cycle=previous.cycle + 1 if previous else 1,
            planned_ns=planned_ns,
            public_key=self.signer.public_key,
            inputs_digest=hashlib.sha256(frozen).hexdigest(),
            previous=previous,
            schedule=customer.schedule,
            planned_cycle=planned_cycle(previous, customer.schedule) if planned_ns is not None else None,
            marks=self.marks(tenant),
        )
        document = judge(frozen, self.rules, frame, self.signer, self.outlook)
        progress(0.9, "storing")
        assessment = stored(document, frozen, self.clock.wall_ns())
        self.store.save(assessment)
        if planned_ns is not None:
            self.deliver(assessment)
        progress(1.0, "done")
        return assessment

    def _previous(self, tenant: str, sites: Sequence[str]) -> ReportDocument | None:
        """The newest assessment of the same sites: only those can be compared."""
        for entry in self.store.history(tenant):
            if sorted(entry.sites) == sorted(sites):
                whole = self.store.load(tenant, entry.id)
                return read(whole.document) if whole else None
        return None


def planned_cycle(previous: ReportDocument | None, schedule: str | None) -> int | None:
    """The place of a planned assessment in its year. What was asked for in between does not count as one of the plan."""
    a_year = CYCLES_A_YEAR.get(schedule or "")
    if a_year is None:
        return None
    before = previous.planned_cycles if previous else 0
    return before % a_year + 1


def judge(
    frozen: bytes, rules: Sequence[Rule], frame: Frame, signer: ReportSigner, outlook: Callable[[Evidence], Outlook | None]
) -> ReportDocument:
    """Frozen evidence and a frame in, signed document out: the same bytes every time."""
    evidence = thaw(frozen)
    judged = judge_all(rules, evidence)
    found = findings(judged, evidence, known_states(frame.previous))
    known = replace(frame, outlook=outlook(evidence))
    return signed(build(known, evidence, rules, judged, found, score(standing(judged, evidence))), signer.sign)


def frame_of(document: ReportDocument, previous: ReportDocument | None) -> Frame:
    """The frame that a stored report was made in, to make it again."""
    return Frame(
        id=document.id,
        partner=document.partner,
        language=document.language,
        cycle=document.cycle,
        planned_ns=nanoseconds(document.planned_at) if document.planned_at else None,
        public_key=bytes.fromhex(document.public_key),
        inputs_digest=document.inputs_digest,
        previous=previous,
        schedule=document.schedule,
        planned_cycle=document.planned_cycle,
        marks=document.marks,
    )


def stored(document: ReportDocument, frozen: bytes, made_ns: int) -> Assessment:
    return Assessment(
        id=document.id,
        tenant=document.tenant,
        sites=document.sites,
        made_ns=made_ns,
        scores=document.scores,
        coverage=document.coverage,
        counts={severity.value: document.counts["severity"][severity.value] for severity in Severity},
        document=canonical(document),
        inputs=frozen,
    )
