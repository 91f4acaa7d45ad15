"""What a read may name: checked once for every store, so that no name of a caller ever becomes part of a query's text."""

from collections.abc import Mapping, Sequence

from natvakt_server.domain.registry import TableDefinition
from natvakt_server.domain.series import Query, UnknownSeries
from natvakt_server.domain.tiers import columns_of


def check_latest(measurement: str, definitions: Mapping[str, TableDefinition]) -> None:
    if measurement not in definitions:
        raise UnknownSeries(f"measurement {measurement!r}: the registry has {', '.join(sorted(definitions))}")


def check_query(query: Query, definitions: Mapping[str, TableDefinition]) -> None:
    check_latest(query.measurement, definitions)
    definition = definitions[query.measurement]
    columns = columns_of(definition, query.tier)
    for name in query.fields:
        if name not in columns:
            raise UnknownSeries(f"field {name!r} of {query.measurement} in tier {query.tier}: the registry has {', '.join(columns)}")
    for name in query.tags:
        if name not in definition.key:
            raise UnknownSeries(f"tag {name!r} of {query.measurement}: the registry has {', '.join(definition.key) or 'none'}")


def tags_match(names: Sequence[str], values: Sequence[str], wanted: Mapping[str, str]) -> bool:
    return all(wanted.get(name, value) == value for name, value in zip(names, values, strict=True))
