"""What was observed is read from the real embedded store, and is the same as if every polled answer had been read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from natvakt_server.domain.estate import Device
from natvakt_server.domain.registry import Role
from natvakt_server.domain.series import BatchKey, SeriesTable, Tier
from natvakt_server.domain.tiers import DAY_NS, HOUR_NS, MINUTE_NS, SECOND_NS
from natvakt_server.monitoring.availability import Record, either, record_of
from natvakt_server.monitoring.availability_reading import Month
from natvakt_server.store.timeseries.duckdb_store import DuckDbSeries
from testkit.series import StandingClock

START = 1_793_487_600 * SECOND_NS // HOUR_NS * HOUR_NS
NOW = START + 2 * DAY_NS
CORE = Device("core-1", "acme", "hq", "hq-core", "10.0.0.1", Role.CORE, agent_devices=("dev-1",))
BLIND = Device("core-2", "acme", "hq", "hq-blind", "10.0.0.2", Role.CORE, agent_devices=("dev-2",))


@pytest.fixture
def series(tmp_path: Path) -> Iterator[DuckDbSeries]:
    store = DuckDbSeries(tmp_path / "series.duckdb", StandingClock(NOW))
    yield store
    store.close()


def answers(method: str, silent_minutes: range, missing: range) -> list[tuple[int, bool]]:
    """Every minute, seven seconds past it for ICMP and forty for SNMP."""
    offset = {"icmp": 7, "snmp": 40}[method] * SECOND_NS
    return [(START + minute * MINUTE_NS + offset, minute not in silent_minutes) for minute in range(48 * 60) if minute not in missing]


def write(series: DuckDbSeries, found: dict[str, list[tuple[int, bool]]]) -> None:
    for number, (method, told) in enumerate(found.items(), 1):
        times = [at for at, _ in told]
        table = SeriesTable(
            "reachability", "dev-1", {"method": [method] * len(times)}, times, {"up": [1.0 if answered else 0.0 for _, answered in told]}
        )
        series.write(BatchKey("acme", "hq", "agent-1", "e", 1, number), [table])
    for tier in (Tier.FIVE_MINUTES, Tier.HOUR):
        series.roll_up(tier, START - HOUR_NS, NOW)


def test_hours_that_are_clear_are_taken_from_the_roll_up_and_the_figures_stay_exact(series: DuckDbSeries) -> None:
    silent, missing = range(700, 733), range(1500, 1560)
    told = {"icmp": answers("icmp", silent, missing), "snmp": answers("snmp", range(690, 740), missing)}
    write(series, told)
    found = Month(series, "acme", START, NOW, NOW).records([CORE, BLIND])
    whole = either("hq-core", [record_of("hq-core", each, 2 * MINUTE_NS, NOW) for each in told.values()])
    assert found["core-1"].down == whole.down
    assert found["core-1"].up[0][0] <= whole.up[0][0]
    assert found["core-1"].up[1:] == whole.up[1:]
    assert found["core-1"].up[-1][1] == whole.up[-1][1]
    assert found["core-2"] == Record("hq-blind", [], [])


def test_few_hours_are_read_as_they_were_polled(series: DuckDbSeries) -> None:
    write(series, {"icmp": answers("icmp", range(700, 733), range(0))})
    month = Month(series, "acme", START, NOW, NOW)
    unclear = month._known(["dev-1"])["dev-1"].unclear
    assert [(start - START) // HOUR_NS for start, _ in unclear] == [10, 44]
    assert sum(end - start for start, end in unclear) == (4 + 4) * HOUR_NS


def test_beyond_the_life_of_polled_values_windows_stand_for_them(series: DuckDbSeries) -> None:
    write(series, {"icmp": answers("icmp", range(700, 733), range(0))})
    later = Month(series, "acme", START, START + 2 * DAY_NS, NOW + 60 * DAY_NS).records([CORE])["core-1"]
    assert sum(end - start for start, end in later.down) == 33 * MINUTE_NS


def test_nothing_is_asked_of_a_month_that_is_to_come(series: DuckDbSeries) -> None:
    assert Month(series, "acme", NOW + DAY_NS, NOW, NOW).records([CORE]) == {"core-1": Record("hq-core", (), ())}
