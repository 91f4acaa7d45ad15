"""One call to a source with everything that it takes: a token, room within the limits, patience with faults.

Generators that yield the seconds to wait, as `knowledge_fetch`.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from natvakt_server.domain.clock import Clock
from natvakt_server.knowledge.asking.messages import Answer, AnswerTooLarge, NoAnswer, Request
from natvakt_server.knowledge.asking.ports import AskedStore, Transport
from natvakt_server.knowledge.asking.services import CISCO_TOKEN, Service
from natvakt_server.knowledge.asking.verdict import MOST_ATTEMPTS, Meaning, backoff_seconds, judge
from natvakt_server.knowledge.ports import KnowledgeWriter

SECOND_NS = 1_000_000_000
LONGEST_WAIT_NS = 300 * SECOND_NS
Waiting = Generator[float, None, Answer | None]


class Keyring(Protocol):
    def has(self, credential: str) -> bool: ...
    def headers(self, credential: str, now_seconds: float) -> Mapping[str, str] | None:
        """What a call must carry; None: a token must be asked for first."""
        ...

    def token_request(self) -> Request: ...
    def take(self, answer: Answer, now_seconds: float) -> bool: ...
    def drop_token(self) -> None: ...


class RunEnded(Exception):
    """The source gives nothing more now; the text says why, with the way out."""


class RunDeferred(RunEnded):
    """It goes on later by itself."""


@dataclass(frozen=True, slots=True)
class FetchParts:
    """`jitter` answers 0 to 1. `holder` names this process. `note` is told how far it is."""

    transport: Transport
    keyring: Keyring
    asked: AskedStore
    knowledge: KnowledgeWriter
    clock: Clock
    jitter: Callable[[], float]
    holder: str
    note: Callable[[str], None]


class Caller:
    """`calls`: how many were made."""

    def __init__(self, parts: FetchParts) -> None:
        self._parts = parts
        self.calls = 0

    def call(self, service: Service, request: Request) -> Waiting:
        """One call with everything it takes. None: the source knows nothing, or nothing new. Raises RunEnded."""
        renewed, reason = False, ""
        for attempt in range(MOST_ATTEMPTS):
            headers = self._parts.keyring.headers(service.credential, self._now_seconds())
            if headers is None:
                yield from self._new_token()
                headers = self._parts.keyring.headers(service.credential, self._now_seconds()) or {}
            yield from self._room(service)
            try:
                answer = self._parts.transport.send(replace(request, headers={**request.headers, **headers}), service.most_bytes)
            except NoAnswer as error:
                reason = str(error)
                self._hold(service, backoff_seconds(attempt, self._parts.jitter()))
                continue
            except AnswerTooLarge as error:
                raise RunEnded(str(error)) from error
            verdict = judge(service, answer, attempt, self._parts.jitter(), self._now_seconds())
            reason = verdict.reason
            if verdict.meaning is Meaning.TAKE:
                return answer
            if verdict.meaning in (Meaning.UNCHANGED, Meaning.NOTHING):
                return None
            if verdict.meaning is Meaning.GIVE_UP or (verdict.meaning is Meaning.NEW_TOKEN and renewed):
                raise RunEnded(reason)
            if verdict.meaning is Meaning.NEW_TOKEN:
                renewed = True
                self._parts.keyring.drop_token()
            else:
                self._hold(service, verdict.seconds)
        raise RunEnded(f"{reason}; {MOST_ATTEMPTS} attempts, the next run tries again")

    def _new_token(self) -> Generator[float, None, None]:
        answer = yield from self.call(CISCO_TOKEN, self._parts.keyring.token_request())
        if answer is None or not self._parts.keyring.take(answer, self._now_seconds()):
            raise RunEnded(f"{CISCO_TOKEN.host} answers without a token; check knowledge.cisco_client_id and its secret file")

    def _room(self, service: Service) -> Generator[float, None, None]:
        """Waits until the service's limits, shared with everybody else here, have room for one call."""
        while wait_ns := self._parts.asked.reserve(service, self._parts.clock.wall_ns()):
            yield from self.wait(wait_ns, f"{service.name} allows no more calls now")
        self.calls += 1

    def wait(self, wait_ns: int, reason: str) -> Generator[float, None, None]:
        """Raises RunDeferred where the wait is too long to be waited for."""
        if wait_ns > LONGEST_WAIT_NS:
            again = datetime.fromtimestamp((self._parts.clock.wall_ns() + wait_ns) // SECOND_NS, UTC)
            raise RunDeferred(f"{reason}; it goes on at {again:%Y-%m-%d %H:%M} UTC")
        yield wait_ns / SECOND_NS

    def _hold(self, service: Service, seconds: float) -> None:
        self._parts.asked.hold(service.name, self._parts.clock.wall_ns() + int(seconds * SECOND_NS))

    def _now_seconds(self) -> float:
        return self._parts.clock.wall_ns() / SECOND_NS
