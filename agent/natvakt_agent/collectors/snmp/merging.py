"""Several packs, one table: rows of the same key become one row, and the pack that comes first has the first word."""

from collections.abc import Iterable, Sequence

from natvakt_agent.collectors.snmp.pack import Row


def merged(key: Sequence[str], packs: Iterable[tuple[bool, Iterable[Row]]]) -> list[Row]:
    """Rows in order of first appearance. A later pack fills only the fields that are still empty.

    Each pack comes with whether it founds rows: one that does not only adds fields to rows that are there.
    """
    rows: dict[tuple[object, ...], Row] = {}
    for founds, pack_rows in packs:
        for row in pack_rows:
            place = tuple([row.get(name) for name in key])
            known = rows.get(place)
            if known is None:
                if founds:
                    rows[place] = row.copy()
                continue
            for name, value in row.items():
                if known.get(name) is None:
                    known[name] = value
    return list(rows.values())
