"""How many fields a serialised batch holds, counted without building any of them.

Two bytes of a hostile message can cost the protobuf parser a hundred bytes of memory (an empty table, an empty column). This walk over tags
and lengths (protobuf encoding, wire types 0, 1, 2 and 5) stops at the first count over its limit, before the parser is let near.
"""

from collections.abc import Iterator

from natvakt_wire.errors import LimitExceeded, Malformed
from natvakt_wire.limits import MAX_DICTIONARY_ENTRIES, MAX_DOCUMENTS, MAX_TABLE_FIELDS, MAX_TABLES

_DICTIONARY, _TABLES, _DOCUMENTS = 1, 2, 3
_LIMITS = {
    _DICTIONARY: ("dictionary entries", MAX_DICTIONARY_ENTRIES),
    _TABLES: ("tables", MAX_TABLES),
    _DOCUMENTS: ("documents", MAX_DOCUMENTS),
}
_OTHERS = ("other fields", 1024)


def check_field_counts(plain: bytes) -> None:
    """LimitExceeded when the batch holds more parts than any honest one, Malformed when its fields do not add up."""
    counts: dict[int, int] = {}
    inside_tables = 0
    for number, start, end in _fields(plain, 0, len(plain)):
        what, limit = _LIMITS.get(number, _OTHERS)
        counts[number] = counts.get(number, 0) + 1
        if counts[number] > limit:
            raise LimitExceeded(f"a batch of more than {limit} {what} is over the limit; split it")
        if number == _TABLES:
            for _ in _fields(plain, start, end):
                inside_tables += 1
                if inside_tables > MAX_TABLE_FIELDS:
                    raise LimitExceeded(f"tables of more than {MAX_TABLE_FIELDS} columns in all are over the limit; split the batch")


def _fields(data: bytes, position: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of the content of each field."""
    while position < end:
        tag, position = _varint(data, position, end)
        kind = tag & 7
        start = position
        if kind == 2:
            length, start = _varint(data, position, end)
            position = start + length
        elif kind == 0:
            _, position = _varint(data, position, end)
        elif kind in (1, 5):
            position += 8 if kind == 1 else 4
        else:
            raise Malformed(f"a field of the batch has wire type {kind}, which no writer uses")
        if position > end:
            raise Malformed("a field of the batch ends behind its end")
        yield tag >> 3, start, position


def _varint(data: bytes, position: int, end: int) -> tuple[int, int]:
    value = shift = 0
    while position < end and shift < 70:
        byte = data[position]
        value |= (byte & 0x7F) << shift
        position += 1
        shift += 7
        if byte < 0x80:
            return value, position
    raise Malformed("a number of the batch does not end")
