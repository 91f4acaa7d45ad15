"""Tables of the embedded store and how a database file is opened.

One wide table a measurement and tier, one row a series row and time; `series` names the rows. Columns come from the registry:
a field that the registry has gained is added when the file is opened, none is ever removed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from natvakt_server.domain.registry import TableDefinition
from natvakt_server.domain.series import SeriesUnavailable, Tier
from natvakt_server.domain.tiers import ColumnType, columns_of

SQL_TYPE: Mapping[ColumnType, str] = {ColumnType.UNSIGNED: "UBIGINT", ColumnType.SIGNED: "BIGINT", ColumnType.FLOAT: "DOUBLE"}

_FIXED = """
CREATE TABLE IF NOT EXISTS series (
    id UINTEGER NOT NULL, tenant VARCHAR NOT NULL, site VARCHAR NOT NULL, measurement VARCHAR NOT NULL, device VARCHAR NOT NULL,
    tags VARCHAR NOT NULL  -- JSON list of values, by sorted tag name
);
CREATE TABLE IF NOT EXISTS touched (mark BIGINT NOT NULL, tenant VARCHAR NOT NULL, start_ns BIGINT NOT NULL);
"""


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def table_name(tier: Tier, measurement: str) -> str:
    """The table of a measurement in a tier, quoted."""
    return quoted(f"{tier.value}_{measurement}")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the embedded engine may take of its process."""

    memory_bytes: int = 1 << 30
    threads: int = 2


DEFAULT_LIMITS = Limits()


def open_database(path: Path, definitions: Mapping[str, TableDefinition], limits: Limits) -> duckdb.DuckDBPyConnection:
    """Open or create the file and bring its tables to the registry. Raises SeriesUnavailable when it is in use or unreadable."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": limits.threads,
        "memory_limit": f"{limits.memory_bytes // (1 << 20)}MiB",
        "enable_external_access": False,
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
    }
    try:
        connection = duckdb.connect(str(path), config=settings)
        connection.execute(_FIXED)
        for definition in definitions.values():
            for tier in Tier:
                if definition.series:
                    _ensure_table(connection, definition, tier)
    except duckdb.IOException as error:
        raise SeriesUnavailable(
            f"time series file {path} cannot be opened: {error}. "
            "One process may have it open: stop the other one, or use InfluxDB for split roles"
        ) from error
    return connection


def _ensure_table(connection: duckdb.DuckDBPyConnection, definition: TableDefinition, tier: Tier) -> None:
    table = table_name(tier, definition.name)
    columns = {name: SQL_TYPE[kind] for name, kind in columns_of(definition, tier).items()}
    declared = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())
    connection.execute(f"CREATE TABLE IF NOT EXISTS {table} (series UINTEGER NOT NULL, time BIGINT NOT NULL, {declared})")
    present = {str(row[0]) for row in connection.execute(f"DESCRIBE {table}").fetchall()}
    for name, kind in columns.items():
        if name not in present:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {quoted(name)} {kind}")


RowTags = tuple[str, ...]
DeviceRows = dict[RowTags, int]


@dataclass(frozen=True, slots=True)
class SeriesName:
    tenant: str
    site: str
    measurement: str
    device: str
    tags: RowTags


class Dictionary:
    """The names of all series rows, in memory. Ids start at 0 and are never given again."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._names: list[SeriesName] = []
        self._rows: dict[tuple[str, str, str], DeviceRows] = {}
        stored = connection.execute("SELECT tenant, site, measurement, device, tags FROM series ORDER BY id").fetchall()
        for tenant, site, measurement, device, tags in stored:
            self._add(SeriesName(tenant, site, measurement, device, tuple(json.loads(tags))))

    def __len__(self) -> int:
        return len(self._names)

    def __getitem__(self, series: int) -> SeriesName:
        return self._names[series]

    def rows(self, tenant: str, measurement: str, device: str) -> Mapping[RowTags, int]:
        return self._rows.get((tenant, measurement, device), {})

    def of_tenant(self, tenant: str, measurement: str) -> Sequence[int]:
        scopes = [rows for (owner, name, _device), rows in list(self._rows.items()) if owner == tenant and name == measurement]
        return [series for rows in scopes for series in list(rows.values())]

    def scopes(self) -> Sequence[tuple[str, str]]:
        """(tenant, measurement) of everything that was ever stored."""
        return sorted({(tenant, measurement) for tenant, measurement, _device in list(self._rows)})

    def find_or_add(self, tenant: str, site: str, measurement: str, device: str, tags: Sequence[RowTags]) -> Sequence[int]:
        """Ids of the rows, new ones made for those not seen before."""
        known = self._rows.get((tenant, measurement, device), {})
        for row in set(tags).difference(known):
            self._add(SeriesName(tenant, site, measurement, device, row))
        known = self._rows.get((tenant, measurement, device), {})
        return [known[row] for row in tags]

    def store_from(self, connection: duckdb.DuckDBPyConnection, first: int) -> None:
        """Write the names from this id on, in the caller's transaction."""
        rows = [
            (first + place, name.tenant, name.site, name.measurement, name.device, json.dumps(name.tags, ensure_ascii=False))
            for place, name in enumerate(self._names[first:])
        ]
        if rows:
            columns = [list(column) for column in zip(*rows, strict=True)]
            connection.execute(
                "INSERT INTO series SELECT unnest($1::UINTEGER[]), unnest($2::VARCHAR[]), unnest($3::VARCHAR[]), "
                "unnest($4::VARCHAR[]), unnest($5::VARCHAR[]), unnest($6::VARCHAR[])",
                columns,
            )

    def forget_from(self, first: int) -> None:
        """Undo `find_or_add` after a transaction that did not commit."""
        for name in self._names[first:]:
            del self._rows[name.tenant, name.measurement, name.device][name.tags]
        del self._names[first:]

    def _add(self, name: SeriesName) -> None:
        self._rows.setdefault((name.tenant, name.measurement, name.device), {})[name.tags] = len(self._names)
        self._names.append(name)
