"""The worker: takes envelopes out of the inbox in lane order and turns each into its effects, exactly once.

    claim ─► verify ─► clock ─► open, decode ─► shape ─► write series ─► documents ─► apply (effects, rejections, parts, "applied":
               │        │          │                    (many batches,               one transaction)
               │        └─► hold   │                     one write) ─► SeriesUnavailable: release, back off
               └───────────────────┴─► quarantine

Why a repeat does no harm: points are pure functions of the batch and of the offset stored before the first write, so they overwrite
themselves; SQL effects and the mark `applied` commit together. A batch that cannot be used goes to the quarantine and the lane goes on.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from natvakt_wire.batch import Document

from natvakt_server.domain.clock import Clock
from natvakt_server.domain.delivery import Effects, InboxQueue, Outcome, Pending, RejectedPoints, StoreUnavailable
from natvakt_server.domain.series import BatchKey, Delivery, SeriesGroupWriter, SeriesTable, SeriesUnavailable, WriteResult
from natvakt_server.ingest import configurations, events
from natvakt_server.ingest.clock import BatchClock
from natvakt_server.ingest.documents import DocumentOpener
from natvakt_server.ingest.limits import IngestLimits
from natvakt_server.ingest.observations import observations
from natvakt_server.ingest.opening import NotUsable, Opener
from natvakt_server.ingest.series_quota import SeriesQuota
from natvakt_server.ingest.shaping import Shaper
from natvakt_server.ingest.tally import IngestTally

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")

_CLEANING_INTERVAL_NS = 3600 * 1_000_000_000


@dataclass(frozen=True, slots=True)
class Step:
    """What one call did. `wait_ns` 0: call again at once, there may be more."""

    taken: int
    wait_ns: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A batch whose points may be written."""

    pending: Pending
    offset_ns: int
    tables: Sequence[SeriesTable]
    documents: Sequence[Document]
    rejected: Sequence[RejectedPoints] = field(default=())

    @property
    def values(self) -> int:
        return sum(len(table.times_ns) * len(table.fields) for table in self.tables)

    @property
    def delivery(self) -> Delivery:
        incoming = self.pending.incoming
        key = BatchKey(incoming.tenant, incoming.site, incoming.agent, incoming.epoch.hex(), incoming.lane, incoming.seq)
        return key, self.tables


