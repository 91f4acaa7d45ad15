"""Lists that are bound inbound, on a firewall by `access-group`, on a router below the interface, with where each interface leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from natvakt_server.analysis.configuration.access_lists import AccessList
from natvakt_server.analysis.configuration.interfaces import Interface
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.domain.configuration.model import Line

INSIDE_LEVEL = 100


class Zone(StrEnum):
    INSIDE = "inside"
    DMZ = "dmz"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Binding:
    """One interface with its inbound list; `known` and `line` are None where none is bound, `port` for one that holds everywhere."""

    port: Interface | None
    name: str
    zone: Zone
    line: Line | None
    known: AccessList | None


def bindings(reading: Reading) -> Sequence[Binding]:
    return _of_asa(reading) if reading.system == "asa" else _of_router(reading)


def _of_asa(reading: Reading) -> list[Binding]:
    outside = {port.name for port in reading.outside}
    bound = {line.text.split()[4].lower(): line for line in reading.find(r"access-group \S+ in interface \S")}
    found: list[Binding] = []
    for port in reading.interfaces:
        name = port.nameif
        if name is None or port.shut or port.on(r"management-only") is not None:
            continue
        level = port.security_level
        zone = Zone.OUTSIDE if port.name in outside else Zone.INSIDE if level == INSIDE_LEVEL else Zone.DMZ
        line = bound.pop(name.lower(), None)
        found.append(Binding(port, name, zone, line, reading.access_lists.get(line.text.split()[1]) if line is not None else None))
    for name, line in bound.items():  # a part of a configuration, without its interfaces
        zone = Zone.OUTSIDE if name.startswith(("out", "wan", "ext", "internet")) else Zone.INSIDE if name.startswith("in") else Zone.DMZ
        found.append(Binding(None, line.text.split()[4], zone, line, reading.access_lists.get(line.text.split()[1])))
    for line in reading.find(r"access-group \S+ global$"):
        found.append(Binding(None, "global", Zone.OUTSIDE, line, reading.access_lists.get(line.text.split()[1])))
    return found


def _of_router(reading: Reading) -> list[Binding]:
    found = []
    for port in reading.outside:
        line = port.last(r"ip(?:v4)? access-group \S+ (?:in|ingress)")
        known = reading.access_lists.get(line.text.split()[2]) if line is not None else None
        found.append(Binding(port, port.name, Zone.OUTSIDE, line, known))
    return found
