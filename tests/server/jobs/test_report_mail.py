"""Reports by mail: an outbox over a real database, and a real SMTP server on loopback."""

import shutil
from dataclasses import dataclass

import pytest
from natvakt_server.domain.report_mail import Recipient
from natvakt_server.jobs.assessment import stored
from natvakt_server.jobs.report_mail import ReportPost, mails_for
from natvakt_server.notify.port import Refused, Unavailable
from natvakt_server.notify.transports.smtp import SmtpTransport
from natvakt_server.reports.model import canonical
from natvakt_server.reports.signing import signed, verification_code, verify
from natvakt_server.store.estate.assessments import SqlAssessmentStore
from natvakt_server.store.estate.engine import open_engine
from natvakt_server.store.estate.report_outbox import SqlReportOutbox
from testkit.console import MovingClock
from testkit.databases import migrated_file
from testkit.postbox import postbox
from testkit.report import REPORT_ID, assessed, device, evidence, signer

__all__ = ["migrated_file", "postbox"]

SENDER = "rapport@norrsken.example"


@dataclass
class Broken:
    """A transport that fails as it is told."""

    error: Exception
    asked: int = 0

    def send(self, message):
        self.asked += 1
        raise self.error


class Desk:
    def __init__(self, engine):
        self.clock, self.outbox, self.assessments = MovingClock(), SqlReportOutbox(engine), SqlAssessmentStore(engine)
        made = assessed(evidence(device(), customer="Björkå\r\nBcc: spy@example.net"))
        self.document = signed(made, signer().sign)
        self.assessments.save(stored(self.document, b"frozen", 1))

    def put(self, *addresses, language="sv"):
        recipients = [Recipient("acme", address, language) for address in addresses]
        return self.outbox.put(mails_for(recipients, REPORT_ID, self.clock.now_ns))

    def post(self, transport):
        return ReportPost(self.outbox, self.assessments, transport, SENDER, verification_code, self.clock).send_due()

    def states(self):
        return [(m.address, m.state, m.attempts) for m in self.outbox.mails("acme")]


@pytest.fixture
def desk(tmp_path, migrated_file):
    path = tmp_path / "natvakt.db"
    shutil.copy(migrated_file, path)
    engine = open_engine(f"sqlite:///{path}")
    yield Desk(engine)
    engine.dispose()


def smtp(postbox, **how):
    return SmtpTransport("127.0.0.1", postbox.port, **{"security": "none", **how})


def test_a_report_arrives_as_pdf_and_as_the_signed_document(desk, postbox):
    desk.put("anna@example.org")
    assert desk.post(smtp(postbox)) == 1
    ((sender, recipients, mail),) = postbox.taken
    assert (sender, recipients) == (SENDER, ["anna@example.org"])
    drawn, whole = list(mail.iter_attachments())
    assert drawn.get_content().startswith(b"%PDF-")
    assert whole.get_content() == canonical(desk.document)
    assert verify(whole.get_content(), signer().public_key).trusted
    assert verification_code(desk.document) in mail.get_body().get_content()
    assert desk.states() == [("anna@example.org", "sent", 1)]


@pytest.mark.parametrize(("language", "says"), [("sv", "Bedömningen av"), ("en", "The assessment of")])
def test_it_speaks_the_recipients_language(desk, postbox, language, says):
    desk.put("anna@example.org", language=language)
    desk.post(smtp(postbox))
    assert says in postbox.taken[0][2].get_body().get_content()


def test_a_name_with_a_line_break_is_no_header(desk, postbox):
    desk.put("anna@example.org")
    desk.post(smtp(postbox))
    mail = postbox.taken[0][2]
    assert mail["Bcc"] is None
    assert "Björkå Bcc: spy@example.net" in mail["Subject"]


def test_the_same_report_is_put_once_for_each_address_and_sent_once(desk, postbox):
    assert desk.put("anna@example.org", "bo@example.org") == 2
    assert desk.put("anna@example.org") == 0
    assert desk.post(smtp(postbox)) == 2
    assert desk.post(smtp(postbox)) == 0
    assert len({mail["Message-ID"] for _, _, mail in postbox.taken}) == 2


def test_a_server_that_is_away_is_tried_again_later_and_given_up_with_the_reason(desk):
    desk.put("anna@example.org")
    away = Broken(Unavailable("mail.example:25 cannot be reached"))
    desk.post(away)
    desk.post(away)
    assert away.asked == 1, "not before its time"
    for _ in range(8):
        desk.clock.move(6 * 3600)
        desk.post(away)
    assert desk.states() == [("anna@example.org", "failed", 9)], "after two days"
    desk.clock.move(6 * 3600)
    desk.post(away)
    assert away.asked == 9
    assert "cannot be reached" in desk.outbox.mails("acme")[0].detail


@pytest.mark.parametrize(("answer", "state"), [("550 no such user", "failed"), ("450 busy", "waiting")])
def test_a_recipient_refused_for_good_is_given_up_and_one_refused_for_now_is_not(desk, postbox, answer, state):
    postbox.answer = answer
    desk.put("anna@example.org")
    assert desk.post(smtp(postbox)) == 0
    assert desk.states() == [("anna@example.org", state, 1)]


def test_nothing_goes_out_in_the_clear_unless_that_is_written_down(desk, postbox):
    desk.put("anna@example.org")
    desk.post(smtp(postbox, security="starttls"))
    assert postbox.taken == []
    assert 'mail.security to "tls"' in desk.outbox.mails("acme")[0].detail


def test_one_that_fails_does_not_hold_the_others(desk):
    desk.put("anna@example.org", "bo@example.org")
    broken = Broken(Refused("no"))
    desk.post(broken)
    assert broken.asked == 2


def test_a_password_is_in_no_text(postbox):
    assert "hemligt" not in repr(smtp(postbox, user="u", password="hemligt"))
