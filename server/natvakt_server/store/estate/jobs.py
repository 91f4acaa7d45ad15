"""Background work as rows. A worker that dies loses its lease, and its job is somebody else's."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, Engine, RowMapping, and_, or_, select, update

from natvakt_server.domain.jobs import Job
from natvakt_server.store.estate.mapping import to_json
from natvakt_server.store.estate.statements import insert_missing
from natvakt_server.store.estate.tables.jobs import job
from natvakt_server.store.estate.transactions import reading, writing


class SqlJobQueue:
    """Implements `JobQueue`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_job(self, new: Job) -> None:
        """The same id again changes nothing."""
        writing(self._engine, lambda c: insert_missing(c, job, [_values(new)], ["id"]))

    def claim_job(self, kinds: Sequence[str], now_ns: int, lease_ns: int) -> Job | None:
        return writing(self._engine, lambda c: _claim(c, kinds, now_ns, lease_ns))

    def update_job(self, changed: Job) -> None:
        writing(self._engine, lambda c: c.execute(update(job).where(job.c.id == changed.id).values(**_values(changed))))

    def job(self, job_id: str) -> Job | None:
        row = reading(self._engine, lambda c: c.execute(select(job).where(job.c.id == job_id)).mappings().one_or_none())
        return _job(row) if row else None

    def jobs(self, tenant: str | None = None, limit: int = 50) -> Sequence[Job]:
        """Newest first."""
        query = select(job).order_by(job.c.created_ns.desc(), job.c.id.desc()).limit(limit)
        if tenant is not None:
            query = query.where(job.c.tenant == tenant)
        return reading(self._engine, lambda c: [_job(row) for row in c.execute(query).mappings()])


def _claim(connection: Connection, kinds: Sequence[str], now_ns: int, lease_ns: int) -> Job | None:
    free = or_(job.c.state == "waiting", and_(job.c.state == "running", job.c.lease_until_ns <= now_ns))
    oldest = (
        select(job.c.id)
        .where(free, job.c.kind.in_(list(kinds)), job.c.not_before_ns <= now_ns)
        .order_by(job.c.not_before_ns, job.c.created_ns, job.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    job_id = connection.execute(oldest).scalar_one_or_none()
    if job_id is None:
        return None
    taken = update(job).where(job.c.id == job_id).values(state="running", lease_until_ns=now_ns + lease_ns).returning(job)
    return _job(connection.execute(taken).mappings().one())


def _values(each: Job) -> dict[str, object]:
    return {
        "id": each.id,
        "kind": each.kind,
        "tenant": each.tenant,
        "arguments": to_json(dict(each.arguments)),
        "state": each.state,
        "progress": each.progress,
        "detail": each.detail,
        "created_ns": each.created_ns,
        "not_before_ns": each.not_before_ns,
        "lease_until_ns": each.lease_until_ns,
        "result": each.result,
    }


def _job(row: RowMapping) -> Job:
    return Job(**{**row, "arguments": json.loads(row["arguments"])})
