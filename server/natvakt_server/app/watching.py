"""What the worker judges again and again, wired: each look a task of the upkeep."""

from collections.abc import Sequence

from natvakt_server.app.house import House
from natvakt_server.jobs.backup_watch import BackupWatch
from natvakt_server.jobs.upkeep import Task

BACKUPS_EVERY_SECONDS = 300.0


def watch_tasks(house: House) -> Sequence[Task]:
    return (Task("backup-watch", BACKUPS_EVERY_SECONDS, backup_watch(house).look),)


def backup_watch(house: House) -> BackupWatch:
    backups = house.stores.backups
    return BackupWatch(house.stores.reader, house.series, backups, backups, backups, house.clock)
