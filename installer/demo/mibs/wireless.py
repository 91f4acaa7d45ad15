"""AIRESPACE-WIRELESS-MIB, CISCO-LWAPP-AP-MIB and CISCO-LWAPP-SYS-MIB: the access points of a controller."""

from collections.abc import Sequence
from dataclasses import dataclass

from demo.mib import MibBuilder, Number, gauge, integer, ip_address, octets, text

AIRESPACE_AP_ENTRY = "1.3.6.1.4.1.14179.2.2.1.1"
AIRESPACE_LOAD_ENTRY = "1.3.6.1.4.1.14179.2.2.13.1"
LWAPP_AP_ENTRY = "1.3.6.1.4.1.9.9.513.1.1.1.1"
LWAPP_SYSTEM = "1.3.6.1.4.1.9.9.618.1.8"
ASSOCIATED = 1
NEVER_NS = 2**63
RADIO_24_GHZ, RADIO_5_GHZ = 0, 1


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """`gone_ns`: when it left the controller for good; `load_percent` and `clients` are of its 5 GHz radio."""

    name: str
    mac: bytes
    address: str
    model: str
    serial: str
    software: str
    load_percent: Number
    clients: Number
    gone_ns: int = NEVER_NS


def access_points(mib: MibBuilder, rows: Sequence[AccessPoint]) -> None:
    for row in rows:
        index = tuple(row.mac)
        mib.vanishing_row(
            AIRESPACE_AP_ENTRY,
            index,
            {
                1: octets(row.mac),
                3: text(row.name),
                4: text("Kista, plan 4"),
                6: integer(ASSOCIATED),
                8: text(row.software),
                16: text(row.model),
                17: text(row.serial),
                19: ip_address(row.address),
                37: integer(1),
            },
            row.gone_ns,
        )
        mib.vanishing_row(LWAPP_AP_ENTRY, index, {5: text(row.name)}, row.gone_ns)
        for radio in (RADIO_24_GHZ, RADIO_5_GHZ):
            load, clients = (row.load_percent, row.clients) if radio == RADIO_5_GHZ else (18, 0)
            mib.vanishing_row(AIRESPACE_LOAD_ENTRY, (*index, radio), {3: integer(load), 4: integer(clients)}, row.gone_ns)
    mib.scalar(f"{LWAPP_SYSTEM}.4", gauge(lambda now_ns: sum(now_ns < row.gone_ns for row in rows)))
    mib.scalar(f"{LWAPP_SYSTEM}.12", gauge(lambda now_ns: sum(_at(row.clients, now_ns) for row in rows if now_ns < row.gone_ns)))


def _at(number: Number, now_ns: int) -> int:
    return number if isinstance(number, int) else number(now_ns) or 0
