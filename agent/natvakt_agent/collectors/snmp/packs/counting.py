"""Single numbers worth watching that are neither states nor measured by a sensor chip: sessions, connections, allocations."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.pack import CISCO, Column, IndexReader, Pack, Row, series, whole
from natvakt_agent.collectors.snmp.reading import Reader, number


def number_pack(
    name: str,
    mib: str,
    oid: str,
    title: str,
    kind: str = "count",
    unit: str = "",
    names: tuple[Column, ...] = (),
    *,
    read: Reader = number,
    index: IndexReader | None = None,
    scalar: bool = False,
    applies: tuple[str, ...] = CISCO,
) -> Pack:
    """A pack of `sensor` rows of one kind. `oid` is a column or a scalar without `.0`.

    `names` fill `_name`, which goes after `title`; rows without any are told apart by their index.
    """

    def derive(row: Row) -> Iterable[Row]:
        value = row.get("_value")
        if isinstance(value, int | float):
            told_apart = row.get("_name") or (None if names or scalar else row["_index"])
            label = " ".join(str(part) for part in (title, told_apart) if part)
            yield {"oid": f"{oid}.{row['_index']}", "kind": kind, "unit": unit, "value": value, "name": label}

    return Pack(
        name=name, mib=mib, table="sensor", index=index or whole("_place"), columns=(series("_value", oid, read), *names), derive=derive,
        applies=applies, scalar=scalar,
    )  # fmt: skip
