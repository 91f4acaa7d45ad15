"""rsync: the last run in a log that was written with `--stats`, by `--log-file` or by redirecting what it prints.

A run ends with its statistics, or with the line `rsync error: ... (code N)`; codes 23, 24 and 25 mean that most was copied (rsync(1), EXIT
VALUES). Lines of `--log-file` carry local times; a redirected log has none, and then the file's own time is the end.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from natvakt_agent.model.backup import Files, JobReport, JobState, JobUnreadable
from natvakt_agent.model.clock import Clock

TAIL_OCTETS = 512 * 1024
PARTIAL_CODES = frozenset({23, 24, 25})
_STAMP = re.compile(r"^(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \[\d+\] ")
_STARTS = re.compile(r"(?:building|receiving|sending incremental|receiving incremental) file list|file list \.\.\.")
_SAID = re.compile(r"rsync (error|warning): (.*?)(?: \(code (\d+)\)|$)")
_TOTALS = re.compile(r"(?:sent|total size is) [\d.,]+")
_STATS = {
    "items": re.compile(r"Number of files: ([\d.,\u202f\xa0']+)"),
    "size": re.compile(r"Total file size: ([\d.,\u202f\xa0']+) bytes"),
}


@dataclass(frozen=True, slots=True)
class RsyncReader:
    """`local_zone`: seconds since 1970 of a naive local time, as the machine's zone has it."""

    path: str
    files: Files
    local_zone: Callable[[datetime], int]
    kind: str = field(default="rsync", init=False)

    def read(self, clock: Clock, deadline_seconds: float) -> JobReport:  # noqa: ARG002 (the end of one file)
        try:
            text = self.files.tail(self.path, TAIL_OCTETS).decode("utf-8", "replace")
            written = self.files.facts(self.path).modified
        except FileNotFoundError:
            return JobReport(JobState.NEVER, target=self.path, detail=f"{self.path} is not there")
        lines = last_run(text.splitlines())
        if not lines:
            raise JobUnreadable(f"{self.path}: holds no run of rsync; log with --log-file or redirect, and add --stats")
        return self._judged(lines, written)

    def _judged(self, lines: Sequence[str], written: int) -> JobReport:
        stamps = [self._moment(match[1]) for match in map(_STAMP.match, lines) if match]
        said = [match for match in map(_SAID.search, lines) if match]
        is_over = bool(said) or any(_TOTALS.search(line) for line in lines)
        codes = [int(match[3]) for match in said if match[3]]
        state = JobState.OK if is_over else JobState.RUNNING
        if codes:
            state = JobState.WARNING if codes[-1] in PARTIAL_CODES else JobState.FAILED
        end = (stamps[-1] if stamps else written) if is_over else None
        return JobReport(
            state,
            last_start=stamps[0] if stamps else None,
            last_end=end,
            last_success=end if state in (JobState.OK, JobState.WARNING) else None,
            bytes=_figure(lines, "size"),
            items=_figure(lines, "items"),
            warnings=len(said) if state is not JobState.FAILED else None,
            target=self.path,
            detail=f"{said[-1][1]}: {said[-1][2]}" if said else None,
        )

    def _moment(self, text: str) -> int:
        return self.local_zone(datetime.strptime(text, "%Y/%m/%d %H:%M:%S"))  # noqa: DTZ007 (rsync writes local time)


def last_run(lines: Sequence[str]) -> Sequence[str]:
    """From the last line that begins a run; all where the log holds one run whose beginning is not told."""
    starts = [number for number, line in enumerate(lines) if _STARTS.search(line)]
    if starts:
        return lines[starts[-1] :]
    return lines if any(_SAID.search(line) or _TOTALS.search(line) for line in lines) else ()


def _figure(lines: Sequence[str], name: str) -> int | None:
    """The digits of a number, whatever the locale groups them with."""
    found = [match for match in map(_STATS[name].search, lines) if match]
    return int(re.sub(r"\D", "", found[-1][1])) if found else None
