"""Grafana's dashboards: what lies there is what is written, and a real InfluxDB answers every query of it with the right figures."""

import json
import re
from collections.abc import Iterator, Mapping

import pytest
import yaml
from grafana.boards import BOARDS, FOLDER, SOURCE, Board, queries, written
from natvakt_server.domain.registry import TABLES
from natvakt_server.domain.series import Number, SeriesTable, Tier
from natvakt_server.domain.tiers import columns_of
from natvakt_server.store.timeseries.flux import FluxQuery, format_time, result_tables
from natvakt_server.store.timeseries.influx_connection import InfluxConnection
from natvakt_server.store.timeseries.influx_store import InfluxSeries
from services.influxdb import ORGANISATION, InfluxServer
from testkit.influxdb import influx_server, settings_of
from testkit.series import T0, StandingClock, batch, minutes

__all__ = ["influx_server"]

PREFIX = "grafana"
MINUTES = range(61)


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_the_files_are_what_is_written(board: Board) -> None:
    assert (FOLDER / f"{board.name}.json").read_text("utf-8") == written(board), "run `python installer/grafana/boards.py`"
    document = json.loads(written(board))
    assert {panel["datasource"]["uid"] for panel in document["panels"]} == {SOURCE["uid"]}
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == sorted(each.name for each in BOARDS)


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_every_query_names_tables_and_fields_that_the_store_has(board: Board) -> None:
    for what, query in queries(board):
        for table in re.findall(r'r\._measurement == "(\w+)"', query):
            columns = columns_of(TABLES[table], Tier.FIVE_MINUTES)
            assert set(re.findall(r'r\._field == "(\w+)"', query)) <= set(columns), what


def test_the_source_is_provisioned_without_a_token_in_it() -> None:
    (path,) = (FOLDER.parent / "provisioning" / "datasources").glob("*.yaml")
    (source,) = yaml.safe_load(path.read_text("utf-8"))["datasources"]
    assert (source["uid"], source["jsonData"]["version"]) == (SOURCE["uid"], "Flux")
    assert source["secureJsonData"]["token"].startswith("$")


@pytest.fixture(scope="module")
def influx(influx_server: InfluxServer) -> Iterator[InfluxConnection]:
    """An hour of one switch: 1 Mbit/s in, 2 Mbit/s out of 100 Mbit/s, one error a second."""
    settings = settings_of(influx_server, PREFIX)
    store = InfluxSeries(settings, StandingClock(), "tests")
    times = [minutes(n) for n in MINUTES]
    port: Mapping[str, list[Number | None]] = {
        "ifHCInOctets": [n * 60 * 125_000 for n in MINUTES],
        "ifHCOutOctets": [n * 60 * 250_000 for n in MINUTES],
        "ifInErrors": [n * 60 for n in MINUTES],
        "ifOutDiscards": [0 for _ in MINUTES],
        "ifHighSpeed": [100.0 for _ in MINUTES],
    }
    store.write(
        batch(),
        [
            table("interface", {"ifIndex": "7"}, times, port),
            table("cpu", {"index": "1"}, times, {"used_ratio": [0.25 for _ in MINUTES]}),
            table("memory", {"index": "1"}, times, {"used_bytes": [4096.0 for _ in MINUTES], "total_bytes": [8192.0 for _ in MINUTES]}),
            table(
                "reachability", {"method": "icmp"}, times, {name: [0.5 for _ in MINUTES] for name in ("up", "rtt_seconds", "loss_ratio")}
            ),
            table("agent", {}, times, {"oldest_unacked_seconds": [3.0 for _ in MINUTES]}),
        ],
    )
    store.roll_up(Tier.FIVE_MINUTES, T0, minutes(60))
    store.close()
    connection = InfluxConnection(settings)
    yield connection
    connection.close()


def table(name: str, tags: Mapping[str, str], times: list[int], fields: Mapping[str, list[Number | None]]) -> SeriesTable:
    return SeriesTable(name, "device-1", {tag: [value] * len(times) for tag, value in tags.items()}, times, fields)


def as_grafana_asks(query: str) -> FluxQuery:
    for name, value in (
        ("v.timeRangeStart", format_time(T0)),
        ("v.timeRangeStop", format_time(minutes(61))),
        ("v.windowPeriod", "5m"),
        ("${prefix}", PREFIX),
        ("${tenant:doublequote}", '"acme"'),
        ("${device}", "device-1"),
    ):
        query = query.replace(name, value)
    assert "$" not in query, query
    return FluxQuery(query, {})


EXPECTED = {
    "Busiest ports": 0.02,
    "Most errors in": 1.0,
    "In": 1_000_000.0,
    "Out": 2_000_000.0,
    "Errors in": 1.0,
    "Discards out": 0.0,
    "Processors": 0.25,
    "Busiest processors": 0.25,
    "Memory in use": 4096.0,
    "What waits at the sites": 3.0,
}


@pytest.mark.service("influxd")
@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_influxdb_answers_every_query_with_the_right_figure(influx: InfluxConnection, board: Board) -> None:
    for what, query in queries(board):
        asked = as_grafana_asks(query).body()
        with influx.stream("/api/v2/query", {"org": ORGANISATION}, asked) as lines:
            found = [float(row[each.columns["_value"]]) for each in result_tables(lines) for row in each.rows if what in EXPECTED]
        if what in EXPECTED:
            assert found, f"{what}: nothing was found"
            assert all(abs(value - EXPECTED[what]) < 1e-6 for value in found), f"{what}: {found}"
