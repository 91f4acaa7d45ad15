"""Passkeys and recovery codes: public keys and digests only."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from natvakt_server.domain.accounts import Passkey
from natvakt_server.store.estate.statements import insert_one_missing
from natvakt_server.store.estate.tables.accounts import passkey, recovery_code
from natvakt_server.store.estate.transactions import reading, writing


class SqlSecondFactors:
    """Implements `PasskeyStore` and `RecoveryCodeStore`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_passkey(self, added: Passkey) -> bool:
        return writing(self._engine, lambda c: insert_one_missing(c, passkey, asdict(added), ["id"]))

    def passkeys(self, user_id: str) -> Sequence[Passkey]:
        query = select(passkey).where(passkey.c.user_id == user_id).order_by(passkey.c.created_ns, passkey.c.id)
        return reading(self._engine, lambda c: [Passkey(**row) for row in c.execute(query).mappings()])

    def use_passkey(self, used: Passkey, sign_count: int, now_ns: int) -> bool:
        same = (passkey.c.id == used.id) & (passkey.c.user_id == used.user_id) & (passkey.c.sign_count == used.sign_count)
        here = update(passkey).where(same, passkey.c.last_used_ns == used.last_used_ns)
        return writing(self._engine, lambda c: c.execute(here.values(sign_count=sign_count, last_used_ns=now_ns)).rowcount) == 1

    def remove_passkey(self, user_id: str, passkey_id: bytes) -> bool:
        here = delete(passkey).where(passkey.c.user_id == user_id, passkey.c.id == passkey_id)
        return writing(self._engine, lambda c: c.execute(here).rowcount) == 1

    def replace_recovery_codes(self, user_id: str, digests: Sequence[bytes]) -> None:
        def replace(connection: Connection) -> None:
            connection.execute(delete(recovery_code).where(recovery_code.c.user_id == user_id))
            connection.execute(insert(recovery_code), [{"user_id": user_id, "digest": digest} for digest in digests])

        writing(self._engine, replace)

    def use_recovery_code(self, user_id: str, digest: bytes) -> bool:
        here = delete(recovery_code).where(recovery_code.c.user_id == user_id, recovery_code.c.digest == digest)
        return writing(self._engine, lambda c: c.execute(here).rowcount) == 1

    def recovery_codes_left(self, user_id: str) -> int:
        query = select(func.count()).select_from(recovery_code).where(recovery_code.c.user_id == user_id)
        return reading(self._engine, lambda c: c.execute(query).scalar_one())
