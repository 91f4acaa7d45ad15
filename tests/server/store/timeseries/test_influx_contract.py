"""A real InfluxDB 2 under the contract."""

import itertools
from collections.abc import Iterator

import pytest
from contracts.series_contract import SeriesContract
from natvakt_server.store.timeseries.influx_store import InfluxSeries
from services.influxdb import InfluxServer
from testkit.influxdb import influx_server, settings_of
from testkit.series import StandingClock

__all__ = ["influx_server"]

pytestmark = pytest.mark.service("influxd")


@pytest.fixture(scope="module")
def prefixes() -> Iterator[str]:
    return (f"contract{number}" for number in itertools.count())


@pytest.fixture
def store(influx_server: InfluxServer, prefixes: Iterator[str]) -> Iterator[InfluxSeries]:
    opened = InfluxSeries(settings_of(influx_server, next(prefixes)), StandingClock(), "tests")
    yield opened
    opened.close()


class TestInflux(SeriesContract):
    """InfluxDB, one bucket a tier."""
