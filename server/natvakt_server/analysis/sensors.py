"""Sensors as rules see them: what they watch over, and whether their state word is a good one."""

import re

from natvakt_server.analysis.evidence import Row
from natvakt_server.analysis.interfaces import number

GOOD = frozenset({"normal", "ok", "on", "good", "operational", "up", "present"})
ABSENT = frozenset({"not-present", "notpresent", "absent", "unavailable", "not-fitted"})


_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def word(row: Row) -> str:
    """The state as a MIB names it, `notFunctioning`, in one spelling: `not-functioning`."""
    return _HUMP.sub("-", str(row.get("state") or "").strip()).casefold().replace(" ", "-")


def name(row: Row) -> str:
    return str(row.get("name") or row.get("oid"))


def watches(row: Row, component: str) -> bool:
    return str(row.get("component") or "") == component


def is_good(row: Row) -> bool:
    return word(row) in GOOD


def is_absent(row: Row) -> bool:
    return word(row) in ABSENT


def lowest_high_limit(row: Row) -> float | None:
    limits = [limit for field in ("high_warning", "high_critical") if (limit := number(row, field)) is not None]
    return min(limits, default=None)


def beyond(row: Row, value: float) -> str | None:
    """`critical` or `warning` where the value is beyond that threshold of the sensor, else None."""
    for grade in ("critical", "warning"):
        low, high = number(row, f"low_{grade}"), number(row, f"high_{grade}")
        if (low is not None and value < low) or (high is not None and value > high):
            return grade
    return None
