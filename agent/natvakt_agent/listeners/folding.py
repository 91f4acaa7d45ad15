"""Alike events become one with a count: the first passes at once, what follows within a minute is told at its end.

Alike: same source, name and text. A device that says one thing a thousand times is told twice. Memory is bounded; time is passed in.
"""

from collections import OrderedDict
from dataclasses import dataclass

from msgspec.structs import replace

from natvakt_agent.listeners.messages import Heard

WINDOW_NS = 60_000_000_000
MOST_KINDS = 4096
Key = tuple[str, str, str, str]


@dataclass(slots=True)
class _Run:
    begun_ns: int
    repeated: Heard | None = None


class Folding:
    """Not for several threads at once."""

    def __init__(self) -> None:
        self._runs: OrderedDict[Key, _Run] = OrderedDict()  # in the order they began

    def add(self, event: Heard) -> list[Heard]:
        """What is to be told now. A changed configuration always is."""
        if event.is_change:
            return [event]
        key = (event.source, event.kind, event.name, event.message)
        told = self.due(event.heard_ns)
        run = self._runs.get(key)
        if run is not None:
            run.repeated = replace(event, count=1 if run.repeated is None else run.repeated.count + 1)
            return told
        self._runs[key] = _Run(event.heard_ns)
        if len(self._runs) > MOST_KINDS:
            told += self._ended(self._runs.popitem(last=False)[1])
        return [*told, event]

    def due(self, now_ns: int) -> list[Heard]:
        """Repeats whose minute is over."""
        told: list[Heard] = []
        while self._runs and now_ns - next(iter(self._runs.values())).begun_ns >= WINDOW_NS:
            told += self._ended(self._runs.popitem(last=False)[1])
        return told

    def rest(self) -> list[Heard]:
        """All repeats, whenever their minute ends."""
        runs, self._runs = self._runs, OrderedDict()
        return [event for run in runs.values() for event in self._ended(run)]

    def _ended(self, run: _Run) -> list[Heard]:
        return [] if run.repeated is None else [run.repeated]
