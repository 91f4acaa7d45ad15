"""Passwords: what is good enough, and how one is kept (argon2id, RFC 9106).

A rule that is broken has the key of the sentence that says so. Nothing is demanded of digits or capitals (NIST SP 800-63B): length,
and not among those that everybody tries first.
"""

import threading
from collections.abc import Callable
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from natvakt_server.web.ports import HashingCost

MINIMUM_LENGTH, MAXIMUM_LENGTH = 12, 128
MINIMUM_DISTINCT = 5
MINIMUM_NAME = 3
HASHES_AT_A_TIME = 2
SALT_BYTES = 16
ROWS = ("qwertyuiopåasdfghjklöäzxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyzåäö")
PADDING = "0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~§½¤ "


class PasswordRules:
    def __init__(self, common: frozenset[str]) -> None:
        self._common = common

    def problem(self, password: str, *own_names: str) -> str | None:
        """The key of what is wrong with it; None when it will do. `own_names`: login, person, partner."""
        if len(password) < MINIMUM_LENGTH:
            return "password-short"
        if len(password) > MAXIMUM_LENGTH:
            return "password-long"
        folded = password.casefold()
        if len(set(folded)) < MINIMUM_DISTINCT or _is_a_walk(folded):
            return "password-simple"
        if folded in self._common or folded.strip(PADDING) in self._common or _halves_are_equal(folded, self._common):
            return "password-common"
        if any(len(name) >= MINIMUM_NAME and name.casefold() in folded and len(folded) - len(name) < MINIMUM_LENGTH for name in own_names):
            return "password-own-name"
        return None


def read_common_passwords() -> frozenset[str]:
    """The list shipped with the console: the passwords most often found in leaks (from zxcvbn's list, MIT), and some of our own."""
    return frozenset((files("natvakt_server.web.access") / "common_passwords.txt").read_text("utf-8").split())


def _is_a_walk(text: str) -> bool:
    """Along a row of the keyboard or the alphabet, forwards or backwards, as often as it takes."""
    return any(text in (row * 12) or text in (row[::-1] * 12) for row in ROWS)


def _halves_are_equal(text: str, common: frozenset[str]) -> bool:
    half, rest = divmod(len(text), 2)
    return not rest and text[:half] == text[half:] and (text[:half] in common or half < MINIMUM_LENGTH)


class Passwords:
    """Hashes and checks, a few at a time: each takes tens of megabytes, and strangers may ask for as many as they like."""

    def __init__(self, cost: HashingCost, random: Callable[[int], bytes]) -> None:
        self._hasher = PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kibibytes, parallelism=cost.lanes)
        self._random = random
        self._turns = threading.BoundedSemaphore(HASHES_AT_A_TIME)
        self._nobody = self._hash(random(SALT_BYTES).hex())

    def hashed(self, password: str) -> str:
        return self._hash(password)

    def matches(self, stored: str | None, password: str) -> bool:
        """Takes as long for a person who does not exist, or who has no password yet."""
        with self._turns:
            try:
                right = self._hasher.verify(stored or self._nobody, password[: MAXIMUM_LENGTH + 1])
            except (VerificationError, InvalidHashError):
                return False
        return right and stored is not None

    def _hash(self, password: str) -> str:
        with self._turns:
            return self._hasher.hash(password, salt=self._random(SALT_BYTES))
