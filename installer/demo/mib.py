"""What a device answers: a sorted view of object instances, most of them encoded once, some a function of time.

A builder collects `oid -> value`; the view freezes it. A static instance is kept as the finished variable binding, so
serving it is a copy. A moving instance is a pure function of the site's time (nanoseconds since 1970) and is encoded
when it is asked for; where the function answers `None` the instance does not exist at that time (a row that went away).
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from demo.ber import (
    COUNTER32,
    COUNTER64,
    GAUGE32,
    INTEGER,
    IP_ADDRESS,
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    SEQUENCE,
    TIME_TICKS,
    BerError,
    Oid,
    decode_oid,
    encode,
    encode_oid,
    encode_signed,
)

Numbers = Callable[[int], int | None]
Octets = Callable[[int], bytes | None]

MAXIMUM_REMEMBERED_STARTS = 4096
_WRAP = {COUNTER32: 0xFFFFFFFF, GAUGE32: 0xFFFFFFFF, TIME_TICKS: 0xFFFFFFFF, COUNTER64: 0xFFFFFFFFFFFFFFFF}


@dataclass(frozen=True, slots=True)
class Static:
    """A value that never changes, as a finished BER element."""

    element: bytes


@dataclass(frozen=True, slots=True)
class MovingNumber:
    """An integer type whose value is a function of time; unsigned types wrap as their MIB type does."""

    tag: int
    at: Numbers

    def element(self, now_ns: int) -> bytes | None:
        value = self.at(now_ns)
        if value is None:
            return None
        mask = _WRAP.get(self.tag)
        content = encode_signed(value if mask is None else value & mask)
        return bytes((self.tag, len(content))) + content


@dataclass(frozen=True, slots=True)
class MovingOctets:
    """An OCTET STRING that is a function of time."""

    at: Octets

    def element(self, now_ns: int) -> bytes | None:
        value = self.at(now_ns)
        return None if value is None else encode(OCTET_STRING, value)


@dataclass(frozen=True, slots=True)
class Vanishing:
    """An instance that is gone from an instant on: the row of something that left."""

    value: "Lasting"
    gone_ns: int

    def element(self, now_ns: int) -> bytes | None:
        if now_ns >= self.gone_ns:
            return None
        return self.value.element if isinstance(self.value, Static) else self.value.element(now_ns)


Moving = MovingNumber | MovingOctets | Vanishing
Lasting = Static | MovingNumber | MovingOctets
Value = Lasting | Vanishing
Number = int | Numbers


def derived(number: Number, change: Callable[[int], int]) -> Number:
    """`change` applied to a number, whether it stands still or moves."""
    if isinstance(number, int):
        return change(number)
    moving = number

    def at(now_ns: int) -> int | None:
        value = moving(now_ns)
        return None if value is None else change(value)

    return at


def _number(tag: int, value: Number) -> Lasting:
    if isinstance(value, int):
        mask = _WRAP.get(tag)
        return Static(encode(tag, encode_signed(value if mask is None else value & mask)))
    return MovingNumber(tag, value)


def integer(value: Number) -> Lasting:
    return _number(INTEGER, value)


def counter32(value: Number) -> Lasting:
    return _number(COUNTER32, value)


def counter64(value: Number) -> Lasting:
    return _number(COUNTER64, value)


def gauge(value: Number) -> Lasting:
    return _number(GAUGE32, value)


def ticks(value: Number) -> Lasting:
    return _number(TIME_TICKS, value)


def octets(value: bytes | Octets) -> Lasting:
    return Static(encode(OCTET_STRING, value)) if isinstance(value, bytes) else MovingOctets(value)


def text(value: str) -> Lasting:
    return octets(value.encode("utf-8"))


def pointer(value: str) -> Lasting:
    """An OBJECT IDENTIFIER as a value, given dotted."""
    return Static(encode(OBJECT_IDENTIFIER, encode_oid(parse_oid(value))))


def ip_address(value: str) -> Lasting:
    return Static(encode(IP_ADDRESS, bytes(int(part) for part in value.split("."))))


def parse_oid(dotted: str) -> Oid:
    return tuple(int(arc) for arc in dotted.split("."))


_SHORT = tuple(bytes((SEQUENCE, length)) for length in range(0x80))


def _bound(content: bytes) -> bytes:
    """A variable binding; nearly all are short enough for one octet of length."""
    return _SHORT[len(content)] + content if len(content) < 0x80 else encode(SEQUENCE, content)


class MibBuilder:
    """Collects the instances of one device (or of one context of it)."""

    def __init__(self) -> None:
        self._values: dict[Oid, Value] = {}

    def scalar(self, oid: str, value: Value) -> None:
        """`oid` without the closing `.0`."""
        self._put((*parse_oid(oid), 0), value)

    def row(self, entry: str, index: tuple[int, ...], columns: Mapping[int, Value]) -> None:
        """One conceptual row: `entry` is the OID of the table's entry, `columns` are keyed by column number."""
        prefix = parse_oid(entry)
        for column, value in columns.items():
            self._put((*prefix, column, *index), value)

    def vanishing_row(self, entry: str, index: tuple[int, ...], columns: Mapping[int, Lasting], gone_ns: int) -> None:
        """A row that is there until `gone_ns`."""
        self.row(entry, index, {column: Vanishing(value, gone_ns) for column, value in columns.items()})

    def _put(self, oid: Oid, value: Value) -> None:
        if oid in self._values:
            raise ValueError(f"{'.'.join(map(str, oid))} is given twice: two builders claim the same instance")
        self._values[oid] = value

    def build(self) -> "View":
        return View(self._values)


