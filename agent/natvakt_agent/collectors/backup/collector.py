"""Table `backup_job`: every job of a device, one row each, whatever way it is looked at."""

import logging
from collections.abc import Callable, Mapping, Sequence

from natvakt_agent.model.backup import Files, Job, JobReport, JobState, JobUnreadable
from natvakt_agent.model.clock import Clock, Instant
from natvakt_agent.model.observation import Cost, Observation, TableObservation, TableStatus, Value
from natvakt_agent.model.target import Target

logger = logging.getLogger(__name__)

TABLE = "backup_job"
KEY = ("job",)
SERIES = frozenset({"state", "last_start", "last_end", "last_success", "bytes", "items", "warnings"})
DOCUMENT = frozenset({"kind", "result", "interval_seconds", "target", "detail", "restore_test", "verified"})
INTERVAL_SECONDS = 300
LONGEST_WORDS = 300


class BackupCollector:
    """`jobs` by the id of the device they belong to, which may be another than the machine that looks at them. `clean` takes secrets out of
    the words of programs and scripts."""

    name = "backup"

    def __init__(self, jobs: Mapping[str, Sequence[Job]], files: Files, clean: Callable[[str], str]) -> None:
        self._jobs = jobs
        self._clean = clean
        self._files = files

    def collect(self, target: Target, tables: Sequence[str] | None, clock: Clock, snapshot: bool = True) -> Observation:
        start = Instant.of(clock)
        jobs = self._jobs.get(target.device, ()) if tables is None or TABLE in tables else ()
        errors: list[str] = []
        rows = [self._row(job, clock, errors) for job in jobs]
        found = [TableObservation(TABLE, KEY, SERIES, rows, TableStatus.PROVIDED, None, snapshot)] if jobs else []
        seconds = (clock.monotonic_ns() - start.monotonic_ns) / 1e9
        return Observation(target.device, start.wall_ns, start.monotonic_ns, start.boot_id, found, Cost(seconds=seconds), errors)

    def _row(self, job: Job, clock: Clock, errors: list[str]) -> Mapping[str, Value]:
        try:
            report = job.reader.read(clock, job.deadline_seconds)
        except (JobUnreadable, OSError) as error:
            reason = self._clean(_words(error))
            errors.append(f"backup job {job.name}: {reason}")
            report = JobReport(JobState.UNREADABLE, detail=reason)
        tested = _newest(report.restore_test, self._tested(job, errors))
        return {
            "job": job.name,
            "kind": job.reader.kind,
            "state": int(report.state),
            "result": report.state.name.lower(),
            "last_start": report.last_start,
            "last_end": report.last_end,
            "last_success": report.last_success,
            "bytes": report.bytes,
            "items": report.items,
            "warnings": report.warnings,
            "interval_seconds": job.interval_seconds if job.interval_seconds is not None else report.interval_seconds,
            "target": self._said(report.target),
            "detail": self._said(report.detail),
            "restore_test": tested,
            "verified": report.verified,
        }

    def _said(self, words: str | None) -> str | None:
        """Cleaned before it is cut: half a secret would not be known any more."""
        return None if words is None else self._clean(words)[:LONGEST_WORDS]

    def _tested(self, job: Job, errors: list[str]) -> int | None:
        """When the job's file of restore tests was last touched."""
        if job.restore_test_file is None:
            return None
        try:
            return self._files.facts(job.restore_test_file).modified
        except FileNotFoundError:
            return None
        except OSError as error:
            errors.append(f"backup job {job.name}: restore_test_file: {_words(error)}")
            return None


def _words(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename or 'file'}: {error.strerror or 'cannot be read'}"
    return str(error)


def _newest(*moments: int | None) -> int | None:
    return max((moment for moment in moments if moment is not None), default=None)
