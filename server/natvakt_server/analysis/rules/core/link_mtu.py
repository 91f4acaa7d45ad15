"""core.link.mtu: the two ends of a link or tunnel carry packets of different size."""

import ipaddress
from collections.abc import Iterator

from natvakt_server.analysis.applicability import router_or_switch
from natvakt_server.analysis.evidence import Device, Evidence, Row
from natvakt_server.analysis.interfaces import by_index, is_tunnel, is_up, label, links, number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Scope, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

POINT_TO_POINT_PREFIX = 29  # a subnet of /29 or longer with both ends managed is one link


def shared_subnets(device: Device, evidence: Evidence) -> Iterator[tuple[Row, Device, Row]]:
    """Interfaces of two managed devices in one small subnet: the ends of a tunnel or a routed link."""
    for network, row in _networks(device).items():
        for other in evidence.devices:
            if other.id != device.id and network in (found := _networks(other)):
                yield row, other, found[network]


def _networks(device: Device) -> dict[str, Row]:
    interfaces, found = by_index(device), {}
    for address in device.table("address").rows:
        prefix = number(address, "prefix_length")
        row = interfaces.get(str(address.get("ifIndex")))
        if row is None or prefix is None or prefix < POINT_TO_POINT_PREFIX or prefix in (32, 128):
            continue
        try:
            network = ipaddress.ip_network(f"{address.get('address')}/{int(prefix)}", strict=False)
        except ValueError:
            continue
        if not network.is_loopback or prefix == 30:
            found[str(network)] = row
    return found


def judge(device: Device, evidence: Evidence) -> Judgement:
    failures, judged, seen = [], 0, set()
    pairs = [(link.near_row, link.far, link.far_row) for link in links(device, evidence) if link.far_row is not None]
    for near, far_device, far in [*pairs, *shared_subnets(device, evidence)]:
        key = (str(near.get("ifIndex")), far_device.id)
        here, there = number(near, "ifMtu"), number(far, "ifMtu")
        if key in seen or here is None or there is None or not is_up(near):
            continue
        seen.add(key)
        judged += 1
        if here != there:
            failures.append(_failure(device, near, far_device, far, int(here), int(there)))
    return decide(failures, judged)


def _failure(device: Device, near: Row, far_device: Device, far: Row, here: int, there: int) -> Failure:
    name, at_ns = label(near), device.table("interface").observed_ns
    wanted = max(here, there) if not is_tunnel(near) else min(here, there)
    commands = [f"interface {name}", f" ip mtu {wanted}" if is_tunnel(near) else f" mtu {wanted}", f" ip tcp adjust-mss {wanted - 40}"]
    return Failure(
        name,
        Severity.HIGH,
        (
            Fact(f"{device.name} {device.address} {name} MTU", here, "B", at_ns),
            Fact(f"{far_device.name} {far_device.address} {label(far)} MTU", there, "B", at_ns),
        ),
        tuple(commands),
        far_device.id,
        label(far),
        mends_here=here < there,
    )


RULE = Rule(
    id="core.link.mtu",
    title=Text("MTU differs between the two ends of a link", "MTU skiljer mellan länkens två ändar"),
    impact=Text(
        "Large packets vanish in one direction: some pages hang, file copies stall, and OSPF stays in exstart.",
        "Stora paket försvinner i ena riktningen: vissa sidor hänger, filkopior stannar och OSPF fastnar i exstart.",
    ),
    recommendation=Text(
        "Give both ends the same MTU and adjust the TCP segment size along the tunnel.",
        "Ge båda ändar samma MTU och justera TCP-segmentens storlek längs tunneln.",
    ),
    severities=(Severity.HIGH,),
    applies_to=router_or_switch,
    tables=("interface",),
    beside=("address", "neighbour"),
    judge=judge,
    effort_minutes=20,
    change=Change.INTERRUPTION,
    references=("RFC 4821", "RFC 2328 section 10.6"),
    scope=Scope.LINK,
)
