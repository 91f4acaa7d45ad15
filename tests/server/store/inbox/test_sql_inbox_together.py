"""Several gateways and workers on one database, and what happens when a transaction does not get through."""

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import pytest
from contracts.inbox_contract import DEVICE, LEASE_NS, LaneChain, effect
from natvakt_server.domain.delivery import Arrival, Outcome, Pending, StoreUnavailable
from natvakt_server.domain.estate import DocumentEffect
from natvakt_server.domain.identity import AgentRecord, AgentState, IdentityKey
from natvakt_server.store.estate.agents import SqlAgentRegistry
from natvakt_server.store.estate.reader import SqlEstateReader
from natvakt_server.store.estate.retention import SqlRetention
from natvakt_server.store.estate.tables.delivery import inbox as inbox_table
from natvakt_server.store.estate.tables.delivery import ledger
from natvakt_server.store.estate.transactions import ATTEMPTS
from sqlalchemy import Engine, Table, func, select
from testkit.flaky_database import failing_commits, recorded_statements
from testkit.sql_inbox import SqlInbox, add_site
from testkit.wire import AGENT, EPOCH, NOW_NS

LANES, BATCHES, WORKERS = 12, 5, 4


@pytest.fixture
def inbox(engine: Engine) -> SqlInbox:
    add_site(engine)
    return SqlInbox(engine)


def rows_of(engine: Engine, table: Table) -> int:
    with engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_promise_9_a_transaction_that_aborts_after_the_envelope_leaves_no_row_and_the_repeat_leaves_one(inbox: SqlInbox) -> None:
    item = LaneChain().next()
    with failing_commits(inbox.engine, ATTEMPTS, after=False), pytest.raises(StoreUnavailable):
        inbox.receive([item])
    assert (rows_of(inbox.engine, ledger), rows_of(inbox.engine, inbox_table)) == (0, 0)
    assert list(inbox.marks(AGENT, EPOCH)) == []
    assert list(inbox.receive([item])) == [Arrival.STORED]
    assert (rows_of(inbox.engine, ledger), rows_of(inbox.engine, inbox_table)) == (1, 1)


def test_promise_26_a_commit_whose_answer_is_lost_is_told_as_there_already_and_stored_once(inbox: SqlInbox) -> None:
    with failing_commits(inbox.engine, 1, after=True):
        assert list(inbox.receive(LaneChain().take(3))) == [Arrival.ALREADY_HAVE] * 3
    assert rows_of(inbox.engine, ledger) == 3


@pytest.mark.parametrize("after", [False, True])
def test_promise_26_effects_whose_commit_fails_are_made_once(inbox: SqlInbox, after: bool) -> None:
    inbox.receive([LaneChain().next()])
    (pending,) = inbox.claim(1, NOW_NS, LEASE_NS)
    with failing_commits(inbox.engine, 1, after=after):
        inbox.apply(pending, Outcome([effect(NOW_NS)]), NOW_NS)
    assert list(inbox.claim(1, NOW_NS + 2 * LEASE_NS, LEASE_NS)) == []
    assert [device.agent_devices for device in SqlEstateReader(inbox.engine).devices("acme")] == [(DEVICE,)]


def test_promise_9_gateways_that_get_the_same_batches_at_once_store_each_once(inbox: SqlInbox) -> None:
    items = [batch for lane in range(1, LANES + 1) for batch in LaneChain(lane=lane).take(BATCHES)]
    with ThreadPoolExecutor(WORKERS) as pool:
        answers = [arrival for arrivals in pool.map(inbox.receive, [items] * WORKERS) for arrival in arrivals]
    assert sorted(answers) == sorted([Arrival.STORED] * len(items) + [Arrival.ALREADY_HAVE] * len(items) * (WORKERS - 1))
    assert rows_of(inbox.engine, ledger) == len(items)


def test_workers_at_once_take_other_lanes_apply_each_batch_once_and_keep_the_order(inbox: SqlInbox) -> None:
    for lane in range(1, LANES + 1):
        inbox.receive(LaneChain(lane=lane).take(BATCHES))
    applied: dict[int, list[int]] = defaultdict(list)
    in_hand: set[int] = set()
    guard = Lock()

    def take() -> list[Pending]:
        claimed = list(inbox.claim(7, NOW_NS, LEASE_NS))
        lanes = {pending.incoming.lane for pending in claimed}
        with guard:
            assert not lanes & in_hand, "two workers hold one lane"
            in_hand.update(lanes)
        return claimed

    def work(worker: int) -> None:
        while claimed := take():
            for pending in claimed:
                lane = pending.incoming.lane
                with guard:
                    applied[lane].append(pending.incoming.seq)
                    if pending is [each for each in claimed if each.incoming.lane == lane][-1]:
                        in_hand.discard(lane)  # before the database frees it, so that the next holder finds it free here
                inbox.apply(
                    pending, Outcome([DocumentEffect(f"{DEVICE}-{lane}", "device", NOW_NS, "aa", [{"serial": f"S{lane}"}])]), NOW_NS
                )

    while rows_of(inbox.engine, inbox_table):  # a worker that finds every lane taken goes home; whoever is left goes on
        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(work, range(WORKERS)))
    assert dict(applied) == {lane: list(range(1, BATCHES + 1)) for lane in range(1, LANES + 1)}
    assert len(SqlEstateReader(inbox.engine).devices("acme", "hq")) == LANES


