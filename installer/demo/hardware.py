"""What is inside a Catalyst: chassis, supplies, fans, temperatures, ports and optics, numbered as IOS-XE numbers them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import add

from demo.device import Interface, InterfaceType
from demo.mib import MibBuilder, Number, derived
from demo.mibs.entity import Part, PartClass, entity
from demo.mibs.sensors import Fan, Limits, Quantity, Scale, Sensor, Supply, Temperature, cisco_sensors, environment

STACK = 1
DBM_LIMITS = Limits(low_alarm=-139, low_warning=-99, high_warning=-10, high_alarm=20)
TRANSMIT_LIMITS = Limits(low_alarm=-113, low_warning=-73, high_warning=-10, high_alarm=30)
OPTIC_CELSIUS_LIMITS = Limits(low_alarm=-50, low_warning=0, high_warning=700, high_alarm=750)
OPTIC_VOLT_LIMITS = Limits(low_alarm=29_700, low_warning=31_300, high_warning=34_700, high_alarm=36_300)
OPTIC_AMPERE_LIMITS = Limits(low_alarm=10, low_warning=20, high_warning=120, high_alarm=135)


@dataclass(frozen=True, slots=True)
class PowerSupply:
    bay: str
    model: str
    serial: str
    fed: bool = True


@dataclass(frozen=True, slots=True)
class Optic:
    """A pluggable in a port; power in tenths of a dBm."""

    port: str
    model: str
    serial: str
    receive_decibel: Number = -42
    transmit_decibel: Number = -24


@dataclass(frozen=True, slots=True)
class Member:
    """One switch of a stack (or the only one)."""

    number: int
    model: str
    serial: str
    ports: Sequence[Interface]
    supplies: Sequence[PowerSupply]
    optics: Sequence[Optic] = ()
    fans: int = 2
    inlet_celsius: Number = 26
    uplink_module: tuple[str, str] | None = None  # model, serial


@dataclass(slots=True)
class Hardware:
    """Everything the environment MIBs are filled from; grows while the members are described."""

    parts: list[Part] = field(default_factory=list)
    temperatures: list[Temperature] = field(default_factory=list)
    fans: list[Fan] = field(default_factory=list)
    supplies: list[Supply] = field(default_factory=list)
    sensors: list[Sensor] = field(default_factory=list)

    def write(self, mib: MibBuilder, with_sensors: bool = True) -> None:
        """`with_sensors` False: an older device without CISCO-ENTITY-SENSOR-MIB."""
        entity(mib, self.parts)
        environment(mib, self.temperatures, self.fans, self.supplies)
        if with_sensors:
            cisco_sensors(mib, self.sensors)

    def port_index(self, name: str) -> int:
        """entPhysicalIndex of the port of this name."""
        return next(part.index for part in self.parts if part.kind is PartClass.PORT and part.name == name)


def catalyst(stack_name: str, software: str, members: Sequence[Member]) -> Hardware:
    """The hardware of a Catalyst 9000 stack of one or more members."""
    hardware = Hardware()
    hardware.parts.append(Part(STACK, PartClass.STACK, stack_name, stack_name, 0, software=software))
    for member in members:
        _add_member(hardware, member, software)
    return hardware


def _add_member(hardware: Hardware, member: Member, software: str) -> None:
    base = 1000 * member.number
    switch = f"Switch {member.number}"
    hardware.parts.append(
        Part(
            base,
            PartClass.CHASSIS,
            switch,
            member.model,
            STACK,
            member.number,
            member.model,
            member.serial,
            software,
            hardware="V02",
            replaceable=True,
        )
    )
    _add_supplies(hardware, base, switch, member.supplies)
    _add_climate(hardware, base, switch, member)
    slot = base + 60
    hardware.parts.append(Part(slot, PartClass.MODULE, f"{switch} Fixed Module 0", f"{member.model} - Fixed Module 0", base, 1))
    uplinks = slot
    if member.uplink_module is not None:
        uplinks = base + 61
        model, serial = member.uplink_module
        hardware.parts.append(
            Part(uplinks, PartClass.MODULE, f"{switch} Network Module 1", model, base, 2, model, serial, hardware="V01", replaceable=True)
        )
    _add_ports(hardware, base, slot, uplinks, member)


def _add_climate(hardware: Hardware, base: int, switch: str, member: Member) -> None:
    """Fans and temperatures."""
    for number in range(1, member.fans + 1):
        index = base + 20 + number
        name = f"{switch} - FAN - T1 {number}"
        hardware.parts.append(Part(index, PartClass.FAN, name, name, base, number))
        hardware.fans.append(Fan(index, name))
    for position, (place, above, shutdown) in enumerate((("Inlet", 0, 56), ("Outlet", 8, 125), ("HotSpot", 17, 125))):
        index = base + 10 + position
        name = f"{switch} - {place} Temp Sensor"
        celsius = derived(member.inlet_celsius, partial(add, above))
        hardware.parts.append(Part(index, PartClass.SENSOR, name, name, base, position + 1))
        hardware.temperatures.append(Temperature(index, name, celsius, shutdown))
        hardware.sensors.append(Sensor(index, Quantity.CELSIUS, celsius))


def _add_supplies(hardware: Hardware, base: int, switch: str, supplies: Sequence[PowerSupply]) -> None:
    for position, supply in enumerate(supplies):
        index = base + 14 + position
        name = f"{switch} - Power Supply {supply.bay}"
        hardware.parts.append(
            Part(
                index, PartClass.POWER_SUPPLY, name, name, base, position + 1, supply.model, supply.serial, hardware="V01", replaceable=True
            )
        )
        hardware.supplies.append(Supply(index, name, supply.fed))


def _add_ports(hardware: Hardware, base: int, slot: int, uplinks: int, member: Member) -> None:
    index_of: dict[str, int] = {}
    for position, row in enumerate((port for port in member.ports if port.kind is InterfaceType.ETHERNET), 1):
        index_of[row.name] = base + 100 + position
        container = uplinks if "/1/" in row.name else slot
        hardware.parts.append(Part(index_of[row.name], PartClass.PORT, row.name, row.long_name, container, position, if_index=row.index))
    for number, optic in enumerate(member.optics):
        add_optic(hardware, base + 400 + 10 * number, index_of[optic.port], optic)


def add_optic(hardware: Hardware, index: int, port_index: int, optic: Optic) -> None:
    """The pluggable and its five DOM sensors."""
    hardware.parts.append(
        Part(index, PartClass.MODULE, f"{optic.port} Transceiver", optic.model, port_index, 1, optic.model, optic.serial, replaceable=True)
    )
    readings = (
        ("Module Temperature Sensor", Quantity.CELSIUS, 312, Scale.UNITS, 1, OPTIC_CELSIUS_LIMITS),
        ("Supply Voltage Sensor", Quantity.VOLTS_DC, 33_010, Scale.MILLI, 1, OPTIC_VOLT_LIMITS),
        ("Bias Current Sensor", Quantity.AMPERES, 61, Scale.MILLI, 1, OPTIC_AMPERE_LIMITS),
        ("Transmit Power Sensor", Quantity.DBM, optic.transmit_decibel, Scale.UNITS, 1, TRANSMIT_LIMITS),
        ("Receive Power Sensor", Quantity.DBM, optic.receive_decibel, Scale.UNITS, 1, DBM_LIMITS),
    )
    for position, (what, quantity, value, scale, precision, limits) in enumerate(readings, 1):
        name = f"{optic.port} {what}"
        hardware.parts.append(Part(index + position, PartClass.SENSOR, name, name, index, position))
        hardware.sensors.append(Sensor(index + position, quantity, value, scale, precision, limits))
