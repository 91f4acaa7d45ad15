"""The agent's half of the protocol, message by message, on a simulated spool."""

from dataclasses import replace

import pytest
from natvakt_agent.link.core import LinkState
from natvakt_agent.link.flow import SECOND_NS, Backoff, FlowWindow
from natvakt_wire.envelope import FIRST_PREVIOUS, LaneClass
from natvakt_wire.limits import MAX_SEALED_BYTES, WINDOW_BYTES
from natvakt_wire.v1 import uplink_pb2
from testkit.simulation_link import NONCE, LinkBench
from testkit.simulation_spool import SMALL_SPOOL, SpoolBench

METRICS = 3
EVENTS = 1


def _appended(link: LinkBench, count: int, lane_class: LaneClass = LaneClass.METRICS, size: int = 300) -> list[bytes]:
    digests = [link.bench.append(lane_class, size) for _ in range(count)]
    link.driver.appended()
    return digests


def test_a_session_begins_with_one_hello_that_tells_epoch_nonce_lanes_and_clock() -> None:
    link = LinkBench.begin()
    _appended(link, 3)
    hello = link.greet()
    assert (hello.protocol, hello.epoch, hello.resume_nonce, hello.policy_version) == (1, link.spool.epoch, b"", 7)
    assert (hello.boot_id, hello.wall_ns) == (link.bench.clock.boot_id, link.bench.clock.wall_ns())
    (offer,) = hello.lanes
    assert (offer.lane, offer.lane_class, offer.oldest_seq, offer.next_seq) == (METRICS, uplink_pb2.LANE_CLASS_METRICS, 1, 4)
    assert len(link.sent) == 1, "nothing is sent before the Welcome"
    link.welcome()
    assert link.spool.resume_nonce == NONCE
    assert link.places == [(METRICS, 1), (METRICS, 2), (METRICS, 3)]


def test_a_batch_appended_while_the_session_is_open_is_sent_at_once() -> None:
    link = LinkBench.begin()
    link.open()
    _appended(link, 1, LaneClass.EVENTS)
    assert link.places == [(EVENTS, 1)]


def test_promise_49_an_ack_that_names_another_epoch_or_a_digest_we_do_not_have_changes_nothing_but_the_alarm() -> None:
    link = LinkBench.begin()
    digests = _appended(link, 3)
    link.open()
    link.ack(METRICS, 3, bytes(32))
    link.ack(METRICS, 3, digests[2], epoch=bytes(16))
    link.ack(METRICS, 9, digests[2])
    lane = link.spool.index.lane(METRICS)
    assert lane is not None
    assert lane.acked_through == 0
    assert link.driver.counts["alarm.ack-refused"] == 3
    link.ack(METRICS, 3, digests[2])
    assert lane.acked_through == 3


def test_promise_5_after_lost_acks_the_servers_marks_stand_for_them_and_nothing_is_sent_twice() -> None:
    link = LinkBench.begin()
    digests = _appended(link, 5)
    link.open()
    link.driver.disconnected("RST")
    link.open((METRICS, 4, digests[3]))
    assert link.places == [(METRICS, 5)]


def test_promise_6_an_orderly_stop_while_the_server_is_away_removes_nothing() -> None:
    link = LinkBench.begin()
    _appended(link, 20)
    for _ in range(50):
        link.pass_time(30)
        link.driver.disconnected("connection refused")
    link.spool.maintain()
    link.spool.close()
    again = LinkBench(link.bench, link.bench.open())
    assert link.bench.missing() == []
    again.open()
    assert again.places == [(METRICS, seq) for seq in range(1, 21)]


def test_promise_7_after_thirty_days_away_and_a_restart_everything_from_the_first_minute_arrives() -> None:
    link = LinkBench.begin()
    for _ in range(30):
        _appended(link, 2)
        link.bench.clock.advance(86_400)
        link.spool.maintain()
    link.spool.close()
    again = LinkBench(link.bench, link.bench.open())
    again.open()
    places: list[tuple[int, int]] = []
    while again.places[len(places) :]:
        places = again.places
        lane, seq, digest = next(batch for batch in link.bench.durable if batch[:2] == places[-1])
        again.ack(lane, seq, digest)
    assert places == [(METRICS, seq) for seq in range(1, 61)]


def test_promise_27_a_server_behind_its_own_acks_gets_them_again() -> None:
    link = LinkBench.begin()
    digests = _appended(link, 6)
    link.open()
    link.ack(METRICS, 6, digests[5])
    link.driver.disconnected("RST")
    link.open((METRICS, 2, digests[1]))
    assert link.places == [(METRICS, 3), (METRICS, 4), (METRICS, 5), (METRICS, 6)]
    assert "server-restored" in link.driver.alarms


