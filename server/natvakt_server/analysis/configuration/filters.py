"""What a list lets through, asked of its entries in order: the first that matches decides."""

from ipaddress import IPv4Network, IPv6Network, ip_network

from natvakt_server.analysis.configuration.access_lists import AccessList, Entry, Side
from natvakt_server.analysis.configuration.addresses import Network

# RFC 1122, 1918, 3927, 5771, 6890: senders that no packet from other networks has.
BOGONS = ("0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4")


def lets_source_in(known: AccessList, source: str | Network) -> bool:
    """Whether some packet with a sender of this network passes; a list ends with a deny of everything."""
    wanted = ip_network(source) if isinstance(source, str) else source
    for entry in known.entries:
        if not entry.active or not holds(entry.source, wanted):
            continue
        if entry.permits:
            return True
        if entry.every_protocol and entry.destination.anything and "option" not in entry.rest and "fragments" not in entry.rest:
            return False
    return False


def holds(side: Side, wanted: Network) -> bool:
    """Whether a side takes in the whole network."""
    return side.anything or any(_inside(wanted, each) for each in side.networks)


def _inside(small: Network, large: Network) -> bool:
    if isinstance(small, IPv4Network) and isinstance(large, IPv4Network):
        return small.subnet_of(large)
    return isinstance(small, IPv6Network) and isinstance(large, IPv6Network) and small.subnet_of(large)


def permits_everything(entry: Entry) -> bool:
    """`permit ip any any`, by whatever words."""
    return entry.permits and entry.active and entry.every_protocol and entry.source.anything and entry.destination.anything


def covers(first: Side, second: Side) -> bool:
    """Whether every address and port of the second is one of the first."""
    if not any(low <= other[0] and other[1] <= high for low, high in first.ports for other in second.ports):
        return False
    if first.anything:
        return True
    if second.anything or not second.networks or not first.networks:
        return first.word == second.word and first.word != ""
    return all(any(_inside(each, large) for large in first.networks) for each in second.networks)
