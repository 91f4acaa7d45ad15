"""What storing a full site costs: samples a second per core from decoded columns to stored, bytes a value on disk, reads, roll-ups.

105 devices x 48 interfaces x 16 columns, one cycle of the site a batch, as `bench_wire` makes them. A core is counted by CPU time, so
for InfluxDB both ends are added up. Where influxd is absent its figures are left out.
"""

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.bench_wire import COLUMNS, DEVICES, INTERFACES, NAMES, full_site
from natvakt_server.domain.series import BatchKey, Query, SeriesTable, Tier
from natvakt_server.domain.tiers import HOUR_NS, MINUTE_NS
from natvakt_server.store.timeseries.duckdb_store import DuckDbSeries
from natvakt_server.store.timeseries.influx_store import InfluxSeries
from natvakt_wire.batch import Batch
from services.influxdb import InfluxServer, NotInstalled, find_influxd
from testkit.influxdb import settings_of
from testkit.series import StandingClock

CYCLES = 60
SAMPLES_A_CYCLE = DEVICES * INTERFACES * COLUMNS
SETTLE_SECONDS = 90.0
FLUSH_SOON = (
    *("--storage-cache-snapshot-write-cold-duration", "1s"),
    *("--storage-compact-full-write-cold-duration", "2s"),
)

Store = DuckDbSeries | InfluxSeries


def tables_of(batch: Batch) -> Sequence[SeriesTable]:
    """One table a device, as the worker shapes a batch."""
    (table,) = batch.tables
    shaped = []
    for start in range(0, len(table.devices), INTERFACES):
        part = slice(start, start + INTERFACES)
        fields = {name: [cell for cell in column[part] if not isinstance(cell, str)] for name, column in table.fields.items()}
        tags = {name: column[part] for name, column in table.tags.items()}
        shaped.append(SeriesTable("interface", table.devices[start], tags, table.times_ns[part], fields))
    return shaped


