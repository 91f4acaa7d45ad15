"""How much was replaced, by kind: what a person is told. The originals stay here and are never told."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Replaced:
    """`values`: different originals; `places`: how often they stood somewhere."""

    values: int
    places: int


@dataclass(slots=True)
class Tally:
    _places: Counter[str] = field(default_factory=Counter)
    _values: dict[str, set[Hashable]] = field(default_factory=dict, repr=False)

    def count(self, kind: str, original: Hashable) -> None:
        self._places[kind] += 1
        self._values.setdefault(kind, set()).add(original)

    def replaced(self) -> dict[str, Replaced]:
        return {kind: Replaced(len(self._values[kind]), self._places[kind]) for kind in sorted(self._places)}
