"""What happens to the spool that a person or a chart should know: one function an event, which counts and logs together.

A warning means the spool recovered by itself; an error means that something was lost or that a person is needed.
"""

import logging
from collections import Counter
from collections.abc import Mapping

from natvakt_agent.spool.segment import SegmentName

_log = logging.getLogger(__name__)


class SpoolEvents:
    """`counts` goes into the agent's own measurement; `alarms` names the conditions that hold now."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._alarms: dict[str, str] = {}

    @property
    def alarms(self) -> Mapping[str, str]:
        return self._alarms

    def segment_damaged(self, segment: SegmentName, reason: str, carved: int) -> None:
        self.counts["segments_damaged"] += 1
        self._alarms["segment-damaged"] = f"{segment.file}: {reason}"
        _log.error("spool segment damaged segment=%s reason=%r records_carved=%d", segment.file, reason, carved)

    def log_tail_rescued(self, segment: SegmentName, records: int) -> None:
        self.counts["log_tails_rescued"] += 1
        _log.warning("spool log was cut short by the database, records carved from it segment=%s records=%d", segment.file, records)

    def segment_distrusted(self, segment: SegmentName, reason: str, rewritten: int) -> None:
        self.counts["segments_distrusted"] += 1
        self._alarms["segment-distrusted"] = f"{segment.file}: {reason}"
        _log.error(
            "spool segment no longer trusted, its pending records were written anew segment=%s reason=%r records=%d",
            segment.file,
            reason,
            rewritten,
        )

    def records_damaged(self, lane: int, first_seq: int, last_seq: int) -> None:
        self.counts["records_damaged"] += last_seq - first_seq + 1
        _log.error("spool records damaged, gap declared lane=%d first_seq=%d last_seq=%d", lane, first_seq, last_seq)

    def dropped_by_policy(self, lane: int, first_seq: int, last_seq: int, batches: int) -> None:
        self.counts["batches_dropped"] += batches
        _log.error(
            "spool at its cap, oldest metrics dropped lane=%d first_seq=%d last_seq=%d batches=%d", lane, first_seq, last_seq, batches
        )

    def lane_jumped(self, lane: int, reason: str) -> None:
        self.counts["lanes_jumped"] += 1
        _log.error("spool continues in a new lane lane=%d reason=%r", lane, reason)

    def set_aside(self, segment: SegmentName) -> None:
        self.counts["segments_set_aside"] += 1
        _log.error("spool segment of another epoch set aside segment=%s", segment.file)

    def shed(self, lane_class: str, reason: str) -> None:
        self.counts["batches_shed"] += 1
        self._alarms["full"] = reason
        _log.error("spool refused a batch lane_class=%s reason=%r", lane_class, reason)

    def upkeep_failed(self, reason: str) -> None:
        self.counts["upkeep_failed"] += 1
        _log.warning("spool upkeep failed, it is tried again reason=%r", reason)

    def disk_full(self, where: str) -> None:
        self.counts["disk_full"] += 1
        if "disk-full" not in self._alarms:
            _log.error("spool disk full while=%s; the reserve is in use", where)
        self._alarms["disk-full"] = where

    def reserve_restored(self) -> None:
        if self._alarms.pop("disk-full", None) is not None:
            _log.warning("spool reserve is back")

    def room_again(self) -> None:
        self._alarms.pop("full", None)
