"""Letters and notices as rows."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, Engine, RowMapping, and_, delete, exists, func, or_, select, update

from natvakt_server.domain.commands import AgentCommand
from natvakt_server.domain.mailbox import Letter, LetterKind, MailboxFull, Notice, NoticeKind
from natvakt_server.store.estate.statements import insert_missing
from natvakt_server.store.estate.tables.commands import agent_command
from natvakt_server.store.estate.tables.mailbox import letter, notice
from natvakt_server.store.estate.transactions import reading, writing

_ANSWERED = exists().where(agent_command.c.id == notice.c.reference, agent_command.c.accepted.is_not(None))


class SqlMailbox:
    """Implements `LetterBox` and `LetterTray`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(self, new: Letter, most_waiting: int) -> None:
        row = asdict(new) | {"lease_until_ns": 0, "answer": None}

        def put(connection: Connection) -> None:
            waiting = connection.execute(select(func.count()).select_from(letter).where(letter.c.answer.is_(None))).scalar_one()
            if waiting >= most_waiting:
                raise MailboxFull(f"{waiting} letters wait for the worker")
            insert_missing(connection, letter, [row], ["id"])

        writing(self._engine, put)

    def answer(self, letter_id: str) -> bytes | None:
        query = select(letter.c.answer).where(letter.c.id == letter_id)
        found = reading(self._engine, lambda c: c.execute(query).scalar_one_or_none())
        return None if found is None else bytes(found)

    def claim(self, now_ns: int, lease_ns: int) -> Letter | None:
        """Looks without a write first: a worker asks ten times a second, and mostly nothing waits."""
        free = and_(letter.c.answer.is_(None), letter.c.lease_until_ns <= now_ns)
        if not reading(self._engine, lambda c: c.execute(select(exists().where(free))).scalar_one()):
            return None
        oldest = select(letter.c.id).where(free).order_by(letter.c.asked_ns, letter.c.id).limit(1).with_for_update(skip_locked=True)

        def take(connection: Connection) -> Letter | None:
            letter_id = connection.execute(oldest).scalar_one_or_none()
            if letter_id is None:
                return None
            mine = update(letter).where(letter.c.id == letter_id).values(lease_until_ns=now_ns + lease_ns).returning(letter)
            row = connection.execute(mine).mappings().one()
            return Letter(row["id"], LetterKind(row["kind"]), row["sender"], bytes(row["body"]), row["asked_ns"])

        return writing(self._engine, take)

    def reply(self, letter_id: str, answer: bytes) -> None:
        statement = update(letter).where(letter.c.id == letter_id, letter.c.answer.is_(None)).values(answer=answer)
        writing(self._engine, lambda c: c.execute(statement))

    def forget(self, asked_before_ns: int) -> int:
        return writing(self._engine, lambda c: c.execute(delete(letter).where(letter.c.asked_ns < asked_before_ns)).rowcount)


class SqlNoticeBoard:
    """Implements `NoticeBoard`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def publish(self, new: Notice) -> None:
        row = asdict(new)
        key = ("tenant", "agent", "kind", "reference")
        same = and_(*(notice.c[name] == row[name] for name in key))
        changed = {name: row[name] for name in ("body", "signature", "not_after_ns")}

        def put(connection: Connection) -> None:
            insert_missing(connection, notice, [row], key)
            connection.execute(update(notice).where(same).values(**changed))

        writing(self._engine, put)

    def notices(self, tenant: str, agent: str, now_ns: int) -> Sequence[Notice]:
        mine = (notice.c.tenant == tenant, notice.c.agent.in_(("", agent)), notice.c.not_after_ns > now_ns, ~_ANSWERED)
        query = select(notice).where(*mine).order_by(notice.c.agent, notice.c.kind, notice.c.reference)
        return reading(self._engine, lambda c: [_notice(row) for row in c.execute(query).mappings()])

    def unsigned_commands(self, now_ns: int) -> Sequence[AgentCommand]:
        signed = exists().where(notice.c.agent == agent_command.c.agent, notice.c.reference == agent_command.c.id)
        waiting = (agent_command.c.accepted.is_(None), agent_command.c.not_after_ns > now_ns, ~signed)
        query = select(agent_command).where(*waiting).order_by(agent_command.c.created_ns, agent_command.c.id)
        return reading(self._engine, lambda c: [AgentCommand(**row) for row in c.execute(query).mappings()])

    def take_down(self, now_ns: int) -> int:
        over = delete(notice).where(or_(notice.c.not_after_ns <= now_ns, _ANSWERED))
        return writing(self._engine, lambda c: c.execute(over).rowcount)


def _notice(row: RowMapping) -> Notice:
    body, signature = bytes(row["body"]), bytes(row["signature"])
    return Notice(row["tenant"], row["agent"], NoticeKind(row["kind"]), row["reference"], body, signature, row["not_after_ns"])