class View:
    """Sorted, immutable instances with two look-ups: exactly this one, and the first one after."""

    def __init__(self, values: Mapping[Oid, Value]) -> None:
        self._oids: list[Oid] = sorted(values)
        self._names: list[bytes] = [encode(OBJECT_IDENTIFIER, encode_oid(oid)) for oid in self._oids]
        self._bindings: list[bytes | Moving] = []
        for oid, name in zip(self._oids, self._names, strict=True):
            value = values[oid]
            self._bindings.append(encode(SEQUENCE, name + value.element) if isinstance(value, Static) else value)
        self._position_of: dict[bytes, int] = {encode_oid(oid): position for position, oid in enumerate(self._oids)}
        self._start_after: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self._oids)

    def exact(self, raw_oid: bytes) -> int | None:
        """Position of the instance with these OID content octets."""
        return self._position_of.get(raw_oid)

    def after(self, raw_oid: bytes) -> int:
        """Position of the first instance that follows; `len(self)` where there is none."""
        position = self._position_of.get(raw_oid)
        if position is not None:
            return position + 1
        position = self._start_after.get(raw_oid)
        if position is None:
            position = bisect_right(self._oids, decode_oid(raw_oid))
            if len(self._start_after) < MAXIMUM_REMEMBERED_STARTS:
                self._start_after[raw_oid] = position
        return position

    def has_object(self, raw_oid: bytes) -> bool:
        """Whether some instance shares all but the last arc: tells noSuchInstance from noSuchObject well enough."""
        try:
            prefix = decode_oid(raw_oid)[:-1]
        except BerError:
            return False
        position = bisect_right(self._oids, prefix)
        return position < len(self._oids) and self._oids[position][: len(prefix)] == prefix

    def binding(self, position: int, now_ns: int) -> bytes | None:
        """The variable binding at `position`, or None where the instance does not exist at this time."""
        binding = self._bindings[position]
        if isinstance(binding, bytes):
            return binding
        element = binding.element(now_ns)
        return None if element is None else _bound(self._names[position] + element)

    def next_binding(self, position: int, now_ns: int) -> tuple[int, bytes] | None:
        """The first existing binding at or after `position` and the position after it; None at the end of the view."""
        bindings = self._bindings
        while position < len(bindings):
            binding = bindings[position]
            found = binding if isinstance(binding, bytes) else self.binding(position, now_ns)
            position += 1
            if found is not None:
                return position, found
        return None

    def run(self, position: int, count: int, now_ns: int, room: int) -> tuple[list[bytes], int, bool]:
        """Up to `count` existing bindings from `position` on that fit into `room` octets; the room left; whether the view ended before."""
        found: list[bytes] = []
        bindings, names = self._bindings, self._names
        for place in range(position, len(bindings)):
            if len(found) == count:
                return found, room, False
            binding = bindings[place]
            if not isinstance(binding, bytes):
                element = binding.element(now_ns)
                if element is None:
                    continue
                binding = _bound(names[place] + element)
            room -= len(binding)
            if room < 0:
                return found, room, False
            found.append(binding)
        return found, room, len(found) < count

    def items(self, now_ns: int) -> Iterator[tuple[Oid, bytes]]:
        """Every existing instance with its BER element, in order."""
        for position, oid in enumerate(self._oids):
            binding = self.binding(position, now_ns)
            if binding is not None:
                yield oid, binding[binding.index(self._names[position]) + len(self._names[position]) :]
