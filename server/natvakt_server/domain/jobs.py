"""Background work is a row with progress, claimed by a worker with a lease."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

ASSESSMENT = "assessment"


@dataclass(frozen=True, slots=True)
class Job:
    id: str  # UUIDv7
    kind: str  # "assessment" | "roll-up" | "retention"
    tenant: str | None
    arguments: Mapping[str, object]
    state: str  # waiting | running | done | failed
    progress: float = 0.0
    detail: str = ""
    created_ns: int = 0
    not_before_ns: int = 0
    lease_until_ns: int = 0
    result: str = ""


class JobQueue(Protocol):
    def add_job(self, job: Job) -> None: ...
    def claim_job(self, kinds: Sequence[str], now_ns: int, lease_ns: int) -> Job | None: ...
    def update_job(self, job: Job) -> None: ...
    def job(self, job_id: str) -> Job | None: ...
    def jobs(self, tenant: str | None = None, limit: int = 50) -> Sequence[Job]: ...
