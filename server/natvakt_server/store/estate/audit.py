"""The audit trail: appended one by one, each row with the hash of the one before.

    digest(n) = SHA-256("natvakt/audit/1" || 0 || previous digest || body)
    body      = canonical JSON of [n, at_ns, actor, action, subject, outcome, detail, tenant]

Rows are numbered without a hole, so a missing, changed, added or moved row shows. Each digest is also logged, so that a copy of the log
kept on another host tells when the newest rows were cut off. An entry may stand twice when the answer to its commit was lost; it is
never missing.
"""

import logging
from collections.abc import Sequence
from dataclasses import asdict, replace
from hashlib import sha256

from sqlalchemy import Connection, Engine, Row, insert, select, text

from natvakt_server.domain.identity import AuditEntry
from natvakt_server.store.estate.mapping import printable, to_json
from natvakt_server.store.estate.tables.identity import audit
from natvakt_server.store.estate.transactions import reading, writing

_DOMAIN = b"natvakt/audit/1\x00"
_FIRST_PREVIOUS = bytes(32)
_APPEND_LOCK = 0x617564697400  # any number all our processes agree on ("audit")
_PAGE = 1000

logger = logging.getLogger(__name__)


class SqlAuditLog:
    """Implements `AuditLog`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, entry: AuditEntry) -> None:
        number, digest = writing(self._engine, lambda c: _append(c, _storable(entry)))
        logger.info(
            "event=audit number=%d digest=%s action=%s outcome=%s", number, digest.hex(), printable(entry.action), printable(entry.outcome)
        )

    def entries(self, limit: int = 200, tenant: str | None = None) -> Sequence[AuditEntry]:
        """Newest first."""
        query = select(audit).order_by(audit.c.number.desc()).limit(limit)
        if tenant is not None:
            query = query.where(audit.c.tenant == tenant)
        return reading(self._engine, lambda c: [_entry(row) for row in c.execute(query)])

    def digest(self, number: int) -> bytes | None:
        """Of one row, to be held against a copy of the log; None where there is no such row."""
        query = select(audit.c.digest).where(audit.c.number == number)
        return reading(self._engine, lambda c: c.execute(query).scalar_one_or_none())

    def verify(self) -> int:
        return reading(self._engine, _verify)


def _append(connection: Connection, entry: AuditEntry) -> tuple[int, bytes]:
    if connection.dialect.name == "postgresql":  # SQLite holds its one write lock already
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _APPEND_LOCK})
    last = connection.execute(select(audit.c.number, audit.c.digest).order_by(audit.c.number.desc()).limit(1)).one_or_none()
    number, previous = (last[0] + 1, last[1]) if last else (1, _FIRST_PREVIOUS)
    digest = _digest(number, previous, entry)
    connection.execute(insert(audit).values(number=number, previous=previous, digest=digest, **asdict(entry)))
    return number, digest


def _verify(connection: Connection) -> int:
    number, previous = 0, _FIRST_PREVIOUS
    while True:
        page = connection.execute(select(audit).where(audit.c.number > number).order_by(audit.c.number).limit(_PAGE)).all()
        if not page:
            return number
        for row in page:
            if row.number != number + 1:
                raise ValueError(f"audit trail: row {number + 1} is missing; the next one is {row.number}")
            if row.previous != previous:
                raise ValueError(f"audit trail: row {row.number} does not follow row {number}")
            if row.digest != _digest(row.number, row.previous, _entry(row)):
                raise ValueError(f"audit trail: row {row.number} was changed after it was written")
            number, previous = row.number, row.digest


def _digest(number: int, previous: bytes, entry: AuditEntry) -> bytes:
    body = [number, entry.at_ns, entry.actor, entry.action, entry.subject, entry.outcome, entry.detail, entry.tenant]
    return sha256(_DOMAIN + previous + to_json(body).encode("ascii")).digest()


def _entry(row: Row[tuple[object, ...]]) -> AuditEntry:
    return AuditEntry(row.at_ns, row.actor, row.action, row.subject, row.outcome, row.detail, row.tenant)


def _storable(entry: AuditEntry) -> AuditEntry:
    """What strangers wrote into it is kept readable and on one line."""
    return replace(
        entry,
        actor=printable(entry.actor),
        action=printable(entry.action),
        subject=printable(entry.subject),
        detail=printable(entry.detail),
    )
