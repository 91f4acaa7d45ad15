"""Which addresses the server may call because somebody wrote a URL into a form: the public ones, and networks that its operator named.

A name is resolved once, every address it has must be allowed, and the connection goes to one of these: a name that answers differently the
second time (DNS rebinding) changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from ipaddress import IPv4Network as V4

from natvakt_server.notify.port import Refused

Address = IPv4Address | IPv6Address
Network = V4 | IPv6Network
NEVER: Sequence[Network] = (ip_network("169.254.0.0/16"), ip_network("fe80::/10"), ip_network("fd00:ec2::254/128"))
"""Link-local: where clouds keep their machines' credentials."""
NAT64 = ip_network("64:ff9b::/96")


class BadNetwork(ValueError):
    """Says which word is no network."""


@dataclass(frozen=True, slots=True)
class Reach:
    """`own`: networks of the operator that may be called, and the only ones that may be called without TLS."""

    own: Sequence[Network] = ()

    def allowed(self, host: str, addresses: Sequence[str], *, clear: bool) -> str:
        """The address to connect to. `clear`: without TLS. Raises Refused."""
        for text in addresses:
            address = meant(ip_address(text))
            if any(address in network for network in NEVER):
                raise Refused(f"{host} is {address}, a link-local address, which is never called")
            is_own = any(address in network for network in self.own)
            if not is_own and (not address.is_global or address.is_multicast):
                raise Refused(
                    f"{host} is {address}, not a public address; its network must stand in notifications.own_networks of server.toml"
                )
            if clear and not is_own:
                raise Refused(
                    f"{host} is called without TLS; write https://, or name its network in notifications.own_networks of server.toml"
                )
        return addresses[0]


def meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, where it does (RFC 4291 mapped, RFC 3056 6to4, RFC 4380 Teredo, RFC 6052 NAT64)."""
    if isinstance(address, IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    if inner is None and address in NAT64:
        inner = IPv4Address(int(address) & 0xFFFF_FFFF)
    return inner or address


def networks(text: str) -> Sequence[Network]:
    """`"10.20.0.0/16, 192.168.7.5"`. Raises BadNetwork."""
    found: list[Network] = []
    for part in (each.strip() for each in text.split(",")):
        if part:
            try:
                found.append(ip_network(part))
            except ValueError as error:
                raise BadNetwork(f"{part!r} is no network, such as 10.20.0.0/16 or 192.168.7.5: {error}") from None
    return found
