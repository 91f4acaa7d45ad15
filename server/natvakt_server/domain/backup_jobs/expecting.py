"""What is expected of a backup, and what a row of `backup_job` or the versions of a configuration say of it.

A person's word comes first: about this job, else about all of the customer's. Then the interval of the agent's settings. A configuration
of a network device is meant to be read at least daily where nobody says otherwise: the agent does so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from natvakt_server.domain.backup_jobs.calendar import SECOND_NS, Calendar, Every
from natvakt_server.domain.backup_jobs.judging import LATE_FACTOR, RUNS, Expectation, Observed, Origin, Run
from natvakt_server.domain.backup_jobs.schedule import canonical, interval_written, parse_schedule
from natvakt_server.domain.estate import Row

TABLE = "backup_job"
CONFIGURATION = ""  # in the place of a job's name: the device's own configuration
ALL_DEVICES = ""  # in the place of a device: every one of the customer that nothing is said of
DAY_SECONDS = 86_400
CONFIGURATION_SECONDS, CONFIGURATION_GRACE_SECONDS = DAY_SECONDS, DAY_SECONDS // 2
SHORTEST_GRACE_SECONDS, LONGEST_GRACE_SECONDS = 60, 31 * DAY_SECONDS
NAME_CHARACTERS = 255


class BadExpectation(ValueError):
    """Names the value, what is wrong with it and what to write instead."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person expects of one job (`job` as the agent names it) or of a configuration (CONFIGURATION).

    `schedule` as parse_schedule reads it, in `time_zone`; a good run has to end within `grace_seconds` of the moment it is due.
    """

    tenant: str
    device: str
    job: str
    schedule: str
    time_zone: str
    grace_seconds: int
    said_ns: int
    by: str


class ExpectationBook(Protocol):
    def expect(self, said: Said) -> None:
        """In place of what was said of the same before."""
        ...

    def forget(self, tenant: str, device: str, job: str) -> bool:
        """False: nothing was said of it."""
        ...

    def expectations(self, tenant: str | None) -> Sequence[Said]:
        """Of one customer, or of all, by tenant, device and job."""
        ...


Book = Mapping[tuple[str, str, str], Said]


def by_place(said: Sequence[Said]) -> Book:
    """By tenant, device and job."""
    return {(each.tenant, each.device, each.job): each for each in said}


def checked(said: Said) -> Said:
    """With the schedule in its canonical form. Raises BadSchedule, BadExpectation."""
    parse_schedule(said.schedule)
    if zone_of(said.time_zone) is None:
        raise BadExpectation(f"{said.time_zone!r} is no time zone; write one such as Europe/Stockholm")
    if not SHORTEST_GRACE_SECONDS <= said.grace_seconds <= LONGEST_GRACE_SECONDS:
        raise BadExpectation(
            f"{said.grace_seconds} s: a run may take from a minute to 31 days; write the time it usually takes and some more"
        )
    if not said.job.isprintable() or len(said.job) > NAME_CHARACTERS:
        raise BadExpectation("this is no name of a job; take it from `natvakt-agent backup list`")
    return Said(said.tenant, said.device, said.job, canonical(said.schedule), said.time_zone, said.grace_seconds, said.said_ns, said.by)


def zone_of(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def expected_of_job(said: Said | None, row: Row | None, zone: ZoneInfo, late_factor: float = LATE_FACTOR) -> Expectation:
    """`late_factor`: how many intervals old the newest run may be where the interval is all that is known."""
    if said is not None:
        return of_person(said, zone)
    interval = _number(row, "interval_seconds") if row else None
    if not interval or interval <= 0:
        return Expectation(None, zone, 0, Origin.NOBODY)
    grace_ns, every = round((late_factor - 1) * interval * SECOND_NS), Every(round(interval))
    return Expectation(every, zone, grace_ns, Origin.SETTINGS, written=interval_written(every.seconds))


def expected_of_configuration(said: Said | None, zone: ZoneInfo) -> Expectation:
    if said is not None:
        return of_person(said, zone)
    every = Every(CONFIGURATION_SECONDS)
    return Expectation(every, zone, CONFIGURATION_GRACE_SECONDS * SECOND_NS, Origin.USUAL, written=interval_written(every.seconds))


def of_person(said: Said, zone: ZoneInfo) -> Expectation:
    calendar: Calendar = parse_schedule(said.schedule)
    return Expectation(
        calendar, zone_of(said.time_zone) or zone, said.grace_seconds * SECOND_NS, Origin.PERSON, said.said_ns, said.schedule
    )


def observed_of_row(row: Row, told_ns: int, usual_bytes: float | None = None, usual_days: int = 0) -> Observed:
    size, items = _number(row, "bytes"), _number(row, "items")
    return Observed(
        told_ns=told_ns,
        run=RUNS.get(round(_number(row, "state") or 0)) or _run_named(row.get("result")),
        success_ns=success_of_row(row),
        bytes=None if size is None else round(size),
        items=None if items is None else round(items),
        usual_bytes=usual_bytes,
        usual_days=usual_days,
        restore_test_ns=_moment(row, "restore_test"),
    )


def success_of_row(row: Row) -> int | None:
    """End of the newest run that left something to restore from. Who tells only of the newest run is believed unless it failed."""
    done = _moment(row, "last_success")
    failed = RUNS.get(round(_number(row, "state") or 0)) is Run.FAILED or row.get("result") == Run.FAILED
    return _moment(row, "last_end") if done is None and not failed else done


def _run_named(word: object) -> Run | None:
    return next((run for run in Run if run == word), None)


def _moment(row: Row, name: str) -> int | None:
    seconds = _number(row, name)
    return None if seconds is None else round(seconds * SECOND_NS)


def _number(row: Row, name: str) -> float | None:
    value = row.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
