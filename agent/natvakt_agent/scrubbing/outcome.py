"""What scrubbing a text came to. Apart from the grammar, which is loaded when the first text is scrubbed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken out: the line (from 1, over LF, CRLF and CR) and the kind of secret."""

    line: int
    kind: str


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """The text as it may leave, or None and `blocked` where something that looks like a secret would remain: in the `doubtful` lines."""

    text: str | None
    removed: Sequence[Removed]
    blocked: bool
    doubtful: Sequence[int] = ()


class Scrubs(Protocol):
    def scrub(self, text: str, os: str) -> Scrubbed: ...
