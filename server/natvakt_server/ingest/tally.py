"""Each notable event of the worker: one function that counts and logs it."""

import logging
from collections import Counter
from collections.abc import Mapping

from natvakt_server.domain.delivery import Outcome, Pending

_log = logging.getLogger(__name__)


class IngestTally:
    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def __getitem__(self, name: str) -> int:
        return self._counts[name]

    def snapshot(self) -> Mapping[str, int]:
        return dict(self._counts)

    def applied(self, pending: Pending, outcome: Outcome) -> None:
        self._counts["batches.applied"] += 1
        self._counts["points.written"] += outcome.points
        self._counts["documents"] += len(outcome.documents)
        for rejected in outcome.rejected:
            self._counts["points.rejected"] += rejected.points
            self._counts[f"points.rejected.{rejected.reason}"] += rejected.points
            _log.warning(
                "points rejected agent=%s lane=%d seq=%d measurement=%r device=%r points=%d reason=%r",
                pending.incoming.agent,
                pending.incoming.lane,
                pending.incoming.seq,
                rejected.measurement,
                rejected.device,
                rejected.points,
                rejected.reason,
            )

    def held(self, pending: Pending) -> None:
        self._counts["batches.held"] += 1
        _log.info("batch held until its boot's clock is known agent=%s row=%d", pending.incoming.agent, pending.row)

    def quarantined(self, pending: Pending, reason: str) -> None:
        self._counts["batches.quarantined"] += 1
        incoming = pending.incoming
        _log.error("batch quarantined agent=%s lane=%d seq=%d reason=%r", incoming.agent, incoming.lane, incoming.seq, reason)

    def expired(self, held: int, parts: int) -> None:
        self._counts["held.expired"] += held
        self._counts["parts.expired"] += parts
        if held or parts:
            _log.error("waited too long held=%d parts=%d", held, parts)

    def backed_off(self, reason: str, wait_ns: int) -> None:
        self._counts["backed-off"] += 1
        _log.warning("a store is away wait_seconds=%.1f reason=%r", wait_ns / 1e9, reason)

    def release_failed(self, rows: int, reason: str) -> None:
        self._counts["release.failed"] += 1
        _log.warning("rows stay leased until the lease runs out rows=%d reason=%r", rows, reason)
