"""Identities of sign-on providers, each bound to one person when it is seen first."""

from sqlalchemy import Connection, Engine, select

from natvakt_server.store.estate.statements import insert_one_missing
from natvakt_server.store.estate.tables.sign_on import sign_on_identity
from natvakt_server.store.estate.transactions import reading, writing


class SqlIdentityBook:
    """Implements `IdentityBook`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def identity_owner(self, issuer: str, subject: str) -> str | None:
        columns = sign_on_identity.c
        query = select(columns.user_id).where(columns.issuer == issuer, columns.subject == subject)
        return reading(self._engine, lambda c: c.execute(query).scalar_one_or_none())

    def bind_identity(self, issuer: str, subject: str, user_id: str) -> bool:
        columns = sign_on_identity.c
        other = select(columns.subject).where(columns.issuer == issuer, columns.user_id == user_id)

        def bind(connection: Connection) -> bool:
            if connection.execute(other).first() is not None:
                return False
            row = {"issuer": issuer, "subject": subject, "user_id": user_id}
            return insert_one_missing(connection, sign_on_identity, row, ["issuer", "subject"])

        return writing(self._engine, bind)
