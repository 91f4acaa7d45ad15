"""The report model, part 9: configuration backups and the backup jobs of servers."""

import msgspec


class ConfigurationBackup(msgspec.Struct, frozen=True):
    """The newest stored configuration of a device. None where it is not known; `reason`: why it could not be put back."""

    device: str
    address: str
    observed_at: str | None
    age_days: float | None
    complete: bool | None
    saved: bool | None  # running is the same as startup
    restorable: bool | None
    reason: str | None = None


class BackupJob(msgspec.Struct, frozen=True):
    """A backup job of a server. `state`: failed, empty, never, late, shrinking, not-observed, warning, ok, restore-tested; in reports made
    before there was a schedule also running, unreadable, or None: not told.

    `hours_late`: since the first run that did not come was due. `usual_bytes`: the median of the days before. `expected`: the schedule as
    written; `said_by`: person, settings or nobody.
    """

    device: str
    job: str
    state: str | None
    last_good: str | None = None
    hours_late: float | None = None
    size_bytes: int | None = None
    usual_bytes: int | None = None
    restore_test: str | None = None
    expected: str | None = None
    said_by: str | None = None
