"""Recovery codes: ten of them, each good once, for who has lost the phone. They take the place of the second factor, never of the password.

A code is sixteen digits (53 bits). What is kept is an HMAC of it under a key that is in no database, so that a stolen database tells none;
guessing at the console is slowed like that of one-time codes.
"""

import hmac
from collections.abc import Callable, Sequence
from hashlib import sha256

from natvakt_server.domain.accounts import RecoveryCodeStore, User

CODES, DIGITS, GROUP = 10, 16, 4
RANDOM_BYTES = 16


class RecoveryCodes:
    def __init__(self, secret: bytes, store: RecoveryCodeStore, random: Callable[[int], bytes]) -> None:
        self._key = hmac.digest(secret, b"natvakt/console/recovery/1", sha256)
        self._store, self._random = store, random

    def make(self, user: User) -> Sequence[str]:
        """New ones, to be shown once; the old ones are worth nothing from now on."""
        codes = [str(int.from_bytes(self._random(RANDOM_BYTES), "big") % 10**DIGITS).zfill(DIGITS) for _ in range(CODES)]
        self._store.replace_recovery_codes(user.id, [self._digest(user, code) for code in codes])
        return ["-".join(code[place : place + GROUP] for place in range(0, DIGITS, GROUP)) for code in codes]

    def accepts(self, user: User, text: str) -> bool:
        """Right, and not used before."""
        code = text.replace("-", "").replace(" ", "")
        is_code = len(code) == DIGITS and code.isascii() and code.isdigit()
        return is_code and self._store.use_recovery_code(user.id, self._digest(user, code))

    def left(self, user: User) -> int:
        return self._store.recovery_codes_left(user.id)

    def _digest(self, user: User, code: str) -> bytes:
        return hmac.digest(self._key, f"{user.id}\x00{code}".encode(), sha256)