def seconds_of(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def best_of(action: Callable[[], object]) -> float:
    return min(seconds_of(action) for _ in range(3))


def write_all(store: Store, cycles: Sequence[Sequence[SeriesTable]], cpu_elsewhere: Callable[[], float]) -> Mapping[str, float]:
    cpu, wall, elsewhere = time.process_time(), time.perf_counter(), cpu_elsewhere()
    for seq, tables in enumerate(cycles):
        result = store.write(BatchKey("acme", "hq", "agent-1", "00" * 16, 1, seq), tables)
        if result.written != SAMPLES_A_CYCLE:
            raise RuntimeError(f"cycle {seq}: {result.written} of {SAMPLES_A_CYCLE} samples stored, refused: {result.rejected[:3]}")
    count = SAMPLES_A_CYCLE * len(cycles)
    own = time.process_time() - cpu
    return {
        "samples_per_core_second": count / (own + cpu_elsewhere() - elsewhere),
        "samples_per_own_core_second": count / own,
        "samples_per_second": count / (time.perf_counter() - wall),
    }


def read_some(store: Store, cycles: Sequence[Sequence[SeriesTable]], now_ns: int) -> Mapping[str, float]:
    """A chart (one interface, two counters), the newest of a device, and an hour rolled up in all tiers."""
    first = cycles[0][0]
    start_ns, end_ns = first.times_ns[0] - HOUR_NS, now_ns
    query = Query("interface", NAMES[:2], [first.device], start_ns, end_ns, {"ifIndex": first.tags["ifIndex"][0]})
    hour_ns = first.times_ns[0] // HOUR_NS * HOUR_NS
    rolled = {
        f"roll_up_{tier.value}_seconds": seconds_of(lambda tier=tier: store.roll_up(tier, hour_ns, hour_ns + HOUR_NS))  # type: ignore[misc]
        for tier in (Tier.MINUTE, Tier.FIVE_MINUTES, Tier.HOUR)
    }
    return {
        "one_chart_seconds": min(seconds_of(lambda: store.lines("acme", query)) for _ in range(3)),
        "latest_of_a_device_seconds": min(
            seconds_of(lambda: store.latest("acme", "interface", [first.device], start_ns)) for _ in range(3)
        ),
        **rolled,
    }


def measure_duckdb(folder: Path, cycles: Sequence[Sequence[SeriesTable]], now_ns: int) -> Mapping[str, float]:
    path, values = folder / "series.duckdb", SAMPLES_A_CYCLE * len(cycles)
    store = DuckDbSeries(path, StandingClock(now_ns))
    figures = dict(write_all(store, cycles, lambda: 0.0))
    store.close()
    figures["bytes_per_value"] = path.stat().st_size / values
    store = DuckDbSeries(path, StandingClock(now_ns))
    figures |= read_some(store, cycles, now_ns)
    store.close()
    ordered = folder / "ordered.duckdb"
    store = DuckDbSeries(ordered, StandingClock(now_ns))
    for start in range(0, len(cycles), 60):
        hour = cycles[start : start + 60]
        store.write(BatchKey("acme", "hq", "agent-1", "00" * 16, 1, start), [joined(tables) for tables in zip(*hour, strict=True)])
    store.close()
    figures["bytes_per_value_ordered"] = ordered.stat().st_size / values
    return figures


def joined(tables: Sequence[SeriesTable]) -> SeriesTable:
    """Several cycles of one device as one table: what compacting lays down, written at once."""
    first = tables[0]
    return SeriesTable(
        first.measurement,
        first.device,
        {name: [value for table in tables for value in table.tags[name]] for name in first.tags},
        [moment for table in tables for moment in table.times_ns],
        {name: [value for table in tables for value in table.fields[name]] for name in first.fields},
    )


def measure_influxdb(folder: Path, cycles: Sequence[Sequence[SeriesTable]], now_ns: int) -> Mapping[str, float]:
    server = InfluxServer(folder, extra_arguments=FLUSH_SOON)
    server.start()
    try:
        empty = server.disk_bytes()
        store = InfluxSeries(settings_of(server, "bench"), StandingClock(now_ns), "bench")
        figures = dict(write_all(store, cycles, server.cpu_seconds))
        figures["bytes_per_value"] = (settled_bytes(server) - empty) / (SAMPLES_A_CYCLE * len(cycles))
        figures |= read_some(store, cycles, now_ns)
        store.close()
        return figures
    finally:
        server.stop()


def settled_bytes(server: InfluxServer, patience_seconds: float = SETTLE_SECONDS) -> int:
    """Size on disk when the write-ahead log is folded in and compaction rests."""
    deadline, size, since = time.monotonic() + patience_seconds, -1, time.monotonic()
    while time.monotonic() < deadline:
        found = server.disk_bytes()
        if found != size:
            size, since = found, time.monotonic()
        if time.monotonic() - since > 12:
            break
        time.sleep(0.5)
    return size


def run() -> dict[str, float]:
    """Figures by name, `duckdb_...` and `influxdb_...`; times in seconds."""
    cycles = [tables_of(full_site(cycle)) for cycle in range(CYCLES)]
    now_ns = max(max(table.times_ns) for table in cycles[-1]) + MINUTE_NS
    figures: dict[str, float] = {"samples": SAMPLES_A_CYCLE * CYCLES}
    with tempfile.TemporaryDirectory(prefix="natvakt-bench-") as name:
        folder = Path(name)
        figures |= {f"duckdb_{key}": value for key, value in measure_duckdb(folder, cycles, now_ns).items()}
        try:
            find_influxd()
        except NotInstalled as error:
            print(f"influxdb left out: {error}")
            return figures
        state = folder / "influxd"
        state.mkdir()
        figures |= {f"influxdb_{key}": value for key, value in measure_influxdb(state, cycles, now_ns).items()}
    return figures


def main() -> int:
    for name, value in run().items():
        print(f"{name}: {value:.4g}" if value < 1000 else f"{name}: {value:,.0f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
