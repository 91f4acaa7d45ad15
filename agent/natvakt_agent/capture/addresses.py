"""Addresses replaced so that subnets stay subnets.

Two addresses that share their first n bits share them afterwards too, and no more (Xu, Fan, Ammar and Moon, "Prefix-preserving IP
address anonymization", 2002). Beyond that: what stands for itself is kept (private ranges stay private, masks, loopback, multicast); the
address of every known network stays the first of its own; IPv4 keeps the last octet, so that links of two and gateways at .1 stay
recognisable. Of public addresses prefixes from /8 on are kept, in first octets that hold special ranges from /16 on.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from natvakt_agent.capture.keyed import Key

V4_BITS, V6_BITS = 32, 128
V4_CHANGED_BITS, V6_CHANGED_BITS = 24, 64

V4_KEPT = ((0x00000000, 8), (0x7F000000, 8), (0xE0000000, 3))
V4_PRIVATE = ((0x0A000000, 8), (0x64400000, 10), (0xA9FE0000, 16), (0xAC100000, 12), (0xC0A80000, 16))
_SECOND_OCTETS_KEPT = {100: range(64, 128), 169: (254,), 172: range(16, 32), 192: (168,), 198: (18, 19, 51), 203: ()}
"""First octets with a range of their own in them, and which second octets that takes."""

EUI_64 = b"\xff\xfe"
MULTICAST_BIT, LOCAL_BIT = 1, 2
MAC_KEPT = (b"\x00\x00\x0c\x07\xac", b"\x00\x00\x0c\x9f", b"\x00\x05\x73\xa0", b"\x00\x00\x5e\x00\x01", b"\x00\x00\x5e\x00\x02")
"""HSRP version 1, version 2, version 2 for IPv6 (Cisco), VRRP for IPv4 and IPv6 (RFC 5798, 7.3)."""


@dataclass(frozen=True, slots=True)
class Network:
    """`address` with `length` leading bits that count; `bits` is 32 or 128."""

    address: int
    length: int
    bits: int


class AddressMap:
    def __init__(self, key: Key, networks: Iterable[Network] = ()) -> None:
        self._key = key
        self._straight: dict[int, set[tuple[int, int]]] = {V4_BITS: set(), V6_BITS: set()}
        self._known: dict[bytes, bytes] = {}
        for network in networks:
            self._keep_begin(network)

    def _keep_begin(self, network: Network) -> None:
        """The way down to the address of the network itself: no bit of it is turned."""
        last_bit = V4_CHANGED_BITS if network.bits == V4_BITS else V6_CHANGED_BITS
        before = network.address >> (network.bits - network.length)
        for place in range(network.length, last_bit):
            self._straight[network.bits].add((place, before))
            before <<= 1

    def octets(self, address: bytes) -> bytes:
        """4 or 16 octets; with a zone (8, 20) the zone stays."""
        if address not in self._known:
            self._known[address] = self._v4(address[:4]) if len(address) in (4, 8) else self._v6(address[:16])
        size = 4 if len(address) in (4, 8) else 16
        return self._known[address] + address[size:]

    def _v4(self, octets: bytes) -> bytes:
        address = int.from_bytes(octets, "big")
        if any(_is_in(address, V4_BITS, *kept) for kept in V4_KEPT):
            return octets
        own = next((length for network, length in V4_PRIVATE if _is_in(address, V4_BITS, network, length)), None)
        if own is not None:
            head, start = address >> (V4_BITS - own), own
        else:
            head, start = self._public_head(octets)
        changed = self._turned(address, head, V4_BITS, start, V4_CHANGED_BITS)
        return changed.to_bytes(4, "big")

    def _public_head(self, octets: bytes) -> tuple[int, int]:
        """The leading bits of a public address, and how many they are."""
        first, second = octets[0], octets[1]
        taken = _SECOND_OCTETS_KEPT.get(first)
        if taken is None:
            return self._key.permuted("v4 first octet", first, 224, _is_ordinary_first), 8
        if second == 0 or second in taken:
            return first << 8 | second, 16
        return first << 8 | self._key.permuted(f"v4 second octet {first}", second, 256, lambda one: one != 0 and one not in taken), 16

    def _v6(self, octets: bytes) -> bytes:
        address = int.from_bytes(octets, "big")
        if address in (0, 1) or octets[0] == 0xFF:
            return octets
        if octets[:12] == bytes(10) + b"\xff\xff":
            return octets[:12] + self.octets(octets[12:])
        if octets[:8] == bytes(8):
            return octets
        start = 64 if octets[:2] == b"\xfe\x80" else 32 if octets[:4] == b"\x20\x01\x0d\xb8" else 8 if octets[0] in (0xFC, 0xFD) else 16
        changed = self._turned(address, address >> (V6_BITS - start), V6_BITS, start, V6_CHANGED_BITS)
        return changed.to_bytes(16, "big")[:8] + self._interface_id(octets[8:])

    def _turned(self, address: int, head: int, bits: int, start: int, end: int) -> int:
        """`head` in place of the first `start` bits, the following up to `end` turned by what stands before them, the rest as it is."""
        changed, straight = head, self._straight[bits]
        for place in range(start, end):
            before, bit = address >> (bits - place), address >> (bits - place - 1) & 1
            changed = changed << 1 | (bit if (place, before) in straight else bit ^ self._key.bit(f"v{bits} {place}", before))
        return changed << (bits - end) | address & ((1 << (bits - end)) - 1)

    def _interface_id(self, octets: bytes) -> bytes:
        """The last 64 bits: numbers given by hand stay, a MAC inside is replaced as that MAC is, anything else is permuted."""
        number = int.from_bytes(octets, "big")
        if not _is_drawn(number):
            return self._eui_64(octets) if octets[3:5] == EUI_64 else octets
        return self._key.permuted("interface id", number, 1 << 64, _is_drawn).to_bytes(8, "big")

    def _eui_64(self, octets: bytes) -> bytes:
        mac = self.mac(bytes((octets[0] ^ LOCAL_BIT,)) + octets[1:3] + octets[5:])
        return bytes((mac[0] ^ LOCAL_BIT,)) + mac[1:3] + EUI_64 + mac[3:]

    def mac(self, octets: bytes) -> bytes:
        """6 octets. The vendor stays, and the last octet, by which the ports of a device are numbered."""
        if _is_kept_mac(octets):
            return octets
        if octets[0] & LOCAL_BIT:
            inner = int.from_bytes(octets[1:5], "big")
            return octets[:1] + self._key.permuted(f"local mac {octets[0]}", inner, 1 << 32).to_bytes(4, "big") + octets[5:]
        vendor, last = octets[:3], octets[5:]
        number = self._key.permuted(
            f"mac {vendor.hex()}", int.from_bytes(octets[3:5], "big"), 1 << 16,
            lambda one: not _is_kept_mac(vendor + one.to_bytes(2, "big") + last),
        )  # fmt: skip
        return vendor + number.to_bytes(2, "big") + last


def _is_in(address: int, bits: int, network: int, length: int) -> bool:
    return address >> (bits - length) == network >> (bits - length)


def _is_ordinary_first(octet: int) -> bool:
    return octet not in (0, 10, 127) and octet not in _SECOND_OCTETS_KEPT


def _is_drawn(number: int) -> bool:
    """Neither a number given by hand nor made of a MAC."""
    return number >> 16 != 0 and number >> 24 & 0xFFFF != 0xFFFE


def _is_kept_mac(octets: bytes) -> bool:
    """Groups, nothing at all, and the virtual ones of first-hop protocols: they say what they are, not whose."""
    return bool(octets[0] & MULTICAST_BIT) or octets == bytes(6) or octets.startswith(MAC_KEPT)
