"""Neighbours of BGP with all their lines: their own, those of their group or template, those of every address family."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.domain.configuration.model import Line

_NEIGHBOR = re.compile(r"neighbor (?P<name>\S+)(?: (?P<rest>.+))?$", re.IGNORECASE)
_INHERITS = re.compile(
    r"(?:peer-group|use neighbor-group|inherit peer(?:-session|-policy)?|use session-group|inherit peer-template) (?P<name>\S+)$", re.I
)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """`settings`: lines with what stands behind the neighbour's name, or below it. `remote` is its AS as written."""

    name: str
    head: Line
    local: str
    remote: str | None
    settings: tuple[tuple[Line, str], ...]
    process: Line

    @property
    def external(self) -> bool:
        return self.remote is not None and self.remote != self.local

    def last(self, pattern: str) -> Line | None:
        wanted = re.compile(pattern, re.IGNORECASE)
        return next((line for line, text in reversed(self.settings) if wanted.match(text)), None)


def neighbours(reading: Reading) -> Sequence[Neighbour]:
    """Those in use, of all processes and VRFs; groups and templates are none themselves."""
    found: list[Neighbour] = []
    for head in reading.find(r"router bgp \S"):
        local = head.text.split()[2]
        below = reading.inside(head, r"\S")
        templates = _templates(reading, below)
        own: dict[tuple[str, int], list[tuple[Line, str]]] = {}
        first: dict[tuple[str, int], Line] = {}
        for line in below:
            match = _NEIGHBOR.match(line.text)
            if match is None:
                continue
            key = (match["name"], _vrf(reading, line))
            first.setdefault(key, line)
            lines = own.setdefault(key, [])
            lines += [(line, match["rest"])] if match["rest"] else []
            lines += [(each, each.text) for each in reading.inside(line, r"\S")]
        groups = {name: lines for (name, _), lines in own.items()} | templates
        for (name, vrf), lines in own.items():
            whole = (*_inherited(lines, groups, 0), *lines)
            if any(text.lower() == "peer-group" for _, text in lines) or any(text.lower() in ("shutdown",) for _, text in lines):
                continue
            found.append(Neighbour(name, first[name, vrf], local, _remote(whole), whole, head))
    return [each for each in found if each.remote is not None]


def _vrf(reading: Reading, line: Line) -> int:
    """The place of the VRF's section the line is in: neighbours of two VRFs may have one address."""
    inside = [each for each in reading.configuration.path(line) if re.match(r"vrf |address-family .*\bvrf ", each.text, re.IGNORECASE)]
    return inside[0].place if inside else -1


def _templates(reading: Reading, below: Sequence[Line]) -> dict[str, list[tuple[Line, str]]]:
    heads = [line for line in below if re.match(r"(?:template peer\S*|neighbor-group|session-group) \S+$", line.text, re.IGNORECASE)]
    return {line.text.split()[-1]: [(each, each.text) for each in reading.inside(line, r"\S")] for line in heads}


def _inherited(lines: Sequence[tuple[Line, str]], groups: dict[str, list[tuple[Line, str]]], depth: int) -> tuple[tuple[Line, str], ...]:
    names = [match["name"] for _, text in lines if (match := _INHERITS.match(text))]
    found: list[tuple[Line, str]] = []
    for name in names if depth < 4 else ():
        inner = groups.get(name, [])
        found += [*_inherited(inner, groups, depth + 1), *inner]
    return tuple(found)


def _remote(lines: Sequence[tuple[Line, str]]) -> str | None:
    for line, text in reversed(lines):
        found = re.match(r"remote-as (\S+)", text, re.IGNORECASE) or re.search(r"neighbor \S+ remote-as (\S+)", line.text, re.IGNORECASE)
        if found:
            return found[1]
    return None
