"""What only the embedded store promises: one file, one process, reopened as it was."""

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from natvakt_server.domain.rates import by_field
from natvakt_server.domain.registry import TABLES, Kind, Series
from natvakt_server.domain.series import Query, SeriesTable, SeriesUnavailable
from natvakt_server.store.timeseries.duckdb_store import DuckDbSeries
from testkit.series import NOW, T0, Ask, StandingClock, batch, interface_table, minutes, points

WRITE_AND_DIE = """
import os, signal, sys
from pathlib import Path
from natvakt_server.store.timeseries.duckdb_store import DuckDbSeries
from testkit.series import StandingClock, batch, interface_table, minutes
store = DuckDbSeries(Path(sys.argv[1]), StandingClock())
for at in range(20):
    store.write(batch(at), [interface_table([minutes(at)], ifHCInOctets=[at])])
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_everything_is_there_after_closing_and_opening(tmp_path: Path) -> None:
    path = tmp_path / "series.duckdb"
    first = DuckDbSeries(path, StandingClock())
    table = SeriesTable("service", "server-1", {"name": ["a 'b' \"c\"\n", "å"]}, [minutes(0)] * 2, {"running": [1, 0]})
    first.write(batch(), [table, interface_table([minutes(0)], ifHCInOctets=[2**64 - 1])])
    marks = first.touched(10)
    first.close()
    second = DuckDbSeries(path, StandingClock())
    lines = second.lines("acme", Ask(("running",), "service", ("server-1",)).query())
    assert [(dict(line.key.tags)["name"], points(line)) for line in lines] == [("a 'b' \"c\"\n", [(0, 1.0)]), ("å", [(0, 0.0)])]
    assert points(second.lines("acme", Ask().query())[0]) == [(0, 2**64 - 1)]
    assert second.touched(10) == marks
    second.write(batch(2), [table, interface_table([minutes(1)], ifHCInOctets=[5])])
    assert len(second.lines("acme", Ask(("running",), "service", ("server-1",)).query())) == 2
    second.close()


def test_a_killed_process_loses_nothing_that_write_answered(tmp_path: Path) -> None:
    path = tmp_path / "series.duckdb"
    killed = subprocess.run(
        [sys.executable, "-c", WRITE_AND_DIE, str(path)], env={"PYTHONPATH": ":".join(sys.path)}, check=False, capture_output=True
    )
    assert killed.returncode == -9, killed.stderr.decode()
    store = DuckDbSeries(path, StandingClock())
    assert points(store.lines("acme", Ask().query())[0]) == [(at, at) for at in range(20)]
    store.close()


def test_a_file_that_is_no_database_is_named_in_the_error(tmp_path: Path) -> None:
    path = tmp_path / "series.duckdb"
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(SeriesUnavailable, match=r"series\.duckdb cannot be opened"):
        DuckDbSeries(path, StandingClock())


def test_a_file_in_use_by_another_process_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "series.duckdb"
    store = DuckDbSeries(path, StandingClock())
    code = (
        "import sys; from pathlib import Path; from testkit.series import StandingClock;"
        "from natvakt_server.store.timeseries.duckdb_store import DuckDbSeries; DuckDbSeries(Path(sys.argv[1]), StandingClock())"
    )
    second = subprocess.run(
        [sys.executable, "-c", code, str(path)], env={"PYTHONPATH": ":".join(sys.path)}, check=False, capture_output=True, text=True
    )
    store.close()
    assert second.returncode == 1
    assert "stop the other one, or use InfluxDB" in second.stderr


def test_a_field_that_the_registry_gains_is_added_to_an_old_file(tmp_path: Path) -> None:
    path = tmp_path / "series.duckdb"
    old = DuckDbSeries(path, StandingClock())
    old.write(batch(), [interface_table([minutes(0)], ifHCInOctets=[1])])
    old.close()
    grown = {**TABLES, "interface": replace(TABLES["interface"], series={**TABLES["interface"].series, "ifNew": Series(Kind.COUNTER)})}
    new = DuckDbSeries(path, StandingClock(), grown)
    assert new.write(batch(2), [interface_table([minutes(1)], ifHCInOctets=[2], ifNew=[3])]).written == 2
    found = by_field(new.lines("acme", Ask(("ifHCInOctets", "ifNew")).query()))
    assert {name: points(line) for name, line in found.items()} == {"ifHCInOctets": [(0, 1), (1, 2)], "ifNew": [(1, 3)]}
    new.close()


def test_readers_see_whole_groups_while_a_writer_writes(tmp_path: Path) -> None:
    store = DuckDbSeries(tmp_path / "series.duckdb", StandingClock())
    query = Query("interface", ["ifHCInOctets"], [f"device-{place}" for place in range(4)], T0, NOW)
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for at in range(30):
                store.write(batch(at), [interface_table([minutes(at)], f"device-{place}", ifHCInOctets=[at]) for place in range(4)])
        except BaseException as error:  # a thread ends here: the test tells
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        counts = {len(line.times_ns) for line in store.lines("acme", query)}
        assert len(counts) <= 1
    writer.join()
    assert not failures
    assert {len(line.times_ns) for line in store.lines("acme", query)} == {30}
    store.close()


def test_a_group_that_fails_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    clock = StandingClock()
    store = DuckDbSeries(tmp_path / "series.duckdb", clock)
    good = interface_table([2**63 - 1], index="2", ifHCInOctets=[1])
    bad = SeriesTable("cpu", "device-1", {"index": ["1"]}, [2**63], {"used_ratio": [0.5]})
    clock.now_ns = 2**63  # lets a time through that the file cannot hold
    with pytest.raises(OverflowError):
        store.write(batch(), [good, bad])
    clock.now_ns = NOW
    assert not store.lines("acme", Ask(end_ns=2**63 - 1).query())
    assert not store.touched(10)
    assert store.write(batch(), [interface_table([minutes(0)], index="2", ifHCInOctets=[7])]).written == 1
    assert points(store.lines("acme", Ask(tags={"ifIndex": "2"}).query())[0]) == [(0, 7)]
    store.close()
