"""What is remembered between questions, for all processes of a partner's server together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from natvakt_server.knowledge.asking.messages import Answer, Request
from natvakt_server.knowledge.asking.services import Service
from natvakt_server.knowledge.asking.source import Remembered


@dataclass(frozen=True, slots=True)
class SourceState:
    """How the last run of a source went. Moments are 0 where there was none.

    `succeeded_ns`: the end of the last run that left nothing unasked. `not_before_ns`: the source asked for patience until then.
    """

    source: str
    tried_ns: int = 0
    succeeded_ns: int = 0
    not_before_ns: int = 0
    calls: int = 0
    asked: int = 0
    left: int = 0
    error: str = ""


class AskedStore(Protocol):
    """Each raises StoreUnavailable."""

    def remembered(self, source: str) -> Mapping[str, Remembered]:
        """By subject."""
        ...

    def remember(self, source: str, answered: Sequence[Remembered]) -> None: ...
    def forget(self, source: str, before_ns: int) -> int:
        """What was answered before that moment and never asked again; answers how much it was."""
        ...

    def reserve(self, service: Service, now_ns: int) -> int:
        """Counts one call against the service's limits and answers 0; where there is no room, nothing is counted and it answers how long
        to wait, in nanoseconds."""
        ...

    def hold(self, service: str, until_ns: int) -> None:
        """No call to the service before that moment."""
        ...

    def take_turn(self, source: str, holder: str, now_ns: int, until_ns: int) -> bool:
        """Whether this holder is now the only one to ask that source, until then."""
        ...

    def end_turn(self, state: SourceState, holder: str) -> None:
        """Notes how the run went and lets others ask."""
        ...

    def states(self) -> Mapping[str, SourceState]:
        """By source; those that were never asked are missing."""
        ...


class Transport(Protocol):
    def send(self, request: Request, most_bytes: int) -> Answer:
        """Raises NoAnswer, AnswerTooLarge."""
        ...
