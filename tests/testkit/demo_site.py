"""Reading a simulated device without a network: what it would answer at a time, as Python values."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from demo.ber import COUNTER32, COUNTER64, INTEGER, Oid, decode_header, decode_oid
from demo.device import SimulatedDevice
from demo.mib import View, parse_oid

EPOCH_NS = 1_795_000_000_000_000_000  # 2026-11-18T12:26:40Z, a Wednesday
Reading = int | bytes | Oid


def decoded(element: bytes) -> Reading:
    """The value of one BER element: a number, octets, or an OBJECT IDENTIFIER as a tuple."""
    tag, start, end = decode_header(element, 0, len(element))
    if tag == 0x06:
        return decode_oid(element[start:end])
    if tag in (0x04, 0x40):
        return element[start:end]
    return int.from_bytes(element[start:end], "big", signed=tag == INTEGER)


@dataclass(frozen=True)
class Answers:
    """Everything a view answers at one time."""

    view: View
    now_ns: int

    @classmethod
    def of(cls, device: SimulatedDevice, now_ns: int = EPOCH_NS, context: int | None = None) -> "Answers":
        community = device.identity.community + ("" if context is None else f"@{context}")
        return cls(device.views[community.encode()], now_ns)

    @cached_property
    def elements(self) -> dict[Oid, bytes]:
        return dict(self.view.items(self.now_ns))

    def get(self, oid: str) -> Reading:
        return decoded(self.elements[parse_oid(oid)])

    def number(self, oid: str) -> int:
        value = self.get(oid)
        assert isinstance(value, int)
        return value

    def column(self, oid: str) -> dict[Oid, Reading]:
        """Index -> value of one column of a table."""
        prefix = parse_oid(oid)
        return {name[len(prefix) :]: decoded(element) for name, element in self.elements.items() if name[: len(prefix)] == prefix}

    def counters(self, tag: int) -> Iterator[tuple[Oid, int]]:
        assert tag in (COUNTER32, COUNTER64)
        for name, element in self.elements.items():
            if element[0] == tag:
                value = decoded(element)
                assert isinstance(value, int)
                yield name, value
