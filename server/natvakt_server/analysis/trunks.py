"""Trunks of a device as it tells them: over SNMP (CISCO-VTP-MIB) where it answers, else by its configuration.

port table, else configuration ─► Trunk by port        vlan table, else configuration ─► VLANs that exist
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from natvakt_server.analysis.configuration.indentation import reindented
from natvakt_server.analysis.configuration.interfaces import ALL_VLANS, read_interfaces
from natvakt_server.analysis.evidence import Device
from natvakt_server.analysis.features import text_of
from natvakt_server.analysis.interfaces import by_index, label, number, short
from natvakt_server.domain.configuration.parser import parse
from natvakt_server.domain.configuration.ranges import expand_numbers

TRUNKING = 1  # CISCO-VTP-MIB vlanTrunkPortDynamicStatus
RESERVED_VLANS = frozenset((1, *range(1002, 1006)))  # exist on every switch
FIRST_COLUMN = frozenset(range(1, 1024))  # vlanTrunkPortVlansEnabled: all that a switch without extended VLANs tells of "all"
SYSTEMS = frozenset(("ios", "ios-xe", "nx-os"))


@dataclass(frozen=True, slots=True)
class Trunk:
    """`allowed`: VLANs it lets through, ALL_VLANS where no list is set. `native` None: not told."""

    allowed: frozenset[int]
    native: int | None = None

    @property
    def listed(self) -> bool:
        """Somebody chose which VLANs it lets through."""
        return self.allowed != ALL_VLANS


def trunks_of(device: Device) -> Mapping[str, Trunk]:
    """By the short name of the port."""
    table, interfaces = device.table("port"), by_index(device)
    if table.missing is not None:
        return _configured(device)
    found = {}
    for row in table.rows:
        interface = interfaces.get(str(row.get("ifIndex")))
        if interface is None or number(row, "trunking") != TRUNKING:
            continue
        listed = _numbers(row.get("allowed_vlans"))
        if listed is not None:
            native = number(row, "native_vlan")
            allowed = ALL_VLANS if listed >= FIRST_COLUMN else listed & ALL_VLANS
            found[short(label(interface))] = Trunk(allowed, int(native) if native else None)
    return found


def vlans_of(device: Device) -> frozenset[int] | None:
    """VLANs that exist on it, None where nothing tells: a VTP server keeps them in a file of its own."""
    table = device.table("vlan")
    told = {int(vlan) for row in table.rows if (vlan := _whole(row.get("id"))) is not None}
    if table.missing is None and told:
        return frozenset(told) | RESERVED_VLANS
    text = text_of(device)
    if text is None or device.os not in SYSTEMS or not (device.os == "nx-os" or re.search(r"^vtp mode (?:transparent|off)", text, re.M)):
        return None
    heads = re.finditer(r"^vlan (\d[\d,-]*)$", text, re.MULTILINE)
    return frozenset(vlan for head in heads for vlan in _numbers(head[1]) or ()) | RESERVED_VLANS


def _configured(device: Device) -> Mapping[str, Trunk]:
    text = text_of(device)
    if text is None or device.os not in SYSTEMS:
        return {}
    ports = read_interfaces(parse(reindented(text), device.os), device.os, switches=True)
    return {short(port.name): Trunk(port.allowed_vlans, port.native_vlan) for port in ports if port.mode == "trunk" and not port.shut}


def _numbers(text: object) -> frozenset[int] | None:
    try:
        return frozenset(expand_numbers(str(text))) if text else None
    except ValueError:
        return None


def _whole(value: object) -> int | None:
    """A VLAN's number, also where it stands behind its VTP domain's: `1.20`."""
    last = str(value).rpartition(".")[2]
    return int(last) if last.isdecimal() else None


def shown(vlans: Iterable[int]) -> str:
    """`{1, 2, 3, 7}` -> `1-3,7`."""
    spans: list[list[int]] = []
    for vlan in sorted(vlans):
        if spans and vlan == spans[-1][1] + 1:
            spans[-1][1] = vlan
        else:
            spans.append([vlan, vlan])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
