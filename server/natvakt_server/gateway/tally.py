"""Counters of what happened, by name. A name appears with its first event."""

from collections import Counter
from collections.abc import Mapping


class Tally:
    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, name: str, count: int = 1) -> None:
        self._counts[name] += count

    def __getitem__(self, name: str) -> int:
        return self._counts[name]

    def snapshot(self) -> Mapping[str, int]:
        return dict(self._counts)
