"""Dumps of PostgreSQL, MySQL, MariaDB and SQL Server: the newest file, its size among the others, and whether it is whole.

A dump is read once for each time it is written. A compressed one is read to its end within the job's deadline; a longer one is told as not
tested, never as whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from natvakt_agent.collectors.backup_dumps.endings import HEAD_OCTETS, TAIL_OCTETS, Ends, engine_of, opener, read_through, shortfall
from natvakt_agent.model.backup import FileFacts, Files, JobReport, JobState
from natvakt_agent.model.clock import Clock

MOST_DUMPS = 10_000
SETTLED_SECONDS = 120
"""A dump that was written to so lately is still being made, where an older one lies beside it."""


@dataclass(frozen=True, slots=True)
class Tested:
    """What one dump was found to be: `fault` where it is not whole, `is_tested` where its end was seen."""

    dump: FileFacts
    fault: str | None
    is_tested: bool


@dataclass(slots=True)
class DumpReader:
    path: str
    files: Files
    pattern: str | None = None
    engine: str | None = None
    compare: int = 5
    shrinkage: float = 0.5
    kind: str = field(default="dumps", init=False)
    _tested: Tested | None = field(default=None, init=False)

    def read(self, clock: Clock, deadline_seconds: float) -> JobReport:
        try:
            found = self._dumps()
        except FileNotFoundError:
            return JobReport(JobState.NEVER, target=self.path, detail=f"{self.path} is not there")
        if not found:
            return JobReport(JobState.NEVER, target=self.path, detail=f"nothing in {self.path} matches {self.pattern or '*'}")
        now = clock.wall_ns() // 1_000_000_000
        if len(found) > 1 and 0 <= now - found[-1].modified < SETTLED_SECONDS:
            found = found[:-1]
        tested = self._test(found[-1], clock, deadline_seconds)
        return self._judged(found, tested)

    def _dumps(self) -> Sequence[FileFacts]:
        """Oldest first; folders are no dumps."""
        own = self.files.facts(self.path)
        found = [own] if not own.is_folder else self.files.matching(self.path, self.pattern or "*", MOST_DUMPS)
        return sorted((each for each in found if not each.is_folder), key=lambda each: (each.modified, each.path))

    def _test(self, dump: FileFacts, clock: Clock, deadline_seconds: float) -> Tested:
        if self._tested is not None and self._tested.dump == dump:
            return self._tested
        end_ns = clock.monotonic_ns() + round(deadline_seconds * 1e9)
        head = self.files.head(dump.path, HEAD_OCTETS)
        unpack = opener(head)
        if unpack is None:
            ends = Ends(head, self.files.tail(dump.path, TAIL_OCTETS))
        else:
            with self.files.open(dump.path) as file:
                ends = read_through(file, unpack, lambda: clock.monotonic_ns() < end_ns)
        engine = self.engine or engine_of(ends.head)
        if not head:
            fault: str | None = "it is empty"
        elif engine is None and not ends.broken:
            fault = "it begins like no dump that is known; name its `engine`, or use kind files"
        else:
            fault = shortfall(engine or "", ends)
        self._tested = Tested(dump, fault, ends.is_whole_read)
        return self._tested

    def _judged(self, dumps: Sequence[FileFacts], tested: Tested) -> JobReport:
        *earlier, newest = dumps
        usual = median([each.size_bytes for each in earlier[-self.compare :]]) if earlier else None
        report = JobReport(
            JobState.OK,
            last_end=newest.modified,
            last_success=newest.modified,
            verified=newest.modified if tested.is_tested else None,
            bytes=newest.size_bytes,
            items=len(dumps),
            warnings=0,
            target=self.path,
            detail=f"{len(dumps)} dumps" if tested.is_tested else f"{newest.path}: not read to its end within the deadline",
        )
        if tested.fault:
            before = earlier[-1].modified if earlier else None
            detail = f"{newest.path}: {tested.fault}"
            return replace(report, state=JobState.FAILED, last_success=before, verified=None, warnings=None, detail=detail)
        if usual is not None and newest.size_bytes < self.shrinkage * usual:
            detail = f"{newest.path} has {newest.size_bytes} octets, those before it {usual:.0f}"
            return replace(report, state=JobState.WARNING, warnings=1, detail=detail)
        return report
