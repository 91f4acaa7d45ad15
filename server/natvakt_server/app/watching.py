"""What the worker does again and again beside its upkeep, wired: each look a task."""

from collections.abc import Sequence
from pathlib import Path

from natvakt_server.app.config import ConfigurationError
from natvakt_server.app.house import House
from natvakt_server.app.server_backup.keeping import BackupKeeper
from natvakt_server.app.server_backup.making import Contents
from natvakt_server.identity.backup_seal import sealing_key
from natvakt_server.jobs.backup_watch import BackupWatch
from natvakt_server.jobs.monthly_availability import MonthlyAvailability
from natvakt_server.jobs.upkeep import Task
from natvakt_server.store.estate.schema import newest_revision
from natvakt_server.store.timeseries.duckdb_store import DuckDbSeries

BACKUPS_EVERY_SECONDS, KEEPER_EVERY_SECONDS = 300.0, 600.0
HOUR_NS = 3600 * 10**9


def watch_tasks(house: House) -> Sequence[Task]:
    """Raises ConfigurationError, CannotOpenBackup."""
    judging = Task("backup-watch", BACKUPS_EVERY_SECONDS, backup_watch(house).look)
    if not house.configuration.backups.folder:
        return (judging,)
    return (judging, Task("server-backup", KEEPER_EVERY_SECONDS, backup_keeper(house).run))


def monthly_availability(house: House) -> MonthlyAvailability:
    stores = house.stores
    return MonthlyAvailability(stores.reader, house.series, stores.agreements, stores.incidents)


def backup_watch(house: House) -> BackupWatch:
    backups = house.stores.backups
    return BackupWatch(house.stores.reader, house.series, backups, backups, backups, house.clock)


def backup_keeper(house: House) -> BackupKeeper:
    settings = house.configuration.backups
    try:
        recipient = sealing_key(Path(settings.sealing_key).read_text("ascii"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"backups.sealing_key: {settings.sealing_key} cannot be read: {error}") from error
    return BackupKeeper(
        lambda: backup_contents(house),
        Path(settings.folder),
        recipient,
        settings.every_hours * HOUR_NS,
        settings.keep,
        house.clock,
        house.random,
    )


def backup_contents(house: House) -> Contents:
    """What lives in PostgreSQL and InfluxDB is saved by their own tools; the manifest says that it is not in here."""
    engine = house.stores.engine if house.stores.engine.dialect.name == "sqlite" else None
    series = house.series if isinstance(house.series, DuckDbSeries) else None
    return Contents(house.paths, engine, series, newest_revision(), house.version)
