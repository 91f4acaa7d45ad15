"""The time series of a running server: the embedded store or InfluxDB, as the settings say. Apart from the SQL stores, which every
command opens: the libraries behind these take half a second to load.
"""

from pathlib import Path
from typing import Protocol

from natvakt_server.app.config import Configuration, seconds
from natvakt_server.app.state import StatePaths
from natvakt_server.app.stores import secret_from
from natvakt_server.domain.clock import Clock
from natvakt_server.domain.series import SeriesGroupWriter, SeriesMaintenance, SeriesReader, Tier
from natvakt_server.store.timeseries.duckdb_store import DuckDbSeries
from natvakt_server.store.timeseries.influx_connection import InfluxSettings
from natvakt_server.store.timeseries.influx_store import InfluxSeries


class SeriesStore(SeriesGroupWriter, SeriesReader, SeriesMaintenance, Protocol):
    def close(self) -> None: ...


def retention_of(configuration: Configuration) -> dict[Tier, int]:
    settings = configuration.series
    texts = {
        Tier.RAW: settings.retain_raw,
        Tier.MINUTE: settings.retain_1m,
        Tier.FIVE_MINUTES: settings.retain_5m,
        Tier.HOUR: settings.retain_1h,
    }
    return {tier: int(seconds(text, f"series.retain_{tier.value}") * 1_000_000_000) for tier, text in texts.items()}


def open_series(configuration: Configuration, paths: StatePaths, clock: Clock, writer: str) -> SeriesStore:
    """`writer` names this process among those that write to InfluxDB. Raises ConfigurationError."""
    settings, retention = configuration.series, retention_of(configuration)
    if settings.store == "duckdb":
        return DuckDbSeries(paths.series, clock, retention_ns=retention)
    token = secret_from(Path(settings.token_file), "series.token_file")
    return InfluxSeries(InfluxSettings(settings.url, settings.org, token), clock, writer, retention_ns=retention)
