"""What every job queue must do. Subclass `JobsContract` and give it the fixture `queue`."""

from abc import abstractmethod
from dataclasses import replace

import pytest
from natvakt_server.domain.jobs import Job, JobQueue

NOW_NS = 1_800_000_000_000_000_000
LEASE_NS = 60


def job(number: int, **changes: object) -> Job:
    base = Job(f"j{number}", "assessment", "acme", {"sites": ["hq"], "n": number}, "waiting", created_ns=NOW_NS + number)
    return replace(base, **changes)  # type: ignore[arg-type]


class JobsContract:
    @pytest.fixture
    @abstractmethod
    def queue(self) -> JobQueue: ...

    def claim(self, queue: JobQueue, now_ns: int = NOW_NS, kinds: tuple[str, ...] = ("assessment",)) -> str | None:
        claimed = queue.claim_job(kinds, now_ns, LEASE_NS)
        return claimed.id if claimed else None

    def test_a_job_comes_back_as_it_was(self, queue: JobQueue) -> None:
        queue.add_job(job(1, detail="å", result="r"))
        assert queue.job("j1") == job(1, detail="å", result="r")
        assert queue.job("j2") is None

    def test_the_same_job_again_changes_nothing(self, queue: JobQueue) -> None:
        queue.add_job(job(1))
        self.claim(queue)
        queue.add_job(job(1))
        assert self.claim(queue) is None

    def test_jobs_are_claimed_oldest_first_once_and_with_a_lease(self, queue: JobQueue) -> None:
        for number in (2, 1):
            queue.add_job(job(number))
        claimed = queue.claim_job(("assessment",), NOW_NS, LEASE_NS)
        assert claimed == job(1, state="running", lease_until_ns=NOW_NS + LEASE_NS)
        assert self.claim(queue) == "j2"
        assert self.claim(queue) is None

    def test_a_lease_that_ran_out_makes_the_job_free_again(self, queue: JobQueue) -> None:
        queue.add_job(job(1))
        assert self.claim(queue) == "j1"
        assert self.claim(queue, NOW_NS + LEASE_NS - 1) is None
        assert self.claim(queue, NOW_NS + LEASE_NS) == "j1"

    def test_other_kinds_and_later_jobs_are_passed_over(self, queue: JobQueue) -> None:
        queue.add_job(job(1, kind="retention"))
        queue.add_job(job(2, not_before_ns=NOW_NS + 5))
        assert self.claim(queue) is None
        assert self.claim(queue, NOW_NS + 5) == "j2"
        assert self.claim(queue, kinds=("roll-up", "retention")) == "j1"

    def test_what_is_done_or_failed_is_not_claimed_again(self, queue: JobQueue) -> None:
        for number, state in enumerate(("done", "failed")):
            queue.add_job(job(number))
            queue.update_job(job(number, state=state, progress=1.0, result="x"))
        assert self.claim(queue, NOW_NS + 10**12) is None
        done = queue.job("j0")
        assert done is not None
        assert (done.state, done.progress, done.result) == ("done", 1.0, "x")

    def test_jobs_are_listed_newest_first_and_by_tenant(self, queue: JobQueue) -> None:
        for number, tenant in enumerate(["acme", "beta", None, "acme"]):
            queue.add_job(job(number, tenant=tenant))
        assert [each.id for each in queue.jobs()] == ["j3", "j2", "j1", "j0"]
        assert [each.id for each in queue.jobs("acme")] == ["j3", "j0"]
        assert [each.id for each in queue.jobs(limit=1)] == ["j3"]
