"""CISCO-STACKWISE-MIB, CISCO-RF-MIB and CISCO-FIREWALL-MIB: what stands ready to take over."""

from collections.abc import Sequence
from dataclasses import dataclass

from demo.mib import MibBuilder, Number, counter32, gauge, integer, octets, text

STACK = "1.3.6.1.4.1.9.9.500.1.1"
STACK_SWITCH_ENTRY = "1.3.6.1.4.1.9.9.500.1.2.1.1"
STACK_PORT_ENTRY = "1.3.6.1.4.1.9.9.500.1.2.2.1"
REDUNDANCY_STATUS = "1.3.6.1.4.1.9.9.176.1.1"
FIREWALL_HARDWARE_ENTRY = "1.3.6.1.4.1.9.9.147.1.2.1.1.1"
FIREWALL_CONNECTION_ENTRY = "1.3.6.1.4.1.9.9.147.1.2.2.2.1"

ROLE_MASTER, ROLE_MEMBER, ROLE_STANDBY = 1, 2, 4
STATE_READY = 4
RF_STANDBY_HOT, RF_ACTIVE = 9, 14
FAILOVER_LAN, PRIMARY_UNIT, SECONDARY_UNIT = 4, 6, 7
UNIT_UP, UNIT_ERROR, UNIT_ACTIVE, UNIT_STANDBY = 2, 4, 9, 10
PROTOCOL_IP = 40
CURRENTLY_IN_USE, HIGH_WATER = 6, 7


@dataclass(frozen=True, slots=True)
class StackSwitch:
    number: int
    physical_index: int
    role: int
    priority: int
    mac: bytes
    image: str


def stack(mib: MibBuilder, switches: Sequence[StackSwitch], ring_is_whole: bool = True) -> None:
    mib.scalar(f"{STACK}.1", integer(8))
    mib.scalar(f"{STACK}.2", integer(15))
    mib.scalar(f"{STACK}.3", integer(1 if ring_is_whole else 2))
    for position, switch in enumerate(switches):
        mib.row(
            STACK_SWITCH_ENTRY,
            (switch.physical_index,),
            {
                1: gauge(switch.number),
                2: gauge(switch.number),
                3: integer(switch.role),
                4: gauge(switch.priority),
                5: gauge(0),
                6: integer(STATE_READY),
                7: octets(switch.mac),
                8: text(switch.image),
            },
        )
        other = switches[(position + 1) % len(switches)]
        for port in (1, 2):
            mib.row(STACK_PORT_ENTRY, (switch.physical_index + port,), {1: integer(1), 2: integer(other.physical_index)})


def supervisor_pair(mib: MibBuilder, unit: int, peer: int) -> None:
    """cRFStatus of an active unit with a hot standby peer."""
    for column, value in ((1, unit), (2, RF_ACTIVE), (3, peer), (4, RF_STANDBY_HOT), (5, 1), (6, 1)):
        mib.scalar(f"{REDUNDANCY_STATUS}.{column}", integer(value))


def failover(mib: MibBuilder, secondary: Number, secondary_detail: str) -> None:
    """cfwHardwareStatusTable of an ASA pair whose primary unit answers."""
    rows = (
        (FAILOVER_LAN, "Failover LAN Interface", UNIT_UP, "folink Ethernet1/7"),
        (PRIMARY_UNIT, "Primary unit (this device)", UNIT_ACTIVE, "Active unit"),
        (SECONDARY_UNIT, "Secondary unit", secondary, secondary_detail),
    )
    for index, information, value, detail in rows:
        mib.row(FIREWALL_HARDWARE_ENTRY, (index,), {2: text(information), 3: integer(value), 4: text(detail)})


def connections(mib: MibBuilder, in_use: Number, high_water: int) -> None:
    for index, description, value in (
        (CURRENTLY_IN_USE, "number of connections currently in use by the entire firewall", in_use),
        (HIGH_WATER, "highest number of connections in use at any one time since system startup", high_water),
    ):
        mib.row(FIREWALL_CONNECTION_ENTRY, (PROTOCOL_IP, index), {3: text(description), 4: counter32(0), 5: gauge(value)})
