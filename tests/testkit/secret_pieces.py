"""Configuration lines that hold secrets, for every system: what the scrubber's tests are made of. The lines are in `secret_lines/`.

Each paragraph there is one piece of a configuration under a line with the kinds of its secrets. `%s` stands where a secret does, `%7` where
its type 7 form does, `%5` `%8` `%9` `%6` where a salted hash or an encrypted form of it does, `%x` for hex digits, `%d` for a number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "secret_lines"


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that belong together, and the kinds of the secrets in them."""

    kinds: tuple[str, ...]
    lines: tuple[str, ...]


def _pieces(name: str) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for block in (FOLDER / f"{name}.txt").read_text().strip("\n").split("\n\n"):
        head, *lines = block.splitlines()
        found.append(Piece(tuple(head.removeprefix("= ").split()), tuple(lines)))
    return tuple(found)


def pieces() -> Mapping[str, Sequence[Piece]]:
    """By the name that `--os` takes; IOS-XE reads as IOS does."""
    own = {name: _pieces(name) for name in ("ios", "nx-os", "asa", "ios-xr", "aireos", "small-business")}
    return {**own, "ios-xe": own["ios"]}
