"""The worker's background work: plans scheduled assessments, claims jobs with a lease, says how far it is.

Driven by `step`; a failed job keeps the reason and is not tried again by itself, except when its worker died: then the
lease runs out and another worker takes it.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from natvakt_server.domain.assessment import AssessmentStore
from natvakt_server.domain.clock import Clock
from natvakt_server.domain.delivery import StoreUnavailable
from natvakt_server.domain.estate import EstateReader
from natvakt_server.domain.jobs import ASSESSMENT, Job, JobQueue
from natvakt_server.domain.schedule import next_due
from natvakt_server.domain.series import SeriesUnavailable
from natvakt_server.jobs.assessment import Assessor, NothingToAssess

_log = logging.getLogger(__name__)
SECOND_NS = 1_000_000_000
LEASE_NS = 15 * 60 * SECOND_NS
PLAN_EVERY_NS = 60 * SECOND_NS
AGAIN_NS = 30 * SECOND_NS


@dataclass(frozen=True, slots=True)
class RunnerParts:
    queue: JobQueue
    reader: EstateReader
    assessments: AssessmentStore
    assessor: Assessor
    roll_up: Callable[[], int]
    clock: Clock
    new_id: Callable[[], str]


class JobRunner:
    """One a worker process; several may share one queue."""

    def __init__(self, parts: RunnerParts) -> None:
        self._parts = parts
        self._planned_ns: int | None = None

    def step(self) -> bool:
        """Plan what is due and run one waiting job. True when a job was run, so that the caller looks again at once."""
        try:
            self._plan()
            job = self._parts.queue.claim_job((ASSESSMENT,), self._parts.clock.wall_ns(), LEASE_NS)
        except StoreUnavailable as error:
            _log.warning("jobs wait for the database reason=%s", error)
            return False
        if job is None:
            return False
        self._run(job)
        return True

    def _plan(self) -> None:
        now_ns = self._parts.clock.monotonic_ns()
        if self._planned_ns is not None and now_ns - self._planned_ns < PLAN_EVERY_NS:
            return
        self._planned_ns = now_ns
        for customer in self._parts.reader.customers():
            if customer.schedule is not None:
                self._plan_for(customer.tenant, customer.schedule, customer.created_ns)

    def _plan_for(self, tenant: str, schedule: str, created_ns: int) -> None:
        wall_ns = self._parts.clock.wall_ns()
        newest = next(iter(self._parts.assessments.history(tenant, 1)), None)
        due_ns = next_due(schedule, newest.made_ns if newest else None, created_ns)
        waiting = any(job.kind == ASSESSMENT and job.state in ("waiting", "running") for job in self._parts.queue.jobs(tenant))
        failed = [job.created_ns for job in self._parts.queue.jobs(tenant) if job.kind == ASSESSMENT and job.state == "failed"]
        tried_lately = bool(failed) and wall_ns - max(failed) < 3600 * SECOND_NS
        if due_ns is None or due_ns > wall_ns or waiting or tried_lately or not self._parts.reader.sites(tenant):
            return
        arguments: Mapping[str, object] = {"sites": [], "planned_ns": due_ns}
        self._parts.queue.add_job(Job(self._parts.new_id(), ASSESSMENT, tenant, arguments, "waiting", created_ns=wall_ns))
        _log.info("assessment planned tenant=%s schedule=%s", tenant, schedule)

    def _run(self, job: Job) -> None:
        def progress(share: float, detail: str) -> None:
            self._parts.queue.update_job(
                replace(job, state="running", progress=share, detail=detail, lease_until_ns=self._parts.clock.wall_ns() + LEASE_NS)
            )

        try:
            progress(0.02, "rolling up")
            self._parts.roll_up()
            sites = [str(site) for site in _sequence(job.arguments.get("sites"))]
            planned = job.arguments.get("planned_ns")
            assessment = self._parts.assessor.run(job.tenant or "", sites, progress, planned if isinstance(planned, int) else None)
            self._parts.queue.update_job(replace(job, state="done", progress=1.0, detail="done", result=assessment.id))
        except SeriesUnavailable as error:
            _log.warning("job waits for the time series job=%s reason=%s", job.id, error)
            again_ns = self._parts.clock.wall_ns() + AGAIN_NS
            self._parts.queue.update_job(replace(job, state="waiting", not_before_ns=again_ns, detail=f"waits: {error}"))
        except StoreUnavailable as error:
            _log.warning("job waits for its lease to end job=%s reason=%s", job.id, error)
        except NothingToAssess as error:
            self._parts.queue.update_job(replace(job, state="failed", detail=str(error)))
        except Exception as error:
            # The end of one job's road: the worker goes on with the next one, the reason stays on the job.
            _log.exception("job failed job=%s kind=%s", job.id, job.kind)
            self._parts.queue.update_job(replace(job, state="failed", detail=f"{type(error).__name__}: {error}"))


def _sequence(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []
