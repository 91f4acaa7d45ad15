"""Whether the server keeps up: what `doctor` asks of its stores beyond that they answer."""

from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography import x509

from natvakt_server.app.check import FAIL, OK, WARN, Check
from natvakt_server.app.gateway_folder import GatewayFolder
from natvakt_server.domain.identity import AgentRecord, AgentState
from natvakt_server.domain.jobs import Job
from natvakt_server.domain.notifying import FAILED, SENT, WAITING, Message
from natvakt_server.domain.vitals import Vitals
from natvakt_server.web.ports import AgentSessions

SECOND_NS = 1_000_000_000
HOUR_NS, DAY_NS = 3600 * SECOND_NS, 86_400 * SECOND_NS
LAG_NS = 300 * SECOND_NS
SKEW_NS = 5 * SECOND_NS
MESSAGE_DELAY_NS = 600 * SECOND_NS
CERTIFICATE_SOON_NS = 6 * HOUR_NS
_NAMED = 5


def ingest(told: Vitals, now_ns: int) -> Check:
    """Whether what arrives is taken in."""
    waited_ns = now_ns - told.oldest_waiting_ns if told.oldest_waiting_ns else 0
    if waited_ns > LAG_NS:
        shown = f"an envelope has waited for {waited_ns // (60 * SECOND_NS)} minutes"
        return Check("ingest", WARN, shown, "is `natvakt-server run --role worker` running? its log says what it waits for")
    return Check("ingest", OK, "nothing waits longer than it should")


def jobs(newest: Sequence[Job], now_ns: int) -> Check:
    """`newest`: the last ones, of all customers."""
    failed = [job for job in newest if job.state == "failed" and now_ns - job.created_ns < DAY_NS]
    stuck = [job for job in newest if job.state == "running" and job.lease_until_ns < now_ns - HOUR_NS]
    if failed:
        names = "; ".join(f"{job.kind} {job.tenant or ''}: {job.detail}".strip()[:120] for job in failed[:_NAMED])
        return Check("jobs", WARN, f"{len(failed)} failed within a day: {names}", "the worker's log has the reason under the job's id")
    if stuck:
        return Check("jobs", WARN, f"{len(stuck)} were left unfinished for over an hour", "start a worker: it takes them over")
    return Check("jobs", OK, f"{sum(job.state in ('waiting', 'running') for job in newest)} waiting or running, none failed within a day")


def messages(newest: Sequence[Message], now_ns: int) -> Check:
    """`newest`: the last ones to people. Whether they arrive."""
    today = [each for each in newest if now_ns - each.created_ns < DAY_NS]
    failed = [each for each in today if each.state == FAILED]
    held = [each for each in newest if each.state == WAITING and each.attempts and now_ns - each.created_ns > MESSAGE_DELAY_NS]
    reasons = "; ".join(dict.fromkeys(each.detail[:120] for each in (*failed, *held)))
    remedy = "the console's page Notifications names each with its reason; a destination's test button tries it"
    if failed:
        return Check("messages", WARN, f"{len(failed)} were not delivered within a day: {reasons[:300]}", remedy)
    if held:
        return Check("messages", WARN, f"{len(held)} have been tried for over ten minutes: {reasons[:300]}", remedy)
    return Check("messages", OK, f"{sum(each.state == SENT for each in today)} sent within a day, none was refused")


def certificate(name: str, folder: GatewayFolder, now_ns: int) -> Check:
    """Of one of the server's own ports. Raises KeyFileError, ValueError."""
    found = folder.read()
    if found is None:
        return Check(name, WARN, "none yet", "`natvakt-server run` makes it: the worker leaves it")
    ends = x509.load_pem_x509_certificate(found.certificate_chain).not_valid_after_utc
    left_ns = int(ends.timestamp()) * SECOND_NS - now_ns
    shown = f"good until {ends:%Y-%m-%d %H:%M} UTC"
    if left_ns <= 0:
        return Check(name, FAIL, f"over since {ends:%Y-%m-%d %H:%M} UTC", "start a worker: it renews it by itself")
    if left_ns < CERTIFICATE_SOON_NS:
        return Check(name, WARN, shown, "a running worker renews it in time; is one running?")
    return Check(name, OK, shown)


def agents_certificates(agents: Sequence[AgentRecord], now_ns: int) -> Check:
    active = [each for each in agents if each.state is AgentState.ACTIVE and each.certificate_not_after_ns]
    over = [each for each in active if each.certificate_not_after_ns <= now_ns]
    if over:
        remedy = "`natvakt-agent doctor` at the site; after a long silence it has to be enrolled anew"
        return Check("agents' certificates", WARN, f"{len(over)} of {len(active)} are over: {_places(over)}", remedy)
    if not active:
        return Check("agents' certificates", OK, "none yet")
    first = datetime.fromtimestamp(min(each.certificate_not_after_ns for each in active) // SECOND_NS, UTC)
    return Check("agents' certificates", OK, f"{len(active)}, the first ends {first:%Y-%m-%d %H:%M} UTC and is renewed before")


def clocks(agents: Sequence[AgentRecord], sessions: AgentSessions) -> Check:
    """How far agents' clocks are from ours, as their last session showed."""
    skewed = []
    for each in agents:
        newest = max(sessions.sessions(each.id), key=lambda one: one.opened_ns, default=None) if each.state is AgentState.ACTIVE else None
        if newest is not None and abs(newest.skew_ns) > SKEW_NS:
            skewed.append((each, newest.skew_ns))
    if skewed:
        names = ", ".join(f"{each.tenant}/{each.site} {skew_ns / SECOND_NS:+.0f} s" for each, skew_ns in skewed[:_NAMED])
        return Check(
            "clocks", WARN, f"{len(skewed)} agents are off: {names}", "let the agent's host follow a time server, and this one too"
        )
    return Check("clocks", OK, f"no agent is off by more than {SKEW_NS // SECOND_NS} s")


def _places(agents: Sequence[AgentRecord]) -> str:
    named = ", ".join(f"{each.tenant}/{each.site}" for each in agents[:_NAMED])
    return named + (", ..." if len(agents) > _NAMED else "")
