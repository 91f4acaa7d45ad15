"""Which rows a column has. Columns of one table have the same, and so has the next poll: they are read once and compared from then on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from natvakt_agent.collectors.snmp.oids import Index, dotted, parse

MOST_REMEMBERED_INDEXES = 50_000


class IndexCache:
    """Indexes by their text, for all devices of a site: interfaces of a hundred switches are called the same.

    Bounded: at the limit it starts anew, so a device that invents indexes costs others nothing but reading theirs again.
    Threads may share it.
    """

    def __init__(self, most: int = MOST_REMEMBERED_INDEXES) -> None:
        self._most = most
        self._known: dict[str, Index] = {}

    def read(self, suffix: str) -> Index:
        """Raises ValueError for what is not dotted decimal."""
        index = self._known.get(suffix)
        if index is None:
            index = parse(suffix)
            if len(self._known) >= self._most:
                self._known = {}
            self._known[suffix] = index
        return index


@dataclass(frozen=True, slots=True)
class Shape:
    """The rows of a column in the device's order: as indexes, and as the text behind the column's OID."""

    indexes: Sequence[Index]
    suffixes: Sequence[str]

    @classmethod
    def of(cls, rows: Collection[Index]) -> "Shape":
        return cls(tuple(rows), tuple(map(dotted, rows)))

    def __len__(self) -> int:
        return len(self.indexes)

    def following(self, prefix: str, position: int, oids: Sequence[str]) -> Sequence[Index] | None:
        """The indexes from `position` on, where `oids` are exactly theirs below `prefix`; None where they are not."""
        end = position + len(oids)
        if [prefix + suffix for suffix in self.suffixes[position:end]] != list(oids):
            return None
        return self.indexes[position:end]


NO_ROWS = Shape((), ())
SCALAR = Shape.of([(0,)])
