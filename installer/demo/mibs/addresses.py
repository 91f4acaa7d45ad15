"""IP-MIB (RFC 4293): ipAddrTable and ipAddressTable."""

from collections.abc import Sequence
from dataclasses import dataclass

from demo.mib import MibBuilder, integer, ip_address, pointer

IP_ADDR_ENTRY = "1.3.6.1.2.1.4.20.1"
IP_ADDRESS_ENTRY = "1.3.6.1.2.1.4.34.1"
IP_ADDRESS_PREFIX_ENTRY = "1.3.6.1.2.1.4.32.1"
IPV4 = 1
IPV4_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Address:
    address: str
    prefix_length: int
    if_index: int

    @property
    def octets(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.address.split("."))

    @property
    def mask(self) -> int:
        return 0xFFFFFFFF << (32 - self.prefix_length) & 0xFFFFFFFF

    @property
    def network(self) -> tuple[int, ...]:
        return tuple((int.from_bytes(bytes(self.octets), "big") & self.mask).to_bytes(4, "big"))


def addresses(mib: MibBuilder, rows: Sequence[Address]) -> None:
    for row in rows:
        mask = ".".join(str(octet) for octet in row.mask.to_bytes(4, "big"))
        mib.row(
            IP_ADDR_ENTRY,
            row.octets,
            {1: ip_address(row.address), 2: integer(row.if_index), 3: ip_address(mask), 4: integer(1), 5: integer(18_024)},
        )
        prefix_row = (row.if_index, IPV4, IPV4_LENGTH, *row.network, row.prefix_length)
        prefix = ".".join(str(arc) for arc in (*map(int, IP_ADDRESS_PREFIX_ENTRY.split(".")), 5, *prefix_row))
        mib.row(
            IP_ADDRESS_ENTRY,
            (IPV4, IPV4_LENGTH, *row.octets),
            {3: integer(row.if_index), 4: integer(1), 5: pointer(prefix), 6: integer(2), 7: integer(1)},
        )
