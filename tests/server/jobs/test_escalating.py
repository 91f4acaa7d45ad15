"""Who is told next as long as nobody acknowledges: chains over a real database."""

from datetime import date

import pytest
from natvakt_server.domain.escalation import Chain, OnCallCalendar, Person, Standing, Step
from natvakt_server.domain.notification import Kind, Severity
from natvakt_server.notify.port import Mail
from testkit.databases import migrated_file
from testkit.notifying import Desk, Recorder, destination, engine, occasion, rule

__all__ = ["engine", "migrated_file"]
MINUTE = 60


@pytest.fixture
def desk(engine):
    """Anna or Bo at once, the boss after ten minutes, the owner after ten more; and once more after an hour."""
    made = Desk(engine, {Mail: Recorder()})
    for name in ("anna", "bo", "boss", "owner"):
        made.settings.put_destination(destination(id=name, name=name, settings={"to": f"{name}@norrsken.example"}))
    people = Person("Anna", ("anna",)), Person("Bo", ("bo",))
    made.chains.put_calendar(OnCallCalendar("duty", "Duty", "Europe/Stockholm", date(2026, 11, 2), 7, "08:00", people))
    made.chains.put_chain(Chain("c1", "Night", (Step(0, (), ("duty",)), Step(10, ("boss",)), Step(10, ("owner",))), repeat_minutes=60))
    made.settings.put_rule(rule(destinations=(), chain="c1", least=Severity.WARNING))
    return made


def told(desk):
    """To whom, what, in order."""
    found = [(each.recipient.partition("@")[0], each.kind.value) for each in reversed(desk.outbox.messages(100))]
    assert {each.state for each in desk.outbox.messages(100)} <= {"sent"}
    return found


def acknowledged(**changes):
    return occasion("i1/acknowledged/1", kind=Kind.ACKNOWLEDGED, by="anna", **changes)


def test_each_step_is_told_in_its_time(desk):
    desk.announce(occasion())
    assert told(desk) == [("bo", "opened")]
    desk.later(9 * MINUTE)
    assert len(told(desk)) == 1
    desk.later(1 * MINUTE)
    assert told(desk)[1:] == [("boss", "escalated")]
    desk.later(10 * MINUTE)
    assert told(desk)[2:] == [("owner", "escalated")]
    desk.later(60 * MINUTE)
    assert told(desk)[3:] == [("bo", "escalated")]


def test_who_is_on_call_is_asked_when_the_step_is_due(desk):
    desk.later(7 * 24 * 60 * MINUTE)
    desk.announce(occasion())
    assert told(desk) == [("anna", "opened")]


def test_an_acknowledgement_ends_it_and_those_who_were_told_hear_of_it(desk):
    desk.announce(occasion())
    desk.later(10 * MINUTE)
    desk.announce(acknowledged())
    assert told(desk)[2:] == [("bo", "acknowledged"), ("boss", "acknowledged")]
    desk.later(24 * 60 * MINUTE)
    assert len(told(desk)) == 4


def test_what_is_over_ends_it(desk):
    desk.announce(occasion())
    desk.announce(occasion("i1/cleared/1", kind=Kind.CLEARED))
    desk.later(24 * 60 * MINUTE)
    assert told(desk) == [("bo", "opened"), ("bo", "cleared")]


def test_an_acknowledgement_that_ran_out_begins_it_anew(desk):
    desk.announce(occasion())
    desk.announce(acknowledged())
    desk.later(60 * MINUTE)
    desk.announce(occasion("i1/released/1", kind=Kind.UPDATED, facts={"acknowledgement": "ended"}))
    desk.later(10 * MINUTE)
    assert told(desk)[2:] == [("bo", "updated"), ("boss", "escalated")]


def test_the_same_occasion_announced_again_begins_nothing_anew(desk):
    desk.announce(occasion())
    desk.announce(acknowledged())
    desk.announce(occasion())
    desk.later(60 * MINUTE)
    assert told(desk) == [("bo", "opened"), ("bo", "acknowledged")]


def test_an_acknowledgement_that_waits_to_be_routed_comes_before_the_step_that_is_due(desk):
    desk.announce(occasion())
    desk.clock.move(10 * MINUTE)
    desk.announce(acknowledged())
    assert ("boss", "escalated") not in told(desk)


def test_a_step_that_reaches_nobody_leads_to_the_next_at_once(desk):
    desk.chains.remove_calendar("duty")
    desk.announce(occasion())
    desk.later(0)
    assert told(desk) == [("boss", "escalated")]


def test_after_a_standstill_the_steps_do_not_all_come_at_once(desk):
    desk.announce(occasion())
    desk.later(10 * 60 * MINUTE)
    assert told(desk)[1:] == [("boss", "escalated")]
    desk.later(1)
    assert len(told(desk)) == 2


def test_a_chain_that_was_removed_ends(desk):
    desk.announce(occasion())
    desk.chains.remove_chain("c1")
    desk.later(10 * MINUTE)
    assert told(desk) == [("bo", "opened")]
    assert desk.escalations.running(["i1"]) == {}


def test_without_repetition_the_last_step_is_the_end(desk):
    desk.chains.put_chain(Chain("c1", "Night", (Step(5, ("boss",)),)))
    desk.announce(occasion())
    desk.later(4 * MINUTE)
    assert told(desk) == []
    desk.later(1 * MINUTE)
    assert told(desk) == [("boss", "opened")]
    assert desk.escalations.running(["i1"]) == {}


@pytest.mark.parametrize("changes", [{"severity": Severity.INFORMATION}, {"kind": Kind.UPDATED}])
def test_what_is_too_light_or_begins_nothing_wakes_nobody(desk, changes):
    desk.announce(occasion(**changes))
    desk.later(60 * MINUTE)
    assert told(desk) == []


def test_two_workers_take_a_step_once(desk):
    desk.announce(occasion())
    desk.clock.move(10 * MINUTE)
    (running,) = desk.escalations.due(desk.clock.now_ns, 10)
    desk.notifier.step()
    assert not desk.escalations.step(running, running, None, [])
    assert [each.standing for each in desk.escalations.running(["i1"])["i1"]] == [Standing.RUNNING]


def test_chains_press_through_quiet_hours(desk):
    desk.settings.put_destination(destination(id="bo", settings={"to": "bo@norrsken.example"}, quiet_from="00:00", quiet_until="23:59"))
    desk.announce(occasion(severity=Severity.WARNING))
    assert told(desk) == [("bo", "opened")]
