"""The worker over stores in memory: each batch has its effects exactly once, and nothing it is given stops it."""

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.domain.identity import AgentState
from natvakt_server.ingest.limits import IngestLimits
from natvakt_wire.batch import Table
from natvakt_wire.signing import fingerprint
from testkit.gateway import DAY_NS, HOUR_NS, SECOND_NS, AgentSide, Line, batch_message, document, octets
from testkit.inbox import Crashed
from testkit.wire import AGENT, BOOT_ID, NOW_NS, identity_key

OLD_BOOT = bytes(15) + b"o"
TWO_PARTS = json.dumps([{"sysName": "x" * 500}]).encode()


@pytest.fixture
def agent() -> AgentSide:
    return AgentSide()


@pytest.fixture
def line(agent: AgentSide) -> Line:
    return Line(agent)


def deliver(line: Line, agent: AgentSide, *envelopes) -> None:
    talk = line.open(agent)
    talk.say(*map(batch_message, envelopes))
    line.gateway.disconnect(talk.session)


def times(line: Line) -> list[int]:
    return sorted(point[-1] for point in line.series.points)


def parts(body: bytes, pieces: int) -> list:
    size = -(-len(body) // pieces)
    return [document(body[n * size : (n + 1) * size], digest=sha256(body).digest(), part=n, parts=pieces) for n in range(pieces)]


def test_a_batch_becomes_points_and_documents(line: Line, agent: AgentSide) -> None:
    deliver(line, agent, agent.envelope(octets(5), documents=[document()]))
    line.work()
    assert line.series.points == {("acme", "interface", "dev-1", (("ifIndex", "1"),), "ifHCInOctets", NOW_NS): 5}
    assert line.inbox.documents["acme", "hq", "dev-1", "device"].rows == [{"sysName": "hq-acc1"}]
    assert line.ingest_tally["batches.applied"] == 1
    assert line.ingest_tally["points.written"] == 1


def test_the_points_of_many_batches_are_written_at_once(line: Line, agent: AgentSide) -> None:
    deliver(line, agent, *(agent.envelope() for _ in range(20)))
    line.work()
    assert line.series.writes == 1
    assert len(line.series.points) == 20


def test_a_group_is_no_larger_than_its_limit(agent: AgentSide) -> None:
    line = Line(agent, ingest=IngestLimits(values_per_write=2))
    deliver(line, agent, *(agent.envelope() for _ in range(5)))
    line.work()
    assert line.series.writes == 3
    assert len(line.series.points) == 5


@pytest.mark.parametrize(
    "place", ["series.written", "apply.torn", "apply.before-commit", "apply.after-commit", "claim.before-commit", "claim.after-commit"]
)
def test_promise_4_a_crash_anywhere_and_a_second_run_leave_what_one_run_leaves(agent: AgentSide, place: str) -> None:
    def run(crash_at: str | None) -> Line:
        side = AgentSide()
        line = Line(side)
        deliver(line, side, *(side.envelope(documents=[document(observed_ns=NOW_NS + n)]) for n in range(3)))

        def crash(reached: str) -> None:
            if reached == crash_at:
                raise Crashed(reached)

        line.inbox.crash = line.series.crash = crash
        if crash_at:
            with pytest.raises(Crashed):
                line.work()
        line.inbox.crash = line.series.crash = lambda _place: None
        line.restart()
        line.clock.advance(line.ingest_limits.lease_ns / 1e9 + 1)
        line.work()
        return line

    undisturbed, crashed = run(None), run(place)
    assert crashed.series.points == undisturbed.series.points
    assert crashed.inbox.documents == undisturbed.inbox.documents
    assert set(crashed.inbox.apply_counts.values()) == {1}


def test_promise_5_what_came_twice_has_its_effects_once(line: Line, agent: AgentSide) -> None:
    envelope = agent.envelope(documents=[document()])
    deliver(line, agent, envelope)
    line.work()
    deliver(line, agent, envelope)
    line.work()
    assert line.inbox.apply_counts == {1: 1}


def test_promise_24_while_the_time_series_are_away_the_worker_backs_off_and_loses_nothing(line: Line, agent: AgentSide) -> None:
    deliver(line, agent, *(agent.envelope() for _ in range(3)))
    line.series.away = True
    waits = [line.worker.step().wait_ns // SECOND_NS for _ in range(8)]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert [row.state for row in line.inbox.rows.values()] == ["pending"] * 3
    line.series.away = False
    line.work()
    assert len(line.series.points) == 3
    assert set(line.inbox.apply_counts.values()) == {1}


def test_an_inbox_that_is_away_makes_the_worker_wait(line: Line) -> None:
    line.inbox.away = True
    assert line.worker.step().wait_ns == SECOND_NS
    line.inbox.away = False
    assert line.worker.step().wait_ns == line.ingest_limits.idle_ns


def test_promise_25_good_points_are_stored_and_bad_ones_quarantined_with_their_reason(line: Line, agent: AgentSide) -> None:
    line.series.reject = lambda measurement: "field type conflict" if measurement == "cpu" else None
    deliver(line, agent, agent.envelope(octets(), octets(measurement="cpu")), agent.envelope())
    line.work()
    assert {point[1] for point in line.series.points} == {"interface"}
    (entry,) = line.inbox.quarantined("acme")
    assert (entry.points, entry.reason) == (1, "field type conflict")
    assert line.ingest_tally["batches.applied"] == 2
    line.series.reject = lambda _measurement: None
    assert line.inbox.replay(entry.row)
    line.work()
    assert {point[1] for point in line.series.points} == {"interface", "cpu"}


def test_promise_25_a_batch_the_store_chokes_on_never_blocks_the_queue(line: Line, agent: AgentSide) -> None:
    line.series.indigestible = frozenset({2})
    deliver(line, agent, *(agent.envelope() for _ in range(4)))
    line.work()
    assert len(line.series.points) == 3
    assert [(entry.seq, entry.reason) for entry in line.inbox.quarantined()] == [(2, "internal error: ValueError")]


def test_a_batch_whose_effects_cannot_be_stored_never_blocks_the_queue(line: Line, agent: AgentSide) -> None:
    apply = line.inbox.apply

    def choking(pending, outcome, seen_ns):
        if pending.incoming.seq == 1:
            raise ValueError("a mistake in the store")
        apply(pending, outcome, seen_ns)

    line.inbox.apply = choking
    deliver(line, agent, agent.envelope(), agent.envelope())
    line.work()
    assert [row.state for row in line.inbox.rows.values()] == ["quarantined", "applied"]


# -- clocks ------------------------------------------------------------------------------------------------------------


def test_promise_20_a_batch_of_a_frozen_clock_is_re_dated_by_its_boot(line: Line, agent: AgentSide) -> None:
    deliver(line, agent, agent.envelope(octets(time_ns=7), clock_trusted=False, closed_wall_ns=10, closed_monotonic_ns=20 * SECOND_NS))
    line.work()
    assert times(line) == [NOW_NS - 30 * SECOND_NS - 3]
    (row,) = line.inbox.rows.values()
    assert row.offset_ns == NOW_NS - 30 * SECOND_NS - 10
    assert not row.incoming.clock_trusted


def test_promise_20_the_offset_is_on_the_ledger_before_any_point_and_a_replay_uses_it(line: Line, agent: AgentSide) -> None:
    def crash(reached: str) -> None:
        if reached == "series.written":
            assert line.inbox.rows[1].offset_ns is not None
            raise Crashed(reached)

    deliver(line, agent, agent.envelope(octets(time_ns=7), clock_trusted=False, closed_wall_ns=10, closed_monotonic_ns=20 * SECOND_NS))
    line.series.crash = crash
    with pytest.raises(Crashed):
        line.work()
    written = dict(line.series.points)
    line.series.crash = lambda _place: None
    boot = line.inbox.boot_clocks[AGENT, BOOT_ID]
    line.inbox.learn_boot_clock(replace(boot, started_wall_ns=boot.started_wall_ns + HOUR_NS))
    line.restart()
    line.clock.advance(line.ingest_limits.lease_ns / 1e9 + 1)
    line.work()
    assert line.series.points == written


def test_promise_20_a_batch_of_a_boot_nobody_knows_is_held_and_its_lane_goes_on(line: Line, agent: AgentSide) -> None:
    untrusted = agent.envelope(
        octets(time_ns=7), boot_id=OLD_BOOT, clock_trusted=False, closed_wall_ns=10, closed_monotonic_ns=20 * SECOND_NS
    )
    deliver(line, agent, untrusted, agent.envelope())
    line.work()
    assert [row.state for row in line.inbox.rows.values()] == ["held", "applied"]
    deliver(line, agent, agent.envelope(boot_id=OLD_BOOT, closed_wall_ns=NOW_NS - HOUR_NS, closed_monotonic_ns=60 * SECOND_NS))
    line.work()
    assert [row.state for row in line.inbox.rows.values()] == ["applied"] * 3
    assert times(line)[0] == NOW_NS - HOUR_NS - 40 * SECOND_NS - 3


def test_promise_20_after_seven_days_without_a_clock_it_goes_to_the_quarantine(line: Line, agent: AgentSide) -> None:
    deliver(line, agent, agent.envelope(boot_id=OLD_BOOT, clock_trusted=False))
    line.work()
    line.clock.advance(7 * DAY_NS / 1e9)
    line.work()
    assert line.inbox.rows[1].state == "held"
    line.clock.advance(3601)
    line.work()
    assert [entry.reason for entry in line.inbox.quarantined()] == ["the clock of its boot did not become known in time"]


def test_promise_19_documents_of_an_untrusted_clock_are_re_dated_too_and_never_beat_newer_ones(line: Line, agent: AgentSide) -> None:
    newer = document(b'[{"sysName":"new"}]', observed_ns=NOW_NS)
    older = document(b'[{"sysName":"old"}]', observed_ns=NOW_NS + 10 * 365 * DAY_NS)
    ahead = {"clock_trusted": False, "closed_wall_ns": NOW_NS + 10 * 365 * DAY_NS, "closed_monotonic_ns": 20 * SECOND_NS}
    deliver(line, agent, agent.envelope(documents=[newer]), agent.envelope(documents=[older], **ahead))
    line.work()
    assert line.inbox.documents["acme", "hq", "dev-1", "device"].rows == [{"sysName": "new"}]


def test_promise_19_a_trusted_batch_that_is_ahead_of_the_server_teaches_no_boot_clock(line: Line, agent: AgentSide) -> None:
    deliver(line, agent, agent.envelope(boot_id=OLD_BOOT, closed_wall_ns=NOW_NS + DAY_NS))
    line.work()
    assert line.inbox.boot_clock(AGENT, OLD_BOOT) is None


def test_promise_21_points_too_old_or_in_the_future_are_quarantined_and_counted(line: Line, agent: AgentSide) -> None:
    ages = (octets(time_ns=NOW_NS - 401 * DAY_NS), octets(time_ns=NOW_NS + HOUR_NS), octets())
    deliver(line, agent, agent.envelope(*ages, documents=[document(observed_ns=NOW_NS + HOUR_NS)]))
    line.work()
    assert times(line) == [NOW_NS]
    assert line.inbox.documents == {}
    assert line.ingest_tally["points.rejected.older than the retention"] == 1
    assert line.ingest_tally["points.rejected.in the future"] == 1
    assert [entry.points for entry in line.inbox.quarantined()] == [3]
    line.work()
    assert line.inbox.apply_counts == {1: 1}


# -- what cannot be used -----------------------------------------------------------------------------------------------


def _wrong_signature(line: Line) -> None:
    raw = identity_key(9).public_key().public_bytes_raw()
    line.directory.keys[AGENT] = [replace(line.directory.keys[AGENT][0], public_key=raw)]


def _key_never_registered(line: Line) -> None:
    line.directory.keys.clear()


def _key_replaced(line: Line) -> None:
    line.directory.keys[AGENT] = [replace(line.directory.keys[AGENT][0], not_after_ns=NOW_NS - 1)]


def _no_private_key(line: Line) -> None:
    line.opening_keys.keys.clear()


def _compromised(line: Line) -> None:
    line.directory.set_state(AGENT, AgentState.REVOKED, "key-compromise: laptop stolen")


def _other_row(line: Line) -> None:
    row = line.inbox.rows[1]
    row.incoming = replace(row.incoming, seq=2, last_seq=2)


def _torn(line: Line) -> None:
    row = line.inbox.rows[1]
    row.incoming = replace(row.incoming, envelope=row.incoming.envelope[:-1])


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (_wrong_signature, "BadSignature"),
        (_key_never_registered, "never registered"),
        (_key_replaced, "after it was replaced"),
        (_no_private_key, "no private key"),
        (_compromised, "was revoked: key-compromise"),
        (_other_row, "not the one its ledger row names"),
        (_torn, "Malformed"),
    ],
)
def test_promise_45_what_does_not_verify_or_open_is_quarantined_and_can_be_played_again(
    line: Line, agent: AgentSide, damage: Callable[[Line], None], reason: str
) -> None:
    deliver(line, agent, agent.envelope())
    damage(line)
    line.work()
    assert line.series.points == {}
    (entry,) = line.inbox.quarantined()
    assert reason in entry.reason
    assert line.ingest_tally["batches.quarantined"] == 1


