"""How much one recipient is told at once."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from natvakt_server.domain.notification import Kind, Severity
from natvakt_server.domain.notifying import SENT
from natvakt_server.notify.pacing import BURST, BURST_OF_INCIDENTS, MINUTE_NS, WINDOW_NS, plan
from testkit.channels import message
from testkit.console import MovingClock
from testkit.notifying import destination, occasion

NOW = MovingClock().now_ns


def due(count, first=0, age_ns=0, **changes):
    told = occasion(**{"severity": Severity.WARNING, **changes})
    return [
        replace(message(told, number), id=f"m{number:06}", incident=changes.get("incident", f"i{number}"), created_ns=NOW - age_ns)
        for number in range(first, first + count)
    ]


def planned(waiting, recent=(), *, follows_incidents=False, now_ns=NOW, **changes):
    return plan(destination(**changes), waiting, recent, now_ns, follows_incidents=follows_incidents)


def gone(messages, digest=""):
    return [replace(each, state=SENT, sent_ns=NOW, digest=digest) for each in messages]


def test_few_are_told_one_by_one():
    made = planned(due(BURST))
    assert (len(made.singles), len(made.digest)) == (BURST, 0)


def test_many_are_one_digest():
    made = planned(due(10_000))
    assert (len(made.singles), len(made.digest)) == (0, 10_000)


def test_after_a_digest_the_next_waits_for_its_minute():
    first = due(1)
    made = planned(due(400, first=10), gone(first, digest=first[0].id))
    assert (made.singles, made.digest, len(made.postponed)) == ((), (), 400)
    assert {each.not_before_ns for each in made.postponed} == {NOW + WINDOW_NS}


def test_one_more_than_the_burst_waits_alone():
    made = planned(due(1, first=10), gone(due(BURST)))
    assert [each.not_before_ns for each in made.postponed] == [NOW + WINDOW_NS]


def test_in_quiet_hours_only_what_presses_goes_out():
    waiting = due(3) + due(1, first=3, severity=Severity.CRITICAL) + [replace(each, urgent=True) for each in due(1, first=4)]
    made = planned(waiting, quiet_from="00:00", quiet_until="23:59")
    assert [each.id for each in made.singles] == ["m000003", "m000004"]
    assert len(made.postponed) == 3
    assert all(each.not_before_ns > NOW for each in made.postponed)


def test_what_waited_through_the_night_goes_out_as_one():
    made = planned([*due(4, age_ns=6 * 60 * MINUTE_NS), *due(1, first=9)])
    assert [len(made.singles), len(made.digest)] == [1, 4]


def test_a_digest_time_gathers_from_the_first_one_on():
    waiting = due(2, age_ns=9 * MINUTE_NS) + due(1, first=5)
    assert {each.not_before_ns for each in planned(waiting, digest_minutes=15).postponed} == {NOW + 6 * MINUTE_NS}
    made = planned(due(3, age_ns=15 * MINUTE_NS), digest_minutes=15)
    assert len(made.digest) == 3


def test_systems_with_incidents_of_their_own_are_told_each_change():
    waiting = [*due(3, kind=Kind.OPENED), *due(3, first=10, kind=Kind.CLEARED)]
    made = planned(waiting, follows_incidents=True)
    assert (len(made.singles), made.digest) == (6, ())


def test_what_was_over_before_it_could_be_told_is_not_told_there():
    waiting = [*due(1, kind=Kind.OPENED, incident="i1"), *due(1, first=1, kind=Kind.CLEARED, incident="i1"), *due(1, first=2)]
    made = planned(waiting, follows_incidents=True)
    assert [each.id for each in made.singles] == ["m000002"]
    assert {each.detail for each in made.settled} == {"over before it could be told"}


def test_an_end_is_told_where_the_beginning_was_tried_already():
    opened = [replace(each, attempts=1) for each in due(1, kind=Kind.OPENED, incident="i1")]
    assert len(planned([*opened, *due(1, first=1, kind=Kind.CLEARED, incident="i1")], follows_incidents=True).singles) == 2


def test_too_many_openings_are_one_there_too():
    made = planned(due(10_000, kind=Kind.OPENED), follows_incidents=True)
    assert (len(made.singles), len(made.digest)) == (0, 10_000)


@settings(max_examples=25)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=40), st.booleans())
def test_a_minute_never_brings_more_than_the_bound_and_nothing_is_lost(arrivals, follows):
    """Seconds between arrivals; the sender looks every second, as the worker does."""
    clock, waiting, sent, number = NOW, [], [], 0
    arriving = [NOW + sum(arrivals[: index + 1]) * 1_000_000_000 // 10 for index in range(len(arrivals))]
    until = arriving[-1] + 10 * MINUTE_NS
    while clock < until and (waiting or number < len(arriving)):
        while number < len(arriving) and arriving[number] <= clock:
            waiting += [replace(each, created_ns=clock, not_before_ns=clock) for each in due(1, first=number, kind=Kind.OPENED)]
            number += 1
        ready = [each for each in waiting if each.not_before_ns <= clock]
        recent = [each for each in sent if each.sent_ns > clock - WINDOW_NS and each.digest in ("", each.id)]
        made = plan(destination(), ready, recent, clock, follows_incidents=follows)
        sent += [replace(each, sent_ns=clock) for each in made.singles]
        sent += [replace(each, sent_ns=clock, digest=made.digest[0].id) for each in made.digest]
        away = {each.id for each in (*made.singles, *made.digest)}
        later = {each.id: each for each in made.postponed}
        waiting = [later.get(each.id, each) for each in waiting if each.id not in away]
        clock += 1_000_000_000
        within = [each for each in sent if each.sent_ns > clock - WINDOW_NS and each.digest in ("", each.id)]
        assert len(within) <= (BURST_OF_INCIDENTS if follows else BURST + 1)
    assert len({each.id for each in sent}) == len(sent) == len(arrivals)
