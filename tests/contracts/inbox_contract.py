"""What every inbox must do, wherever it is stored. Subclass `InboxContract`; give it the fixture `inbox` and the method `document`."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import permutations
from typing import Protocol

import pytest
from natvakt_server.domain.delivery import (
    NO_PREVIOUS,
    Arrival,
    BootClock,
    DeliveryReader,
    DocumentPart,
    Effects,
    EpochApproval,
    GatewayStore,
    InboxQueue,
    Incoming,
    Mark,
    Outcome,
    Pending,
    Quarantine,
    RejectedPoints,
    SessionState,
)
from natvakt_server.domain.estate import DocumentEffect, Row
from natvakt_wire.ids import uuid7
from testkit.wire import AGENT, BOOT_ID, EPOCH, NOW_NS, seeded_random

SECOND_NS = 1_000_000_000
LEASE_NS = 60 * SECOND_NS
OTHER_AGENT = uuid7(NOW_NS, seeded_random(2))
DEVICE = uuid7(NOW_NS, seeded_random(3))


class WholeInbox(GatewayStore, EpochApproval, InboxQueue, Effects, Quarantine, DeliveryReader, Protocol):
    """All ports at once, over one store."""


class LaneChain:
    """An honest agent's lane: each batch names the one before."""

    def __init__(self, agent: str = AGENT, lane: int = 1, epoch: bytes = EPOCH, tenant: str = "acme") -> None:
        self._base = Incoming(tenant, "hq", agent, epoch, lane, "metrics", 0, 0, b"", b"", b"", False, NOW_NS, True, BOOT_ID)
        self.seq = 0
        self.digest = NO_PREVIOUS

    def next(self, content: str = "", **changes: object) -> Incoming:
        self.seq += 1
        envelope = f"{self._base.agent} {self._base.lane} {self.seq} {content}".encode()
        previous, self.digest = self.digest, sha256(envelope).digest()
        item = replace(self._base, seq=self.seq, last_seq=self.seq, previous=previous, digest=self.digest, envelope=envelope)
        return replace(item, **changes)  # type: ignore[arg-type]

    def take(self, count: int) -> list[Incoming]:
        return [self.next() for _ in range(count)]

    def gap(self, dropped: Sequence[Incoming]) -> Incoming:
        """The word that these batches will never come."""
        return replace(dropped[0], last_seq=dropped[-1].seq, digest=dropped[-1].digest, envelope=b"signed gap", is_gap=True)


def effect(observed_ns: int, rows: Sequence[Row] | None = ({"sysName": "hq-acc1"},), digest: str = "aa") -> DocumentEffect:
    return DocumentEffect(DEVICE, "device", observed_ns, digest * 32, rows)


