"""What a server holds at the end of a run, in numbers that two runs can be compared by."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from natvakt_server.app.config import Configuration, load
from natvakt_server.app.series import open_series
from natvakt_server.app.state import StatePaths
from natvakt_server.app.stores import Stores, open_stores
from natvakt_server.app.system_clock import SystemClock, new_id
from natvakt_server.domain.delivery import Backlog
from natvakt_server.domain.registry import TABLES
from natvakt_server.domain.series import Query, SeriesReader
from natvakt_server.store.estate.tables.delivery import ledger
from sqlalchemy import func, select
from testkit.endtoend import TENANT, Line


@dataclass(frozen=True)
class Totals:
    """`points` by measurement, `inventory` by device: kinds of its snapshots with their digests, `findings` by rule, device and object."""

    points: Mapping[str, int]
    inventory: Mapping[str, Mapping[str, str]]
    findings: Mapping[tuple[str, str, str | None], int]


def stores_of(line: Line) -> tuple[Configuration, StatePaths, Stores]:
    configuration, paths = load(line.server_toml, {}), StatePaths(line.server_state)
    return configuration, paths, open_stores(configuration, paths, new_id)


def totals_of(line: Line, first_ns: int, last_ns: int, report: Path) -> Totals:
    """Of the named devices of the line, within that span. The server must not be running where its stores are embedded."""
    configuration, paths, stores = stores_of(line)
    series = open_series(configuration, paths, SystemClock(), "totals")
    try:
        devices = stores.reader.devices(TENANT)
        own = [each for device in devices for each in device.agent_devices]
        inventory = {
            device.name or "": {each.kind: each.digest for each in stores.reader.snapshots(TENANT, device.id)} for device in devices
        }
        return Totals(points_of(series, own, first_ns, last_ns), inventory, findings_of(report))
    finally:
        series.close()
        stores.close()


def points_of(series: SeriesReader, devices: list[str], first_ns: int, last_ns: int) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for name, table in TABLES.items():
        if table.series and name != "agent":
            lines = series.lines(TENANT, Query(name, sorted(table.series), devices, first_ns, last_ns + 1))
            found[name] = sum(len(line.times_ns) for line in lines)
    return {name: count for name, count in found.items() if count}


def findings_of(report: Path) -> Mapping[tuple[str, str, str | None], int]:
    document = json.loads(report.read_text())
    return Counter((each["rule"], each["device"], each["object"]) for each in document["findings"])


def backlog_of(line: Line) -> Backlog:
    _, _, stores = stores_of(line)
    try:
        return stores.delivery.backlog()
    finally:
        stores.close()


def received(line: Line) -> int:
    """Batches on the ledger."""
    _, _, stores = stores_of(line)
    try:
        with stores.engine.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(ledger)).scalar_one())
    finally:
        stores.close()
