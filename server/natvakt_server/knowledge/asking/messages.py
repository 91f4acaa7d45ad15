"""What is sent to a source and what comes back, without a network."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

LONGEST_WORDS = 160
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")


@dataclass(frozen=True, slots=True)
class Request:
    """`target`: path and query, encoded. With a `body` it is a POST, else a GET. Headers and body may hold secrets and are never shown."""

    host: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` by their names in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)


def shown(words: str, most: int = LONGEST_WORDS) -> str:
    """A source's own words, fit for a log, a terminal and a page: printable ASCII on one line, cut."""
    return _UNPRINTABLE.sub(" ", words).strip()[:most]


class NoAnswer(Exception):
    """The source could not be reached, or broke off. Try again later; the text says why."""


class AnswerTooLarge(Exception):
    """More than is ever taken from this source. The text names the limit."""
