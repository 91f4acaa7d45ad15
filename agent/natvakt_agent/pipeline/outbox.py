"""Closed batches on their way into the spool.

A batch that the spool refuses for now waits here, in order and bounded; beyond the bound the oldest metrics go, then the oldest state,
events last, and what went is counted. A batch that turns out too large is halved until it fits.
"""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from natvakt_wire.envelope import LaneClass
from natvakt_wire.errors import LimitExceeded, NotEncodable

from natvakt_agent.pipeline.closed import BatchSink, ClosedBatch, SinkUnavailable

logger = logging.getLogger(__name__)

_FIRST_TO_GO = (LaneClass.METRICS, LaneClass.STATE, LaneClass.EVENTS)


@dataclass(frozen=True, slots=True)
class OutboxCounters:
    """Since the agent began. `unsendable` rows did not fit even alone; `lost` batches gave way to newer ones."""

    batches: int = 0
    sealed_bytes: int = 0
    cells: int = 0
    unsendable_rows: int = 0
    lost_batches: int = 0


@dataclass(slots=True)
class Outbox:
    """`on_durable` is called for each batch that reached the spool, with its sealed size."""

    sink: BatchSink
    on_durable: Callable[[ClosedBatch, int], None]
    most_waiting: int = 64
    counters: OutboxCounters = OutboxCounters()
    is_blocked: bool = False  # the sink refused the last time it was asked
    _waiting: deque[ClosedBatch] = field(default_factory=deque)

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, batch: ClosedBatch) -> None:
        self._waiting.append(batch)
        while len(self._waiting) > self.most_waiting:
            victim = min(self._waiting, key=lambda waiting: _FIRST_TO_GO.index(waiting.lane_class))
            self._waiting.remove(victim)
            self.counters = replace(self.counters, lost_batches=self.counters.lost_batches + 1)
            logger.error("batch lost before the spool lane_class=%s rows=%d waiting=%d", victim.lane_class, victim.rows, len(self._waiting))

    def drain(self) -> bool:
        """Offer what waits, oldest first. False when the sink would not take it now."""
        while self._waiting:
            batch = self._waiting[0]
            try:
                sealed_bytes = self.sink.append(batch.lane_class, batch.batch)
            except (LimitExceeded, NotEncodable):
                self._waiting.popleft()
                self._halve(batch)
            except SinkUnavailable as error:
                if not self.is_blocked:
                    logger.warning("spool does not take batches, they wait in memory waiting=%d reason=%s", len(self._waiting), error)
                self.is_blocked = True
                return False
            else:
                self._waiting.popleft()
                self._count(batch, sealed_bytes)
                self.on_durable(batch, sealed_bytes)
        self.is_blocked = False
        return True

    def _halve(self, batch: ClosedBatch) -> None:
        pair = batch.split()
        if pair is None:
            self.counters = replace(self.counters, unsendable_rows=self.counters.unsendable_rows + batch.rows)
            logger.error("row does not fit any batch lane_class=%s rows=%d", batch.lane_class, batch.rows)
        else:
            self._waiting.extendleft(reversed(pair))

    def _count(self, batch: ClosedBatch, sealed_bytes: int) -> None:
        self.counters = replace(
            self.counters,
            batches=self.counters.batches + 1,
            sealed_bytes=self.counters.sealed_bytes + sealed_bytes,
            cells=self.counters.cells + batch.cells,
        )
