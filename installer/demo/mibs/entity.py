"""ENTITY-MIB (RFC 6933): what a device is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from demo.mib import MibBuilder, integer, pointer, text

ENT_PHYSICAL_ENTRY = "1.3.6.1.2.1.47.1.1.1.1"
ENT_ALIAS_MAPPING_ENTRY = "1.3.6.1.2.1.47.1.3.2.1"
IF_INDEX = "1.3.6.1.2.1.2.2.1.1"


class PartClass(IntEnum):
    """IANAPhysicalClass."""

    OTHER = 1
    CHASSIS = 3
    CONTAINER = 5
    POWER_SUPPLY = 6
    FAN = 7
    SENSOR = 8
    MODULE = 9
    PORT = 10
    STACK = 11
    CPU = 12


@dataclass(frozen=True, slots=True)
class Part:
    """One physical component. `if_index` ties a port to its interface."""

    index: int
    kind: PartClass
    name: str
    description: str
    contained_in: int
    position: int = 1
    model: str = ""
    serial: str = ""
    software: str = ""
    firmware: str = ""
    hardware: str = ""
    replaceable: bool = False
    if_index: int | None = None


def entity(mib: MibBuilder, parts: Sequence[Part], manufacturer: str = "Cisco Systems Inc") -> None:
    for part in parts:
        mib.row(
            ENT_PHYSICAL_ENTRY,
            (part.index,),
            {
                2: text(part.description),
                3: pointer("0.0"),
                4: integer(part.contained_in),
                5: integer(int(part.kind)),
                6: integer(part.position),
                7: text(part.name),
                8: text(part.hardware),
                9: text(part.firmware),
                10: text(part.software),
                11: text(part.serial),
                12: text(manufacturer if part.model else ""),
                13: text(part.model),
                14: text(""),
                15: text(""),
                16: integer(1 if part.replaceable else 2),
            },
        )
        if part.if_index is not None:
            mib.row(ENT_ALIAS_MAPPING_ENTRY, (part.index, 0), {2: pointer(f"{IF_INDEX}.{part.if_index}")})