class Worker:
    """One of possibly many; it knows its ports only and is driven by `step`."""

    def __init__(
        self,
        *,
        queue: InboxQueue,
        effects: Effects,
        series: SeriesGroupWriter,
        opener: Opener,
        clock: Clock,
        limits: IngestLimits,
        tally: IngestTally,
    ) -> None:
        self._queue = queue
        self._effects = effects
        self._series = series
        self._opener = opener
        self._clock = clock
        self._limits = limits
        self._tally = tally
        self._batch_clock = BatchClock(queue, limits)
        self._shaper = Shaper(limits, SeriesQuota(limits.series_per_agent, limits.fields_per_agent))
        self._documents = DocumentOpener(effects, limits)
        self._failures = 0
        self._cleaned_ns: int | None = None

    def step(self) -> Step:
        """Take some envelopes and work them off. Raises nothing that a batch or an absent store could cause."""
        try:
            self._clean()
            claimed = self._queue.claim(self._limits.claim, self._clock.wall_ns(), self._limits.lease_ns)
        except StoreUnavailable as error:
            return self._back_off(f"inbox: {error}")
        unsettled = {pending.row: pending for pending in claimed}
        try:
            self._work(claimed, unsettled)
        except (SeriesUnavailable, StoreUnavailable) as error:
            self._release(list(unsettled))
            return self._back_off(f"{type(error).__name__}: {error}")
        self._failures = 0
        return Step(len(claimed), 0 if claimed else self._limits.idle_ns)

    def _work(self, claimed: Sequence[Pending], unsettled: dict[int, Pending]) -> None:
        """Open envelopes until their points are worth a write, write, apply; go on. What is done with leaves `unsettled`."""
        ready: list[Opened] = []
        values = 0
        for pending in claimed:
            opened = self._guarded(pending, partial(self._open, pending))
            if opened is None:
                del unsettled[pending.row]
                continue
            ready.append(opened)
            values += opened.values
            if values >= self._limits.values_per_write:
                self._finish(ready, unsettled)
                ready, values = [], 0
        self._finish(ready, unsettled)

    def _open(self, pending: Pending) -> Opened | None:
        """None: held. Raises NotUsable."""
        envelope, header = self._opener.verify(pending.incoming)
        offset_ns = self._batch_clock.offset_ns(pending, header)
        if offset_ns is None:
            self._queue.hold(pending.row)
            self._tally.held(pending)
            return None
        batch = self._opener.open(envelope, header)
        shaped = self._shaper.shape(batch.tables, pending.incoming, offset_ns)
        return Opened(pending, offset_ns, shaped.tables, batch.documents, shaped.rejected)

    def _finish(self, ready: Sequence[Opened], unsettled: dict[int, Pending]) -> None:
        for opened, result in zip(ready, self._write(ready), strict=True):
            if result is not None:
                self._guarded(opened.pending, partial(self._apply, opened, result))
            del unsettled[opened.pending.row]

    def _write(self, ready: Sequence[Opened]) -> Sequence[WriteResult | None]:
        """One result for each; None where the store could not take this batch at all and it is in quarantine."""
        deliveries = [opened.delivery for opened in ready if opened.tables]
        try:
            results = iter(self._series.write_group(deliveries) if deliveries else ())
        except SeriesUnavailable:
            raise
        except Exception:
            # One batch of the group is more than the store can digest: find it by writing each for itself.
            _log.exception("group write failed batches=%d", len(deliveries))
            return [self._guarded(opened.pending, partial(self._write_alone, opened)) for opened in ready]
        return [next(results) if opened.tables else WriteResult(0) for opened in ready]

    def _write_alone(self, opened: Opened) -> WriteResult:
        return self._series.write(*opened.delivery) if opened.tables else WriteResult(0)

    def _apply(self, opened: Opened, result: WriteResult) -> None:
        """Documents are opened here, after the batches before this one were applied: their parts may be brothers."""
        incoming = opened.pending.incoming
        documents = self._documents.open(opened.documents, incoming, opened.offset_ns)
        refused = [RejectedPoints(one.measurement, "", one.reason, one.points) for one in result.rejected]
        rejected = [*opened.rejected, *documents.rejected, *events.refused(documents.effects), *refused]
        states = events.without_events(documents.effects)
        outcome = Outcome(
            documents=configurations.without_texts(states),
            rejected=rejected,
            parts=documents.parts,
            completed=documents.completed,
            points=result.written,
            configurations=configurations.readings(states),
            events=events.events(documents.effects),
            observed=observations(opened.tables),
        )
        self._effects.apply(opened.pending, outcome, incoming.received_ns)
        self._tally.applied(opened.pending, outcome)

    def _guarded(self, pending: Pending, action: Callable[[], _Result]) -> _Result | None:
        """The end of one batch's road: what this build cannot digest must not stop the lane. It stays visible and can be played again."""
        try:
            return action()
        except (SeriesUnavailable, StoreUnavailable):
            raise
        except NotUsable as unusable:
            self._quarantine(pending, str(unusable))
        except Exception as error:
            _log.exception("batch failed row=%d", pending.row)
            self._quarantine(pending, f"internal error: {type(error).__name__}")
        return None

    def _quarantine(self, pending: Pending, reason: str) -> None:
        self._queue.quarantine(pending, reason)
        self._tally.quarantined(pending, reason)

    def _clean(self) -> None:
        """Once an hour: what waited too long for its clock or its brothers."""
        now_ns = self._clock.monotonic_ns()
        if self._cleaned_ns is not None and now_ns - self._cleaned_ns < _CLEANING_INTERVAL_NS:
            return
        wall_ns = self._clock.wall_ns()
        expired = self._queue.expire_held(wall_ns - self._limits.held_ns, "the clock of its boot did not become known in time")
        parts = self._effects.expire_parts(wall_ns - self._limits.parts_ns)
        self._tally.expired(expired, parts)
        self._cleaned_ns = now_ns

    def _release(self, rows: Sequence[int]) -> None:
        """Where even that fails, the lease runs out."""
        try:
            self._queue.release(rows)
        except StoreUnavailable as error:
            self._tally.release_failed(len(rows), str(error))

    def _back_off(self, reason: str) -> Step:
        self._failures += 1
        wait_ns = min(self._limits.first_backoff_ns << min(self._failures - 1, 16), self._limits.longest_backoff_ns)
        self._tally.backed_off(reason, wait_ns)
        return Step(0, wait_ns)
