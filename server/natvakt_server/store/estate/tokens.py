"""One-time enrolment tokens: hashes only, used up by one UPDATE that also binds the key."""

from dataclasses import asdict

from sqlalchemy import Engine, and_, func, or_, update

from natvakt_server.domain.identity import TokenRow
from natvakt_server.store.estate.statements import insert_missing
from natvakt_server.store.estate.tables.identity import token
from natvakt_server.store.estate.transactions import writing


class SqlTokenStore:
    """Implements `TokenStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_token(self, token_row: TokenRow) -> None:
        writing(self._engine, lambda c: insert_missing(c, token, [asdict(token_row)], ["token_hash"]))

    def consume_token(self, token_hash: bytes, bound_key: bytes, agent_id: str, now_ns: int) -> TokenRow | None:
        """Raced by many, exactly one key gets it: the losers' UPDATE finds the winner's key. The same key gets the same row again."""
        unused = and_(token.c.used_ns.is_(None), token.c.expires_ns > now_ns)
        statement = (
            update(token)
            .where(token.c.token_hash == token_hash, or_(unused, token.c.bound_key == bound_key))
            .values(
                used_ns=func.coalesce(token.c.used_ns, now_ns),
                bound_key=func.coalesce(token.c.bound_key, bound_key),
                agent=func.coalesce(token.c.agent, agent_id),
            )
            .returning(token)
        )
        row = writing(self._engine, lambda c: c.execute(statement).mappings().one_or_none())
        return TokenRow(**row) if row else None
