"""What `natvakt-agent spool show` prints: lanes, counts, bytes, the oldest batch, gaps, alarms."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from natvakt_agent.model.delivery import RecordKind
from natvakt_agent.spool.disk import Disk
from natvakt_agent.spool.events import SpoolEvents
from natvakt_agent.spool.files import STATUS_NAME, SpoolOptions
from natvakt_agent.spool.index import Index, Lane

SCHEMA = "natvakt.spool/1"


@dataclass(frozen=True, slots=True)
class LaneSummary:
    lane: int
    lane_class: str
    live: bool
    next_seq: int
    acked_through: int
    pending_batches: int
    pending_bytes: int
    oldest_pending_wall_ns: int | None
    gaps: int  # gap records still held
    gap_batches: int  # places they cover


@dataclass(frozen=True, slots=True)
class SpoolSummary:
    """Figures of one moment. `counts` are since the agent started."""

    epoch: str
    at_wall_ns: int
    bytes_on_disk: int
    cap_bytes: int
    reserve_in_use: bool
    lanes: Sequence[LaneSummary]
    counts: Mapping[str, int]
    alarms: Mapping[str, str]

    def to_json(self) -> dict[str, object]:
        lanes = [_as_dict(lane) for lane in self.lanes]
        return {"schema": SCHEMA, **_as_dict(self), "lanes": lanes, "counts": dict(self.counts), "alarms": dict(self.alarms)}


def _as_dict(figures: LaneSummary | SpoolSummary) -> dict[str, object]:
    """One level deep; `dataclasses.asdict` copies every figure of every lane at each upkeep."""
    return {name: getattr(figures, name) for name in figures.__slots__}


def summarise(
    index: Index, reserve_in_use: bool, bytes_on_disk: int, options: SpoolOptions, events: SpoolEvents, wall_ns: int
) -> SpoolSummary:
    return SpoolSummary(
        epoch=index.epoch.hex(),
        at_wall_ns=wall_ns,
        bytes_on_disk=bytes_on_disk,
        cap_bytes=options.cap_bytes,
        reserve_in_use=reserve_in_use,
        lanes=[_lane(index, lane) for lane in index],
        counts=dict(events.counts),
        alarms=dict(events.alarms),
    )


def last_status(disk: Disk) -> dict[str, object] | None:
    """The figures a running agent wrote at its last upkeep; None when there are none, or half of them."""
    try:
        status = json.loads(disk.read(STATUS_NAME))
    except (OSError, ValueError):
        return None
    return status if isinstance(status, dict) and status.get("schema") == SCHEMA else None


def _lane(index: Index, lane: Lane) -> LaneSummary:
    pending = lane.pending
    gaps = [entry.head for entry in lane.entries if entry.head.kind is RecordKind.GAP]
    return LaneSummary(
        lane=lane.number,
        lane_class=str(lane.lane_class),
        live=index.is_live(lane),
        next_seq=lane.next_seq,
        acked_through=lane.acked_through,
        pending_batches=sum(1 for entry in pending if entry.head.kind is RecordKind.BATCH),
        pending_bytes=sum(entry.head.length for entry in pending),
        oldest_pending_wall_ns=pending[0].head.created_wall_ns if pending else None,
        gaps=len(gaps),
        gap_batches=sum(head.last_seq - head.seq + 1 for head in gaps),
    )
