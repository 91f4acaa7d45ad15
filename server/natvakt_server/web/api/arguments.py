"""Reads what stands in the address: filters, pages and parameters, each by what the operation says of it.

What an operation does not know is refused, not passed over: a filter with a slip in its name must not answer everything.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from natvakt_server.domain.listing import Comparison, Condition, Order, Value, Wish
from natvakt_server.web.api.call import Argument
from natvakt_server.web.api.operation import COMPARISONS, Field, Kind, Operation, Parameter
from natvakt_server.web.api.problem import Refused, bad_argument

DEFAULT_LIMIT, HIGHEST_LIMIT = 50, 1000
HIGHEST_OFFSET = 10_000_000
HIGHEST_NUMBER = 2**63 - 1
LONGEST_TEXT = 256
MOST_CONDITIONS = 32
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PAGING = ("limit", "offset", "ordering", "q")


def read_arguments(operation: Operation, given: Mapping[str, Sequence[str]]) -> tuple[Mapping[str, Argument], Wish]:
    """Raises Refused. `given`: every value of every name, as they came."""
    parameters = {each.name: each for each in operation.parameters}
    fields = {each.name: each for each in operation.fields or ()}
    arguments: dict[str, Argument] = {}
    conditions = []
    for name, values in given.items():
        if name in parameters:
            arguments[name] = _argument(parameters[name], values)
        elif operation.is_list and name in _PAGING:
            continue
        else:
            conditions.append(_condition(operation, fields, name, values))
    missing = [each.name for each in operation.parameters if each.required and each.name not in arguments]
    if missing:
        raise Refused(400, "missing-argument", f"{missing[0]} is not given; {parameters[missing[0]].summary}")
    if sum(len(each.values) for each in conditions) > MOST_CONDITIONS:
        raise Refused(400, "too-many-filters", f"more than {MOST_CONDITIONS} values to filter by; ask in several calls")
    return arguments, _wish(conditions, fields, given) if operation.is_list else Wish()


def moment_ns(text: str) -> int:
    """Nanoseconds since 1970 of an RFC 3339 time. Raises ValueError."""
    told = datetime.fromisoformat(text.replace(" ", "+"))  # a plus sign that was not escaped
    if told.tzinfo is None:
        raise ValueError("no offset")
    return (told.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1) * 1000


def _wish(conditions: Sequence[Condition], fields: Mapping[str, Field], given: Mapping[str, Sequence[str]]) -> Wish:
    limit = _whole("limit", given, DEFAULT_LIMIT, HIGHEST_LIMIT) or HIGHEST_LIMIT
    offset = _whole("offset", given, 0, HIGHEST_OFFSET)
    return Wish(conditions, _text("q", given.get("q", ("",))[-1]).strip(), _order(fields, given.get("ordering", ())), limit, offset)


def _order(fields: Mapping[str, Field], given: Sequence[str]) -> Sequence[Order]:
    wanted = [name for text in given for name in text.split(",") if name]
    for name in wanted:
        if name.removeprefix("-") not in fields:
            raise bad_argument("ordering", name, f"not a field of this list; it has {', '.join(fields)}")
    return [Order(name.removeprefix("-"), name.startswith("-")) for name in dict.fromkeys(wanted)]


def _condition(operation: Operation, fields: Mapping[str, Field], name: str, values: Sequence[str]) -> Condition:
    field_name, _, word = name.partition("__")
    field = fields.get(field_name)
    if field is None or word not in COMPARISONS[field.kind]:
        known = [*fields, *(_PAGING if operation.is_list else ()), *(each.name for each in operation.parameters)]
        more = f"; {field_name} can be asked {', '.join(f'__{each}' for each in COMPARISONS[field.kind] if each)}" if field else ""
        raise bad_argument(name, values[0], f"this operation does not know it; it knows {', '.join(known) or 'no arguments'}{more}")
    comparison = Comparison(word)
    if comparison is Comparison.EMPTY:
        return Condition(field_name, comparison, (_switch(name, values[-1]),))
    return Condition(field_name, comparison, tuple(_value(name, field.kind, field.choices, each) for each in values))


def _argument(parameter: Parameter, values: Sequence[str]) -> Argument:
    value = _value(parameter.name, parameter.kind, parameter.choices, values[-1])
    return int(value) if isinstance(value, float) else value


def _value(name: str, kind: Kind, choices: Sequence[str], text: str) -> Value:
    if kind is Kind.SWITCH:
        return _switch(name, text)
    if kind is Kind.NUMBER:
        return _number(name, text)
    if kind is Kind.MOMENT:
        return _moment(name, text)
    if kind is Kind.CHOICE and text not in choices:
        raise bad_argument(name, text, f"not one of {', '.join(choices)}")
    return _text(name, text)


def _switch(name: str, text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise bad_argument(name, text, "neither true nor false")
    return text.lower() == "true"


def _number(name: str, text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(HIGHEST_NUMBER)) or int(digits) > HIGHEST_NUMBER:
        raise bad_argument(name, text, "not a whole number of at most 64 bits")
    return int(text)


def _moment(name: str, text: str) -> int:
    try:
        told_ns = moment_ns(text)
    except (ValueError, OverflowError):
        raise bad_argument(name, text, "not a time as 2026-11-25T21:00:00Z, with Z or an offset") from None
    if abs(told_ns) > HIGHEST_NUMBER:
        raise bad_argument(name, text, "further away than this server counts")
    return told_ns


def _text(name: str, text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise bad_argument(name, text, f"longer than {LONGEST_TEXT} characters")
    if "\x00" in text:
        raise bad_argument(name, text, "holds a NUL, which no text here has")
    return text


def _whole(name: str, given: Mapping[str, Sequence[str]], default: int, highest: int) -> int:
    text = given.get(name, (str(default),))[-1]
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(highest)) or int(text) > highest:
        raise bad_argument(name, text, f"not a whole number from 0 to {highest}")
    return int(text)
