"""core.routing.igp: an OSPF or EIGRP neighbour is gone, does not become full, or comes and goes."""

import ipaddress
from collections.abc import Iterable

from natvakt_server.analysis.applicability import routing_device
from natvakt_server.analysis.evidence import NANOSECONDS, Device, Evidence, History, Row
from natvakt_server.analysis.features import missing
from natvakt_server.analysis.interfaces import by_index, label, number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Scope, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
MOST_RESETS = 2
GONE_NS = 2 * 3600 * NANOSECONDS
STATES = {1: "down", 2: "attempt", 3: "init", 4: "two-way", 5: "exchange start", 6: "exchange", 7: "loading", 8: "full"}
TWO_WAY, EXCHANGE_START, FULL = 4, 5, 8
GOOD = (TWO_WAY, FULL)  # routers that are neither designated nor backup stay two-way to each other (RFC 2328 section 10.4)
LINES = r"router (?:ospf|eigrp)\b"


def judge(device: Device, evidence: Evidence) -> Judgement:
    ospf, eigrp = device.table("ospf_neighbour"), device.table("eigrp_neighbour")
    if ospf.missing is not None and eigrp.missing is not None:
        absent = missing(device, "ospf_neighbour", LINES)
        if absent is not None:
            return absent
    failures: list[Failure] = []
    ospf_states = device.history_by("ospf_neighbour", "state", WINDOW_DAYS, "address")
    eigrp_holds = device.history_by("eigrp_neighbour", "hold_seconds", WINDOW_DAYS, "address")
    gone = {**lost(ospf_states.values()), **lost(eigrp_holds.values())}
    rows = [row for row in ospf.rows if str(row.get("address")) not in gone]
    for row in rows:
        state, history = int(number(row, "state") or 0), ospf_states.get(str(row.get("address")))
        resets = history.changes // 2 if history is not None else 0
        if state not in GOOD or resets > MOST_RESETS:
            failures.append(
                _failure(device, evidence, str(row.get("address")), STATES.get(state, "unknown"), state, resets, ospf.observed_ns)
            )
    for address, history in sorted(gone.items()):
        failures.append(_failure(device, evidence, address, "gone", 0, 0, history.last_ns))
    return decide(failures, len(rows) + len(gone) + sum(str(row.get("address")) not in gone for row in eigrp.rows))


def lost(histories: Iterable[History]) -> dict[str, History]:
    """Neighbours that were there in the window and are not told any more, while the others still are."""
    known = list(histories)
    newest = max((each.last_ns for each in known), default=0)
    return {each.key["address"]: each for each in known if newest - each.last_ns > GONE_NS}


def owner(evidence: Evidence, address: str) -> tuple[Device, str] | None:
    """The managed device with that address and the name of its interface."""
    for device in evidence.devices:
        for row in device.table("address").rows:
            if row.get("address") == address:
                interface = by_index(device).get(str(row.get("ifIndex")))
                return device, label(interface) if interface is not None else address
    return None


def facing(device: Device, address: str) -> Row | None:
    """The own interface whose network that address is in."""
    interfaces = by_index(device)
    for row in device.table("address").rows:
        try:
            network = ipaddress.ip_network(f"{row.get('address')}/{int(number(row, 'prefix_length') or 32)}", strict=False)
            if ipaddress.ip_address(address) in network:
                return interfaces.get(str(row.get("ifIndex")))
        except ValueError:
            continue
    return None


def _failure(device: Device, evidence: Evidence, address: str, word: str, state: int, resets: int, at_ns: int) -> Failure:
    own, far = facing(device, address), owner(evidence, address)
    name = label(own) if own is not None else address
    facts = [Fact(f"{device.name} {device.address} {name} neighbour {address}", word, None, at_ns)]
    if resets:
        facts.append(Fact(f"neighbour {address} resets", resets, "resets/7 d", at_ns))
    here, there = (number(own, "ifMtu") if own is not None else None), None
    if far is not None:
        interface = facing(far[0], address)
        there = number(interface, "ifMtu") if interface is not None else None
        facts.append(Fact("neighbour is", f"{far[0].name} {far[0].address} {far[1]}", None, None))
    commands = ["show ip ospf neighbor", f"show ip ospf interface {name}"]
    if state == EXCHANGE_START and here is not None and there is not None and here != there:
        end = f"{far[0].name} {far[1]}" if far is not None else address
        facts += [Fact(f"{device.name} {name} MTU", int(here), "B", at_ns), Fact(f"{end} MTU", int(there), "B", at_ns)]
        commands = [f"interface {name}", f" ip mtu {int(min(here, there))}"]
    mends_here = here < there if here is not None and there is not None and here != there else far is None or device.id < far[0].id
    return Failure(
        name, Severity.HIGH, tuple(facts), tuple(commands), far[0].id if far else None, far[1] if far else address, mends_here=mends_here
    )


RULE = Rule(
    id="core.routing.igp",
    title=Text("Routing neighbour is lost or does not come up", "Routinggranne är borta eller kommer inte upp"),
    impact=Text(
        "The way over that neighbour is not used: a spare path that looks ready is not, or part of the network is out of reach.",
        "Vägen via grannen används inte: en reservväg som ser klar ut är det inte, eller så går en del av nätet inte att nå.",
    ),
    recommendation=Text(
        "Compare MTU, timers, area and authentication at both ends; exchange start almost always means that the MTU differs.",
        "Jämför MTU, timers, area och autentisering i båda ändar; exchange start betyder nästan alltid att MTU skiljer.",
    ),
    severities=(Severity.HIGH,),
    applies_to=routing_device,
    tables=(),
    beside=("ospf_neighbour", "eigrp_neighbour", "address", "interface", "configuration"),
    needs=(Need("ospf_neighbour", ("state",), WINDOW_DAYS), Need("eigrp_neighbour", ("hold_seconds",), WINDOW_DAYS)),
    judge=judge,
    effort_minutes=45,
    change=Change.INTERRUPTION,
    references=("RFC 4750", "RFC 2328 section 10"),
    scope=Scope.LINK,
)
