"""The inbox in memory keeps the contract, and loses nothing and doubles nothing wherever it crashes."""

from collections.abc import Sequence

import pytest
from contracts.inbox_contract import DEVICE, LEASE_NS, InboxContract, LaneChain, WholeInbox, effect
from natvakt_server.domain.delivery import Arrival, Outcome, StoreUnavailable
from natvakt_server.domain.estate import Row
from testkit.inbox import Crashed, MemoryInbox
from testkit.wire import AGENT, EPOCH, NOW_NS


class TestMemoryInbox(InboxContract):
    @pytest.fixture
    def inbox(self) -> MemoryInbox:
        return MemoryInbox()

    def document(self, inbox: WholeInbox, kind: str = "device") -> tuple[int, int, str, Sequence[Row]] | None:
        assert isinstance(inbox, MemoryInbox)
        kept = inbox.documents.get(("acme", "hq", DEVICE, kind))
        return None if kept is None else (kept.observed_ns, kept.confirmed_ns, kept.digest, list(kept.rows))


def dies_at(place: str):
    def crash(reached: str) -> None:
        if reached == place:
            raise Crashed(place)

    return crash


@pytest.mark.parametrize(("place", "stored"), [("receive.torn", 0), ("receive.before-commit", 0), ("receive.after-commit", 2)])
def test_promise_9_a_crash_around_the_commit_leaves_all_or_nothing(place: str, stored: int) -> None:
    inbox = MemoryInbox(crash=dies_at(place))
    items = LaneChain().take(2)
    with pytest.raises(Crashed):
        inbox.receive(items)
    inbox.crash = lambda _place: None
    assert len(inbox.rows) == stored
    assert sum(mark.seq for mark in inbox.marks(AGENT, EPOCH)) == stored
    assert set(inbox.receive(items)) == {Arrival.ALREADY_HAVE if stored else Arrival.STORED}
    assert len(inbox.rows) == 2


@pytest.mark.parametrize(("place", "applied"), [("apply.torn", False), ("apply.before-commit", False), ("apply.after-commit", True)])
def test_effects_and_the_mark_applied_are_one(place: str, applied: bool) -> None:
    inbox = MemoryInbox()
    inbox.receive([LaneChain().next()])
    (pending,) = inbox.claim(1, NOW_NS, LEASE_NS)
    inbox.crash = dies_at(place)
    with pytest.raises(Crashed):
        inbox.apply(pending, Outcome([effect(NOW_NS)]), NOW_NS)
    assert bool(inbox.documents) == applied
    assert (inbox.rows[pending.row].state == "applied") == applied


def test_an_inbox_that_is_away_says_so_at_every_door() -> None:
    inbox = MemoryInbox(away=True)
    with pytest.raises(StoreUnavailable, match="switched off"):
        inbox.receive([LaneChain().next()])
    with pytest.raises(StoreUnavailable):
        inbox.claim(1, NOW_NS, LEASE_NS)
