"""OSPF-MIB (RFC 4750) and CISCO-NTP-MIB."""

from collections.abc import Sequence
from dataclasses import dataclass

from demo.mib import MibBuilder, counter32, gauge, integer, ip_address, octets

OSPF = "1.3.6.1.2.1.14.1"
OSPF_INTERFACE_ENTRY = "1.3.6.1.2.1.14.7.1"
OSPF_NEIGHBOUR_ENTRY = "1.3.6.1.2.1.14.10.1"
NTP_SYSTEM = "1.3.6.1.4.1.9.9.168.1.1"
NTP_PEER_ENTRY = "1.3.6.1.4.1.9.9.168.1.2.1.1"

BROADCAST, POINT_TO_POINT = 1, 3
TWO_WAY, EXCHANGE_START, EXCHANGE, FULL = 4, 5, 6, 8
INTERFACE_POINT_TO_POINT, DESIGNATED, OTHER_DESIGNATED = 4, 5, 7
LEAP_NONE, LEAP_ALARM = 0, 3
NOT_SYNCHRONISED, SYNCHRONISED_TO_SERVER = 3, 6


@dataclass(frozen=True, slots=True)
class OspfInterface:
    address: str
    network: int
    priority: int
    state: int
    designated: str = "0.0.0.0"


@dataclass(frozen=True, slots=True)
class OspfNeighbour:
    address: str
    router_id: str
    priority: int
    state: int
    events: int = 6


def ospf(mib: MibBuilder, router_id: str, own: Sequence[OspfInterface], neighbours: Sequence[OspfNeighbour]) -> None:
    mib.scalar(f"{OSPF}.1", ip_address(router_id))
    mib.scalar(f"{OSPF}.2", integer(1))
    for interface in own:
        mib.row(
            OSPF_INTERFACE_ENTRY,
            (*_arcs(interface.address), 0),
            {
                1: ip_address(interface.address),
                2: integer(0),
                3: ip_address("0.0.0.0"),
                4: integer(interface.network),
                5: integer(1),
                6: integer(interface.priority),
                12: integer(interface.state),
                13: ip_address(interface.designated),
                14: ip_address("0.0.0.0"),
            },
        )
    for neighbour in neighbours:
        mib.row(
            OSPF_NEIGHBOUR_ENTRY,
            (*_arcs(neighbour.address), 0),
            {
                1: ip_address(neighbour.address),
                2: integer(0),
                3: ip_address(neighbour.router_id),
                4: integer(2),
                5: integer(neighbour.priority),
                6: integer(neighbour.state),
                7: counter32(neighbour.events),
                8: gauge(0),
            },
        )


def ntp(mib: MibBuilder, servers: Sequence[str], synchronised: bool = True) -> None:
    """The clock's state and its configured servers; stratum 16 where none of them answers."""
    mib.scalar(f"{NTP_SYSTEM}.1", integer(LEAP_NONE if synchronised else LEAP_ALARM))
    mib.scalar(f"{NTP_SYSTEM}.2", integer(3 if synchronised else 16))
    mib.scalar(f"{NTP_SYSTEM}.11", integer(SYNCHRONISED_TO_SERVER if synchronised else NOT_SYNCHRONISED))
    for number, server in enumerate(servers, 1):
        mib.row(
            NTP_PEER_ENTRY,
            (number,),
            {
                2: integer(1),
                3: octets(bytes(_arcs(server))),
                9: integer(2 if synchronised else 16),
                21: integer(255 if synchronised else 0),
            },
        )


def _arcs(dotted: str) -> tuple[int, ...]:
    return tuple(int(part) for part in dotted.split("."))
