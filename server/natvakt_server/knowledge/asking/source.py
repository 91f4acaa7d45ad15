"""What a source is to whoever asks it: questions out of an inventory, requests out of questions, documents out of answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import msgspec

from natvakt_server.knowledge.asking.inventory import Inventory
from natvakt_server.knowledge.asking.messages import Request, shown
from natvakt_server.knowledge.asking.services import Service

T = TypeVar("T")
MOST_PAGES = 200
FIRST = ""
FEED = "feed"


class AnswerRefused(ValueError):
    """An answer that is not what the source documents; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """One thing that was asked (a product id, a version, a CVE, a feed) and when it was answered.

    `etag`, `last_modified`: validators of the answer. `until`: up to when changes are known, as the source writes moments. `kept`: what
    later questions need of the answer.
    """

    subject: str
    answered_ns: int
    etag: str = ""
    last_modified: str = ""
    until: str = ""
    kept: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Asking:
    """One question: what it is about, what is remembered of that, and the moment it is asked (ISO, UTC, seconds)."""

    subjects: Sequence[str]
    known: Remembered | None
    moment: str


@dataclass(frozen=True, slots=True)
class Page:
    """One answer as it was read. `document`: in a form that `open_source` reads; empty where nothing was told.

    `following`: the place of the next page; None after the last. `unanswered`: subjects that must be asked again, with the reason.
    `kept`: to remember with the subject. `until`: as in Remembered.
    """

    document: bytes
    following: str | None = None
    unanswered: Mapping[str, str] = field(default_factory=dict)
    kept: bytes = field(default=b"", repr=False)
    until: str = ""


class Source(Protocol):
    """Made anew for each run."""

    @property
    def service(self) -> Service: ...
    @property
    def subjects_a_call(self) -> int: ...
    def subjects(self, inventory: Inventory) -> Sequence[str]:
        """Everything that is to be asked, due or not."""
        ...

    def fits(self, subjects: Sequence[str]) -> bool:
        """Whether so many may stand in one request."""
        ...

    def request(self, asking: Asking, place: str) -> Request: ...
    def read(self, asking: Asking, place: str, body: bytes) -> Page:
        """Raises AnswerRefused."""
        ...

    def remember(self, known: Remembered) -> None:
        """Told before the first question, of each subject that was answered before."""
        ...


class Plain:
    """What most sources have in common: any number of subjects up to a count, and nothing to remember."""

    subjects_a_call = 1

    def fits(self, subjects: Sequence[str]) -> bool:
        return len(subjects) <= self.subjects_a_call

    def remember(self, known: Remembered) -> None:
        del known


def questions(source: Source, due: Sequence[str]) -> Sequence[Sequence[str]]:
    """As few as the source allows, in the order given."""
    found: list[list[str]] = []
    for subject in due:
        if found and source.fits([*found[-1], subject]):
            found[-1].append(subject)
        else:
            found.append([subject])
    return found


def due(subjects: Sequence[str], known: Mapping[str, Remembered], fresh_seconds: int, now_ns: int) -> Sequence[str]:
    """Those never answered, or answered too long ago; an answer from the future (the clock was set back) counts as old."""
    oldest_ns = now_ns - fresh_seconds * 1_000_000_000
    return [each for each in subjects if each not in known or not oldest_ns < known[each].answered_ns <= now_ns]


def decoded(data: bytes | msgspec.Raw, kind: type[T]) -> T:
    """Raises AnswerRefused."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (ValueError, RecursionError) as error:
        raise AnswerRefused(f"not the documented answer: {shown(str(error))}") from error


def page_number(place: str, most: int = MOST_PAGES) -> int:
    """Raises AnswerRefused for a source that never comes to an end."""
    number = int(place or 1)
    if number > most:
        raise AnswerRefused(f"more than {most} pages to one question; no documented answer is so long")
    return number
