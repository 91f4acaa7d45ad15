"""One job of Veeam Backup & Replication: how its last run ended, and the last good one in its history."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from natvakt_agent.collectors.backup_veeam.rest import Login, VeeamServer
from natvakt_agent.model.backup import JobReport, JobState, JobUnreadable
from natvakt_agent.model.clock import Clock
from natvakt_agent.model.target import Secret

HISTORY_RUNS = 50
RESULTS: Mapping[str, JobState] = {"Success": JobState.OK, "Warning": JobState.WARNING, "Failed": JobState.FAILED}
UNDER_WAY = frozenset(
    {"Starting", "Working", "Running", "Stopping", "Pausing", "Resuming", "WaitingTape", "WaitingRepository", "Postprocessing"}
)


@dataclass(frozen=True, slots=True)
class Run:
    state: JobState
    id: str
    began: int | None
    ended: int | None
    message: str | None


@dataclass(frozen=True, slots=True)
class VeeamReader:
    """`login` is asked for at every look, so that a changed password counts at once."""

    server: VeeamServer
    login: Callable[[], Login | None]
    job: str
    kind: str = field(default="veeam", init=False)

    def read(self, clock: Clock, deadline_seconds: float) -> JobReport:
        end_ns = clock.monotonic_ns() + round(deadline_seconds * 1e9)

        def left_seconds() -> float:
            return max(0.1, (end_ns - clock.monotonic_ns()) / 1e9)

        login = self.login()
        if login is None:
            raise JobUnreadable("no such login in the vault; natvakt-agent credentials add NAME --version login --user USER")
        token = self.server.token(login, left_seconds())
        try:
            return self._told(token, left_seconds)
        finally:
            self.server.log_out(token, left_seconds())

    def _told(self, token: Secret, left_seconds: Callable[[], float]) -> JobReport:
        state = self._state(token, left_seconds())
        query = {"jobIdFilter": str(state.get("id", "")), "orderColumn": "CreationTime", "orderAsc": "false", "limit": str(HISTORY_RUNS)}
        history = runs(self.server.rows(token, "/api/v1/sessions", query, left_seconds()) or ())
        if not history:
            return JobReport(JobState.NEVER, target=_text(state.get("repositoryName")), detail="the job has no runs")
        ended = [run for run in history if run.ended is not None and run.state is not JobState.RUNNING]
        good = next((run for run in ended if run.state is not JobState.FAILED), None)
        tasks = self.server.rows(token, "/api/v1/taskSessions", {"sessionIdFilter": good.id}, left_seconds()) if good else None
        return _report(state, history[0], ended, good, octets(tasks))

    def _state(self, token: Secret, timeout_seconds: float) -> Mapping[str, Any]:
        found = self.server.rows(token, "/api/v1/jobs/states", {"nameFilter": self.job}, timeout_seconds) or []
        own = next((row for row in found if str(row.get("name", "")).casefold() == self.job.casefold()), None)
        if own is None:
            raise JobUnreadable(f"Veeam has no job {self.job!r} that this login may see; set `source_name` to the job's name there")
        return own


def _report(state: Mapping[str, Any], newest: Run, ended: Sequence[Run], good: Run | None, size_bytes: int | None) -> JobReport:
    objects = state.get("objectsCount")
    return JobReport(
        newest.state,
        last_start=newest.began,
        last_end=ended[0].ended if ended else None,
        last_success=good.ended if good else None,
        bytes=size_bytes,
        items=objects if isinstance(objects, int) and objects >= 0 else None,
        warnings=int(newest.state is JobState.WARNING),
        target=_text(state.get("repositoryName")),
        detail="the job is disabled" if state.get("status") == "disabled" else newest.message,
    )


def runs(rows: Sequence[Mapping[str, Any]]) -> list[Run]:
    """Newest first, whatever order they were told in."""
    found = [_run(row) for row in rows]
    return sorted(found, key=lambda run: run.began or 0, reverse=True)


def _run(row: Mapping[str, Any]) -> Run:
    result = row.get("result") if isinstance(row.get("result"), dict) else {}
    assert isinstance(result, dict)
    is_under_way = row.get("state") in UNDER_WAY
    state = JobState.RUNNING if is_under_way else RESULTS.get(str(result.get("result")), JobState.RUNNING)
    ended = None if is_under_way else _moment(row.get("endTime"))
    return Run(state, str(row.get("id", "")), _moment(row.get("creationTime")), ended, _text(result.get("message")))


def octets(tasks: Sequence[Mapping[str, Any]] | None) -> int | None:
    """What a run processed, over its machines; None where the server does not tell."""
    sizes = [task["progress"].get("processedSize") for task in tasks or () if isinstance(task.get("progress"), dict)]
    known = [size for size in sizes if isinstance(size, int)]
    return sum(known) if known else None


def _moment(value: object) -> int | None:
    """RFC 3339 with up to seven digits of a second; None for what has no zone."""
    head, dot, rest = str(value or "").partition(".")
    try:
        found = datetime.fromisoformat(head + (rest.lstrip("0123456789") if dot else ""))
    except ValueError:
        return None
    return int(found.timestamp()) if found.tzinfo else None


def _text(value: object) -> str | None:
    return (" ".join(str(value).split()) or None) if value is not None else None
