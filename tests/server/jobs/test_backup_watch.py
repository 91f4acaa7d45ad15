"""The worker's look at every backup: documents, series, versions and what people expect become a standing of each."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from natvakt_server.domain.backup_jobs.expecting import Said
from natvakt_server.domain.backup_jobs.judging import Origin, Reason, State
from natvakt_server.domain.backup_jobs.standing import Standing
from natvakt_server.domain.estate import DocumentEffect
from natvakt_server.domain.series import Line, SeriesKey, Tier
from natvakt_server.domain.tiers import DAY_NS, HOUR_NS, MINUTE_NS, SECOND_NS
from natvakt_server.jobs.backup_watch import BackupWatch
from natvakt_server.store.estate.backups import SqlBackups
from natvakt_server.store.estate.engine import open_engine
from sqlalchemy import Engine
from testkit.console import MovingClock, PlannedSeries
from testkit.databases import migrated_file
from testkit.sql_estate import SqlEstate

__all__ = ["migrated_file"]

NOW = 1_795_600_800 * SECOND_NS


@dataclass
class Watched:
    """A customer with a server whose nightly job is told of, by document and by series."""

    engine: Engine
    clock: MovingClock = field(default_factory=lambda: MovingClock(NOW))
    series: PlannedSeries = field(default_factory=PlannedSeries)

    def __post_init__(self) -> None:
        self.estate, self.backups = SqlEstate(self.engine), SqlBackups(self.engine)
        self.watch = BackupWatch(self.estate, self.series, self.backups, self.backups, self.backups, self.clock)
        identity = [{"name": "srv", "serial": "S1", "os": "linux"}]
        job = [{"job": "nightly", "kind": "restic", "interval_seconds": 86_400, "target": "nas", "detail": "snapshot 1"}]
        told_ns = NOW - 5 * MINUTE_NS
        self.estate.apply(
            [DocumentEffect("dev-1", kind, told_ns, kind, rows) for kind, rows in (("device", identity), ("backup_job", job))]
        )
        (self.device,) = (each.id for each in self.estate.devices("acme", "hq"))

    def tell(self, **figures: float) -> None:
        for name, value in figures.items():
            key = SeriesKey("backup_job", "dev-1", (("job", "nightly"),), name)
            self.series.add("acme", Line(key, [self.clock.now_ns - 2 * MINUTE_NS], [value]))

    def look(self) -> list[Standing]:
        self.watch.look()
        return list(self.backups.kept("acme"))


@pytest.fixture
def watched(tmp_path: Path, migrated_file: Path) -> Iterator[Watched]:
    shutil.copy(migrated_file, tmp_path / "estate.db")
    engine = open_engine(f"sqlite:///{tmp_path / 'estate.db'}")
    yield Watched(engine)
    engine.dispose()


def seconds(at_ns: int) -> float:
    return at_ns / SECOND_NS


def test_a_job_is_judged_from_its_document_and_its_newest_figures(watched: Watched) -> None:
    watched.tell(state=1, last_success=seconds(NOW - 20 * HOUR_NS), bytes=5000)
    (found,) = watched.look()
    assert (found.state, found.reason, found.origin, found.schedule) == (State.OK, Reason.DONE, Origin.SETTINGS, "every 24h")
    assert (found.success_ns, found.bytes, found.kind, found.target) == (NOW - 20 * HOUR_NS, 5000, "restic", "nas")
    assert (found.told_ns, found.judged_ns, found.since_ns) == (NOW - 2 * MINUTE_NS, NOW, NOW)


def test_a_state_keeps_its_beginning_from_look_to_look(watched: Watched) -> None:
    watched.tell(state=1, last_success=seconds(NOW - 31 * HOUR_NS), bytes=5000)
    assert watched.look()[0].state is State.LATE
    watched.clock.move(3600)
    (found,) = watched.look()
    assert (found.since_ns, found.judged_ns) == (NOW, NOW + 3600 * SECOND_NS)
    assert found.late_ns == 7 * HOUR_NS - 2 * MINUTE_NS, "at the moment somebody last looked"


def test_what_a_person_says_counts_from_the_next_look_on(watched: Watched) -> None:
    watched.tell(state=1, last_success=seconds(NOW - 20 * HOUR_NS), bytes=5000)
    watched.backups.expect(Said("acme", watched.device, "nightly", "every 6h", "Europe/Stockholm", 3600, 1, "anna"))
    (found,) = watched.look()
    assert (found.state, found.origin, found.schedule, found.missed) == (State.LATE, Origin.PERSON, "every 6h", 3)


def test_what_a_person_expects_and_nobody_tells_of_is_not_observed(watched: Watched) -> None:
    watched.tell(state=1, last_success=seconds(NOW - HOUR_NS), bytes=5000)
    watched.backups.expect(Said("acme", watched.device, "weekly", "weekly sun 03:00", "Europe/Stockholm", 3600, 1, "anna"))
    found = {each.job: each for each in watched.look()}
    assert (found["weekly"].state, found["weekly"].reason) == (State.NOT_OBSERVED, Reason.NOTHING_TOLD)
    assert found["nightly"].state is State.OK


def test_the_usual_size_is_worked_out_once_a_day(watched: Watched) -> None:
    key = SeriesKey("backup_job", "dev-1", (("job", "nightly"),), "bytes")
    days = [NOW - each * DAY_NS for each in range(20, 0, -1)]
    watched.series.add("acme", Line(key, days, [10_000.0] * 20), Tier.HOUR)
    watched.tell(state=1, last_success=seconds(NOW - HOUR_NS), bytes=4000)
    (found,) = watched.look()
    assert (found.state, found.usual_bytes, found.usual_days) == (State.SHRINKING, 10_000, 20)
    asked = len(watched.series.asked)
    watched.clock.move(300)
    assert watched.look()[0].usual_bytes == 10_000
    assert len(watched.series.asked) == asked
    watched.clock.move(86_400)
    watched.look()
    assert len(watched.series.asked) == asked + 1


def test_a_silent_agent_makes_nothing_late(watched: Watched) -> None:
    watched.tell(state=1, last_success=seconds(NOW - 20 * HOUR_NS), bytes=5000)
    watched.look()
    watched.clock.move(3 * 3600 + 12 * 3600)
    (found,) = watched.look()
    assert (found.state, found.reason) == (State.NOT_OBSERVED, Reason.SILENT)


def test_customers_are_kept_apart(watched: Watched) -> None:
    watched.tell(state=1, last_success=seconds(NOW - HOUR_NS), bytes=5000)
    watched.look()
    assert watched.backups.kept("beta") == []
    (mine,) = watched.backups.kept("acme")
    assert mine.device == watched.device
