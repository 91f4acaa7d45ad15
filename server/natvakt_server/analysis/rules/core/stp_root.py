"""core.stp.root: the root of a spanning tree is not the intended core switch, or is it only because nobody chose."""

from collections.abc import Sequence

from natvakt_server.analysis.applicability import switch
from natvakt_server.analysis.evidence import Device, Evidence, Row
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, not_applicable
from natvakt_server.analysis.topology import intended_roots, topology
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

DEFAULT_PRIORITY, PRIORITY_BITS = 32_768, 0xF000


def judge(device: Device, evidence: Evidence) -> Judgement:
    """Told of the switch that is the root: it is where the wrong priority stands, or where the right one is missing."""
    seen = evidence.once(topology)
    if not any((far := evidence.device(each)) is not None and switch(far) for each in seen.adjacent.get(device.id, ())):
        return not_applicable("no-other-switch")
    intended = intended_roots(device, evidence)
    if not intended:
        return not_applicable("no-core-switch")
    failures, judged = [], 0
    for row in device.table("stp").rows:
        judged += 1
        failure = _wrong(device, row, intended) if row.get("is_root") is True else None
        if failure is not None:
            failures.append(failure)
    return decide(failures, judged)


def _wrong(device: Device, row: Row, intended: Sequence[Device]) -> Failure | None:
    vlan, at_ns = row.get("vlan"), device.table("stp").observed_ns
    priority = number(row, "priority")
    facts = [Fact(f"VLAN {vlan} root", f"{device.name} {device.address}", None, at_ns)]
    if priority is not None:
        facts.append(Fact(f"VLAN {vlan} bridge priority", int(priority) & PRIORITY_BITS, None, at_ns))
    if any(other.id == device.id for other in intended):
        if priority is None or int(priority) & PRIORITY_BITS != DEFAULT_PRIORITY:
            return None
        return Failure(f"VLAN {vlan}", Severity.HIGH, tuple(facts), (f"spanning-tree vlan {vlan} root primary",))
    core = next((other for other in intended if _same_tree(other, vlan)), None)
    if core is None:
        return None
    facts.append(Fact(f"VLAN {vlan} intended root", f"{core.name} {core.address}", None, None))
    commands = (f"! {core.name}:", f"spanning-tree vlan {vlan} root primary", f"! {device.name}:", f"no spanning-tree vlan {vlan} priority")
    return Failure(f"VLAN {vlan}", Severity.HIGH, tuple(facts), commands)


def _same_tree(core: Device, vlan: object) -> bool:
    """The core has that VLAN too and looks elsewhere for its root: with a root on either side the VLAN is not carried between them."""
    return any(str(row.get("vlan")) == str(vlan) and row.get("is_root") is not True for row in core.table("stp").rows)


RULE = Rule(
    id="core.stp.root",
    title=Text("Spanning tree root is not the core switch", "Rotbryggan i spanning tree är inte core-switchen"),
    impact=Text(
        "Traffic between all switches takes the way over an access switch; when that one restarts, the whole VLAN stands still.",
        "Trafiken mellan alla switchar går via en accesswitch; när den startar om står hela VLAN:et still.",
    ),
    recommendation=Text(
        "Let the core switch be the root of every VLAN, and give its neighbour the second best priority.",
        "Låt core-switchen vara rot för alla VLAN och ge dess granne den näst bästa prioriteten.",
    ),
    severities=(Severity.HIGH,),
    applies_to=switch,
    tables=("stp",),
    beside=("neighbour", "interface"),
    judge=judge,
    effort_minutes=20,
    change=Change.INTERRUPTION,
    references=("802.1D", "BRIDGE-MIB dot1dStpDesignatedRoot"),
)
