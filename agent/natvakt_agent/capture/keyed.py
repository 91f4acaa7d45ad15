"""Permutations drawn from one key: the same gives the same, two different never give the same, and without the key there is no way back.

A Feistel network of eight rounds over a keyed hash (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002): what falls outside
the wanted range is permuted again until it falls inside, which keeps it a permutation.
"""

from collections.abc import Callable
from hashlib import blake2b

KEY_BYTES = 32
_ROUNDS = 8
_WIDEST_BITS = 512  # of one half: what one hash gives


class Key:
    """32 random bytes of one capture, forgotten with it."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"capture key: holds {len(key)} bytes; it takes {KEY_BYTES}")
        self._key = key

    def __repr__(self) -> str:
        return "Key(***)"

    def bit(self, purpose: str, value: int) -> int:
        return self._hash(purpose, value, 1)[0] & 1

    def stream(self, purpose: str, value: bytes) -> bytes:
        """As many octets as `value` has, drawn from it."""
        out = bytearray()
        while len(out) < len(value):
            out += blake2b(value, key=self._key, person=_person(purpose), salt=len(out).to_bytes(16, "big")).digest()
        return bytes(out[: len(value)])

    def permuted(self, purpose: str, value: int, size: int, is_wanted: Callable[[int], bool] = lambda _: True) -> int:
        """A permutation of the numbers below `size` for which `is_wanted` holds; `value` is one of them.

        `size` is at most 2^1024.
        """
        half = max(1, ((size - 1).bit_length() + 1) // 2)
        if half > _WIDEST_BITS:
            raise ValueError(f"a permutation of {half * 2} bits is too wide")
        while True:
            value = self._rounds(f"{purpose}/{size.bit_length()}", value, half)
            if value < size and is_wanted(value):
                return value

    def _rounds(self, purpose: str, value: int, half: int) -> int:
        mask = (1 << half) - 1
        left, right = value >> half, value & mask
        for turn in range(_ROUNDS):
            drawn = int.from_bytes(self._hash(f"{turn}{purpose}", right, (half + 7) // 8), "big") & mask
            left, right = right, left ^ drawn
        return left << half | right

    def _hash(self, purpose: str, value: int, octets: int) -> bytes:
        body = value.to_bytes((value.bit_length() + 7) // 8 or 1, "big")
        return blake2b(body, digest_size=octets, key=self._key, person=_person(purpose)).digest()


def _person(purpose: str) -> bytes:
    return blake2b(purpose.encode(), digest_size=16).digest()
