"""Files or folders that a job leaves: how old the newest is, how large, and whether it is much smaller than those before it.

`path` is one file, or a folder whose entries that match `pattern` are the copies; an entry may itself be a folder. The size of the newest
is held against the median of the earlier ones that still lie there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from natvakt_agent.model.backup import FileFacts, Files, JobReport, JobState
from natvakt_agent.model.clock import Clock

MOST_COPIES = 10_000
SETTLED_SECONDS = 120
"""A copy that was written to so lately is still being made, where an older one lies beside it."""


@dataclass(frozen=True, slots=True)
class FilesReader:
    path: str
    files: Files
    pattern: str | None = None
    compare: int = 5
    shrinkage: float = 0.5
    kind: str = field(default="files", init=False)

    def read(self, clock: Clock, deadline_seconds: float) -> JobReport:  # noqa: ARG002 (a listing)
        try:
            found = self._copies()
        except FileNotFoundError:
            return JobReport(JobState.NEVER, target=self.path, detail=f"{self.path} is not there")
        if not found:
            return JobReport(JobState.NEVER, target=self.path, detail=f"nothing in {self.path} matches {self.pattern or '*'}")
        return judged(found, self.path, clock.wall_ns() // 1_000_000_000, self.compare, self.shrinkage)

    def _copies(self) -> Sequence[FileFacts]:
        """Oldest first."""
        own = self.files.facts(self.path)
        if not own.is_folder and self.pattern is None:
            return [own]
        return sorted(self.files.matching(self.path, self.pattern or "*", MOST_COPIES), key=lambda each: (each.modified, each.path))


def judged(copies: Sequence[FileFacts], target: str, now: int, compare: int, shrinkage: float) -> JobReport:
    """`copies` oldest first, at least one. Empty is a failure, shrunk a warning: the server knows more of what is usual."""
    under_way = len(copies) > 1 and 0 <= now - copies[-1].modified < SETTLED_SECONDS
    *earlier, newest = copies[:-1] if under_way else copies
    usual = median([each.size_bytes for each in earlier[-compare:]]) if earlier else None
    state, detail = JobState.OK, f"{len(copies)} copies"
    if newest.size_bytes == 0:
        state, detail = JobState.FAILED, f"{newest.path} is empty"
    elif usual is not None and newest.size_bytes < shrinkage * usual:
        state = JobState.WARNING
        detail = f"{newest.path} has {newest.size_bytes} octets, those before it {usual:.0f}"
    good = [each for each in (*earlier, newest) if each.size_bytes > 0]
    return JobReport(
        state,
        last_end=newest.modified,
        last_success=good[-1].modified if good else None,
        bytes=newest.size_bytes,
        items=len(copies),
        warnings=int(state is JobState.WARNING),
        target=target,
        detail=detail,
    )