def test_promise_60_what_a_retired_agent_sent_before_its_revocation_is_applied(line: Line, agent: AgentSide) -> None:
    deliver(line, agent, agent.envelope())
    line.directory.set_state(AGENT, AgentState.REVOKED, "retired")
    line.work()
    assert len(line.series.points) == 1


def test_an_identity_key_that_was_replaced_still_opens_what_was_signed_in_its_time(line: Line, agent: AgentSide) -> None:
    deliver(line, agent, agent.envelope())
    (key,) = line.directory.keys[AGENT]
    raw = identity_key(5).public_key().public_bytes_raw()
    line.directory.keys[AGENT] = [replace(key, not_after_ns=NOW_NS + 1), replace(key, public_key=raw, fingerprint=fingerprint(raw))]
    line.work()
    assert len(line.series.points) == 1


def test_promise_44_a_batch_that_lies_about_its_inside_is_quarantined(line: Line, agent: AgentSide) -> None:
    deliver(line, agent, agent.envelope(plain=b"\xff" * 100), agent.envelope())
    line.work()
    assert [row.state for row in line.inbox.rows.values()] == ["quarantined", "applied"]


def test_promise_44_an_agent_that_makes_up_series_without_end_is_stopped_at_its_quota(agent: AgentSide) -> None:
    line = Line(agent, ingest=IngestLimits(series_per_agent=100))

    def flood(start: int) -> Table:
        rows = range(start, start + 1000)
        return Table("interface", ["d"] * 1000, [NOW_NS] * 1000, {"ifIndex": [str(row) for row in rows]}, {"ifHCInOctets": list(rows)})

    deliver(line, agent, *(agent.envelope(flood(start)) for start in range(0, 5000, 1000)))
    line.work()
    series = {point[3] for point in line.series.points}
    assert 100 <= len(series) <= 102
    assert line.ingest_tally["points.rejected.over the agent's series quota"] == 5000 - len(series)
    deliver(line, agent, agent.envelope(flood(0)))
    line.work()
    assert {point[3] for point in line.series.points} == series


