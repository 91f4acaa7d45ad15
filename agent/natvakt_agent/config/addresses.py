"""Addresses and networks as settings: literals only, a name could be pointed elsewhere after it was checked."""

import ipaddress


class IpAddress(str):
    """One IPv4 or IPv6 address in its canonical spelling."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> "IpAddress":
        """Raises ValueError."""
        try:
            return cls(ipaddress.ip_address(text.strip()))
        except ValueError:
            raise ValueError("is not an IPv4 or IPv6 address") from None


class Network(str):
    """One network in CIDR notation, host bits clear."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> "Network":
        """Raises ValueError."""
        try:
            return cls(ipaddress.ip_network(text.strip()))
        except ValueError:
            raise ValueError("is not a network with its host bits 0") from None

    def holds(self, address: str) -> bool:
        own = ipaddress.ip_network(self)
        other = ipaddress.ip_address(address)
        return own.version == other.version and other in own
