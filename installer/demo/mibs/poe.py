"""POWER-ETHERNET-MIB (RFC 3621) and CISCO-POWER-ETHERNET-EXT-MIB."""

from collections.abc import Sequence
from dataclasses import dataclass

from demo.mib import MibBuilder, Value, counter32, gauge, integer, text

PSE_PORT_ENTRY = "1.3.6.1.2.1.105.1.1.1"
MAIN_PSE_ENTRY = "1.3.6.1.2.1.105.1.3.1.1"
CISCO_PSE_PORT_ENTRY = "1.3.6.1.4.1.9.9.402.1.2.1"
SEARCHING, DELIVERING_POWER = 2, 3
LOW = 3
USAGE_THRESHOLD_PERCENT = 85


@dataclass(frozen=True, slots=True)
class PoePort:
    """One PSE port. `power_class` is the 802.3 class 0 to 4 of what is plugged in, None where nothing takes power."""

    number: int
    physical_index: int
    power_class: int | None = None
    milliwatts: int = 0


def power_over_ethernet(mib: MibBuilder, group: int, budget_watts: int, consumption_watts: int, ports: Sequence[PoePort]) -> None:
    """One PSE group (a switch) with its ports."""
    mib.row(
        MAIN_PSE_ENTRY,
        (group,),
        {2: gauge(budget_watts), 3: integer(1), 4: gauge(consumption_watts), 5: integer(USAGE_THRESHOLD_PERCENT)},
    )
    for port in ports:
        mib.row(PSE_PORT_ENTRY, (group, port.number), _port_columns(port))
        mib.row(CISCO_PSE_PORT_ENTRY, (group, port.number), _cisco_port_columns(port))


def _port_columns(port: PoePort) -> dict[int, Value]:
    powered = port.power_class is not None
    return {
        3: integer(1),
        4: integer(2),
        5: integer(1),
        6: integer(DELIVERING_POWER if powered else SEARCHING),
        7: integer(LOW),
        9: text("IEEE PD" if powered else ""),
        10: integer((port.power_class or 0) + 1),
        **{column: counter32(0) for column in (8, 11, 12, 13, 14)},
    }


def _cisco_port_columns(port: PoePort) -> dict[int, Value]:
    powered = 2 if port.power_class is None else 1
    return {
        1: integer(1),
        3: integer(powered),
        4: integer(powered),
        6: gauge(30_000),
        7: gauge(port.milliwatts),
        8: gauge(port.milliwatts),
        9: gauge(port.milliwatts * 3 // 5),
        10: gauge(port.milliwatts),
        11: integer(port.physical_index),
    }
