"""Addresses in the one spelling in which they are compared."""

import ipaddress


def spelled(address: str) -> str:
    """An address as it is compared everywhere: without zone, and an IPv4 one never inside IPv6."""
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(mapped or found)
