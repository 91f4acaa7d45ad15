"""core.routing.bgp: a BGP peer is not established, comes and goes, or sends no routes."""

from natvakt_server.analysis.applicability import routing_device
from natvakt_server.analysis.evidence import Device, Evidence, Row
from natvakt_server.analysis.features import missing
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
MOST_FLAPS = 2
STATES = {1: "idle", 2: "connect", 3: "active", 4: "open sent", 5: "open confirm", 6: "established"}
ESTABLISHED, STOPPED = 6, 1


def judge(device: Device, evidence: Evidence) -> Judgement:
    absent = missing(device, "bgp_peer", r"router bgp\b")
    if absent is not None:
        return absent
    flaps = device.history_by("bgp_peer", "established_transitions", WINDOW_DAYS, "remote_address")
    rows = [row for row in device.table("bgp_peer").rows if number(row, "admin") != STOPPED]
    failures = []
    for row in rows:
        peer, at_ns = str(row.get("remote_address")), device.table("bgp_peer").observed_ns
        history = flaps.get(peer)
        facts = _troubles(row, history.increase if history is not None else None, at_ns)
        if facts:
            shown = (Fact(f"peer {peer} AS", str(row.get("remote_as") or "unknown"), None, at_ns), *facts)
            failures.append(Failure(peer, Severity.HIGH, shown, (f"show ip bgp neighbors {peer}", f"ping {peer}")))
    return decide(failures, len(rows))


def _troubles(row: Row, flaps: float | None, at_ns: int) -> list[Fact]:
    state, prefixes = int(number(row, "state") or 0), number(row, "accepted_prefixes")
    facts = []
    if state != ESTABLISHED:
        facts.append(Fact("state", STATES.get(state, "unknown"), None, at_ns))
    elif prefixes == 0:
        facts.append(Fact("prefixes accepted", 0, "prefixes", at_ns))
    if flaps is not None and flaps > MOST_FLAPS:
        facts.append(Fact("established anew", round(flaps), "times/7 d", at_ns))
    return facts


RULE = Rule(
    id="core.routing.bgp",
    title=Text("BGP peer is down or unsteady", "BGP-granne är nere eller ostadig"),
    impact=Text(
        "The way over that carrier or site is not used; with a single peer the site is cut off.",
        "Vägen via den operatören eller platsen används inte; med en enda granne är platsen avskuren.",
    ),
    recommendation=Text(
        "Reach the peer first, then compare AS number, password, timers and filters; ask the carrier with times.",
        "Nå grannen först, jämför sedan AS-nummer, lösenord, timers och filter; fråga operatören med klockslag.",
    ),
    severities=(Severity.HIGH,),
    applies_to=routing_device,
    tables=(),
    beside=("bgp_peer", "configuration"),
    needs=(Need("bgp_peer", ("established_transitions",), WINDOW_DAYS, hourly=True),),
    judge=judge,
    effort_minutes=45,
    change=Change.INTERRUPTION,
    references=("RFC 4273", "CISCO-BGP4-MIB"),
)
