"""From what a device sent to what a table holds: typed, bounded, in base units.

A reader takes one SNMP value and gives a `Value` (None: the device has nothing to say). What cannot be read as meant
raises `Flaw` with the value to use instead, so that nothing wrong passes silently and nothing hostile passes at all.
"""

import math
import struct
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address

from natvakt_agent.collectors.snmp.session import SnmpValue
from natvakt_agent.model.observation import Value

MOST_CHARACTERS = 1_024
OPAQUE_FLOAT = b"\x9f\x78\x04"  # net-snmp's float inside an Opaque
Reader = Callable[[SnmpValue], Value]


class Flaw(Exception):
    """A value that is not what the MIB promises. `instead` is what is kept."""

    def __init__(self, reason: str, instead: Value = None) -> None:
        super().__init__(reason)
        self.instead = instead


def text(raw: SnmpValue) -> Value:
    """DisplayString or SnmpAdminString: UTF-8, else Latin-1 with a flaw; NUL-terminated by some devices, cut at 1,024 characters."""
    if isinstance(raw, str):
        return raw
    if not isinstance(raw, bytes):
        raise Flaw(f"{type(raw).__name__} where text was expected")
    body = raw.rstrip(b"\0 \r\n\t")
    try:
        shown, reason = body.decode(), None
    except UnicodeDecodeError:
        shown, reason = body.decode("latin-1"), "text is not UTF-8; read as Latin-1"
    if not shown.isprintable():
        printable = "".join(
            character if character.isprintable() or character in "\r\n\t" else "\N{REPLACEMENT CHARACTER}" for character in shown
        )
        reason = reason or ("control characters in text" if printable != shown else None)
        shown = printable
    if len(shown) > MOST_CHARACTERS:
        reason, shown = f"text of {len(shown)} characters; cut at {MOST_CHARACTERS}", shown[:MOST_CHARACTERS]
    if reason:
        raise Flaw(reason, shown)
    return shown.strip()


def filled_text(raw: SnmpValue) -> Value:
    """Text where an empty string means that the device does not know."""
    return text(raw) or None


PLACEHOLDERS = frozenset(("", "n/a", "na", "none", "unknown", "not available", "unspecified"))


def is_known(value: Value) -> bool:
    """Whether a text says something: vendors write N/A and the like where the MIB asks for an empty string."""
    return isinstance(value, str) and value.strip().lower() not in PLACEHOLDERS


def integer(raw: SnmpValue) -> Value:
    if isinstance(raw, int):
        return raw
    raise Flaw(f"{type(raw).__name__} where a number was expected")


def number(raw: SnmpValue) -> Value:
    """INTEGER, Gauge, Opaque float or, as some MIBs have it, a number in a DisplayString."""
    if isinstance(raw, int | float):
        return raw
    if isinstance(raw, bytes) and raw.startswith(OPAQUE_FLOAT) and len(raw) == len(OPAQUE_FLOAT) + 4:
        return _finite(struct.unpack(">f", raw[-4:])[0])
    if isinstance(raw, bytes | str):
        shown = raw.decode("ascii", "replace") if isinstance(raw, bytes) else raw
        try:
            return _finite(float(shown.strip().strip("%").split(" ")[0]))
        except ValueError:
            raise Flaw(f"{shown[:20]!r} where a number was expected") from None
    raise Flaw(f"{type(raw).__name__} where a number was expected")


def _finite(value: float) -> float:
    if math.isfinite(value):
        return value
    raise Flaw("a number that is not finite")


def scaled(factor: float, none_if: tuple[int, ...] = ()) -> Reader:
    """A number in units of `factor` base units; `none_if` are the raw values that mean "no value"."""

    def read(raw: SnmpValue) -> Value:
        value = number(raw)
        if not isinstance(value, int | float) or value in none_if:
            return None
        return round(value * factor, 9)

    return read


def words(names: Mapping[int, str]) -> Reader:
    """A MIB enumeration as its word; a code the MIB does not know stays visible as its number."""

    def read(raw: SnmpValue) -> Value:
        code = integer(raw)
        return names.get(code, str(code)) if isinstance(code, int) else None

    return read


def truth(raw: SnmpValue) -> Value:
    """TruthValue (RFC 2579)."""
    return integer(raw) == 1


def ticks(raw: SnmpValue) -> Value:
    """TimeTicks, hundredths of a second, as seconds."""
    value = integer(raw)
    return value / 100 if isinstance(value, int) else None


def hexadecimal(raw: SnmpValue) -> Value:
    """MAC addresses, engine ids: lower-case hexadecimal without separators; empty means none."""
    if isinstance(raw, bytes):
        return raw[:64].hex() or None
    raise Flaw(f"{type(raw).__name__} where octets were expected")


def address(raw: SnmpValue) -> Value:
    """IpAddress, or InetAddress octets of 4 or 16 (zone octets cut)."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bytes):
        return address_of_octets(raw)
    raise Flaw(f"{type(raw).__name__} where an address was expected")


def address_of_octets(octets: bytes) -> str | None:
    """4 or 8 (IPv4, with zone) and 16 or 20 (IPv6, with zone) octets; None for any other length (InetAddress, RFC 4001)."""
    if len(octets) in (4, 8):
        return str(IPv4Address(octets[:4]))
    if len(octets) in (16, 20):
        return str(IPv6Address(octets[:16]))
    return None


def object_identifier(raw: SnmpValue) -> Value:
    if isinstance(raw, str):
        return raw
    raise Flaw(f"{type(raw).__name__} where an object identifier was expected")


def bits(names: Mapping[int, str]) -> Reader:
    """BITS (bit 0 is the highest bit of the first octet) as words joined by commas."""

    def read(raw: SnmpValue) -> Value:
        if not isinstance(raw, bytes):
            raise Flaw(f"{type(raw).__name__} where bits were expected")
        return ",".join(name for bit, name in sorted(names.items()) if bit // 8 < len(raw) and raw[bit // 8] & (0x80 >> bit % 8)) or None

    return read
