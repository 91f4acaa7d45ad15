"""Flow exports out of datagrams: NetFlow v5, NetFlow v9 (RFC 3954) and IPFIX (RFC 7011). Any octets are read as something or counted.

    v5         24 octets of header, 48 a record, sampling in the header
    v9, IPFIX  sets: templates say how the records of later sets look; options tell the rate of samplers

What an exporter tells of itself is bounded: so many templates, fields, octets a record. Nothing it sends makes more than that be kept.
"""

import struct
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

MOST_EXPORTERS, MOST_TEMPLATES, MOST_FIELDS, MOST_RECORD_OCTETS, MOST_SAMPLERS = 512, 256, 128, 4096, 64
MOST_RATE = 1_000_000
VARIABLE = 0xFFFF
_V5_HEADER, _V5_RECORD = struct.Struct(">HHIIIIBBH"), struct.Struct(">4s4s4sHHIIIIHHxBBBHHBBxx")
_V9_HEADER, _IPFIX_HEADER, _SET = struct.Struct(">HHIIII"), struct.Struct(">HHIII"), struct.Struct(">HH")
_V9, _IPFIX = 9, 10
_SAMPLED = 0x3FFF
# Information elements of RFC 7012, by the numbers v9 and IPFIX share.
OCTETS, PACKETS, PROTOCOL, SOURCE_PORT, SOURCE_V4, INPUT, TARGET_PORT, TARGET_V4, OUTPUT = 1, 2, 4, 7, 8, 10, 11, 12, 14
OUT_OCTETS, OUT_PACKETS, SOURCE_V6, TARGET_V6, INTERVAL, SAMPLER, RANDOM_INTERVAL, DIRECTION = 23, 24, 27, 28, 34, 48, 50, 61
TOTAL_OCTETS, TOTAL_PACKETS, SELECTOR, PACKET_INTERVAL, PACKET_SPACE = 85, 86, 302, 305, 306
EGRESS = 1


@dataclass(frozen=True, slots=True)
class Flow:
    """Octets and packets with the sampling rate applied. Interface 0: none."""

    input: int
    output: int
    source: str
    target: str
    protocol: int
    source_port: int
    target_port: int
    octets: int
    packets: int
    is_egress: bool = False


@dataclass(frozen=True, slots=True)
class _Template:
    fields: Sequence[tuple[int, int]]  # element, length; elements of an enterprise are 0
    is_options: bool

    @property
    def least_octets(self) -> int:
        return sum(1 if length == VARIABLE else length for _, length in self.fields)


@dataclass(slots=True)
class _Domain:
    """One observation domain of an exporter."""

    templates: OrderedDict[int, _Template] = field(default_factory=OrderedDict)
    samplers: OrderedDict[int, int] = field(default_factory=OrderedDict)  # by sampler; 0: of the whole domain


class Collector:
    """Not for several threads at once."""

    def __init__(self) -> None:
        self._domains: OrderedDict[tuple[str, int, int], _Domain] = OrderedDict()
        self.counts: Counter[str] = Counter()

    def flows(self, source: str, octets: bytes) -> Sequence[Flow]:
        """The flows of one datagram; what cannot be read is counted."""
        try:
            (version,) = struct.unpack_from(">H", octets)
            if version == 5:
                return list(_version_5(octets))
            if version in (_V9, _IPFIX):
                return self._templated(source, octets, version)
        except (struct.error, ValueError):
            self.counts["malformed"] += 1
            return ()
        self.counts["unknown-version"] += 1
        return ()

    def _templated(self, source: str, octets: bytes, version: int) -> Sequence[Flow]:
        header = _V9_HEADER if version == _V9 else _IPFIX_HEADER
        number = header.unpack_from(octets)[-1]
        domain = self._domain(source, version, number)
        end = len(octets) if version == _V9 else min(len(octets), struct.unpack_from(">H", octets, 2)[0])
        at, found = header.size, list[Flow]()
        while at + _SET.size <= end:
            kind, length = _SET.unpack_from(octets, at)
            if length < _SET.size or at + length > end:
                raise ValueError("a set that does not fit")
            body = octets[at + _SET.size : at + length]
            self._read_set(domain, kind, body, version, found)
            at += length
        return found

    def _domain(self, source: str, version: int, number: int) -> _Domain:
        key = (source, version, number)
        if key not in self._domains:
            self._domains[key] = _Domain()
            if len(self._domains) > MOST_EXPORTERS:
                self._domains.popitem(last=False)
        self._domains.move_to_end(key)
        return self._domains[key]

    def _read_set(self, domain: _Domain, kind: int, body: bytes, version: int, found: list[Flow]) -> None:
        if kind in ((0, 1) if version == _V9 else (2, 3)):
            self._learn(domain, body, version, is_options=kind in (1, 3))
        elif kind >= 256:
            template = domain.templates.get(kind)
            if template is None:
                self.counts["template-unknown"] += 1
                return
            for record in _records(template, body):
                if template.is_options:
                    _learn_sampler(domain, record)
                else:
                    found.append(_flow(domain, record))

    def _learn(self, domain: _Domain, body: bytes, version: int, is_options: bool) -> None:
        at = 0
        while at + 4 <= len(body):
            number, count = struct.unpack_from(">HH", body, at)
            at += 4
            if number < 256:
                return  # padding
            if is_options and version == _V9:
                (length,) = struct.unpack_from(">H", body, at)
                count, at = (count + length) // 4, at + 2
            elif is_options and count:
                at += 2  # how many of the fields are scope
            if count == 0:
                domain.templates.pop(number, None)  # withdrawn: RFC 7011, 8.1
                continue
            if count > MOST_FIELDS:
                self.counts["template-too-large"] += 1
                raise ValueError("too many fields")
            fields, at = _fields(body, at, count, version)
            template = _Template(fields, is_options)
            if not 0 < template.least_octets <= MOST_RECORD_OCTETS:
                raise ValueError("a record that is too long")
            domain.templates[number] = template
            domain.templates.move_to_end(number)
            if len(domain.templates) > MOST_TEMPLATES:
                self.counts["template-forgotten"] += 1
                domain.templates.popitem(last=False)


