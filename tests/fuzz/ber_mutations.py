"""Answers that went wrong: mutations of whole, honest SNMP messages. The same random source gives the same mutation.

Half of them change octets blindly; the other half know where elements begin, so that lengths, tags and nesting are hit and not only
contents.
"""

from collections.abc import Callable
from random import Random

INDEFINITE = b"\x30\x80"
TAGS = (0x02, 0x04, 0x05, 0x06, 0x30, 0x40, 0x41, 0x42, 0x43, 0x44, 0x46, 0x47, 0x80, 0x81, 0x82, 0xA0, 0xA2, 0xA5, 0xA8, 0x1F, 0x3F, 0xFF)
LENGTHS = (
    b"\x00",
    b"\x7f",
    b"\x80",
    b"\x81\x00",
    b"\x81\xff",
    b"\x82\xff\xff",
    b"\x84\xff\xff\xff\xff",
    b"\x84\x7f\xff\xff\xff",
    b"\x88" + b"\xff" * 8,
)
BODIES = (b"", b"\x00", b"\xff", b"\x80" * 40, b"\xff" * 9, b"\x2b" + b"\xff" * 300 + b"\x7f", b"\x00" * 600, b"\x7f" * 16, b"\x30" * 64)
MOST_OCTETS = 65_000


def mutated(octets: bytes, random: Random) -> bytes:
    """One to four mutations, one after the other."""
    for _ in range(random.randint(1, 4)):
        octets = random.choice(MUTATIONS)(octets, random)[:MOST_OCTETS] or b"\x30"
    return octets


def _flip(octets: bytes, random: Random) -> bytes:
    at = random.randrange(len(octets))
    return octets[:at] + bytes((octets[at] ^ 1 << random.randrange(8),)) + octets[at + 1 :]


def _replace(octets: bytes, random: Random) -> bytes:
    at = random.randrange(len(octets))
    return octets[:at] + bytes((random.randrange(256),)) + octets[at + 1 :]


def _cut(octets: bytes, random: Random) -> bytes:
    return octets[: random.randrange(len(octets))]


def _remove(octets: bytes, random: Random) -> bytes:
    at = random.randrange(len(octets))
    return octets[:at] + octets[at + random.randint(1, 8) :]


def _insert(octets: bytes, random: Random) -> bytes:
    at = random.randrange(len(octets) + 1)
    return octets[:at] + random.choice((b"\x30", b"\x80", b"\x84", b"\xff", b"\x00\x00", random.choice(BODIES))) + octets[at:]


def _nest(octets: bytes, random: Random) -> bytes:
    """Indefinite lengths within one another, with or without their ends."""
    depth, at = random.choice((1, 5, 50, 2_000)), random.choice(_elements(octets))
    return octets[:at] + INDEFINITE * depth + octets[at:] + b"\x00\x00" * random.choice((0, depth))


def _tag(octets: bytes, random: Random) -> bytes:
    at = random.choice(_elements(octets))
    return octets[:at] + bytes((random.choice(TAGS),)) + octets[at + 1 :]


def _length(octets: bytes, random: Random) -> bytes:
    at = random.choice(_elements(octets))
    return octets[: at + 1] + random.choice(LENGTHS) + octets[at + 2 :]


def _body(octets: bytes, random: Random) -> bytes:
    """Another content of the length it says, inside elements that do not know of it."""
    at, body = random.choice(_elements(octets)), random.choice(BODIES)
    end = at + 2 + (octets[at + 1] if at + 1 < len(octets) else 0)
    size = bytes((len(body),)) if len(body) < 128 else b"\x82" + len(body).to_bytes(2, "big")
    return octets[: at + 1] + size + body + octets[end:]


def _repeat(octets: bytes, random: Random) -> bytes:
    """An element many times over."""
    at = random.choice(_elements(octets))
    end = at + 2 + (octets[at + 1] & 0x7F if at + 1 < len(octets) else 0)
    return octets[:at] + octets[at:end] * random.choice((2, 10, 300)) + octets[end:]


def _elements(octets: bytes) -> list[int]:
    """Where elements begin, as far as the octets can be followed."""
    found, waiting = [0], [0]
    while waiting and len(found) < 200:
        at = waiting.pop()
        if at + 2 > len(octets):
            continue
        size, body = octets[at + 1], at + 2
        if size & 0x80:
            body += size & 0x7F
            size = int.from_bytes(octets[at + 2 : body], "big")
        inside = body if octets[at] & 0x20 else body + size
        for following in (inside, body + size):
            if following < len(octets) and following not in found:
                found.append(following)
                waiting.append(following)
    return found


MUTATIONS: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flip, _replace, _cut, _remove, _insert, _nest, _tag, _length, _body, _repeat,
)  # fmt: skip
