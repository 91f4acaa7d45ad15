"""What is sent to a source and what comes back, without a network."""

from collections.abc import Mapping
from dataclasses import dataclass, field


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


class NoAnswer(Exception):
    """The source could not be reached, or broke off. Try again later; the text says why."""


class AnswerTooLarge(Exception):
    """More than is ever taken from this source. The text names the limit."""
