"""Windows Server Backup on the agent's own machine: `wbadmin get versions`, and the log that tells how the last run ended."""

from dataclasses import dataclass, field

from natvakt_agent.collectors.backup_windows.reading import Event, events, is_well, newest_run, versions
from natvakt_agent.model.backup import Command, JobReport, JobState, JobUnreadable, Programs
from natvakt_agent.model.clock import Clock

QUERY = ("wevtutil.exe", "qe", "Microsoft-Windows-Backup", "/c:100", "/rd:true", "/f:xml", "/uni:true")
NO_VERSIONS = -3
"""Exit code of wbadmin where there is no version; Windows tells it unsigned."""


@dataclass(frozen=True, slots=True)
class WindowsReader:
    programs: Programs
    program: str = "wbadmin.exe"
    kind: str = field(default="windows", init=False)

    def read(self, clock: Clock, deadline_seconds: float) -> JobReport:
        end_ns = clock.monotonic_ns() + round(deadline_seconds * 1e9)
        log = self._log(deadline_seconds)
        began, ended = newest_run(log)
        kept = self._versions((end_ns - clock.monotonic_ns()) / 1e9)
        state = _state(began, ended, bool(kept))
        end = ended.at if ended else (kept[-1] if kept and state is JobState.OK else None)
        good = [event.at for event in log if event.number in (4, 14) and is_well(event)]
        return JobReport(
            state,
            last_start=began.at if began else None,
            last_end=end,
            last_success=max([*good[-1:], *kept[-1:]], default=None),
            items=len(kept),
            target="Windows Server Backup",
            detail=_detail(ended),
        )

    def _log(self, timeout_seconds: float) -> list[Event]:
        done = self.programs.run(Command(QUERY), timeout_seconds)
        if done.exit_code != 0:
            raise JobUnreadable(
                f"wevtutil: the log Microsoft-Windows-Backup cannot be read (exit code {done.exit_code}); run the agent as SYSTEM"
            )
        try:
            return events(_text(done.output))
        except ValueError as error:
            raise JobUnreadable(f"wevtutil: what it told {error}") from None

    def _versions(self, timeout_seconds: float) -> list[int]:
        done = self.programs.run(Command((self.program, "get", "versions")), timeout_seconds)
        found = versions(_text(done.output))
        if done.exit_code not in (0, NO_VERSIONS, NO_VERSIONS & 0xFFFFFFFF) and not found:
            raise JobUnreadable(
                f"wbadmin: exit code {done.exit_code}; is the feature Windows Server Backup installed, and the agent SYSTEM?"
            )
        return found


def _state(began: Event | None, ended: Event | None, is_kept: bool) -> JobState:
    if ended is not None:
        return JobState.OK if is_well(ended) else JobState.FAILED
    if began is not None:
        return JobState.RUNNING
    return JobState.OK if is_kept else JobState.NEVER


def _detail(ended: Event | None) -> str | None:
    if ended is None or is_well(ended):
        return None
    code = f", 0x{ended.result & 0xFFFFFFFF:08X}" if ended.result else ""
    return f"event {ended.number}{code}" + (f": {ended.detail}" if ended.detail else "")


def _text(octets: bytes) -> str:
    """`/uni:true` writes UTF-16; wbadmin the code page of the console, in which the identifiers are ASCII."""
    if octets.startswith(b"\xff\xfe") or octets[1:2] == b"\x00":
        return octets.decode("utf-16-le", "replace").lstrip("\ufeff")
    return octets.decode("utf-8", "replace").lstrip("\ufeff")
