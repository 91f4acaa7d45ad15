"""What is under way, and what goes next: per lane in order, live lanes first, the backlog in the room that is left."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from natvakt_wire.envelope import LaneClass

from natvakt_agent.link.effects import SendRecord
from natvakt_agent.link.flow import FlowWindow
from natvakt_agent.link.ports import Backlog, LaneView
from natvakt_agent.model.delivery import BatchHead

_ORDER = {LaneClass.EVENTS: 0, LaneClass.STATE: 1, LaneClass.METRICS: 2}
_BACKLOG_QUARTERS = 3


@dataclass(frozen=True, slots=True)
class _UnderWay:
    seq: int
    last_seq: int
    octets: int
    sent_ns: int


@dataclass(slots=True)
class _LaneSending:
    """`sent_through` None: begin behind what is acknowledged. `back`: a nack came, begin anew once everything sent was answered."""

    sent_through: int | None = None
    paused_until_ns: int = 0
    back: bool = False
    under_way: deque[_UnderWay] = field(default_factory=deque)


class Sending:
    """Bookkeeping of one session."""

    def __init__(self, window: FlowWindow) -> None:
        self._window = window
        self._lanes: dict[int, _LaneSending] = {}
        self._turn = 0

    @property
    def count(self) -> int:
        return sum(len(lane.under_way) for lane in self._lanes.values())

    @property
    def octets(self) -> int:
        return sum(record.octets for lane in self._lanes.values() for record in lane.under_way)

    def oldest_sent_ns(self, now_ns: int) -> int:
        """When the oldest unanswered record was sent; now when there is none."""
        return min((lane.under_way[0].sent_ns for lane in self._lanes.values() if lane.under_way), default=now_ns)

    def clear(self) -> None:
        self._lanes.clear()

    def gone(self, lane: int, seq: int) -> None:
        """That record could not be sent: a gap stands there now, or it is tried again."""
        sending = self._lanes.get(lane)
        if sending is not None:
            sending.under_way = deque(record for record in sending.under_way if record.seq != seq)
            sending.sent_through = min(seq - 1, sending.sent_through if sending.sent_through is not None else seq - 1)

    def acked(self, lane: int, through_seq: int, now_ns: int) -> None:
        sending = self._lanes.get(lane)
        while sending is not None and sending.under_way and sending.under_way[0].last_seq <= through_seq:
            record = sending.under_way.popleft()
            self._window.acked(record.octets, now_ns - record.sent_ns)

    def nacked(self, lane: int, seq: int, until_ns: int) -> None:
        """That record was answered with "not now": the lane pauses, then begins again behind its last ack."""
        sending = self._lanes.get(lane)
        if sending is None:
            return
        sending.under_way = deque(record for record in sending.under_way if record.seq != seq)
        sending.paused_until_ns = max(sending.paused_until_ns, until_ns)
        sending.back = True

    def next_records(self, backlog: Backlog, now_ns: int) -> Iterator[SendRecord]:
        """Records to send now, counted as under way when they are yielded."""
        live: list[LaneView] = []
        draining: list[LaneView] = []
        for lane in sorted(backlog, key=lambda lane: (_ORDER[lane.lane_class], lane.number)):
            (live if backlog.is_live_number(lane.number) else draining).append(lane)
        for lane in live:
            yield from self._of_lane(lane, now_ns, self._window.batches, self._window.bytes_now)
        yield from self._of_backlog(draining, now_ns)

    def _of_backlog(self, lanes: list[LaneView], now_ns: int) -> Iterator[SendRecord]:
        """One record a lane in turn."""
        batches = max(1, self._window.batches * _BACKLOG_QUARTERS // 4)
        octets = self._window.bytes_now * _BACKLOG_QUARTERS // 4
        sent = True
        while sent and lanes:
            sent = False
            for _ in range(len(lanes)):
                lane = lanes[self._turn % len(lanes)]
                self._turn += 1
                for record in self._of_lane(lane, now_ns, batches, octets):
                    yield record
                    sent = True
                    break

    def _of_lane(self, lane: LaneView, now_ns: int, batches: int, octets: int) -> Iterator[SendRecord]:
        while True:
            head = self._next(lane, now_ns)
            if head is None or not self._fits(head, batches, octets):
                return
            sending = self._lanes[lane.number]
            sending.under_way.append(_UnderWay(head.seq, head.last_seq, head.length, now_ns))
            sending.sent_through = head.last_seq
            yield SendRecord(lane.number, head.seq)

    def _next(self, lane: LaneView, now_ns: int) -> BatchHead | None:
        sending = self._lanes.get(lane.number)
        if sending is None:
            sending = self._lanes[lane.number] = _LaneSending()
        if now_ns < sending.paused_until_ns:
            return None
        if sending.back:
            if sending.under_way:
                return None
            sending.back = False
            sending.sent_through = None
        through = lane.acked_through if sending.sent_through is None else max(sending.sent_through, lane.acked_through)
        head = lane.head_after(through)
        return head if head is not None and head.seq <= lane.acked_through + self._window.batches else None

    def _fits(self, head: BatchHead, batches: int, octets: int) -> bool:
        """One record is always allowed under way, however large it is."""
        under_way = self.count
        return under_way == 0 or (under_way < batches and self.octets + head.length <= octets)
