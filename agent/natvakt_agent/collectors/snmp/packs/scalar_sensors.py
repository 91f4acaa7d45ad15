"""Single objects of one MIB as sensors: all of them in one question, whether they are numbers or states."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from natvakt_agent.collectors.snmp.pack import CISCO, Pack, Row, fixed, series
from natvakt_agent.collectors.snmp.reading import Reader, number


@dataclass(frozen=True, slots=True)
class Scalar:
    """One object, `oid` without its `.0`. `states` name the codes of a state, whose kind and unit then are those of a state."""

    oid: str
    title: str
    kind: str = "count"
    unit: str = ""
    read: Reader = number
    states: Mapping[int, str] | None = None

    def sensor(self, value: int | float) -> Row:
        row: Row = {"oid": f"{self.oid}.0", "kind": self.kind, "unit": self.unit, "name": self.title, "value": value}
        if self.states is not None and isinstance(value, int):
            row |= {"kind": "state", "unit": "", "state_code": value, "state": self.states.get(value, str(value))}
        return row


def scalar_sensors(name: str, mib: str, *scalars: Scalar, applies: tuple[str, ...] = CISCO) -> Pack:
    """A pack that asks for all `scalars` at once and gives one `sensor` row for each that the device has."""

    def derive(row: Row) -> Iterable[Row]:
        for place, scalar in enumerate(scalars):
            value = row.get(f"_{place}")
            if isinstance(value, int | float):
                yield scalar.sensor(value)

    return Pack(
        name=name, mib=mib, table="sensor", index=fixed(),
        columns=tuple(series(f"_{place}", scalar.oid, scalar.read) for place, scalar in enumerate(scalars)),
        derive=derive, applies=applies, scalar=True,
    )  # fmt: skip
