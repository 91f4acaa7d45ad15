"""Public halves of the tenants' HPKE keys."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Engine, select, update

from natvakt_server.domain.identity import RecipientKey
from natvakt_server.store.estate.statements import insert_missing
from natvakt_server.store.estate.tables.identity import recipient_key
from natvakt_server.store.estate.transactions import reading, writing


class SqlRecipientKeyStore:
    """Implements `RecipientKeyStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def recipient_keys(self, tenant: str) -> Sequence[RecipientKey]:
        """Oldest first, destroyed ones included."""
        query = select(recipient_key).where(recipient_key.c.tenant == tenant).order_by(recipient_key.c.not_before_ns, recipient_key.c.id)
        return reading(self._engine, lambda c: [RecipientKey(**row) for row in c.execute(query).mappings()])

    def add_recipient_key(self, key: RecipientKey) -> None:
        writing(self._engine, lambda c: insert_missing(c, recipient_key, [asdict(key)], ["id"]))

    def mark_destroyed(self, key_id: bytes, at_ns: int) -> None:
        """The first time stays."""
        here = update(recipient_key).where(recipient_key.c.id == key_id, recipient_key.c.destroyed_ns.is_(None))
        writing(self._engine, lambda c: c.execute(here.values(destroyed_ns=at_ns)))
