"""Accepted findings, recipients of reports, and the outbox, over both databases."""

from dataclasses import replace
from datetime import date

import pytest
from natvakt_server.domain.acceptance import AcceptedFinding, NotAcceptable, checked
from natvakt_server.domain.assessment import Assessment
from natvakt_server.domain.report_mail import SENT, Recipient, ReportMail
from natvakt_server.store.estate.acceptances import SqlAcceptances
from natvakt_server.store.estate.assessments import SqlAssessmentStore
from natvakt_server.store.estate.report_outbox import SqlReportOutbox

TODAY = date(2026, 11, 18)
ACCEPTED = AcceptedFinding(
    "acme", "0123456789abcdef", date(2027, 6, 30), "new site in spring", "Anna Ek", 7, "core.env.fan", "hq-core", "Fan 1"
)
MAIL = ReportMail("report-1", "anna@example.org", "acme", "sv", created_ns=5, not_before_ns=10)


def test_an_acceptance_is_kept_replaced_and_withdrawn_within_its_customer(engine):
    store = SqlAcceptances(engine)
    store.accept(ACCEPTED)
    later = replace(ACCEPTED, until=date(2028, 1, 1), reason="later\x00 still")
    store.accept(later)
    assert store.accepted("acme") == [replace(later, reason="later  still")]
    assert store.accepted("beta") == []
    assert not store.withdraw("beta", ACCEPTED.finding)
    assert store.withdraw("acme", ACCEPTED.finding)
    assert not store.withdraw("acme", ACCEPTED.finding)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"reason": "  "}, "reason has 0"),
        ({"reason": "x" * 501}, "reason has 501"),
        ({"by": ""}, "nobody is named"),
        ({"until": date(2026, 11, 17)}, "has passed"),
        ({"until": date(2030, 1, 1)}, "three years"),
    ],
)
def test_nobody_lives_with_a_finding_for_no_reason_in_no_name_or_for_ever(wrong, says):
    with pytest.raises(NotAcceptable, match=says):
        checked(replace(ACCEPTED, **wrong), TODAY)
    assert checked(ACCEPTED, TODAY) is ACCEPTED


def test_recipients_are_kept_by_customer(engine):
    outbox = SqlReportOutbox(engine)
    outbox.put_recipient(Recipient("acme", "anna@example.org", "sv"))
    outbox.put_recipient(Recipient("acme", "anna@example.org", "en"))
    assert outbox.recipients("acme") == [Recipient("acme", "anna@example.org", "en")]
    assert outbox.recipients("beta") == []
    assert outbox.remove_recipient("acme", "anna@example.org")
    assert not outbox.remove_recipient("acme", "anna@example.org")


def test_a_mail_waits_for_its_time_and_is_put_once(engine):
    SqlAssessmentStore(engine).save(Assessment("report-1", "acme", ("hq",), 1, {}, {}, {}, b"{}", b""))
    outbox = SqlReportOutbox(engine)
    assert (outbox.put([MAIL]), outbox.put([MAIL])) == (1, 0)
    assert (outbox.due(9, 5), outbox.due(10, 5)) == ([], [MAIL])
    sent = replace(MAIL, state=SENT, attempts=1, sent_ns=11)
    outbox.update(sent)
    assert outbox.due(99, 5) == []
    assert outbox.mails("acme", "report-1") == [sent]
    assert outbox.mails("beta") == []