@pytest.mark.parametrize(
    "table",
    [
        replace(octets(), measurement="drop table"),
        replace(octets(), measurement="x" * 65),
        replace(octets(), tags={"a\x00b": ["1"]}),
        replace(octets(), tags={f"t{n}": ["1"] for n in range(9)}),
        replace(octets(), tags={"ifIndex": ["x" * 257]}),
        replace(octets(), devices=["../../x"]),
        replace(octets(), fields={"<script>": [1]}),
    ],
)
def test_promise_39_names_that_no_honest_agent_sends_become_no_series(line: Line, agent: AgentSide, table: Table) -> None:
    deliver(line, agent, agent.envelope(table))
    line.work()
    assert line.series.points == {}
    assert line.ingest_tally["points.rejected.a name that cannot be stored"] == 1


def test_text_in_a_series_is_left_out_and_the_numbers_beside_it_are_kept(line: Line, agent: AgentSide) -> None:
    deliver(line, agent, agent.envelope(replace(octets(), fields={"ifHCInOctets": [1], "ifAlias": ["uplink"]})))
    line.work()
    assert [point[4] for point in line.series.points] == ["ifHCInOctets"]
    assert line.ingest_tally["points.rejected.not a number"] == 1


# -- documents ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_document_in_parts_is_applied_when_the_last_part_has_come(line: Line, agent: AgentSide, order: tuple[int, ...]) -> None:
    pieces = parts(TWO_PARTS, 3)
    for number, piece in enumerate(order):
        assert line.inbox.documents == {}
        deliver(line, agent, agent.envelope(lane=number + 1, documents=[pieces[piece]]))
        line.work()
    assert line.inbox.documents["acme", "hq", "dev-1", "device"].rows == json.loads(TWO_PARTS)
    assert line.inbox.document_parts == {}


