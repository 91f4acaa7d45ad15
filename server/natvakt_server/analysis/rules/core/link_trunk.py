"""core.link.trunk: the two ends of a trunk do not carry the same VLANs.

    native here == native there ── allowed here == allowed there ── every VLAN that is allowed by a list exists

Lists are compared by the VLANs that exist at both ends, where both tell them: what no end knows is carried by none. A trunk without a list
lets all through, and one with a list is a choice, so only two lists are compared where an end does not tell which VLANs it has.
"""

from natvakt_server.analysis.applicability import switch
from natvakt_server.analysis.evidence import Device, Evidence, Reason, Row
from natvakt_server.analysis.interfaces import Link, label, links, number, short
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Scope, Text, decide, unknown
from natvakt_server.analysis.trunks import RESERVED_VLANS, Trunk, shown, trunks_of, vlans_of
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity


def told_by_peer(link: Link, device: Device) -> int | None:
    """The near end's native VLAN as the far end heard it over CDP: cdpCacheNativeVLAN of its neighbour entry."""
    for row in link.far.table("neighbour").rows:
        if short(str(row.get("remote_port") or "")) == short(label(link.near_row)) and _names(row, device):
            return _vlan(row)
    return None


def _names(row: Row, device: Device) -> bool:
    return str(row.get("remote_name") or "").split("(", maxsplit=1)[0].split(".")[0].casefold() == device.name.split(".")[0].casefold()


def _vlan(row: Row) -> int | None:
    value = number(row, "remote_native_vlan")
    return int(value) if value else None


def judge(device: Device, evidence: Evidence) -> Judgement:
    failures, judged, unseen = [], 0, False
    for link in links(device, evidence):
        there = short(str(link.neighbour.get("remote_port") or ""))
        near, far = device.once(trunks_of).get(short(label(link.near_row))), link.far.once(trunks_of).get(there)
        far_native = _vlan(link.neighbour) or (far.native if far is not None else None)
        near_native = told_by_peer(link, device) or (near.native if near is not None else None)
        if far_native is None and (near is None or far is None):
            continue
        if near_native is None and (near is None or far is None):
            unseen = True
            continue
        judged += 1
        if near_native is not None and far_native is not None and near_native != far_native:
            failures.append(_native(device, link, near_native, far_native))
        elif near is not None and far is not None:
            failures += _lists(device, link, near, far)
    if unseen and not judged:
        return unknown(Reason.PEER_NOT_SEEN)
    return decide(failures, judged)


def _native(device: Device, link: Link, near: int, far: int) -> Failure:
    here, there = _ends(link)
    at_ns = device.table("neighbour").observed_ns
    return Failure(
        here,
        Severity.MEDIUM,
        (
            Fact(f"{device.name} {device.address} {here} native VLAN", near, None, at_ns),
            Fact(f"{link.far.name} {link.far.address} {there} native VLAN", far, None, at_ns),
        ),
        (f"interface {here}", f" switchport trunk native vlan {max(near, far)}"),
        link.far.id,
        there,
        mends_here=near < far,
    )


def _lists(device: Device, link: Link, near: Trunk, far: Trunk) -> list[Failure]:
    """What one end lets through and the other stops, else what is let through and does not exist."""
    known_here, known_there = device.once(vlans_of), link.far.once(vlans_of)
    here, there = _ends(link)
    at_ns = device.table("neighbour").observed_ns
    stopped_here, stopped_there = _stopped(near, far, known_here, known_there), _stopped(far, near, known_there, known_here)
    undefined = _undefined(near, known_here)
    if stopped_here or stopped_there:
        facts = (
            Fact(f"{device.name} {device.address} {here} allowed VLANs", _list(near), None, at_ns),
            Fact(f"{link.far.name} {link.far.address} {there} allowed VLANs", _list(far), None, at_ns),
            Fact("carried at one end only", shown(stopped_here | stopped_there), None, at_ns),
        )
        port, missing = (here, stopped_here) if stopped_here else (there, stopped_there)
        commands = (f"interface {port}", f" switchport trunk allowed vlan add {shown(missing)}")
        return [Failure(here, Severity.MEDIUM, facts, commands, link.far.id, there, mends_here=bool(stopped_here))]
    if undefined:
        missing_facts = (
            Fact(f"{device.name} {device.address} {here} allowed VLANs", _list(near), None, at_ns),
            Fact("do not exist on it", shown(undefined), None, at_ns),
        )
        commands = (f"interface {here}", f" switchport trunk allowed vlan remove {shown(undefined)}")
        return [Failure(here, Severity.MEDIUM, missing_facts, commands, link.far.id, there)]
    return []


def _stopped(trunk: Trunk, other: Trunk, known: frozenset[int] | None, known_at_other: frozenset[int] | None) -> frozenset[int]:
    """VLANs that the other end lets through and this one does not."""
    lacking = other.allowed - trunk.allowed - RESERVED_VLANS
    if known is not None and known_at_other is not None:
        return lacking & known & known_at_other
    return lacking if trunk.listed and other.listed else frozenset()


def _undefined(trunk: Trunk, known: frozenset[int] | None) -> frozenset[int]:
    return trunk.allowed - known if trunk.listed and known is not None else frozenset()


def _list(trunk: Trunk) -> str:
    return shown(trunk.allowed) if trunk.listed else "all"


def _ends(link: Link) -> tuple[str, str]:
    return label(link.near_row), label(link.far_row) if link.far_row is not None else str(link.neighbour.get("remote_port"))


RULE = Rule(
    id="core.link.trunk",
    title=Text("The two ends of a trunk do not carry the same VLANs", "Trunkens två ändar bär inte samma VLAN"),
    impact=Text(
        "Untagged traffic changes VLAN on the way, or a whole VLAN ends at the cable: hosts are in the wrong network or in none.",
        "Omärkt trafik byter VLAN på vägen, eller ett helt VLAN tar slut vid kabeln: datorer hamnar i fel nät eller i inget.",
    ),
    recommendation=Text(
        "Give both ends the same native VLAN, one that carries no hosts, and the same list of VLANs that exist.",
        "Ge båda ändar samma native VLAN, ett som inte bär några datorer, och samma lista av VLAN som finns.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=switch,
    tables=("interface", "neighbour"),
    beside=("port", "vlan", "configuration"),
    judge=judge,
    effort_minutes=20,
    change=Change.INTERRUPTION,
    references=("CISCO-CDP-MIB cdpCacheNativeVLAN", "802.1Q"),
    scope=Scope.LINK,
)
