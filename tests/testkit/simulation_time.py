"""Time of a simulated world: one queue of things to happen, nothing else moves the clock."""

import heapq
import itertools
from collections.abc import Callable

from testkit.wire import NOW_NS

SECOND_NS = 1_000_000_000


class Timeline:
    """Events at the same moment happen in the order they were planned. `happened` counts them."""

    def __init__(self) -> None:
        self.now_ns = NOW_NS
        self.happened = 0
        self._order = itertools.count()
        self._events: list[tuple[int, int, Callable[[], None]]] = []

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        self.at(self.now_ns + int(seconds * SECOND_NS), action)

    def at(self, moment_ns: int, action: Callable[[], None]) -> None:
        heapq.heappush(self._events, (max(moment_ns, self.now_ns), next(self._order), action))

    def run_until(self, moment_ns: int, done: Callable[[], bool] = lambda: False) -> bool:
        """Let everything up to then happen; True as soon as `done` says so."""
        while self._events and self._events[0][0] <= moment_ns:
            self.now_ns, _, action = heapq.heappop(self._events)
            self.happened += 1
            action()
            if done():
                return True
        self.now_ns = max(self.now_ns, moment_ns)
        return done()


class ServerClock:
    """The true time."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline

    def wall_ns(self) -> int:
        return self._timeline.now_ns

    def monotonic_ns(self) -> int:
        return self._timeline.now_ns - NOW_NS + 1000 * SECOND_NS


class AgentClock:
    """A host's clock: wrong by `wall_error_ns`, counting from its own boot."""

    def __init__(self, timeline: Timeline, boot_id: bytes) -> None:
        self._timeline = timeline
        self.wall_error_ns = 0
        self.boot(boot_id)

    def boot(self, boot_id: bytes) -> None:
        self._boot_id = boot_id
        self._booted_ns = self._timeline.now_ns - 10 * SECOND_NS

    @property
    def boot_id(self) -> bytes:
        return self._boot_id

    def wall_ns(self) -> int:
        return max(0, self._timeline.now_ns + self.wall_error_ns)

    def monotonic_ns(self) -> int:
        return self._timeline.now_ns - self._booted_ns
