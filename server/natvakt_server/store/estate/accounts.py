"""People, their one-time links and their sessions."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, Engine, Select, and_, case, delete, insert, select, update

from natvakt_server.domain.accounts import Session, User
from natvakt_server.domain.rights import Grant, grants_of
from natvakt_server.store.estate.statements import insert_missing
from natvakt_server.store.estate.tables.accounts import grant, link, passkey, recovery_code, session, user
from natvakt_server.store.estate.transactions import reading, writing


class SqlAccountStore:
    """Implements every port of `domain.accounts`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def users(self) -> Sequence[User]:
        """By name."""
        return reading(self._engine, lambda c: _read(c, select(user).order_by(user.c.name)))

    def user(self, user_id: str) -> User | None:
        return next(iter(reading(self._engine, lambda c: _read(c, select(user).where(user.c.id == user_id)))), None)

    def user_by_name(self, name: str) -> User | None:
        return next(iter(reading(self._engine, lambda c: _read(c, select(user).where(user.c.name == name.lower())))), None)

    def put_user(self, account: User) -> None:
        """Add or replace, all but what was given. A disabled user's sessions end in the same transaction; passkeys and recovery codes go
        with the seed of the one-time codes. A name that is taken raises IntegrityError."""

        def put(connection: Connection) -> None:
            values = {**asdict(account), "name": account.name.lower()}
            del values["given"]
            # What was read a moment ago may be older than a code used meanwhile: that one stays used.
            step = case((user.c.totp_last_step > account.totp_last_step, user.c.totp_last_step), else_=account.totp_last_step)
            here = update(user).where(user.c.id == account.id)
            changed = connection.execute(here.values(**{**values, "totp_last_step": step})).rowcount
            if not changed:
                connection.execute(insert(user).values(**values))
            if account.disabled:
                connection.execute(delete(session).where(session.c.user_id == account.id))
            if account.totp_sealed is None:  # who starts anew starts with no other way in
                connection.execute(delete(passkey).where(passkey.c.user_id == account.id))
                connection.execute(delete(recovery_code).where(recovery_code.c.user_id == account.id))

        writing(self._engine, put)

    def give(self, user_id: str, given: Grant) -> None:
        values = {"user_id": user_id, "role": given.role, "tenant": given.tenant, "site": given.site}
        writing(self._engine, lambda c: insert_missing(c, grant, [values], ["user_id", "role", "tenant", "site"]))

    def take(self, user_id: str, given: Grant) -> bool:
        here = delete(grant).where(
            grant.c.user_id == user_id, grant.c.role == given.role, grant.c.tenant == given.tenant, grant.c.site == given.site
        )
        return writing(self._engine, lambda c: c.execute(here).rowcount) == 1

    def use_totp_step(self, user_id: str, step: int) -> bool:
        here = update(user).where(user.c.id == user_id, user.c.totp_last_step < step)
        return writing(self._engine, lambda c: c.execute(here.values(totp_last_step=step)).rowcount) == 1

    def add_link(self, token_hash: bytes, user_id: str, expires_ns: int) -> None:
        values = {"token_hash": token_hash, "user_id": user_id, "expires_ns": expires_ns}
        writing(self._engine, lambda c: insert_missing(c, link, [values], ["token_hash"]))

    def use_link(self, token_hash: bytes, now_ns: int) -> str | None:
        here = update(link).where(link.c.token_hash == token_hash, link.c.used_ns.is_(None), link.c.expires_ns > now_ns)
        statement = here.values(used_ns=now_ns).returning(link.c.user_id)
        return writing(self._engine, lambda c: c.execute(statement).scalar_one_or_none())

    def link_owner(self, token_hash: bytes, now_ns: int) -> str | None:
        query = select(link.c.user_id).where(and_(link.c.token_hash == token_hash, link.c.used_ns.is_(None), link.c.expires_ns > now_ns))
        return reading(self._engine, lambda c: c.execute(query).scalar_one_or_none())

    def count_failure(self, user_id: str) -> int:
        here = update(user).where(user.c.id == user_id).values(failed_logins=user.c.failed_logins + 1).returning(user.c.failed_logins)
        return writing(self._engine, lambda c: c.execute(here).scalar_one_or_none()) or 0

    def lock_until(self, user_id: str, until_ns: int) -> None:
        here = update(user).where(user.c.id == user_id, user.c.locked_until_ns < until_ns).values(locked_until_ns=until_ns)
        writing(self._engine, lambda c: c.execute(here))

    def clear_failures(self, user_id: str) -> None:
        here = update(user).where(user.c.id == user_id).values(failed_logins=0, locked_until_ns=0)
        writing(self._engine, lambda c: c.execute(here))

    def put_session(self, opened: Session) -> None:
        """Add, or replace under the same token."""

        def put(connection: Connection) -> None:
            values = asdict(opened)
            changed = connection.execute(update(session).where(session.c.token_hash == opened.token_hash).values(**values)).rowcount
            if not changed:
                connection.execute(insert(session).values(**values))

        writing(self._engine, put)

    def session(self, token_hash: bytes) -> Session | None:
        row = reading(self._engine, lambda c: c.execute(select(session).where(session.c.token_hash == token_hash)).mappings().one_or_none())
        return Session(**row) if row else None

    def touch_session(self, token_hash: bytes, now_ns: int) -> None:
        here = update(session).where(session.c.token_hash == token_hash, session.c.last_used_ns < now_ns)
        writing(self._engine, lambda c: c.execute(here.values(last_used_ns=now_ns)))

    def end_session(self, token_hash: bytes) -> None:
        writing(self._engine, lambda c: c.execute(delete(session).where(session.c.token_hash == token_hash)))

    def end_sessions_of(self, user_id: str) -> None:
        writing(self._engine, lambda c: c.execute(delete(session).where(session.c.user_id == user_id)))


def _read(connection: Connection, wanted: Select[tuple[object, ...]]) -> list[User]:
    """With what each was given: two statements, however many they are."""
    rows = connection.execute(wanted).mappings().all()
    given: dict[str, list[tuple[str, str, str]]] = {}
    for row in connection.execute(select(grant).where(grant.c.user_id.in_([row["id"] for row in rows]))):
        given.setdefault(row.user_id, []).append((row.role, row.tenant, row.site))
    return [User(**row, given=grants_of(given.get(row["id"], ())).given) for row in rows]
