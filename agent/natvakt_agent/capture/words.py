"""Words replaced by words of the same shape: letters by letters, digits by digits, capitals stay capitals, everything between them stays.

Each run of letters and digits is permuted among all runs of its shape, whatever its capitals, so that `SW1.example.net` and `sw1` keep
what they share.
"""

import re
import string

from natvakt_agent.capture.keyed import Key

RUN = re.compile(r"[^\W_]+")
LETTERS, DIGITS = string.ascii_lowercase, string.digits
OTHER_LETTERS = "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ"  # of Latin-1: one octet there, two in UTF-8
LONGEST_RUN = 64
"""Longer runs are replaced in pieces of this length."""


class WordMap:
    def __init__(self, key: Key) -> None:
        self._key = key
        self._known: dict[str, str] = {}

    @property
    def drawn(self) -> frozenset[str]:
        """Every run that stands for another one so far, in lower case."""
        return frozenset(self._known.values())

    def replaced(self, text: str) -> str:
        """Every run of the text."""
        return RUN.sub(lambda run: self.run(run.group()), text)

    def run(self, run: str) -> str:
        """One run of letters and digits."""
        pieces = (run[start : start + LONGEST_RUN] for start in range(0, len(run), LONGEST_RUN))
        return "".join(self._piece(piece) for piece in pieces)

    def _piece(self, piece: str) -> str:
        plain = _lowered(piece)
        if plain not in self._known:
            self._known[plain] = self._permuted(plain)
        return "".join(_as_tall(new, old) for new, old in zip(self._known[plain], piece, strict=True))

    def _permuted(self, plain: str) -> str:
        alphabets = [_alphabet(letter) for letter in plain]
        number, size = 0, 1
        for letter, alphabet in zip(plain, alphabets, strict=True):
            place = alphabet.find(letter)
            number = number * len(alphabet) + (place if place >= 0 else ord(letter) % len(alphabet))
            size *= len(alphabet)
        shape = "".join(alphabet[0] for alphabet in alphabets)
        number = self._key.permuted(f"word {shape}", number, size)
        out: list[str] = []
        for alphabet in reversed(alphabets):
            number, place = divmod(number, len(alphabet))
            out.append(alphabet[place])
        return "".join(reversed(out))


def _alphabet(letter: str) -> str:
    if letter in DIGITS:
        return DIGITS
    return LETTERS if letter in LETTERS else OTHER_LETTERS


def _lowered(text: str) -> str:
    """Lower case, letter by letter: some letters have none of their own length."""
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def _as_tall(new: str, old: str) -> str:
    return new.upper() if old.isupper() and len(new.upper()) == 1 else new
