"""What a configuration says of the device it belongs to: its name, its serial numbers, its interfaces, the clock its header is in."""

import re
from collections.abc import Mapping

from natvakt_server.domain.configuration.dialects import dialect_of
from natvakt_server.domain.configuration.model import Configuration, Kind
from natvakt_server.domain.configuration.ranges import interface_key

_NAME = re.compile(r"(?:hostname|switchname|config sysname)\s+\"?([^\s\"]+)\"?", re.IGNORECASE)
_SERIALS = (
    re.compile(r"license udi pid \S+ sn (\S+)", re.IGNORECASE),
    re.compile(r": Serial Number: *(\S+)", re.IGNORECASE),
)
_ZONE = re.compile(r"clock timezone (\S+) (-?\d+)(?: (\d+))?$", re.IGNORECASE)
_SUMMER = re.compile(r"clock summer-time (\S+)\b", re.IGNORECASE)


def reaches_its_end(configuration: Configuration) -> bool | None:
    """Whether the last line is the one this system ends a whole text with; None where it has none such."""
    marks = dialect_of(configuration.dialect).end_marks
    last = configuration.last
    return (last is not None and last.text.lower() in marks) if marks else None


def hostname(configuration: Configuration) -> str | None:
    """As configured; None where the text names none."""
    for line in configuration.children():
        match = _NAME.match(line.text)
        if match:
            return match[1]
    for line in configuration.find(r"config-file-header$"):
        named = next(configuration.descendants(line, {Kind.PREAMBLE}), None)
        return named.text if named else None
    return None


def serials(configuration: Configuration) -> frozenset[str]:
    """Serial numbers of chassis the text names itself; most systems name none."""
    found = (pattern.match(line.text) for line in configuration.lines for pattern in _SERIALS)
    return frozenset(match[1].upper() for match in found if match)


def interfaces(configuration: Configuration) -> Mapping[tuple[str, str], str]:
    """Names of the interfaces with a block of their own, by `interface_key`."""
    names = (line.text.split(maxsplit=1)[1] for line in configuration.find(r"interface \S"))
    plain = (name.removesuffix(" l2transport").removesuffix(" point-to-point").removesuffix(" multipoint") for name in names)
    return {interface_key(name): name for name in plain}


def interface_names(configuration: Configuration) -> frozenset[str]:
    """Names given by `nameif`, as an ASA speaks of its interfaces over SNMP."""
    return frozenset(line.text.split()[1].lower() for line in configuration.find(r"interface ", r"nameif \S"))


def zones(configuration: Configuration) -> Mapping[str, int]:
    """Offset from UTC in minutes by the word this device writes behind its times; UTC and GMT are known to all."""
    known = {"UTC": 0, "GMT": 0}
    offset = 0
    for line in configuration.find(r"clock timezone "):
        match = _ZONE.match(line.text)
        if match:
            hours, minutes = int(match[2]), int(match[3] or 0)
            offset = hours * 60 + (minutes if hours >= 0 else -minutes)
            known[match[1]] = offset
    for line in configuration.find(r"clock summer-time "):
        match = _SUMMER.match(line.text)
        if match:
            known[match[1]] = offset + 60
    return known
