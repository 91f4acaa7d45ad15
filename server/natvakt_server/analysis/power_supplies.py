"""Power supplies of a device as its components and sensors tell of them: which stand where, what each gives, which are lost.

What a supply gives stands in its product number: PWR-C1-715WAC 715 W, PWR-C5-1KWAC 1,000 W, C3KX-PWR-1100WAC 1,100 W.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from natvakt_server.analysis.evidence import Device, Row
from natvakt_server.analysis.sensors import is_absent, is_good, name, watches, word

WATTS = re.compile(r"PWR\b.*?-(?P<number>\d+(?:\.\d+)?)(?P<kilo>K?)W?[AD]C", re.IGNORECASE)
MEMBER = re.compile(r"\b(?:switch|unit|member|sw)[ -]*(?P<number>\d+)", re.IGNORECASE)
DEEPEST = 6  # a supply in its bay in its chassis in its stack
EVENLY = ("PWR-C5-", "PWR-C6-")
"""Catalyst 9200: the second supply brings phones as much as the first. Elsewhere the switch itself lives on the first."""


@dataclass(frozen=True, slots=True)
class Supply:
    """`watts` None: the product number does not tell; `member`: of a stack, None where nothing is numbered; `lost`: fitted but dark."""

    name: str
    pid: str
    watts: float | None
    member: str | None
    lost: bool


def supplies(device: Device) -> Sequence[Supply]:
    """Those fitted, in order of name; ask for it with `device.once(supplies)`."""
    rows = {str(row.get("index")): row for row in device.table("component").rows}
    dark = [
        name(row).casefold()
        for row in device.table("sensor").rows
        if row.get("kind") == "state" and watches(row, "power-supply") and word(row) and not is_good(row) and not is_absent(row)
    ]
    found = []
    for row in rows.values():
        pid, title = str(row.get("model") or "").strip(), str(row.get("name") or "").strip()
        if row.get("class") == "powerSupply" and pid:
            lost = any(title and title.casefold() in each for each in dark)
            found.append(Supply(title or pid, pid, rated_watts(pid), _member(row, rows), lost))
    return tuple(sorted(found, key=lambda each: each.name))


def rated_watts(pid: str) -> float | None:
    found = WATTS.search(pid)
    return float(found["number"]) * (1000 if found["kilo"] else 1) if found is not None else None


def _member(row: Row, rows: Mapping[str, Row]) -> str | None:
    """By its own name (`Switch 2 - Power Supply A`), else by what it is fitted in."""
    place: Row | None = row
    for _ in range(DEEPEST):
        if place is None:
            return None
        found = MEMBER.search(str(place.get("name") or ""))
        if found is not None:
            return found["number"]
        place = rows.get(str(place.get("contained_in")))
    return None


def left_without_one(budget_watts: float, working: Sequence[Supply]) -> float | None:
    """What would be left of a budget for powered devices without the largest of its supplies; None where that cannot be told.

    A budget that is no more than the others give already reckons with that loss: redundant supplies. One above all of them together
    comes from elsewhere, such as a power stack."""
    watts = [each.watts for each in working if each.watts is not None]
    if len(watts) < 2 or len(watts) < len(working) or budget_watts > sum(watts):
        return None
    largest = max(watts)
    if budget_watts <= sum(watts) - largest:
        return budget_watts
    evenly = all(each.pid.upper().startswith(EVENLY) for each in working)
    return budget_watts * (1 - largest / sum(watts)) if evenly else budget_watts - largest
