"""Single numbers of a voice system, all of one MIB in one question: rows of `voice` by kind."""

from collections.abc import Iterable
from dataclasses import dataclass

from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS, Pack, Row, fixed, series


@dataclass(frozen=True, slots=True)
class VoiceCount:
    """One object, `oid` without its `.0`; `limit_oid` the most there may be of it."""

    kind: str
    oid: str
    title: str
    limit_oid: str | None = None


def voice_counts(name: str, mib: str, *counts: VoiceCount) -> Pack:
    def derive(row: Row) -> Iterable[Row]:
        for place, count in enumerate(counts):
            value = row.get(f"_{place}")
            if isinstance(value, int):
                yield {"kind": count.kind, "index": "all", "name": count.title, "value": value, "limit": row.get(f"_limit_{place}")}

    columns = [series(f"_{place}", count.oid) for place, count in enumerate(counts)]
    columns += [series(f"_limit_{place}", count.limit_oid) for place, count in enumerate(counts) if count.limit_oid]
    return Pack(
        name=name, mib=mib, table="voice", index=fixed(), columns=tuple(columns), derive=derive, applies=CISCO_PRODUCTS, scalar=True,
    )  # fmt: skip
