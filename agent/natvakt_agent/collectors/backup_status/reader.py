"""The last word of a script: a file it writes at its end, or what it reported to the agent's own door (`push_service.py`)."""

from natvakt_agent.collectors.backup_status.report import MOST_OCTETS, ReportRefused, parse_report
from natvakt_agent.model.backup import Files, JobReport, JobState, JobUnreadable
from natvakt_agent.model.clock import Clock


class StatusReader:
    """`kind` is `status` for a file of the site's, `push` for one that the agent's door wrote."""

    def __init__(self, kind: str, path: str, files: Files) -> None:
        self.kind = kind
        self._path = path
        self._files = files

    def read(self, clock: Clock, deadline_seconds: float) -> JobReport:  # noqa: ARG002 (a file of a few hundred octets)
        try:
            facts = self._files.facts(self._path)
            if facts.size_bytes > MOST_OCTETS:
                raise JobUnreadable(f"{self._path}: is larger than {MOST_OCTETS} octets; is it the job's log rather than its report?")
            octets = self._files.head(self._path, MOST_OCTETS)
        except FileNotFoundError:
            told = "nothing has been reported" if self.kind == "push" else f"{self._path} is not there"
            return JobReport(JobState.NEVER, detail=f"{told}: the job has never ended, or does not report")
        try:
            return parse_report(_text(octets), facts.modified)
        except ReportRefused as error:
            raise JobUnreadable(f"{self._path}: {error}") from None


def _text(octets: bytes) -> str:
    """Windows PowerShell 5 writes UTF-16 with a mark where it is not told otherwise."""
    is_wide = octets.startswith((b"\xff\xfe", b"\xfe\xff"))
    return octets.decode("utf-16" if is_wide else "utf-8", "replace")