def test_parts_in_one_batch_and_parts_in_one_group_of_batches_find_each_other(line: Line, agent: AgentSide) -> None:
    first, second, third = parts(TWO_PARTS, 3)
    deliver(line, agent, agent.envelope(documents=[first, second]), agent.envelope(documents=[third]))
    line.work()
    assert line.inbox.documents["acme", "hq", "dev-1", "device"].rows == json.loads(TWO_PARTS)


def test_a_part_that_came_twice_counts_once(line: Line, agent: AgentSide) -> None:
    first, second = parts(TWO_PARTS, 2)
    deliver(line, agent, agent.envelope(documents=[first]), agent.envelope(documents=[first]))
    line.work()
    assert line.inbox.documents == {}
    deliver(line, agent, agent.envelope(documents=[second]))
    line.work()
    assert len(line.inbox.documents) == 1


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (document(digest=bytes(32)), "does not have the digest"),
        (document(b"not json"), "is not JSON"),
        (document(b"[" * 100_000), "is not JSON"),
        (document(b'{"a":1}'), "not an array of rows"),
        (document(b"[1]"), "not an array of rows"),
        (document(parts=1000), "not possible"),
        (document(kind="no such\nkind"), "a name that cannot be stored"),
        (document(device="<b>"), "a name that cannot be stored"),
    ],
)
def test_a_document_that_is_not_what_it_says_is_left_out_with_its_reason(line: Line, agent: AgentSide, bad, reason: str) -> None:
    deliver(line, agent, agent.envelope(documents=[bad, document(kind="component")]))
    line.work()
    assert [key[3] for key in line.inbox.documents] == ["component"]
    (entry,) = line.inbox.quarantined()
    assert reason in entry.reason


def test_still_the_same_confirms_the_document(line: Line, agent: AgentSide) -> None:
    same = replace(document(observed_ns=NOW_NS + 5), unchanged=True, body=b"")
    deliver(line, agent, agent.envelope(documents=[document()]), agent.envelope(documents=[same]))
    line.work()
    kept = line.inbox.documents["acme", "hq", "dev-1", "device"]
    assert (kept.observed_ns, kept.confirmed_ns) == (NOW_NS, NOW_NS + 5)


@given(st.permutations([0, 1, 2, 3]))
def test_newest_observation_wins_whatever_lane_brings_it(order: list[int]) -> None:
    agent = AgentSide()
    line = Line(agent)
    for lane, age in enumerate(order):
        deliver(line, agent, agent.envelope(lane=lane + 1, documents=[document(f'[{{"n":{age}}}]'.encode(), observed_ns=NOW_NS + age)]))
        line.work()
    assert line.inbox.documents["acme", "hq", "dev-1", "device"].rows == [{"n": 3}]
