"""Asks the configured sources in the running server, each once in its interval, one after the other; it can stop between two calls."""

import logging
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass

from natvakt_server.domain.clock import Clock
from natvakt_server.domain.delivery import StoreUnavailable
from natvakt_server.jobs.knowledge_fetch import Fetch, FetchReport
from natvakt_server.knowledge.asking.inventory import Inventory
from natvakt_server.knowledge.asking.ports import AskedStore, SourceState

_log = logging.getLogger(__name__)
SECOND_NS = 1_000_000_000
LOOK_SECONDS, AGAIN_SECONDS = 60.0, 3600.0


def next_ns(state: SourceState | None, every_seconds: float) -> int:
    """When a source is asked next: after its interval; an hour after a run that broke off, and never before the source allows it."""
    if state is None:
        return 0
    broke_off = state.succeeded_ns < state.tried_ns
    wait_seconds = min(AGAIN_SECONDS, every_seconds) if broke_off else every_seconds
    return max(state.tried_ns + int(wait_seconds * SECOND_NS), state.not_before_ns)


@dataclass(frozen=True, slots=True)
class RoundParts:
    """`sources`: in the order in which they are asked. `fetch` makes one run of a source."""

    sources: Sequence[str]
    every_seconds: float
    asked: AskedStore
    inventory: Callable[[], Inventory]
    fetch: Callable[[str], Fetch]
    clock: Clock


class KnowledgeRounds:
    """Driven by `step` on one thread."""

    def __init__(self, parts: RoundParts) -> None:
        self._parts = parts
        self._running: Generator[float, None, FetchReport] | None = None
        self._looked_ns: dict[str, int] = {}

    def step(self) -> float:
        """As far as the next wait; answers how long that is."""
        try:
            if self._running is None:
                name = self._due(self._parts.asked.states())
                if name is None:
                    return LOOK_SECONDS
                self._looked_ns[name] = self._parts.clock.wall_ns()
                self._running = self._parts.fetch(name).run(self._parts.inventory())
            return next(self._running)
        except StopIteration:
            self._running = None
            return 0.0
        except StoreUnavailable as error:
            _log.warning("event=knowledge-fetch-waits reason=%s", error)
        except Exception:
            # The end of one run: the server goes on, and the source is asked again in its time.
            _log.exception("event=knowledge-fetch-failed")
        self._running = None
        return LOOK_SECONDS

    def _due(self, states: Mapping[str, SourceState]) -> str | None:
        """Not one that was looked at within the last minute: another process may be asking it, and must not be waited for at full speed."""
        now_ns = self._parts.clock.wall_ns()
        lately_ns = now_ns - int(LOOK_SECONDS * SECOND_NS)
        for name in self._parts.sources:
            if next_ns(states.get(name), self._parts.every_seconds) <= now_ns and not lately_ns < self._looked_ns.get(name, 0) <= now_ns:
                return name
        return None
