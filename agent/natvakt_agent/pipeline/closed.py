"""What leaves the pipeline: closed batches of one lane class, and the port they leave through."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from natvakt_wire.batch import Batch, ClockNote, Document, Table
from natvakt_wire.envelope import LaneClass

from natvakt_agent.pipeline.columns import count_cells, halves
from natvakt_agent.pipeline.documents import Snapshot


class SinkUnavailable(Exception):
    """The batch is not durable and may be offered again: disk full, read-only, spool busy with a new epoch."""


class BatchSink(Protocol):
    """Seals a batch and makes it durable."""

    def append(self, lane_class: LaneClass, batch: Batch) -> int:
        """Bytes of the sealed batch, once it is durable.

        Raises natvakt_wire's LimitExceeded when it would be too large and NotEncodable when rows do not fit together (nothing was
        stored: split it), SinkUnavailable when it could not be stored.
        """
        ...


@dataclass(frozen=True, slots=True)
class ClosedBatch:
    """Contents that will become one batch. `snapshots` are confirmed once the batch is durable.

    All its times are consistent with `clock`, the wall and monotonic time at closing, so one offset corrects them all later.
    """

    lane_class: LaneClass
    tables: Sequence[Table]
    documents: Sequence[Document]
    snapshots: Sequence[Snapshot]
    clock: ClockNote

    @property
    def batch(self) -> Batch:
        return Batch(self.tables, self.documents, self.clock)

    @property
    def cells(self) -> int:
        return sum(count_cells(table) for table in self.tables)

    @property
    def rows(self) -> int:
        return sum(len(table.times_ns) for table in self.tables) + len(self.documents)

    def split(self) -> tuple["ClosedBatch", "ClosedBatch"] | None:
        """Two batches with the same contents in the same order; None where there is only one row or document left.

        All snapshots go with the second half: they are confirmed when everything before them is durable too.
        """
        if len(self.tables) + len(self.documents) > 1:
            things: list[Table | Document] = [*self.tables, *self.documents]
            return self._pair(things[: len(things) // 2], things[len(things) // 2 :])
        if self.tables and len(self.tables[0].times_ns) > 1:
            first, second = halves(self.tables[0])
            return self._pair([first], [second])
        return None

    def _pair(self, first: Sequence[Table | Document], second: Sequence[Table | Document]) -> tuple["ClosedBatch", "ClosedBatch"]:
        return self._of(first, ()), self._of(second, self.snapshots)

    def _of(self, things: Sequence[Table | Document], snapshots: Sequence[Snapshot]) -> "ClosedBatch":
        tables = [thing for thing in things if isinstance(thing, Table)]
        documents = [thing for thing in things if isinstance(thing, Document)]
        return ClosedBatch(self.lane_class, tables, documents, snapshots, self.clock)