def test_promise_27_a_server_that_lost_the_lane_altogether_gets_it_from_the_beginning() -> None:
    link = LinkBench.begin()
    digests = _appended(link, 2)
    link.open()
    link.ack(METRICS, 2, digests[1])
    link.driver.disconnected("RST")
    link.open((METRICS, 0, FIRST_PREVIOUS))
    assert link.places == [(METRICS, 1), (METRICS, 2)]


@pytest.mark.parametrize("mark", [(METRICS, 2, bytes(32)), (METRICS, 9, bytes(32))], ids=["other-digest", "beyond-us"])
def test_promise_43_a_mark_that_is_not_ours_means_a_clone_or_a_snapshot_and_stops_the_link(mark: tuple[int, int, bytes]) -> None:
    link = LinkBench.begin()
    _appended(link, 3)
    link.open(mark)
    assert link.places == []
    assert "fenced" in link.driver.alarms
    link.pass_time(600)
    assert link.connects == 1, "it asks again only now and then"


def test_promise_43_a_fenced_agent_keeps_everything_and_asks_again_after_a_quarter_of_an_hour() -> None:
    link = LinkBench.begin()
    _appended(link, 3)
    link.open()
    link.fenced()
    assert link.core.refusal == "fenced: a clone"
    assert link.bench.missing() == []
    link.pass_time(14 * 60)
    assert link.connects == 1
    link.pass_time(2 * 60)
    assert link.connects == 2


def test_promise_41_a_fork_nack_stops_the_session() -> None:
    link = LinkBench.begin()
    _appended(link, 2)
    link.open()
    link.nack(METRICS, 1, uplink_pb2.NACK_REASON_FORK)
    assert link.driver.state is LinkState.WAITING
    assert "fenced" in link.driver.alarms
    assert link.bench.missing() == []


def test_a_revoked_agent_stops_and_says_so() -> None:
    link = LinkBench.begin()
    link.open()
    link.nack(0, 0, uplink_pb2.NACK_REASON_REVOKED)
    assert "revoked" in link.driver.alarms
    assert link.driver.state is LinkState.WAITING


def test_promise_17_retry_after_is_obeyed_and_the_lane_begins_again_behind_its_last_ack() -> None:
    link = LinkBench.begin()
    digests = _appended(link, 4)
    link.open()
    link.ack(METRICS, 1, digests[0])
    for seq in (2, 3, 4):
        link.nack(METRICS, seq, uplink_pb2.NACK_REASON_RETRY_AFTER, 5_000)
    sent = len(link.places)
    link.pass_time(4.9)
    assert len(link.places) == sent
    link.pass_time(0.2)
    assert link.places[sent:] == [(METRICS, 2), (METRICS, 3), (METRICS, 4)]


def test_promise_17_a_server_that_goes_away_at_once_again_and_again_is_not_hammered() -> None:
    link = LinkBench.begin()
    for _ in range(3_600):
        link.pass_time(1)
        if link.driver.state is not LinkState.WAITING:
            link.driver.connected()
            link.welcome()
            link.driver.disconnected("GOAWAY")
    assert link.connects < 40


def test_promise_17_a_server_that_ends_every_session_after_a_minute_is_come_back_to_quickly() -> None:
    link = LinkBench.begin()
    for _ in range(60):
        link.open()
        link.pass_time(61)
        link.driver.disconnected("GOAWAY")
        begun = link.bench.clock.monotonic_ns()
        while link.driver.state is LinkState.WAITING:
            link.pass_time(0.5)
        assert SECOND_NS / 2 <= link.bench.clock.monotonic_ns() - begun <= 4 * SECOND_NS
        link.driver.disconnected("again")


def test_quota_pauses_the_lane_for_a_minute_at_least() -> None:
    link = LinkBench.begin()
    _appended(link, 1)
    link.open()
    link.nack(METRICS, 1, uplink_pb2.NACK_REASON_QUOTA, 1)
    link.pass_time(59)
    assert len(link.places) == 1
    link.pass_time(2)
    assert len(link.places) == 2


def test_a_poisoned_batch_is_never_sent_again_and_the_lane_goes_on() -> None:
    link = LinkBench.begin()
    digests = _appended(link, 3)
    link.open()
    link.ack(METRICS, 1, digests[0])
    link.nack(METRICS, 2, uplink_pb2.NACK_REASON_POISON, digest=digests[1])
    assert "poison" in link.driver.alarms
    link.driver.disconnected("RST")
    link.open((METRICS, 2, digests[1]))
    assert link.places == [(METRICS, 3)]


