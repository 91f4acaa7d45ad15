"""Tokens for programs, found by the hash of their text."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, Select, select, update

from natvakt_server.domain.api_tokens import ApiToken, digest_of
from natvakt_server.domain.bearers import Bearer
from natvakt_server.domain.rights import grants_of
from natvakt_server.store.estate.statements import insert_missing
from natvakt_server.store.estate.tables.api_tokens import api_token, api_token_grant
from natvakt_server.store.estate.transactions import reading, writing

USE_GRAIN_NS = 60_000_000_000  # how often a use is written down: not at every call
_TOLD = [column for column in api_token.c if column.name != "digest"]


class SqlApiTokens:
    """Implements `ApiTokenStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_api_token(self, token: ApiToken, digest: bytes) -> None:
        """The same id again changes nothing."""
        values = {column.name: getattr(token, column.name) for column in _TOLD}

        def add(connection: Connection) -> None:
            insert_missing(connection, api_token, [{**values, "digest": digest}], ["id"])
            rows = [{"token_id": token.id, "role": g.role, "tenant": g.tenant, "site": g.site} for g in token.grants.given]
            insert_missing(connection, api_token_grant, rows, ["token_id", "role", "tenant", "site"])

        writing(self._engine, add)

    def api_tokens(self) -> Sequence[ApiToken]:
        return reading(self._engine, lambda c: _read(c, select(*_TOLD).order_by(api_token.c.created_ns.desc(), api_token.c.id)))

    def revoke_api_token(self, token_id: str, at_ns: int) -> ApiToken | None:
        here = update(api_token).where(api_token.c.id == token_id, api_token.c.revoked_ns == 0).values(revoked_ns=at_ns)

        def revoke(connection: Connection) -> ApiToken | None:
            if not connection.execute(here).rowcount:
                return None
            return _read(connection, select(*_TOLD).where(api_token.c.id == token_id))[0]

        return writing(self._engine, revoke)

    def bearer(self, secret: str, now_ns: int) -> Bearer | None:
        wanted = select(*_TOLD).where(api_token.c.digest == digest_of(secret))
        token = next(iter(reading(self._engine, lambda c: _read(c, wanted))), None)
        if token is None or not token.is_good(now_ns):
            return None
        if now_ns - token.last_used_ns >= USE_GRAIN_NS:
            used = update(api_token).where(api_token.c.id == token.id, api_token.c.last_used_ns < now_ns).values(last_used_ns=now_ns)
            writing(self._engine, lambda c: c.execute(used))
        return Bearer(token.id, token.name, token.grants)


def _read(connection: Connection, wanted: Select[tuple[object, ...]]) -> list[ApiToken]:
    rows = connection.execute(wanted).mappings().all()
    given: dict[str, list[tuple[str, str, str]]] = {}
    for row in connection.execute(select(api_token_grant).where(api_token_grant.c.token_id.in_([row["id"] for row in rows]))):
        given.setdefault(row.token_id, []).append((row.role, row.tenant, row.site))
    return [ApiToken(**row, grants=grants_of(given.get(row["id"], ()))) for row in rows]