def _version_5(octets: bytes) -> Iterator[Flow]:
    _, count, *_, sampling = _V5_HEADER.unpack_from(octets)
    rate = max(1, sampling & _SAMPLED)
    if len(octets) < _V5_HEADER.size + count * _V5_RECORD.size:
        raise ValueError("fewer records than the header says")
    for number in range(count):
        source, target, _, input_, output, packets, size, _, _, source_port, target_port, _, protocol, *_ = _V5_RECORD.unpack_from(
            octets, _V5_HEADER.size + number * _V5_RECORD.size
        )
        addresses = str(IPv4Address(source)), str(IPv4Address(target))
        yield Flow(input_, output, *addresses, protocol, source_port, target_port, size * rate, packets * rate)


def _fields(body: bytes, at: int, count: int, version: int) -> tuple[Sequence[tuple[int, int]], int]:
    fields = []
    for _ in range(count):
        element, length = struct.unpack_from(">HH", body, at)
        at += 4
        if version == _IPFIX and element & 0x8000:
            element, at = 0, at + 4
        fields.append((element, length))
    return fields, at


def _records(template: _Template, body: bytes) -> Iterator[Mapping[int, bytes]]:
    at, least = 0, template.least_octets
    while at + least <= len(body):
        record: dict[int, bytes] = {}
        for element, fixed in template.fields:
            length, at = _variable_length(body, at) if fixed == VARIABLE else (fixed, at)
            if at + length > len(body):
                raise ValueError("a record that is cut off")
            record.setdefault(element, body[at : at + length])
            at += length
        yield record


def _variable_length(body: bytes, at: int) -> tuple[int, int]:
    """RFC 7011, 7."""
    (short,) = struct.unpack_from(">B", body, at)
    return (short, at + 1) if short < 255 else (struct.unpack_from(">H", body, at + 1)[0], at + 3)


def _number(record: Mapping[int, bytes], *elements: int) -> int:
    """Of the first of these elements that is there; numbers have at most eight octets."""
    return next((int.from_bytes(record[element][:8], "big") for element in elements if element in record), 0)


def _learn_sampler(domain: _Domain, record: Mapping[int, bytes]) -> None:
    if PACKET_INTERVAL in record:
        taken = max(1, _number(record, PACKET_INTERVAL))
        rate = (taken + _number(record, PACKET_SPACE)) // taken
    else:
        rate = _number(record, RANDOM_INTERVAL, INTERVAL)
    if rate:
        sampler = _number(record, SAMPLER, SELECTOR)
        domain.samplers[sampler] = min(rate, MOST_RATE)
        domain.samplers.move_to_end(sampler)
        if len(domain.samplers) > MOST_SAMPLERS:
            domain.samplers.popitem(last=False)


def _flow(domain: _Domain, record: Mapping[int, bytes]) -> Flow:
    rate = _rate(domain, record)
    return Flow(
        input=_number(record, INPUT) & 0xFFFF_FFFF,
        output=_number(record, OUTPUT) & 0xFFFF_FFFF,
        source=_address(record, SOURCE_V4, SOURCE_V6),
        target=_address(record, TARGET_V4, TARGET_V6),
        protocol=_number(record, PROTOCOL) & 0xFF,
        source_port=_number(record, SOURCE_PORT) & 0xFFFF,
        target_port=_number(record, TARGET_PORT) & 0xFFFF,
        octets=_number(record, OCTETS, OUT_OCTETS, TOTAL_OCTETS) * rate,
        packets=_number(record, PACKETS, OUT_PACKETS, TOTAL_PACKETS) * rate,
        is_egress=_number(record, DIRECTION) == EGRESS,
    )


def _rate(domain: _Domain, record: Mapping[int, bytes]) -> int:
    """The record's own, else its sampler's, else the domain's; a domain with one sampler has that one's."""
    own = _number(record, INTERVAL, RANDOM_INTERVAL)
    if own:
        return min(own, MOST_RATE)
    sampler = _number(record, SAMPLER, SELECTOR)
    if sampler in domain.samplers:
        return domain.samplers[sampler]
    return next(iter(domain.samplers.values())) if len(domain.samplers) == 1 and not sampler else 1


def _address(record: Mapping[int, bytes], version_4: int, version_6: int) -> str:
    octets = record.get(version_4, b"")
    if len(octets) == 4:
        return str(IPv4Address(octets))
    octets = record.get(version_6, b"")
    return str(IPv6Address(octets)) if len(octets) == 16 else ""
