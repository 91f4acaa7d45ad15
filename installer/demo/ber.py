"""Just enough BER (ITU-T X.690) for SNMP v1 and v2c messages (RFC 1157, RFC 3416).

Encoding is definite-length. Decoding is by offset into one `bytes` object, refuses indefinite lengths and anything
that runs past its container, and raises only `BerError`.
"""

from collections.abc import Iterator

INTEGER = 0x02
OCTET_STRING = 0x04
NULL = 0x05
OBJECT_IDENTIFIER = 0x06
SEQUENCE = 0x30
IP_ADDRESS = 0x40
COUNTER32 = 0x41
GAUGE32 = 0x42
TIME_TICKS = 0x43
COUNTER64 = 0x46
NO_SUCH_OBJECT = 0x80
NO_SUCH_INSTANCE = 0x81
END_OF_MIB_VIEW = 0x82

GET_REQUEST = 0xA0
GET_NEXT_REQUEST = 0xA1
GET_RESPONSE = 0xA2
GET_BULK_REQUEST = 0xA5

Oid = tuple[int, ...]


class BerError(ValueError):
    """The octets are not the BER that was expected here."""


def encode_length(length: int) -> bytes:
    if length < 0x80:
        return bytes((length,))
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(octets),)) + octets


def encode(tag: int, content: bytes) -> bytes:
    return bytes((tag,)) + encode_length(len(content)) + content


def encode_signed(value: int) -> bytes:
    """Content octets of an INTEGER, and of the unsigned types too: a leading zero keeps them positive."""
    return value.to_bytes((value if value >= 0 else ~value).bit_length() // 8 + 1, "big", signed=True)


def encode_oid(oid: Oid) -> bytes:
    """Content octets of an OBJECT IDENTIFIER of at least two arcs."""
    content = bytearray()
    for arc in (oid[0] * 40 + oid[1], *oid[2:]):
        if arc < 0x80:
            content.append(arc)
            continue
        groups = [arc & 0x7F]
        rest = arc >> 7
        while rest:
            groups.append(0x80 | (rest & 0x7F))
            rest >>= 7
        content += bytes(reversed(groups))
    return bytes(content)


def decode_oid(content: bytes) -> Oid:
    if not content or content[-1] & 0x80:
        raise BerError("OBJECT IDENTIFIER is empty or ends inside an arc")
    arcs: list[int] = []
    value = 0
    for octet in content:
        value = value << 7 | octet & 0x7F
        if value > 0xFFFFFFFF:
            raise BerError("OBJECT IDENTIFIER has an arc above 32 bits")
        if not octet & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return (first, arcs[0] - 40 * first, *arcs[1:])


def decode_header(data: bytes, offset: int, end: int) -> tuple[int, int, int]:
    """Tag, start and end of the content of the element at `offset`, which must lie wholly before `end`."""
    if offset + 2 > end:
        raise BerError(f"element at octet {offset} has no header")
    tag, length = data[offset], data[offset + 1]
    start = offset + 2
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4 or start + count > end:
            raise BerError(f"element at octet {offset} has an unusable length")
        length = int.from_bytes(data[start : start + count], "big")
        start += count
    if start + length > end:
        raise BerError(f"element at octet {offset} runs past its container")
    return tag, start, start + length


def expect(data: bytes, offset: int, end: int, tag: int) -> tuple[int, int]:
    """Start and end of the content of the element at `offset`, which must carry `tag`."""
    found, start, stop = decode_header(data, offset, end)
    if found != tag:
        raise BerError(f"element at octet {offset} has tag {found:#04x}, expected {tag:#04x}")
    return start, stop


def expect_integer(data: bytes, offset: int, end: int) -> tuple[int, int]:
    """Value of the INTEGER at `offset` and the offset after it."""
    start, stop = expect(data, offset, end, INTEGER)
    if not 1 <= stop - start <= 8:
        raise BerError(f"INTEGER at octet {offset} has {stop - start} octets")
    return int.from_bytes(data[start:stop], "big", signed=True), stop


def iterate(data: bytes, offset: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Every element between `offset` and `end` as tag, start and end of its content."""
    while offset < end:
        tag, start, stop = decode_header(data, offset, end)
        yield tag, start, stop
        offset = stop
