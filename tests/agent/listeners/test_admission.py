"""Who is listened to, and how much: by a list of sources and by rates; alike events become one."""

from hypothesis import given
from hypothesis import strategies as st
from natvakt_agent.listeners import admission, folding
from natvakt_agent.listeners.addresses import spelled
from natvakt_agent.listeners.admission import Admission, Bucket, Rates
from natvakt_agent.listeners.folding import WINDOW_NS, Folding
from natvakt_agent.listeners.messages import Heard

SECOND = 1_000_000_000
RATES = Rates(10, 20, 50, 100)


def door(**changes):
    values = {"addresses": ["192.0.2.1", "2001:db8::1"], "networks": ["10.0.0.0/8"], "rates": RATES, "longest_octets": 1000}
    return Admission(**(values | changes))


def test_targets_and_named_networks_are_heard_and_nobody_else():
    judged = {source: door().judge(source, 10, 0) for source in ("192.0.2.1", "2001:db8::1", "10.200.1.1", "192.0.2.2", "2001:db8::2")}
    assert list(judged.values()) == [True, True, True, False, False]


def test_an_address_has_one_spelling():
    assert [spelled(text) for text in ("::ffff:192.0.2.1", "2001:DB8::0:1", "fe80::1%eth0")] == ["192.0.2.1", "2001:db8::1", "fe80::1"]


def test_promise_37_strangers_and_long_messages_take_nothing_from_others_and_fill_no_memory():
    here = door()
    for number in range(10_000):
        here.judge(f"172.16.{number % 250}.{number % 199}", 10, number)
        here.judge("192.0.2.1", 9999, number)
    assert here.counts == {"source-not-allowed": 10_000, "too-long": 10_000}
    assert not here._sources
    assert here.judge("192.0.2.1", 10, 0)


def test_promise_37_one_source_in_flood_leaves_the_others_their_share():
    here = door()
    taken = [here.judge("10.0.0.1", 10, at * SECOND // 1000) for at in range(10_000)]
    assert sum(taken) in (119, 120)
    assert here.judge("10.0.0.2", 10, 10 * SECOND)


def test_promise_37_all_together_have_a_rate_and_buckets_are_bounded():
    here = door()
    judged = [here.judge(f"10.0.{number // 200}.{number % 200}", 10, 0) for number in range(2 * admission.MOST_SOURCES)]
    assert sum(judged) == 100
    assert here.counts["total-rate"] == 2 * admission.MOST_SOURCES - 100
    assert len(here._sources) == admission.MOST_SOURCES


@given(st.lists(st.integers(0, 10 * SECOND), min_size=1, max_size=200), st.floats(0.1, 100), st.floats(1, 50))
def test_a_bucket_never_gives_more_than_its_burst_and_its_rate(pauses, rate, burst):
    bucket, now, taken = Bucket(rate, burst), 0, 0
    for pause in pauses:
        now += pause
        taken += bucket.take(now)
    assert taken <= burst + rate * now / SECOND + 1e-6


def test_a_clock_that_goes_back_gives_nothing():
    bucket = Bucket(1, 1)
    assert bucket.take(100 * SECOND)
    assert not bucket.take(0)


def event(at=0, message="down", **changes):
    values = {"source": "192.0.2.1", "heard_ns": at, "kind": "syslog", "name": "LINK-3-UPDOWN", "severity": 3, "message": message}
    return Heard(**(values | changes))


def test_what_is_said_again_is_told_twice_with_its_count():
    fold = Folding()
    assert fold.add(event()) == [event()]
    assert [fold.add(event(at)) for at in (1, 2, 3)] == [[], [], []]
    assert fold.due(WINDOW_NS - 1) == []
    assert fold.due(WINDOW_NS) == [event(3, count=3)]
    assert fold.add(event(WINDOW_NS)) == [event(WINDOW_NS)]


def test_what_differs_and_every_changed_configuration_is_told_at_once():
    fold = Folding()
    others = [event(), event(message="up"), event(source="192.0.2.2"), event(name="X-1-Y"), event(kind="trap")]
    assert [fold.add(each) for each in others] == [[each] for each in others]
    change = event(is_change=True)
    assert [fold.add(change), fold.add(change)] == [[change], [change]]


@given(st.lists(st.tuples(st.integers(0, 30 * SECOND), st.sampled_from("abc")), max_size=80))
def test_no_event_is_lost_by_folding(steps):
    fold, now, told = Folding(), 0, []
    for pause, message in steps:
        now += pause
        told += fold.add(event(now, message))
    told += fold.rest()
    for message in "abc":
        assert sum(each.count for each in told if each.message == message) == sum(message == said for _, said in steps)


def test_folding_is_bounded():
    fold = Folding()
    for number in range(2 * folding.MOST_KINDS):
        fold.add(event(0, str(number)))
    assert len(fold._runs) == folding.MOST_KINDS
