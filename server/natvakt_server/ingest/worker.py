"""The worker: takes envelopes out of the inbox in lane order and turns each into its effects, exactly once.

    claim ─► verify ─► clock ─► open, decode ─► shape ─► write series ─► apply (documents, rejections, parts, "applied": one transaction)
               │        │          │                        │
               │        └─► hold   │                        └─► SeriesUnavailable: release, back off
               └───────────────────┴─► quarantine

Why a repeat does no harm: points are pure functions of the batch and of the offset stored before the first write, so they overwrite
themselves; SQL effects and the mark `applied` commit together. A batch that cannot be used goes to the quarantine and the lane goes on.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from natvakt_wire.batch import Batch

from natvakt_server.domain.clock import Clock
from natvakt_server.domain.delivery import Effects, InboxQueue, Outcome, Pending, RejectedPoints, StoreUnavailable
from natvakt_server.domain.series import BatchKey, SeriesUnavailable, SeriesWriter
from natvakt_server.ingest.clock import BatchClock
from natvakt_server.ingest.documents import DocumentOpener
from natvakt_server.ingest.limits import IngestLimits
from natvakt_server.ingest.opening import NotUsable, Opener
from natvakt_server.ingest.series_quota import SeriesQuota
from natvakt_server.ingest.shaping import Shaper
from natvakt_server.ingest.tally import IngestTally

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """What one call did. `wait_ns` 0: call again at once, there may be more."""

    taken: int
    wait_ns: int


class Worker:
    """One of possibly many; sans-IO but for its ports, driven by `step`."""

    def __init__(
        self,
        *,
        queue: InboxQueue,
        effects: Effects,
        series: SeriesWriter,
        opener: Opener,
        clock: Clock,
        limits: IngestLimits,
        tally: IngestTally,
        idle_ns: int = 200_000_000,
    ) -> None:
        self._queue = queue
        self._effects = effects
        self._series = series
        self._opener = opener
        self._clock = clock
        self._limits = limits
        self._tally = tally
        self._idle_ns = idle_ns
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
        for position, pending in enumerate(claimed):
            try:
                self._work(pending)
            except (SeriesUnavailable, StoreUnavailable) as error:
                self._release(claimed[position:])
                return self._back_off(f"{type(error).__name__}: {error}")
        self._failures = 0
        return Step(len(claimed), 0 if claimed else self._idle_ns)

    def _work(self, pending: Pending) -> None:
        try:
            self._process(pending)
        except (SeriesUnavailable, StoreUnavailable):
            raise
        except NotUsable as unusable:
            self._quarantine(pending, str(unusable))
        except Exception as error:
            # The end of one batch's road: what this build cannot digest must not stop the lane. It stays visible and can be played again.
            _log.exception("batch failed row=%d", pending.row)
            self._quarantine(pending, f"internal error: {type(error).__name__}")

    def _process(self, pending: Pending) -> None:
        envelope, header = self._opener.verify(pending.incoming)
        offset_ns = self._batch_clock.offset_ns(pending, header)
        if offset_ns is None:
            self._queue.hold(pending.row)
            self._tally.held(pending)
            return
        batch = self._opener.open(envelope, header)
        outcome = self._outcome(pending, batch, offset_ns)
        self._effects.apply(pending, outcome, pending.incoming.received_ns)
        self._tally.applied(pending, outcome)

    def _quarantine(self, pending: Pending, reason: str) -> None:
        self._queue.quarantine(pending, reason)
        self._tally.quarantined(pending, reason)

    def _outcome(self, pending: Pending, batch: Batch, offset_ns: int) -> Outcome:
        """Writes the points; everything for SQL is only gathered here."""
        incoming = pending.incoming
        shaped = self._shaper.shape(batch.tables, incoming, offset_ns)
        opened = self._documents.open(batch.documents, incoming, offset_ns)
        rejected = [*shaped.rejected, *opened.rejected]
        written = 0
        if shaped.tables:
            key = BatchKey(incoming.tenant, incoming.site, incoming.agent, incoming.epoch.hex(), incoming.lane, incoming.seq)
            result = self._series.write(key, shaped.tables)
            written = result.written
            rejected.extend(RejectedPoints(refused.measurement, "", refused.reason, refused.points) for refused in result.rejected)
        return Outcome(opened.effects, rejected, opened.parts, opened.completed, written)

    def _clean(self) -> None:
        """Once an hour: what waited too long for its clock or its brothers."""
        now_ns = self._clock.monotonic_ns()
        if self._cleaned_ns is not None and now_ns - self._cleaned_ns < 3600 * 1_000_000_000:
            return
        wall_ns = self._clock.wall_ns()
        expired = self._queue.expire_held(wall_ns - self._limits.held_ns, "the clock of its boot did not become known in time")
        parts = self._effects.expire_parts(wall_ns - self._limits.parts_ns)
        self._tally.expired(expired, parts)
        self._cleaned_ns = now_ns

    def _release(self, pending: Sequence[Pending]) -> None:
        """Where even that fails, the lease runs out."""
        try:
            self._queue.release([item.row for item in pending])
        except StoreUnavailable as error:
            self._tally.release_failed(len(pending), str(error))

    def _back_off(self, reason: str) -> Step:
        self._failures += 1
        wait_ns = min(self._limits.first_backoff_ns << min(self._failures - 1, 16), self._limits.longest_backoff_ns)
        self._tally.backed_off(reason, wait_ns)
        return Step(0, wait_ns)
