"""Where discovery may look: the networks that are swept, and the wider area that a hint may lead into.

A sweep asks every address of the given networks. A hint (a neighbour, an ARP entry, a next hop) is followed only inside `area`: the site
policy's networks where there are some, else the swept networks. Excluded addresses are asked by nobody.
"""

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MOST_SWEPT_ADDRESSES = 65_536
SUBNET_BITS = {4: 24, 6: 64}  # what counts as one subnet for pace and likelihood
PACKETS_PER_SILENT_ADDRESS = 5


class ScopeRefused(ValueError):
    """What was asked for cannot or must not be swept; names the value, the reason and the way out."""


def parse_network(text: str) -> Network:
    """A network in CIDR notation, or one address. Raises ScopeRefused."""
    try:
        return ipaddress.ip_network(text.strip())
    except ValueError as error:
        reason = str(error)
    try:
        nearest = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        raise ScopeRefused(
            f"network {text[:60]!r}: is not a network in CIDR notation ({reason}); write for example 192.168.10.0/24"
        ) from None
    raise ScopeRefused(f"network {text[:60]!r}: has bits set beyond its prefix; write {nearest}, or the address alone")


def parse_address(text: str) -> str:
    """The canonical spelling of one address. Raises ScopeRefused."""
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        raise ScopeRefused(f"address {text[:60]!r}: is not an IPv4 or IPv6 address; names are not followed") from None


@lru_cache(maxsize=8192)
def subnet_of(address: str) -> str:
    """The /24 or /64 an address lies in."""
    parsed = ipaddress.ip_address(address)
    return str(ipaddress.ip_network((parsed, SUBNET_BITS[parsed.version]), strict=False))


def address_order(address: str) -> tuple[int, int]:
    """IPv4 before IPv6, each by number."""
    parsed = ipaddress.ip_address(address)
    return parsed.version, int(parsed)


def is_askable(address: str) -> bool:
    """Whether one device can answer there: no multicast, broadcast, unspecified or link-local address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    is_odd = parsed.is_multicast or parsed.is_unspecified or parsed.is_link_local or parsed.is_reserved
    return not is_odd and address != "255.255.255.255"


@dataclass(frozen=True, slots=True)
class Scope:
    """`networks` are swept, `area` bounds what hints may lead to, `excluded` is never asked."""

    networks: tuple[Network, ...]
    area: tuple[Network, ...]
    excluded: tuple[Network, ...] = ()

    def allows(self, address: str) -> bool:
        parsed = ipaddress.ip_address(address)
        return _in_any(parsed, self.area) and not _in_any(parsed, self.excluded)

    def is_excluded(self, address: str) -> bool:
        return _in_any(ipaddress.ip_address(address), self.excluded)

    @property
    def size(self) -> int:
        """Addresses a sweep asks, excluded ones included."""
        return sum(_host_count(network) for network in self.networks)

    def sweep(self) -> Iterator[str]:
        """Every address once, the subnets taking turns, so that none is asked in one burst."""
        turns = [span for network in self.networks for span in _spans(network)]
        while turns:
            still = []
            for span in turns:
                address = next(span, None)
                if address is not None:
                    still.append(span)
                    if not self.is_excluded(address):
                        yield address
            turns = still


def scope_of(
    wanted: Sequence[str], seeds: Sequence[str], allowed: Sequence[str], excluded: Sequence[str], packets_per_second: float
) -> Scope:
    """Check what a person or the settings ask for against the site policy's `allowed` networks. Raises ScopeRefused."""
    networks = tuple(ipaddress.collapse_addresses(n for n in map(parse_network, wanted) if n.version == 4)) + tuple(
        ipaddress.collapse_addresses(n for n in map(parse_network, wanted) if n.version == 6)
    )
    policy = tuple(parse_network(text) for text in allowed)
    for network in networks:
        if policy and not any(_holds(outer, network) for outer in policy):
            inside = ", ".join(map(str, policy))
            raise ScopeRefused(
                f"network {network}: lies outside the site policy's allowed_networks ({inside}); give a network inside, or widen the policy"
            )
    size = sum(_host_count(network) for network in networks)
    if size > MOST_SWEPT_ADDRESSES:
        largest = max(networks, key=_host_count)
        raise ScopeRefused(_too_large(largest, size, packets_per_second))
    starts = tuple(ipaddress.ip_network(parse_address(seed)) for seed in seeds)
    scope = Scope(networks, policy or (*networks, *starts), tuple(parse_network(text) for text in excluded))
    for start in starts:
        if not scope.allows(str(start.network_address)):
            where = "is excluded" if scope.is_excluded(str(start.network_address)) else "lies outside the site policy's allowed_networks"
            raise ScopeRefused(f"seed {start.network_address}: {where}; give another seed, or change the setting")
    return scope


def _too_large(network: Network, size: int, packets_per_second: float) -> str:
    hours = size * PACKETS_PER_SILENT_ADDRESS / packets_per_second / 3600
    span = f"{hours:,.0f} hours" if hours < 10_000 else f"{hours / 8766:,.0f} years"
    way_out = "the prefixes in use (at most /112 each)" if network.version == 6 else "the subnets in use (a /16 in all at most)"
    return (
        f"network {network}: {size:,} addresses in all are more than {MOST_SWEPT_ADDRESSES:,} and would take about {span} at "
        f"{packets_per_second:g} packets a second; give {way_out}, or none and --seed ADDRESS: neighbours lead to the rest"
    )


def _holds(outer: Network, inner: Network) -> bool:
    if isinstance(outer, ipaddress.IPv4Network) and isinstance(inner, ipaddress.IPv4Network):
        return inner.subnet_of(outer)
    return isinstance(outer, ipaddress.IPv6Network) and isinstance(inner, ipaddress.IPv6Network) and inner.subnet_of(outer)


def _in_any(address: Address, networks: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _host_count(network: Network) -> int:
    total = network.num_addresses
    if network.prefixlen >= network.max_prefixlen - 1:
        return total
    return total - (2 if network.version == 4 else 1)


def _spans(network: Network) -> Iterator[Iterator[str]]:
    """The host addresses of a network, an iterator for each of its subnets; its own first and last address are no hosts (RFC 950, 3.3)."""
    first, last = int(network.network_address), int(network.broadcast_address)
    if network.prefixlen < network.max_prefixlen - 1:
        first, last = first + 1, last - (network.version == 4)
    step = 1 << (network.max_prefixlen - SUBNET_BITS[network.version])
    kind = ipaddress.IPv4Address if network.version == 4 else ipaddress.IPv6Address
    start = first
    while start <= last:
        end = min(last, start // step * step + step - 1)
        yield (str(kind(number)) for number in range(start, end + 1))
        start = end + 1