class InboxContract:
    @pytest.fixture
    @abstractmethod
    def inbox(self) -> WholeInbox: ...

    @abstractmethod
    def document(self, inbox: WholeInbox, kind: str = "device") -> tuple[int, int, str, Sequence[Row]] | None:
        """observed_ns, confirmed_ns, digest and rows that are kept for DEVICE of acme/hq."""

    def claim(self, inbox: WholeInbox, now_ns: int = NOW_NS, limit: int = 100) -> list[Pending]:
        return list(inbox.claim(limit, now_ns, LEASE_NS))

    # -- ledger --------------------------------------------------------------------------------------------------------

    def test_a_lane_is_stored_in_order_and_its_mark_follows(self, inbox: WholeInbox) -> None:
        items = LaneChain().take(3)
        assert list(inbox.receive(items)) == [Arrival.STORED] * 3
        assert list(inbox.marks(AGENT, EPOCH)) == [Mark(1, 3, items[2].digest)]

    def test_promise_5_the_same_again_is_already_there_and_stored_once(self, inbox: WholeInbox) -> None:
        items = LaneChain().take(2)
        inbox.receive(items)
        assert list(inbox.receive(items)) == [Arrival.ALREADY_HAVE] * 2
        assert len(self.claim(inbox)) == 2

    def test_promise_9_the_same_twice_in_one_group_makes_one_ledger_row(self, inbox: WholeInbox) -> None:
        item = LaneChain().next()
        assert list(inbox.receive([item, item])) == [Arrival.STORED, Arrival.ALREADY_HAVE]
        assert len(self.claim(inbox)) == 1

    def test_promise_41_another_digest_in_the_same_place_is_a_fork_and_the_first_wins(self, inbox: WholeInbox) -> None:
        chain = LaneChain()
        first = chain.next()
        inbox.receive([first])
        twin = LaneChain().next("something else")
        assert list(inbox.receive([twin])) == [Arrival.FORK]
        assert [pending.incoming for pending in self.claim(inbox)] == [first]

    def test_promise_41_a_batch_that_does_not_follow_ours_is_a_fork(self, inbox: WholeInbox) -> None:
        chain = LaneChain()
        inbox.receive([chain.next()])
        assert list(inbox.receive([chain.next(previous=bytes(31) + b"x")])) == [Arrival.FORK]
        assert [mark.seq for mark in inbox.marks(AGENT, EPOCH)] == [1]

    def test_promise_42_a_seq_that_is_not_the_next_changes_nothing(self, inbox: WholeInbox) -> None:
        chain = LaneChain()
        items = chain.take(3)
        assert list(inbox.receive([items[2], items[0], items[2]])) == [Arrival.OUT_OF_ORDER, Arrival.STORED, Arrival.OUT_OF_ORDER]
        assert [mark.seq for mark in inbox.marks(AGENT, EPOCH)] == [1]

    def test_one_group_holds_many_agents_and_one_bad_batch_harms_no_other(self, inbox: WholeInbox) -> None:
        mine, other = LaneChain(), LaneChain(OTHER_AGENT, tenant="beta")
        first = mine.next()
        inbox.receive([first])
        twin = LaneChain().next("something else")
        assert list(inbox.receive([twin, other.next(), mine.next()])) == [Arrival.FORK, Arrival.STORED, Arrival.STORED]

    def test_lanes_and_epochs_count_for_themselves(self, inbox: WholeInbox) -> None:
        other_epoch = bytes(15) + b"e"
        items = [LaneChain(lane=1).next(), LaneChain(lane=2).next(), LaneChain(epoch=other_epoch).next("other")]
        assert list(inbox.receive(items)) == [Arrival.STORED] * 3
        assert [mark.lane for mark in inbox.marks(AGENT, EPOCH)] == [1, 2]
        assert [mark.lane for mark in inbox.marks(AGENT, other_epoch)] == [1]

    def test_what_carries_a_reason_goes_to_the_quarantine_and_the_chain_goes_on(self, inbox: WholeInbox) -> None:
        chain = LaneChain()
        poison, good = chain.next(quarantine_reason="suite 9"), chain.next()
        assert list(inbox.receive([poison, good])) == [Arrival.STORED] * 2
        assert [pending.incoming.seq for pending in self.claim(inbox)] == [2]
        assert [(entry.seq, entry.reason) for entry in inbox.quarantined()] == [(1, "suite 9")]

    # -- gaps ----------------------------------------------------------------------------------------------------------

    def test_promise_11_a_gap_takes_the_place_of_what_was_dropped_and_the_chain_goes_on(self, inbox: WholeInbox) -> None:
        chain = LaneChain()
        first, *dropped = chain.take(4)
        following = chain.next()
        assert list(inbox.receive([first, chain.gap(dropped), following])) == [Arrival.STORED] * 3
        assert [pending.incoming.seq for pending in self.claim(inbox)] == [1, 5]
        assert [(gap.first_seq, gap.last_seq) for gap in inbox.gaps("acme")] == [(2, 4)]
        assert list(inbox.gaps("beta")) == []

    def test_a_gap_may_begin_in_what_is_stored_already(self, inbox: WholeInbox) -> None:
        chain = LaneChain()
        items = chain.take(4)
        inbox.receive(items[:2])
        assert list(inbox.receive([chain.gap(items)])) == [Arrival.STORED]
        assert [(gap.first_seq, gap.last_seq) for gap in inbox.gaps("acme")] == [(3, 4)]
        assert list(inbox.marks(AGENT, EPOCH)) == [Mark(1, 4, items[3].digest)]

    def test_a_gap_that_grew_before_its_ack_came_is_stored_from_where_it_grew(self, inbox: WholeInbox) -> None:
        chain = LaneChain()
        items = chain.take(4)
        inbox.receive([chain.gap(items[:2])])
        assert list(inbox.receive([chain.gap(items)])) == [Arrival.STORED]
        assert list(inbox.receive([chain.gap(items)])) == [Arrival.ALREADY_HAVE]
        assert [(gap.first_seq, gap.last_seq) for gap in inbox.gaps("acme")] == [(1, 2), (3, 4)]

    def test_a_gap_over_what_is_all_stored_is_already_there(self, inbox: WholeInbox) -> None:
        chain = LaneChain()
        items = chain.take(3)
        inbox.receive(items)
        assert list(inbox.receive([chain.gap(items)])) == [Arrival.ALREADY_HAVE]

    def test_a_batch_inside_a_gap_is_already_there_and_changes_nothing(self, inbox: WholeInbox) -> None:
        chain = LaneChain()
        items = chain.take(3)
        inbox.receive([chain.gap(items)])
        assert list(inbox.receive([items[1]])) == [Arrival.ALREADY_HAVE]
        assert self.claim(inbox) == []

    def test_a_gap_beyond_the_next_seq_is_out_of_order_and_one_that_does_not_follow_a_fork(self, inbox: WholeInbox) -> None:
        chain = LaneChain()
        items = chain.take(3)
        assert list(inbox.receive([chain.gap(items[1:])])) == [Arrival.OUT_OF_ORDER]
        assert list(inbox.receive([replace(chain.gap(items), previous=bytes(31) + b"x")])) == [Arrival.FORK]

    # -- sessions ------------------------------------------------------------------------------------------------------

    def test_a_session_is_replaced_only_by_who_read_the_nonce_that_is_stored(self, inbox: WholeInbox) -> None:
        state = SessionState(AGENT, EPOCH, b"one", b"")
        assert inbox.put_session(state, b"")
        assert not inbox.put_session(replace(state, nonce=b"two"), b"")
        assert not inbox.put_session(replace(state, nonce=b"two"), b"other")
        newer = replace(state, nonce=b"two", previous_nonce=b"one", skew_ns=-5, opened_ns=NOW_NS, confirmed=True)
        assert inbox.put_session(newer, b"one")
        assert list(inbox.sessions(AGENT)) == [newer]
        assert list(inbox.sessions(OTHER_AGENT)) == []

    def test_approval_marks_every_fenced_epoch_of_the_agent_and_unfences_none(self, inbox: WholeInbox) -> None:
        fenced = SessionState(AGENT, EPOCH, b"one", b"", fenced=True, detail="fork")
        inbox.put_session(fenced, b"")
        inbox.put_session(SessionState(AGENT, bytes(16), b"two", b""), b"")
        assert inbox.approve_epoch(AGENT) == 1
        assert inbox.approve_epoch(AGENT) == 0
        assert replace(fenced, approved=True) in inbox.sessions(AGENT)

    # -- queue ---------------------------------------------------------------------------------------------------------

    def test_envelopes_come_out_as_they_went_in_and_in_lane_order(self, inbox: WholeInbox) -> None:
        items = LaneChain().take(5)
        inbox.receive(items)
        assert [pending.incoming for pending in self.claim(inbox, limit=3)] == items[:3]

    def test_a_lane_that_somebody_works_on_is_passed_over_until_the_lease_runs_out(self, inbox: WholeInbox) -> None:
        inbox.receive([*LaneChain(lane=1).take(2), LaneChain(lane=2).next()])
        assert [pending.incoming.lane for pending in self.claim(inbox, limit=1)] == [1]
        assert [pending.incoming.lane for pending in self.claim(inbox)] == [2]
        assert self.claim(inbox) == []
        assert len(self.claim(inbox, NOW_NS + LEASE_NS + 1)) == 3

    def test_promise_12_a_backlog_in_one_lane_keeps_no_other_lane_waiting(self, inbox: WholeInbox) -> None:
        backlog, live = LaneChain(lane=1), LaneChain(lane=2)
        inbox.receive([*backlog.take(20), *live.take(2)])
        claimed = [(pending.incoming.lane, pending.incoming.seq) for pending in self.claim(inbox, limit=6)]
        assert claimed == [(1, 1), (2, 1), (1, 2), (2, 2), (1, 3), (1, 4)]

    def test_what_is_released_can_be_claimed_at_once(self, inbox: WholeInbox) -> None:
        inbox.receive(LaneChain().take(2))
        first = self.claim(inbox)
        inbox.release([pending.row for pending in first])
        assert self.claim(inbox) == first

    def test_promise_20_a_held_envelope_lets_its_lane_go_on_and_comes_back_when_its_boot_is_known(self, inbox: WholeInbox) -> None:
        chain = LaneChain()
        inbox.receive([chain.next(clock_trusted=False), chain.next()])
        untrusted, trusted = self.claim(inbox)
        inbox.hold(untrusted.row)
        inbox.apply(trusted, Outcome(), NOW_NS)
        assert self.claim(inbox) == []
        assert inbox.boot_clock(AGENT, BOOT_ID) is None
        clock = BootClock(AGENT, BOOT_ID, NOW_NS - SECOND_NS, "agent")
        inbox.learn_boot_clock(clock)
        assert inbox.boot_clock(AGENT, BOOT_ID) == clock
        assert [pending.row for pending in self.claim(inbox)] == [untrusted.row]

    def test_promise_20_an_envelope_held_after_its_boot_became_known_does_not_wait(self, inbox: WholeInbox) -> None:
        inbox.receive([LaneChain().next(clock_trusted=False)])
        (pending,) = self.claim(inbox)
        inbox.learn_boot_clock(BootClock(AGENT, BOOT_ID, NOW_NS, "server"))
        inbox.hold(pending.row)
        assert [again.row for again in self.claim(inbox)] == [pending.row]

    def test_promise_20_the_first_offset_stays_whatever_is_learned_later(self, inbox: WholeInbox) -> None:
        inbox.receive([LaneChain().next(clock_trusted=False)])
        (pending,) = self.claim(inbox)
        assert pending.offset_ns is None
        assert inbox.store_offset(pending.row, 7 * SECOND_NS) == 7 * SECOND_NS
        assert inbox.store_offset(pending.row, 9 * SECOND_NS) == 7 * SECOND_NS
        inbox.release([pending.row])
        assert self.claim(inbox)[0].offset_ns == 7 * SECOND_NS

    def test_promise_20_what_was_held_too_long_goes_to_the_quarantine(self, inbox: WholeInbox) -> None:
        inbox.receive([LaneChain().next(clock_trusted=False)])
        inbox.hold(self.claim(inbox)[0].row)
        assert inbox.expire_held(NOW_NS, "no clock") == 0
        assert inbox.expire_held(NOW_NS + 1, "no clock") == 1
        assert [entry.reason for entry in inbox.quarantined()] == ["no clock"]

    def test_quarantine_is_visible_by_tenant_and_can_be_played_again(self, inbox: WholeInbox) -> None:
        inbox.receive(LaneChain().take(2))
        first, second = self.claim(inbox)
        inbox.quarantine(first, "does not open")
        inbox.release([second.row])
        assert [pending.row for pending in self.claim(inbox)] == [second.row]
        assert [(entry.row, entry.agent, entry.seq, entry.points) for entry in inbox.quarantined("acme")] == [(first.row, AGENT, 1, 0)]
        assert list(inbox.quarantined("beta")) == []
        inbox.apply(second, Outcome(), NOW_NS)
        assert inbox.replay(first.row)
        assert [pending.incoming.envelope for pending in self.claim(inbox)] == [first.incoming.envelope]
        assert list(inbox.quarantined()) == []
        assert not inbox.replay(second.row)

    def test_promise_24_the_bytes_that_wait_are_counted_by_tenant(self, inbox: WholeInbox) -> None:
        items = LaneChain().take(2)
        inbox.receive([*items, LaneChain(OTHER_AGENT, tenant="beta").next()])
        assert inbox.inbox_bytes("acme") == sum(len(item.envelope) for item in items)
        first, second, *_ = [pending for pending in self.claim(inbox) if pending.incoming.tenant == "acme"]
        inbox.hold(first.row)
        inbox.apply(second, Outcome(), NOW_NS)
        assert inbox.inbox_bytes("acme") == len(items[0].envelope)
        backlog = inbox.backlog("acme")
        assert (backlog.pending, backlog.held, backlog.pending_bytes) == (0, 1, len(items[0].envelope))
        assert inbox.backlog().pending == 1

    # -- effects -------------------------------------------------------------------------------------------------------

    def test_an_applied_batch_is_not_claimed_again_and_not_applied_again(self, inbox: WholeInbox) -> None:
        inbox.receive([LaneChain().next()])
        (pending,) = self.claim(inbox)
        inbox.apply(pending, Outcome([effect(NOW_NS)]), NOW_NS)
        inbox.apply(pending, Outcome([effect(NOW_NS + 1, ({"sysName": "changed"},), "bb")]), NOW_NS)
        assert self.claim(inbox, NOW_NS + 2 * LEASE_NS) == []
        assert self.document(inbox) == (NOW_NS, NOW_NS, "aa" * 32, [{"sysName": "hq-acc1"}])

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_the_newest_observation_wins_whatever_the_order_of_arrival(self, inbox: WholeInbox, order: Sequence[int]) -> None:
        effects = [effect(NOW_NS + age, ({"sysName": f"name-{age}"},), f"{age:02x}") for age in range(3)]
        inbox.receive(LaneChain().take(3))
        for pending, age in zip(self.claim(inbox), order, strict=True):
            inbox.apply(pending, Outcome([effects[age]]), NOW_NS)
        kept = self.document(inbox)
        assert kept is not None
        assert (kept[0], list(kept[3])) == (NOW_NS + 2, [{"sysName": "name-2"}])

    def test_still_the_same_confirms_only_what_it_is_the_same_as(self, inbox: WholeInbox) -> None:
        inbox.receive(LaneChain().take(3))
        first, second, third = self.claim(inbox)
        inbox.apply(first, Outcome([effect(NOW_NS)]), NOW_NS)
        inbox.apply(second, Outcome([effect(NOW_NS + 5, None)]), NOW_NS)
        inbox.apply(third, Outcome([effect(NOW_NS + 9, None, "bb")]), NOW_NS)
        assert self.document(inbox) == (NOW_NS, NOW_NS + 5, "aa" * 32, [{"sysName": "hq-acc1"}])

    def test_parts_wait_for_their_brothers_and_go_when_the_document_is_complete(self, inbox: WholeInbox) -> None:
        digest = bytes(31) + b"d"
        part = DocumentPart(AGENT, DEVICE, "config", NOW_NS, digest, 0, 2, b"[")
        inbox.receive(LaneChain().take(2))
        first, second = self.claim(inbox)
        inbox.apply(first, Outcome(parts=[part]), NOW_NS)
        assert list(inbox.parts(AGENT, DEVICE, "config", digest)) == [part]
        assert list(inbox.parts(OTHER_AGENT, DEVICE, "config", digest)) == []
        inbox.apply(second, Outcome(completed=[digest]), NOW_NS)
        assert list(inbox.parts(AGENT, DEVICE, "config", digest)) == []

    def test_parts_whose_brothers_never_come_expire(self, inbox: WholeInbox) -> None:
        part = DocumentPart(AGENT, DEVICE, "config", NOW_NS, bytes(32), 0, 2, b"[")
        inbox.receive([LaneChain().next()])
        inbox.apply(self.claim(inbox)[0], Outcome(parts=[part]), NOW_NS)
        assert inbox.expire_parts(NOW_NS) == 0
        assert inbox.expire_parts(NOW_NS + 1) == 1
        assert list(inbox.parts(AGENT, DEVICE, "config", bytes(32))) == []

    def test_promise_25_rejected_points_are_visible_and_their_envelope_can_be_played_again(self, inbox: WholeInbox) -> None:
        inbox.receive([LaneChain().next()])
        (pending,) = self.claim(inbox)
        rejected = [RejectedPoints("cpu", DEVICE, "in the future", 3), RejectedPoints("memory", DEVICE, "field type", 4)]
        inbox.apply(pending, Outcome(rejected=rejected, points=10), NOW_NS)
        assert self.claim(inbox, NOW_NS + 2 * LEASE_NS) == []
        (entry,) = inbox.quarantined()
        assert entry.points == 7
        assert "in the future" in entry.reason
        assert inbox.replay(pending.row)
        assert [again.incoming.envelope for again in self.claim(inbox, NOW_NS + 2 * LEASE_NS)] == [pending.incoming.envelope]
