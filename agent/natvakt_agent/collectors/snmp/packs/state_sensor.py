"""Many MIBs have tables whose rows are nothing but a name and a state: this says such a pack in one call."""

from collections.abc import Iterable, Mapping, Sequence

from natvakt_agent.collectors.snmp.pack import CISCO, Column, IndexReader, Pack, Row, series, whole


def state_pack(
    name: str,
    mib: str,
    oid: str,
    states: Mapping[int, str],
    names: Sequence[Column] = (),
    *,
    title: str = "",
    index: IndexReader | None = None,
    applies: tuple[str, ...] = CISCO,
    scalar: bool = False,
    ignore: tuple[int, ...] = (),
    watches: str | None = None,
) -> Pack:
    """A pack of `sensor` rows of kind `state`.

    `oid` is the column (or scalar, without `.0`) of the state; `names` are columns that fill `_name`, and `title` goes
    before it. Codes in `ignore` mean that there is nothing there. `watches` says what the state is of: `fan`, `power-supply`.
    """

    def derive(row: Row) -> Iterable[Row]:
        code = row.get("_state")
        if isinstance(code, int) and code not in ignore:
            yield {
                "oid": f"{oid}.{row['_index']}",
                "kind": "state",
                "unit": "",
                "name": " ".join(str(part) for part in (title, row.get("_name")) if part) or None,
                "value": code,
                "state_code": code,
                "state": states.get(code, str(code)),
                "component": watches,
            }

    return Pack(
        name=name, mib=mib, table="sensor", index=index or whole("_place"), columns=(series("_state", oid), *names),
        derive=derive, applies=applies, scalar=scalar,
    )  # fmt: skip
