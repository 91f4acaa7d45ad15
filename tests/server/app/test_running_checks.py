"""What `doctor` says of a server that answers but does not keep up."""

from dataclasses import replace

import pytest
from natvakt_server.app import running_checks
from natvakt_server.app.check import FAIL, OK, WARN, Check
from natvakt_server.app.gateway_folder import GatewayFolder
from natvakt_server.domain.delivery import SessionState
from natvakt_server.domain.identity import AgentRecord, AgentState
from natvakt_server.domain.jobs import ASSESSMENT, Job
from natvakt_server.domain.notification import Kind, Severity
from natvakt_server.domain.notifying import FAILED, SENT, WAITING, Message
from natvakt_server.domain.vitals import Vitals
from natvakt_server.identity.authority import open_authority
from testkit.console import MovingClock, Randomness
from testkit.identity import MemoryKeyFiles

NOW_NS = MovingClock().wall_ns()
SECOND_NS, HOUR_NS = 1_000_000_000, 3600 * 1_000_000_000
WELL = Vitals({}, 0, 0, NOW_NS, {}, {}, 0, 0)
AGENT = AgentRecord("a1", "acme", "hq", AgentState.ACTIVE, 1, NOW_NS, "1", NOW_NS + HOUR_NS)


@pytest.mark.parametrize(("waits_seconds", "state"), [(0, OK), (299, OK), (301, WARN)])
def test_what_waits_too_long_is_told(waits_seconds: int, state: str) -> None:
    told = replace(WELL, oldest_waiting_ns=NOW_NS - waits_seconds * SECOND_NS if waits_seconds else 0)
    assert running_checks.ingest(told, NOW_NS).state == state


def test_jobs_that_failed_today_or_were_left_are_told() -> None:
    failed = Job("j", ASSESSMENT, "acme", {}, "failed", detail="no rule book", created_ns=NOW_NS - HOUR_NS)
    left = Job("k", ASSESSMENT, "acme", {}, "running", created_ns=NOW_NS, lease_until_ns=NOW_NS - 2 * HOUR_NS)
    told = running_checks.jobs([failed, left], NOW_NS)
    assert (told.state, "acme: no rule book" in told.detail) == (WARN, True)
    assert running_checks.jobs([left], NOW_NS).state == WARN
    assert (
        running_checks.jobs([replace(failed, created_ns=NOW_NS - 30 * HOUR_NS), replace(left, lease_until_ns=NOW_NS)], NOW_NS).state == OK
    )


def test_messages_that_do_not_arrive_are_told_with_the_reason() -> None:
    sent = Message("m1", "k1", "d1", "", 1, "acme", "i1", Kind.OPENED, Severity.CRITICAL, state=SENT, created_ns=NOW_NS - HOUR_NS)
    failed = replace(sent, id="m2", state=FAILED, detail="mail.example:587 refuses the recipient")
    held = replace(sent, id="m3", state=WAITING, attempts=4, detail="hooks.example did not answer within 10 s")
    told = running_checks.messages([failed, sent], NOW_NS)
    assert (told.state, "refuses the recipient" in told.detail) == (WARN, True)
    assert running_checks.messages([held, sent], NOW_NS).state == WARN
    quiet = replace(held, attempts=0)
    old = replace(failed, created_ns=NOW_NS - 30 * HOUR_NS)
    assert running_checks.messages([quiet, sent, old], NOW_NS) == Check("messages", OK, "1 sent within a day, none was refused")


def test_certificates_that_are_over_or_end_soon_are_told() -> None:
    assert running_checks.agents_certificates([AGENT], NOW_NS).state == OK
    over = replace(AGENT, certificate_not_after_ns=NOW_NS)
    assert "acme/hq" in running_checks.agents_certificates([AGENT, over], NOW_NS).detail
    assert running_checks.agents_certificates([replace(over, state=AgentState.REVOKED)], NOW_NS).state == OK


def test_the_servers_own_certificate_is_looked_at() -> None:
    clock, folder = MovingClock(), GatewayFolder(MemoryKeyFiles())
    assert running_checks.certificate("gateway certificate", folder, NOW_NS).state == WARN
    folder.keep_valid(open_authority(MemoryKeyFiles(), clock, Randomness()), ("localhost",), clock)
    assert running_checks.certificate("gateway certificate", folder, NOW_NS).state == OK
    later_ns = NOW_NS + 5 * 366 * 24 * HOUR_NS
    assert running_checks.certificate("gateway certificate", folder, later_ns).state == FAIL


def test_clocks_that_are_off_are_told() -> None:
    class Sessions:
        def __init__(self, skew_seconds: float) -> None:
            self.skew_ns = int(skew_seconds * SECOND_NS)

        def sessions(self, agent: str) -> list[SessionState]:
            old = SessionState(agent, b"1", b"", b"", skew_ns=90 * SECOND_NS, opened_ns=1)
            return [old, replace(old, skew_ns=self.skew_ns, opened_ns=2)]

    assert running_checks.clocks([AGENT], Sessions(0.2)).state == OK
    told = running_checks.clocks([AGENT], Sessions(-61))
    assert (told.state, "acme/hq -61 s" in told.detail) == (WARN, True)
