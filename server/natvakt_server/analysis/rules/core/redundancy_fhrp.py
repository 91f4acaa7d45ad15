"""core.redundancy.fhrp: a gateway group has not exactly one active and one standby, or changes too often."""

from collections.abc import Sequence

from natvakt_server.analysis.applicability import router_or_switch
from natvakt_server.analysis.evidence import Device, Evidence, Row
from natvakt_server.analysis.features import missing
from natvakt_server.analysis.interfaces import by_index, is_enabled, label, number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.analysis.topology import Standing, standby_groups
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
MOST_CHANGES = 3
STATES = {1: "initial", 2: "learn", 3: "listen", 4: "speak", 5: "standby", 6: "active"}
ACTIVE, STANDBY = 6, 5


def judge(device: Device, evidence: Evidence) -> Judgement:
    absent = missing(device, "fhrp", r"standby \d|vrrp \d|glbp \d|hsrp \d")
    if absent is not None:
        return absent
    groups, interfaces = evidence.once(standby_groups), by_index(device)
    failures, judged = [], 0
    for (_, group, address), members in groups.items():
        own = next((each for each in members if each.device.id == device.id), None)
        row = interfaces.get(str(own.row.get("ifIndex"))) if own is not None else None
        if own is None or (row is not None and not is_enabled(row)):
            continue
        judged += 1
        name = label(row) if row is not None else f"ifIndex {own.row.get('ifIndex')}"
        facts = _troubles(device, own.row, members)
        if facts:
            at_ns = device.table("fhrp").observed_ns
            shown = (Fact(f"{name} group {group} virtual address", address, None, at_ns), *facts)
            commands = (
                (f"interface {name}", f" standby {group} preempt")
                if own.row.get("protocol") == "hsrp"
                else (f"show vrrp interface {name}",)
            )
            failures.append(Failure(f"{name} group {group}", Severity.HIGH, shown, commands))
    return decide(failures, judged)


def _troubles(device: Device, row: Row, members: Sequence[Standing]) -> list[Fact]:
    """Without the other end only its own state and the partner it knows of can be judged."""
    states = [int(number(each.row, "state") or 0) for each in members]
    wrong = False
    if len(members) > 1:
        wrong = states.count(ACTIVE) != 1 or states.count(STANDBY) != 1
    elif row.get("protocol") == "hsrp":
        wrong = states[0] not in (ACTIVE, STANDBY) or (states[0] == ACTIVE and not row.get("standby_router"))
    else:
        wrong = states[0] not in (ACTIVE, STANDBY)
    facts = []
    if wrong:
        for each, state in zip(members, states, strict=True):
            word = STATES.get(state, "unknown")
            facts.append(Fact(f"{each.device.name} {each.device.address}", word, None, each.device.table("fhrp").observed_ns))
        if len(members) == 1:
            facts.append(Fact("standby router", str(row.get("standby_router") or "none"), None, device.table("fhrp").observed_ns))
    place = {"ifIndex": str(row.get("ifIndex")), "group": str(row.get("group"))}
    history = next(iter(device.history("fhrp", "state", WINDOW_DAYS, **place)), None)
    if history is not None and history.changes > MOST_CHANGES:
        facts.append(Fact("state changes", history.changes, "changes/7 d", history.last_ns))
    return facts


RULE = Rule(
    id="core.redundancy.fhrp",
    title=Text("Gateway pair does not back each other up", "Gatewayparet backar inte upp varandra"),
    impact=Text(
        "With no standby the next fault takes the gateway of whole VLANs; with two active ones both answer and packets vanish.",
        "Utan reserv tar nästa fel gatewayen för hela VLAN; med två aktiva svarar båda och paket försvinner.",
    ),
    recommendation=Text(
        "Mend the link between the two, compare group, address and authentication, and let the intended one preempt.",
        "Laga länken mellan de två, jämför grupp, adress och autentisering, och låt den avsedda ta över (preempt).",
    ),
    severities=(Severity.HIGH,),
    applies_to=router_or_switch,
    tables=(),
    beside=("fhrp", "interface", "configuration"),
    needs=(Need("fhrp", ("state",), WINDOW_DAYS),),
    judge=judge,
    effort_minutes=30,
    change=Change.INTERRUPTION,
    references=("RFC 5798", "CISCO-HSRP-MIB"),
)
