"""IPv4 and IPv6 networks as configurations write them, and which of them belong to the world outside.

Documents put letters for addresses (`x.x.x.x`): such a word is no network, and what depends on it is not claimed.
"""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network, ip_address, ip_interface, ip_network

from natvakt_server.domain.configuration.model import Line

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
InterfaceAddress = IPv4Interface | IPv6Interface
# RFC 1918, 6598, 3927, 1122, 4193, 4291: what is never routed between networks of others.
PRIVATE: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10")
)
_ADDRESS = re.compile(r"(?:ip|ipv4|ipv6) address (?P<address>\S+?)(?:/(?P<length>\d+)| (?P<mask>\d+\.\S+))?(?: .*)?$", re.IGNORECASE)


def network(address: str, mask: str | None = None) -> Network | None:
    """`10.0.0.0` with a mask, a wildcard or a prefix length; None where it cannot be read."""
    try:
        if mask is None:
            return ip_network(address, strict=False)
        bits = int(IPv4Address(mask))
        if bits == 0 and address != "0.0.0.0":  # noqa: S104 - an address in a text
            return ip_network(address)  # a wildcard of nothing: one host
        if f"{bits:032b}".lstrip("1").strip("0"):
            bits ^= 0xFFFFFFFF  # a wildcard, as lists of IOS write it
        return ip_network(f"{address}/{IPv4Address(bits)}", strict=False)
    except ValueError:
        return None


def address_of(word: str) -> Address | None:
    try:
        return ip_address(word)
    except ValueError:
        return None


def interface_addresses(lines: Sequence[Line]) -> tuple[InterfaceAddress, ...]:
    """Addresses of an interface's lines that can be read."""
    found = []
    for line in lines:
        match = _ADDRESS.match(line.text)
        if match is None:
            continue
        try:
            found.append(ip_interface(f"{match['address']}/{match['length'] or match['mask'] or (128 if ':' in match['address'] else 32)}"))
        except ValueError:
            continue
    return tuple(found)


def is_public(address: Address) -> bool:
    """Routed in the Internet, or set aside for documents: not one of the private ranges."""
    return not any(address.version == each.version and address in each for each in PRIVATE) and not address.is_multicast


def is_everything(address: str, mask: str) -> bool:
    """`0.0.0.0 0.0.0.0` in the ways an ASA takes it, or `::/0`."""
    nothing = ("0.0.0.0", "0")  # noqa: S104 - addresses in a text
    return address in ("::/0", "0.0.0.0/0") or (address in nothing and mask in nothing)
