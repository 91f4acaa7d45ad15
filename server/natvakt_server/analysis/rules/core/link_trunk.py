"""core.link.trunk: the native VLAN differs between the two ends of a trunk."""

from natvakt_server.analysis.applicability import switch
from natvakt_server.analysis.evidence import Device, Evidence, Reason, Row
from natvakt_server.analysis.interfaces import Link, label, links, number, short
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Scope, Text, decide, unknown
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
        far, near = _vlan(link.neighbour), told_by_peer(link, device)
        if far is None:
            continue
        if near is None:
            unseen = True
            continue
        judged += 1
        if near != far:
            failures.append(_failure(device, link, near, far))
    if unseen and not judged:
        return unknown(Reason.PEER_NOT_SEEN)
    return decide(failures, judged)


def _failure(device: Device, link: Link, near: int, far: int) -> Failure:
    here = label(link.near_row)
    there = label(link.far_row) if link.far_row is not None else str(link.neighbour.get("remote_port"))
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


RULE = Rule(
    id="core.link.trunk",
    title=Text("Native VLAN differs between the two ends of a trunk", "Native VLAN skiljer mellan trunkens två ändar"),
    impact=Text(
        "Untagged traffic changes VLAN on the way: hosts end up in the wrong network and spanning tree blocks the port.",
        "Omärkt trafik byter VLAN på vägen: datorer hamnar i fel nät och spanning tree blockerar porten.",
    ),
    recommendation=Text(
        "Give both ends the same native VLAN, one that carries no hosts.",
        "Ge båda ändar samma native VLAN, ett som inte bär några datorer.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=switch,
    tables=("interface", "neighbour"),
    judge=judge,
    effort_minutes=20,
    change=Change.INTERRUPTION,
    references=("CISCO-CDP-MIB cdpCacheNativeVLAN", "802.1Q"),
    scope=Scope.LINK,
)
