"""A real InfluxDB for tests: `influx_server` is shared by a module; where influxd is absent, the tests skip and say so."""

from collections.abc import Iterator

import pytest
from natvakt_server.store.timeseries.influx_connection import InfluxSettings
from services.influxdb import InfluxServer, NotInstalled, find_influxd


@pytest.fixture(scope="module")
def influx_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxServer]:
    try:
        find_influxd()
    except NotInstalled as error:
        pytest.skip(str(error))
    server = InfluxServer(tmp_path_factory.mktemp("influxd"))
    server.start()
    yield server
    server.stop()


def settings_of(
    server: InfluxServer, bucket_prefix: str, limit_bucket_retention: bool = False, timeout_seconds: float = 30
) -> InfluxSettings:
    """Tests live in a time of their own, so InfluxDB's clock must not decide what is too old, unless a test is about that."""
    return InfluxSettings(
        server.url,
        server.organisation,
        server.token,
        bucket_prefix,
        timeout_seconds=timeout_seconds,
        limit_bucket_retention=limit_bucket_retention,
    )
