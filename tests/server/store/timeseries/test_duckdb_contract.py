"""The embedded store under the contract, and what only it promises."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from contracts.series_contract import SeriesContract
from natvakt_server.store.timeseries.duckdb_store import DuckDbSeries
from testkit.series import StandingClock


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DuckDbSeries]:
    opened = DuckDbSeries(tmp_path / "series.duckdb", StandingClock())
    yield opened
    opened.close()


class TestDuckDb(SeriesContract):
    """DuckDB in one file."""
