"""A look over BER before a decoder sees it, so that what decoding may cost is known beforehand (promises 28 and 29).

Generic decoders build an object for every element they meet: one legal datagram of 65 KB with 7,000 varbinds held one for a quarter of a
second. This walk only steps over headers (RFC 3417, 8: definite lengths only), stops at the first element too many, and lets nothing
through whose decoding could surprise.
"""

from dataclasses import dataclass

SEQUENCE, INTEGER, OCTETS, NULL, OBJECT_ID = 0x30, 0x02, 0x04, 0x05, 0x06
IP_ADDRESS, COUNTER32, GAUGE32, TICKS, OPAQUE, COUNTER64, UNSIGNED32 = 0x40, 0x41, 0x42, 0x43, 0x44, 0x46, 0x47
CONSTRUCTED = 0x20
LONG_FORM = 0x80
MOST_LENGTH_OCTETS = 4
MOST_DEPTH = 8  # message, scoped PDU, PDU, list, varbind, value: six, and room
LONGEST_INTEGER_OCTETS = 9  # Counter64 with its sign octet
LONGEST_OID_OCTETS = 128 * 5  # RFC 2578, 3.5: 128 sub-identifiers of 32 bits
INTEGERS = frozenset((INTEGER, COUNTER32, GAUGE32, TICKS, COUNTER64, UNSIGNED32))
LONGEST = {OBJECT_ID: LONGEST_OID_OCTETS, NULL: 0, IP_ADDRESS: 4} | dict.fromkeys(INTEGERS, LONGEST_INTEGER_OCTETS)
SHORTEST = {OBJECT_ID: 1, IP_ADDRESS: 4} | dict.fromkeys(INTEGERS, 1)

ELEMENTS_OF_A_MESSAGE = 24  # of SNMPv3, with its header and scoped PDU; SNMPv1 and v2c have fewer
ELEMENTS_OF_A_VARBIND = 3


class OutOfBounds(ValueError):
    """The octets are no SNMP message, or more of one than was asked for."""


@dataclass(frozen=True, slots=True)
class Element:
    """Where one element lies: `start` is its tag, `body` its first content octet, `end` the octet after it."""

    tag: int
    start: int
    body: int
    end: int


def most_elements(varbinds: int) -> int:
    """How many elements an answer with so many varbinds has at most."""
    return ELEMENTS_OF_A_MESSAGE + ELEMENTS_OF_A_VARBIND * varbinds


def check(octets: bytes, most: int, trailing: bool = False) -> int:
    """Raise `OutOfBounds` unless `octets` are one element of at most `most` inner ones; tells its whole length.

    `trailing` allows octets after it: block ciphers pad what they encrypt (RFC 3414, 8.1.1.2).
    """
    outer = element_at(octets, 0, len(octets))
    if outer.end != len(octets) and not trailing:
        raise OutOfBounds(f"{len(octets) - outer.end} octets behind the message")
    left = most
    waiting = [(outer, 1)]
    while waiting:
        container, depth = waiting.pop()
        if depth > MOST_DEPTH:
            raise OutOfBounds(f"elements nested deeper than {MOST_DEPTH}")
        at = container.body
        while at < container.end:
            left -= 1
            if left < 0:
                raise OutOfBounds(f"more than {most} elements where fewer were asked for")
            found = element_at(octets, at, container.end)
            _check_size(found)
            if found.tag & CONSTRUCTED:
                waiting.append((found, depth + 1))
            at = found.end
    return outer.end


def element_at(octets: bytes, at: int, end: int) -> Element:
    """The element whose tag is at `at`, within `end`. Raises `OutOfBounds`."""
    if at + 2 > end:
        raise OutOfBounds("an element is cut off")
    tag, size, body = octets[at], octets[at + 1], at + 2
    if tag & 0x1F == 0x1F:
        raise OutOfBounds(f"tag {tag:#x} goes on in a second octet, which SNMP has not")
    if size & LONG_FORM:
        count = size & 0x7F
        if not 0 < count <= MOST_LENGTH_OCTETS:
            raise OutOfBounds("a length that is indefinite or too long")
        size, body = int.from_bytes(octets[body : body + count], "big"), body + count
    if body + size > end:
        raise OutOfBounds("an element is longer than what holds it")
    return Element(tag, at, body, body + size)


def _check_size(found: Element) -> None:
    size = found.end - found.body
    if not SHORTEST.get(found.tag, 0) <= size <= LONGEST.get(found.tag, size):
        raise OutOfBounds(f"{size} octets of content for tag {found.tag:#x}")
