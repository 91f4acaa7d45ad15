"""The network of a simulated world: streams that are slow, break, stall, or pass through something hostile.

A healthy stream is TCP: in order, all or nothing up to the break. A hostile one drops, repeats, reorders and forges single messages, as no
TCP would; delivery must survive it all the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from testkit.simulation_time import SECOND_NS, Timeline

Receive = Callable[[Any], None]


@dataclass(slots=True)
class Weather:
    """How the line of one agent is now."""

    partitioned: bool = False
    acks_lost: bool = False
    hostile: bool = False
    slowest_seconds: float = 0.05


@dataclass(slots=True)
class _End:
    receive: Receive
    ended: Callable[[str], None]
    last_ns: int = 0


class Stream:
    """One connection. `to_server` and `to_agent` are called with messages; `reset` breaks it for both ends."""

    def __init__(self, timeline: Timeline, random: Random, weather: Weather) -> None:
        self._timeline = timeline
        self._random = random
        self._weather = weather
        self._agent: _End | None = None
        self._server: _End | None = None
        self.lost = 0

    def attach_agent(self, receive: Receive, ended: Callable[[str], None]) -> None:
        self._agent = _End(receive, ended)

    def attach_server(self, receive: Receive, ended: Callable[[str], None]) -> None:
        self._server = _End(receive, ended)

    @property
    def open(self) -> bool:
        return self._agent is not None and self._server is not None

    def to_server(self, message: object) -> None:
        self._carry(message, self._server, lambda: self._server, False)

    def to_agent(self, message: object) -> None:
        self._carry(message, self._agent, lambda: self._agent, True)

    def close_by_agent(self) -> None:
        """The server hears of it, if the line still carries anything."""
        self._agent = None
        self._hang_up(lambda: self._server, "the agent closed the stream")

    def close_by_server(self, reason: str) -> None:
        self._server = None
        self._hang_up(lambda: self._agent, reason)

    def reset(self, reason: str) -> None:
        self._hang_up(lambda: self._agent, reason)
        self._hang_up(lambda: self._server, reason)

    def _hang_up(self, end: Callable[[], _End | None], reason: str) -> None:
        target = end()
        if target is None or self._weather.partitioned:
            return

        def hang_up() -> None:
            if end() is target:
                if self._agent is target:
                    self._agent = None
                if self._server is target:
                    self._server = None
                target.ended(reason)

        self._timeline.at(max(target.last_ns, self._timeline.now_ns) + 1, hang_up)

    def _carry(self, message: object, target: _End | None, end: Callable[[], _End | None], to_agent: bool) -> None:
        weather = self._weather
        if target is None or weather.partitioned or (to_agent and weather.acks_lost):
            self.lost += 1
            return
        copies = 1
        moment = self._timeline.now_ns + int(self._random.uniform(0.002, weather.slowest_seconds) * SECOND_NS)
        if weather.hostile:
            copies = self._random.choice((0, 1, 1, 1, 1, 1, 2))
            moment += int(self._random.random() * 3 * SECOND_NS)
        else:
            moment = max(moment, target.last_ns + 1)
        target.last_ns = max(target.last_ns, moment)

        def arrive() -> None:
            if end() is target and not weather.partitioned:
                target.receive(message)

        for copy in range(copies):
            self._timeline.at(moment + copy * SECOND_NS, arrive)
