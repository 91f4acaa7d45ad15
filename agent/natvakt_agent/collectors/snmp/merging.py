"""Several packs, one table: rows of the same key become one row, and the pack that comes first has the first word."""

from collections.abc import Iterable, Sequence

from natvakt_agent.collectors.snmp.pack import Row


def merged(key: Sequence[str], packs: Iterable[Iterable[Row]]) -> list[Row]:
    """Rows in order of first appearance. A later pack fills only the fields that are still empty."""
    rows: dict[tuple[object, ...], Row] = {}
    for pack_rows in packs:
        for row in pack_rows:
            known = rows.setdefault(tuple(row.get(name) for name in key), {})
            for name, value in row.items():
                if known.get(name) is None:
                    known[name] = value
    return list(rows.values())
