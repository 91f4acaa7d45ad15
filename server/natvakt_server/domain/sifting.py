"""The same lists, of rows that are in memory already: conditions, order and pages mean what they mean in a database."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from natvakt_server.domain.listing import POSITIVE, Comparison, Condition, Page, Value, Wish

T = TypeVar("T")
Reading = Callable[[T], Value | None]
"""One field of a row."""

_TEXTS: Mapping[Comparison, Callable[[str, str], bool]] = {
    Comparison.HOLDS: lambda told, text: text in told,
    Comparison.STARTS: lambda told, text: told.startswith(text),
    Comparison.ENDS: lambda told, text: told.endswith(text),
    Comparison.ALIKE: lambda told, text: told == text,
}


def sift(rows: Sequence[T], wish: Wish, fields: Mapping[str, Reading[T]], texts: Sequence[str]) -> Page[T]:
    """`rows` in their own order, which holds where the wish has none. `texts`: the fields `wish.text` is looked for in."""
    found = [row for row in rows if all(fits(fields[each.field](row), each) for each in wish.conditions)]
    if wish.text:
        wanted = wish.text.lower()
        found = [row for row in found if any(wanted in str(fields[name](row) or "").lower() for name in texts)]
    for each in reversed(wish.order):
        field = fields[each.field]
        found.sort(key=lambda row: _order(field(row)), reverse=each.descending)
    return Page(len(found), found[wish.offset : wish.offset + wish.limit])


def fits(value: Value | None, condition: Condition) -> bool:
    if condition.comparison is Comparison.EMPTY:
        return (value is None or value == "") == condition.values[0]
    positive = POSITIVE.get(condition.comparison)
    if positive is not None:
        return value is None or not any(_one(value, positive, wanted) for wanted in condition.values)
    return value is not None and any(_one(value, condition.comparison, wanted) for wanted in condition.values)


def _one(value: Value, comparison: Comparison, wanted: Value) -> bool:
    if comparison is Comparison.IS:
        return value == wanted
    if comparison in _TEXTS:
        return _TEXTS[comparison](str(value).lower(), str(wanted).lower())
    if isinstance(value, str) or isinstance(wanted, str):
        raise TypeError(f"{comparison} is for numbers and times, not for {value!r} and {wanted!r}")
    return {
        Comparison.BELOW: value < wanted,
        Comparison.AT_MOST: value <= wanted,
        Comparison.ABOVE: value > wanted,
        Comparison.AT_LEAST: value >= wanted,
    }[comparison]


def _order(value: Value | None) -> tuple[bool, float, str]:
    """Nothing first, as SQLite has it."""
    if isinstance(value, str):
        return (True, 0.0, value)
    return (value is not None, float(value or 0), "")
