"""restic: the newest snapshot of a repository, its size, and what the last check said.

    restic --no-lock snapshots --json          every look; a few hundred octets a snapshot
    restic --no-lock stats --json ID           only for a snapshot that was not seen before

`--no-lock`: looking never keeps a backup or a prune waiting, and works with a repository that the agent may only read. A run that failed
leaves no snapshot: restic cannot tell of it, lateness does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from natvakt_agent.model.backup import Command, Files, JobReport, JobState, JobUnreadable, Programs
from natvakt_agent.model.backup_repository import Repository, asked, checked, settings_of
from natvakt_agent.model.clock import Clock

GOOD_CHECK = r"no errors were found"
BAD_CHECK = r"(?i)^fatal:|^error\b|repository contains errors|errors? (were )?found"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`size_bytes` and `items` where the snapshot itself tells them (restic 0.17 and newer)."""

    id: str
    taken: int
    began: int | None = None
    size_bytes: int | None = None
    items: int | None = None


@dataclass(slots=True)
class ResticReader:
    """`host` and `tag` narrow which snapshots count."""

    repository: Repository
    programs: Programs
    files: Files
    host: str | None = None
    tag: str | None = None
    kind: str = field(default="restic", init=False)
    _sized: Snapshot | None = field(default=None, init=False)

    def read(self, clock: Clock, deadline_seconds: float) -> JobReport:
        end_ns = clock.monotonic_ns() + round(deadline_seconds * 1e9)
        narrowed = [f"--{name}={value}" for name, value in (("host", self.host), ("tag", self.tag)) if value]
        found = snapshots(self._ask(["snapshots", "--json", *narrowed], deadline_seconds))
        check = checked(self.files, self.repository.check_file, GOOD_CHECK, BAD_CHECK)
        if not found:
            return JobReport(JobState.NEVER, target=self.repository.shown, detail="the repository holds no such snapshot")
        newest = self._with_size(max(found, key=lambda each: each.taken), clock, end_ns)
        return JobReport(
            JobState.FAILED if check.fault else JobState.OK,
            last_start=newest.began,
            last_end=newest.taken,
            last_success=newest.taken,
            bytes=newest.size_bytes,
            items=newest.items,
            verified=check.verified,
            target=self.repository.shown,
            detail=f"check: {check.fault}" if check.fault else f"{len(found)} snapshots",
        )

    def _with_size(self, newest: Snapshot, clock: Clock, end_ns: int) -> Snapshot:
        if newest.size_bytes is not None:
            return newest
        if self._sized is None or self._sized.id != newest.id:
            left_seconds = (end_ns - clock.monotonic_ns()) / 1e9
            told = self._ask(["stats", "--json", newest.id], left_seconds)
            self._sized = Snapshot(newest.id, newest.taken, newest.began, _whole(told, "total_size"), _whole(told, "total_file_count"))
        return self._sized

    def _ask(self, words: Sequence[str], timeout_seconds: float) -> Any:
        own = self.repository
        environment = {**settings_of(self.files, own.environment_file), "RESTIC_REPOSITORY": own.place}
        if own.password is not None:
            environment["RESTIC_PASSWORD_FILE"] = "/dev/fd/{secret_fd}"  # noqa: S105 (where it is read from)
        elif own.password_file is not None:
            environment["RESTIC_PASSWORD_FILE"] = own.password_file
        command = Command((own.program, "--no-lock", "--quiet", *words), environment, own.password)
        return asked(own, self.programs, command, timeout_seconds)


def snapshots(told: Any) -> list[Snapshot]:
    """Raises JobUnreadable for what is no list of snapshots."""
    if told is None:
        return []
    try:
        return [_snapshot(each) for each in told]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise JobUnreadable("restic told its snapshots in an unknown way; is the program newer than this agent?") from None


def _snapshot(told: Mapping[str, Any]) -> Snapshot:
    summary = told.get("summary") or {}
    began, ended = summary.get("backup_start"), summary.get("backup_end")
    return Snapshot(
        str(told["id"]),
        moment(ended or told["time"]),
        moment(began or told["time"]),
        _whole(summary, "total_bytes_processed"),
        _whole(summary, "total_files_processed"),
    )


def moment(text: str) -> int:
    """Seconds since 1970 of an RFC 3339 time, whatever its fraction has of digits. Raises ValueError."""
    head, dot, rest = text.partition(".")
    zone = rest.lstrip("0123456789") if dot else ""
    found = datetime.fromisoformat(head + zone)
    if found.tzinfo is None:
        raise ValueError(text)
    return int(found.timestamp())


def _whole(told: Mapping[str, Any], key: str) -> int | None:
    value = told.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
