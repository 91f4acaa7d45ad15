"""Interfaces as rules see them: names, states, and what stands at the other end."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from natvakt_server.analysis.evidence import Device, Evidence, Row, rows_by

UP, DOWN = 1, 2  # IF-MIB ifOperStatus, ifAdminStatus
PHYSICAL_TYPES = frozenset({"ethernetCsmacd", "gigabitEthernet", "fastEther", "6", "117", "62"})
SHORT_NAMES = (
    ("hundredgigabitethernet", "hu"),
    ("hundredgige", "hu"),
    ("fortygigabitethernet", "fo"),
    ("twentyfivegige", "twe"),
    ("tengigabitethernet", "te"),
    ("fivegigabitethernet", "fi"),
    ("twogigabitethernet", "tw"),
    ("gigabitethernet", "gi"),
    ("fastethernet", "fa"),
    ("ethernet", "eth"),
    ("port-channel", "po"),
    ("tunnel", "tu"),
    ("vlan", "vl"),
)


@lru_cache(maxsize=16_384)
def short(name: str) -> str:
    """`GigabitEthernet1/0/48` and `Gi1/0/48` are the same port."""
    text = name.strip().casefold().replace(" ", "")
    for long_form, abbreviation in SHORT_NAMES:
        if text.startswith(long_form):
            return abbreviation + text[len(long_form) :]
    return text


def label(row: Row) -> str:
    return str(row.get("ifName") or row.get("ifDescr") or f"ifIndex {row.get('ifIndex')}")


def number(row: Mapping[str, object], field: str) -> float | None:
    """A numeric cell, None when it is absent or no number."""
    value = row.get(field)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def is_up(row: Row) -> bool:
    return number(row, "ifOperStatus") == UP


def is_enabled(row: Row) -> bool:
    return number(row, "ifAdminStatus") == UP


def is_physical(row: Row) -> bool:
    return str(row.get("ifType")) in PHYSICAL_TYPES


def is_tunnel(row: Row) -> bool:
    return short(label(row)).startswith("tu")


def by_index(device: Device) -> Mapping[object, Row]:
    return device.once(_by_index)


def _by_index(device: Device) -> Mapping[object, Row]:
    return {str(index): row for index, row in rows_by(device.table("interface").rows, "ifIndex").items()}


def by_name(device: Device) -> Mapping[str, Row]:
    return device.once(_by_name)


def _by_name(device: Device) -> Mapping[str, Row]:
    return {short(label(row)): row for row in device.table("interface").rows}


@dataclass(frozen=True, slots=True)
class Link:
    """A port and the managed device at its other end, as CDP or LLDP told. `far_row` None: that port was not found."""

    near_row: Row
    neighbour: Row
    far: Device
    far_row: Row | None


def links(device: Device, evidence: Evidence) -> Iterator[Link]:
    """Links of a device to managed devices, one per local port (CDP before LLDP)."""
    interfaces, seen = by_index(device), set()
    ordered = sorted(device.table("neighbour").rows, key=lambda r: (str(r.get("protocol")), str(r.get("local_ifIndex"))))
    for neighbour in ordered:
        near = interfaces.get(str(neighbour.get("local_ifIndex")))
        far = evidence.named(str(neighbour.get("remote_name") or ""))
        if near is None or far is None or far.id == device.id or near.get("ifIndex") in seen:
            continue
        seen.add(near.get("ifIndex"))
        yield Link(near, neighbour, far, by_name(far).get(short(str(neighbour.get("remote_port") or ""))))


def neighbour_at(device: Device, row: Row) -> Row | None:
    """What CDP or LLDP saw on this port."""
    index = str(row.get("ifIndex"))
    return next((n for n in device.table("neighbour").rows if str(n.get("local_ifIndex")) == index), None)


PHONE = re.compile(r"phone|^cp-|^sep[0-9a-f]{12}", re.IGNORECASE)
ACCESS_POINT = re.compile(r"^air-|^c91|access.?point|^ap", re.IGNORECASE)


def is_uplink(device: Device, row: Row, evidence: Evidence) -> bool:
    """A switch or router beyond: a neighbour that is managed, or that says it switches or routes and is no phone."""
    neighbour = neighbour_at(device, row)
    if neighbour is None:
        return False
    platform = str(neighbour.get("remote_platform") or "")
    if PHONE.search(platform) or PHONE.search(str(neighbour.get("remote_name") or "")) or ACCESS_POINT.search(platform):
        return False
    capabilities = str(neighbour.get("remote_capabilities") or "").casefold()
    managed = evidence.named(str(neighbour.get("remote_name") or ""))
    return managed is not None or "switch" in capabilities or "router" in capabilities