def test_a_poison_nack_for_a_digest_that_is_not_ours_is_refused() -> None:
    link = LinkBench.begin()
    _appended(link, 1)
    link.open()
    link.nack(METRICS, 1, uplink_pb2.NACK_REASON_POISON, digest=bytes(32))
    assert link.spool.index.live(LaneClass.METRICS).acked_through == 0
    assert "ack-refused" in link.driver.alarms


def test_at_most_a_window_of_batches_is_under_way() -> None:
    link = LinkBench.begin()
    digests = _appended(link, 30)
    link.open(window_batches=5)
    live_and_backlog = link.places
    assert len(live_and_backlog) <= 5
    link.ack(METRICS, 2, digests[1])
    assert len(link.places) <= 7


def test_promise_12_after_an_outage_live_data_goes_to_a_new_lane_and_never_waits_behind_the_backlog() -> None:
    link = LinkBench.begin()
    old = _appended(link, 200)
    link.open()
    assert link.places
    assert all(lane == METRICS for lane, _ in link.places)
    _appended(link, 1)
    assert link.places[-1] == (METRICS + 3, 1), "a fresh batch leaves at once, though 200 are waiting"
    link.ack(METRICS, 10, old[9])
    assert link.core.in_flight <= 32


def test_flapping_lines_do_not_make_lanes_without_end() -> None:
    link = LinkBench.begin()
    for _ in range(30):
        _appended(link, 10)
        link.open()
        link.driver.disconnected("RST")
    assert len(list(link.spool.index)) <= 6


def test_promise_15_a_half_open_stream_is_given_up_after_a_minute_without_an_answer() -> None:
    link = LinkBench.begin()
    _appended(link, 1)
    link.open()
    link.pass_time(59)
    assert link.driver.state is LinkState.OPEN
    link.pass_time(2)
    assert link.driver.state is LinkState.WAITING
    assert link.hung_up == 1


def test_a_record_that_turns_out_damaged_is_replaced_by_its_gap_record_in_the_same_session() -> None:
    bench = SpoolBench.simulated(11, replace(SMALL_SPOOL, wal_bytes=1))
    link = LinkBench(bench, bench.open())
    _appended(link, 3)
    disk = link.bench.disk
    link.spool.maintain()
    link.spool.close()
    name = next(name for name in disk.names() if name.startswith("metrics"))
    place = disk.read(name).rfind(b"seq=2,")
    disk.flip_bit(name, place * 8)  # type: ignore[attr-defined]
    again = LinkBench(link.bench, link.bench.open())
    again.open()
    assert again.places == [(METRICS, 1), (METRICS, 3)]
    assert any(message.HasField("gap") for message in again.sent)


def test_unexpected_messages_end_the_session_and_nothing_else() -> None:
    link = LinkBench.begin()
    _appended(link, 1)
    link.greet()
    link.ack(METRICS, 1, bytes(32))
    assert link.driver.state is LinkState.WAITING
    assert link.bench.missing() == []


def test_policy_and_commands_are_handed_on() -> None:
    link = LinkBench.begin()
    link.open()
    message = uplink_pb2.ServerMessage(policy=uplink_pb2.SignedPolicy(body=b"{}", signature=b"s"))
    link.driver.received(message)
    assert link.delivered == [message]


def test_nothing_is_sent_when_the_nonce_cannot_be_made_durable() -> None:
    link = LinkBench.begin()
    _appended(link, 1)
    disk = link.bench.disk
    disk.faults.read_only = True  # type: ignore[attr-defined]
    link.open()
    assert link.places == []
    assert link.driver.state is LinkState.WAITING
    assert link.spool.resume_nonce == b""


def test_backoff_rises_to_five_minutes_and_never_below_a_second() -> None:
    backoff = Backoff(lambda: 0.0)
    waits = [backoff.next_ns() / SECOND_NS for _ in range(12)]
    assert waits[0] >= 1
    assert waits == sorted(waits)
    assert waits[-1] == 150
    backoff.succeeded()
    assert backoff.next_ns() / SECOND_NS == waits[0]


def test_promise_16_the_window_grows_on_a_quick_line_and_shrinks_on_a_slow_one() -> None:
    window = FlowWindow()
    for _ in range(200):
        window.acked(200_000, SECOND_NS)
    assert window.bytes_now == WINDOW_BYTES
    assert window.batch_bytes == MAX_SEALED_BYTES
    for _ in range(20):
        window.acked(200_000, 11 * SECOND_NS)
    assert window.bytes_now == window.batch_bytes == 16 * 1024
