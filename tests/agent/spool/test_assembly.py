"""Whatever the segments of a lane still tell, in whatever order it was written: the chain holds afterwards, or its holes are named."""

from dataclasses import replace
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as some
from natvakt_agent.model.delivery import AckOutcome, BatchHead, RecordKind
from natvakt_agent.spool.assembly import SegmentContent, assemble, missing
from natvakt_agent.spool.index import GENERATIONS_JUMPED, Entry, Index, Lane
from natvakt_agent.spool.records import LaneNote, SessionNote
from natvakt_agent.spool.segment import SegmentName
from natvakt_wire.envelope import FIRST_PREVIOUS, LaneClass

EPOCH = bytes(16)
LANE = 3


def _digest(seq: int) -> bytes:
    return sha256(seq.to_bytes(8, "big")).digest() if seq else FIRST_PREVIOUS


def _head(seq: int, last_seq: int | None = None) -> BatchHead:
    last = seq if last_seq is None else last_seq
    kind = RecordKind.BATCH if last_seq is None else RecordKind.GAP
    return BatchHead(kind, LaneClass.METRICS, EPOCH, LANE, seq, last, _digest(seq - 1), _digest(last), 0, 10)


def _content(number: int, heads: list[BatchHead], *notes: LaneNote | SessionNote, damaged: bool = False) -> SegmentContent:
    return SegmentContent(SegmentName(LaneClass.METRICS, number), list(enumerate(heads, 1)), notes, damaged)


def _note(next_seq: int, acked: int = 0) -> LaneNote:
    return LaneNote(LANE, LaneClass.METRICS, EPOCH, next_seq, _digest(next_seq - 1), acked, _digest(acked))


@given(
    last=some.integers(1, 30),
    kept=some.sets(some.integers(1, 30)),
    doubled=some.lists(some.integers(1, 30)),
    acked=some.integers(0, 30),
    border=some.integers(0, 30),
)
def test_records_and_holes_together_cover_every_pending_place_once(
    last: int, kept: set[int], doubled: list[int], acked: int, border: int
) -> None:
    acked = min(acked, last)
    held = sorted(seq for seq in kept if seq <= last)
    contents = [
        _content(1, [_head(seq) for seq in held if seq <= border], SessionNote(EPOCH)),
        _content(2, [_head(seq) for seq in held if seq > border], _note(last + 1, acked)),
        _content(3, [_head(seq) for seq in doubled if seq in held]),
    ]
    assembled = assemble(contents)
    assert assembled is not None
    lane = assembled.index.lane(LANE)
    assert lane is not None
    covered = [seq for entry in lane.pending for seq in range(entry.head.seq, entry.head.last_seq + 1)]
    covered += [seq for hole in assembled.holes for seq in range(hole.first_seq, hole.last_seq + 1) if seq > acked]
    assert sorted(covered) == list(range(acked + 1, last + 1))
    assert (lane.next_seq, lane.last_digest) == (last + 1, _digest(last))
    for hole in assembled.holes:
        assert (hole.previous, hole.last_digest) == (_digest(hole.first_seq - 1), _digest(hole.last_seq))


def test_a_dropped_segment_that_came_back_after_a_power_cut_stays_dropped() -> None:
    assembled = assemble([_content(1, [_head(1), _head(2)], SessionNote(EPOCH)), _content(2, [_head(1, 2), _head(3)], _note(4))])
    assert assembled is not None
    lane = assembled.index.lane(LANE)
    assert lane is not None
    assert [(entry.head.kind, entry.head.seq) for entry in lane.entries] == [(RecordKind.GAP, 1), (RecordKind.BATCH, 3)]
    assert assembled.holes == []


def test_of_two_records_of_one_place_the_later_segments_counts_with_its_note() -> None:
    """The earlier one was refused for a full disk; a crash later its log gives it back, with a counter of the same height."""
    refused = replace(_head(2), digest=b"\xbb" * 32)
    refused_note = replace(_note(3), last_digest=refused.digest)
    assembled = assemble([_content(2, [_head(1), refused], SessionNote(EPOCH), refused_note), _content(4, [_head(2)], _note(3))])
    assert assembled is not None
    lane = assembled.index.lane(LANE)
    assert lane is not None
    assert [entry.head.digest for entry in lane.pending] == [_digest(1), _digest(2)]
    assert (lane.next_seq, lane.last_digest, assembled.holes) == (3, _digest(2), [])


def test_a_record_that_its_successor_does_not_name_goes_and_leaves_a_hole() -> None:
    stray = BatchHead(RecordKind.BATCH, LaneClass.METRICS, EPOCH, LANE, 2, 2, _digest(1), b"s" * 32, 0, 10)
    assembled = assemble([_content(1, [_head(1), stray, _head(3)], SessionNote(EPOCH), _note(4))])
    assert assembled is not None
    (hole,) = assembled.holes
    assert (hole.first_seq, hole.last_seq, hole.last_digest) == (2, 2, _digest(2))


def test_when_the_live_lanes_counter_is_lost_the_class_goes_on_far_ahead() -> None:
    assembled = assemble([_content(1, [_head(1)], SessionNote(EPOCH), _note(2)), _content(2, [], damaged=True)])
    assert assembled is not None
    assert assembled.jumped == [LANE + 3 * GENERATIONS_JUMPED]
    assert assembled.index.live(LaneClass.METRICS).number == assembled.jumped[0]


def test_the_newest_session_note_names_the_epoch_and_older_epochs_are_foreign() -> None:
    other = _content(1, [_head(1)], SessionNote(EPOCH, 4, b"old"))
    own = SegmentContent(SegmentName(LaneClass.EVENTS, 2), [], [SessionNote(b"n" * 16, 5, b"")])
    assembled = assemble([other, own])
    assert assembled is not None
    assert assembled.index.epoch == b"n" * 16
    assert assembled.foreign == [other.name]


def test_nothing_at_all_means_a_new_spool() -> None:
    assert assemble([]) is None


def _lane_of(*heads: BatchHead) -> Lane:
    lane = Index(EPOCH).live(LaneClass.METRICS)
    for row, head in enumerate(heads):
        lane.append(Entry(head, SegmentName(LaneClass.METRICS, 1), row))
    return lane


def test_an_ack_from_inside_a_gap_that_was_declared_meanwhile_is_stale_not_forged() -> None:
    lane = _lane_of(_head(1, 5), _head(6))
    assert lane.ack(3, b"anything" * 4, 0) is AckOutcome.STALE
    assert lane.ack(5, _digest(5), 0) is AckOutcome.ADVANCED
    assert lane.ack(6, _digest(6), 0) is AckOutcome.ADVANCED
    assert lane.drained


def test_a_poisoned_batch_counts_as_delivered_once_everything_before_it_is() -> None:
    lane = _lane_of(_head(1), _head(2), _head(3))
    assert lane.poison(2, _digest(2), 0) is AckOutcome.ADVANCED
    assert lane.acked_through == 0
    lane.ack(1, _digest(1), 0)
    assert lane.acked_through == 2


def test_a_rewound_lane_names_every_place_that_is_no_longer_held() -> None:
    lane = _lane_of(*(_head(seq) for seq in range(1, 8)))
    lane.ack(7, _digest(7), 0)
    lane.replace(1, 2, None)
    lane.replace(5, 5, None)
    lane.rewind(1, _digest(1))
    assert [(hole.first_seq, hole.last_seq) for hole in missing(lane)] == [(2, 2), (5, 5)]
