"""SQL effects of one opened batch, all of them in the transaction that marks it applied."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Engine, bindparam, delete, select, update

from natvakt_server.domain.delivery import DocumentPart, Outcome, Pending, RejectedPoints
from natvakt_server.store.estate.configuration_writing import apply_configurations
from natvakt_server.store.estate.documents import apply_documents
from natvakt_server.store.estate.events import apply_events
from natvakt_server.store.estate.incidents import apply_observations
from natvakt_server.store.estate.statements import insert_missing
from natvakt_server.store.estate.tables.delivery import document_part, ledger
from natvakt_server.store.estate.tables.identity import agent
from natvakt_server.store.estate.transactions import reading, writing
from natvakt_server.store.inbox.ledger import InboxState, lock_row, move, refuse

REASONS_TOLD = 10
_SEEN = (
    update(agent)
    .where(agent.c.id == bindparam("at_agent"), agent.c.last_seen_ns < bindparam("seen_ns"))
    .values(last_seen_ns=bindparam("seen_ns"))
)
_APPLIED = update(ledger).where(ledger.c.row == bindparam("at_row")).values(applied=True, points=bindparam("stored_points"))


class SqlEffects:
    """Implements `Effects`. `new_id` answers a fresh UUIDv7 for a device seen for the first time."""

    def __init__(self, engine: Engine, new_id: Callable[[], str]) -> None:
        self._engine = engine
        self._new_id = new_id

    def parts(self, agent: str, device: str, kind: str, digest: bytes) -> Sequence[DocumentPart]:
        columns = document_part.c
        query = (
            select(document_part)
            .where(columns.agent == agent, columns.device == device, columns.kind == kind, columns.digest == digest)
            .order_by(columns.part)
        )
        return reading(
            self._engine,
            lambda c: [
                DocumentPart(row.agent, row.device, row.kind, row.observed_ns, row.digest, row.part, row.parts, row.body)
                for row in c.execute(query)
            ],
        )

    def apply(self, pending: Pending, outcome: Outcome, seen_ns: int) -> None:
        writing(self._engine, lambda c: self._apply(c, pending, outcome, seen_ns))

    def expire_parts(self, received_before_ns: int) -> int:
        old = delete(document_part).where(document_part.c.received_ns < received_before_ns)
        return writing(self._engine, lambda c: c.execute(old).rowcount)

    def _apply(self, connection: Connection, pending: Pending, outcome: Outcome, seen_ns: int) -> None:
        locked = lock_row(connection, pending.row)
        if locked is None or locked.applied:
            return
        source = pending.incoming
        apply_documents(connection, source.tenant, source.site, outcome.documents, self._new_id)
        apply_configurations(connection, source.tenant, source.site, outcome.configurations, outcome.documents, source.received_ns)
        apply_events(connection, source.tenant, source.site, outcome.events, self._new_id)
        apply_observations(connection, source.tenant, source.site, source.received_ns, outcome.observed)
        _keep_parts(connection, pending, outcome)
        connection.execute(_SEEN, {"at_agent": source.agent, "seen_ns": seen_ns})
        move(connection, locked, InboxState.QUARANTINED if outcome.rejected else None)
        connection.execute(_APPLIED, {"at_row": locked.row, "stored_points": outcome.points})
        if outcome.rejected:
            points = sum(each.points for each in outcome.rejected)
            refuse(connection, locked.row, _reasons(outcome.rejected), locked.received_ns, points)


def _reasons(rejected: Sequence[RejectedPoints]) -> str:
    """One text for a person: the first few refusals in full, the rest as a number."""
    told = [f"{each.measurement} of {each.device}: {each.reason} ({each.points} points)" for each in rejected[:REASONS_TOLD]]
    more = len(rejected) - len(told)
    return "; ".join([*told, f"and {more} more"] if more else told)


def _keep_parts(connection: Connection, pending: Pending, outcome: Outcome) -> None:
    source = pending.incoming
    if outcome.parts:
        rows = [
            {
                "agent": part.agent,
                "device": part.device,
                "kind": part.kind,
                "digest": part.digest,
                "part": part.part,
                "parts": part.parts,
                "observed_ns": part.observed_ns,
                "received_ns": source.received_ns,
                "body": part.body,
            }
            for part in outcome.parts
        ]
        insert_missing(connection, document_part, rows, ["agent", "device", "kind", "digest", "part"])
    if outcome.completed:
        done = document_part.c.digest.in_(list(outcome.completed))
        connection.execute(delete(document_part).where(document_part.c.agent == source.agent, done))