def test_workers_that_meet_one_device_at_once_through_two_agents_make_it_once(inbox: SqlInbox) -> None:
    for lane in range(1, WORKERS + 1):
        inbox.receive([LaneChain(lane=lane).next()])
    claimed = inbox.claim(WORKERS, NOW_NS, LEASE_NS)

    def apply(pending: Pending) -> None:
        name = f"device-{pending.incoming.lane}"
        inbox.apply(pending, Outcome([DocumentEffect(name, "device", NOW_NS, "aa", [{"serial": "FOC1"}])]), NOW_NS)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(apply, claimed))
    (device,) = SqlEstateReader(inbox.engine).devices("acme", "hq")
    assert len(device.agent_devices) == WORKERS


def test_the_worker_that_overslept_its_lease_makes_no_second_effect(inbox: SqlInbox) -> None:
    inbox.receive([LaneChain().next()])
    (mine,) = inbox.claim(1, NOW_NS, LEASE_NS)
    (theirs,) = inbox.claim(1, NOW_NS + LEASE_NS, LEASE_NS)
    assert mine == theirs
    inbox.apply(theirs, Outcome([effect(NOW_NS)]), NOW_NS)
    inbox.apply(mine, Outcome([effect(NOW_NS + 1, ({"sysName": "late"},), "bb")]), NOW_NS)
    inbox.quarantine(mine, "I thought it was broken")
    (device,) = SqlEstateReader(inbox.engine).devices("acme", "hq")
    assert device.name == "hq-acc1"
    assert list(inbox.quarantined()) == []


def test_a_hundred_envelopes_cost_no_more_statements_than_one(inbox: SqlInbox) -> None:
    def cost(count: int, lane: int) -> int:
        items = [LaneChain(lane=lane + number).next() for number in range(count)]
        with recorded_statements(inbox.engine) as record:
            inbox.receive(items)
        return len(record.texts)

    assert cost(100, 100) == cost(1, 1) <= 6


def test_rows_of_a_lane_rise_with_its_seq_however_many_come_at_once(inbox: SqlInbox) -> None:
    items = [batch for lane in (1, 2) for batch in LaneChain(lane=lane).take(300)]
    inbox.receive(items)
    claimed = sorted(inbox.claim(600, NOW_NS, LEASE_NS), key=lambda pending: pending.row)
    assert [pending.incoming for pending in claimed] == items


def test_a_hundred_documents_cost_no_more_statements_than_one(inbox: SqlInbox) -> None:
    def cost(count: int, lane: int) -> int:
        inbox.receive([LaneChain(lane=lane).next()])
        (pending,) = inbox.claim(1, NOW_NS, LEASE_NS)
        documents = [DocumentEffect(f"{lane}-{number}", "interface", NOW_NS, "aa", [{"ifIndex": 1}]) for number in range(count)]
        with recorded_statements(inbox.engine) as record:
            inbox.apply(pending, Outcome(documents), NOW_NS)
        return len(record.texts)

    assert cost(100, 1) == cost(1, 2)


def test_an_applied_batch_tells_when_its_agent_was_seen(inbox: SqlInbox) -> None:
    registry = SqlAgentRegistry(inbox.engine)
    chain = LaneChain()
    inbox.receive(chain.take(2))
    registry.enrol(AgentRecord(AGENT, "acme", "hq", AgentState.ACTIVE, NOW_NS), IdentityKey(AGENT, bytes(32), bytes(32), NOW_NS))
    first, second = inbox.claim(2, NOW_NS, LEASE_NS)
    inbox.apply(first, Outcome(), NOW_NS + 9)
    inbox.apply(second, Outcome(), NOW_NS + 3)
    seen = registry.agent(AGENT)
    assert seen is not None
    assert seen.last_seen_ns == NOW_NS + 9


def test_the_ledger_forgets_old_applied_rows_and_keeps_its_mark(inbox: SqlInbox) -> None:
    chain = LaneChain()
    first, second, third = chain.take(3)
    inbox.receive([first, second, third])
    one, two, _ = inbox.claim(3, NOW_NS, LEASE_NS)
    inbox.apply(one, Outcome(), NOW_NS)
    inbox.quarantine(two, "does not open")
    assert SqlRetention(inbox.engine).expire_ledger(NOW_NS + 1) == 1
    assert list(inbox.receive([first, second, third])) == [Arrival.ALREADY_HAVE] * 3
    assert [mark.seq for mark in inbox.marks(AGENT, EPOCH)] == [3]
