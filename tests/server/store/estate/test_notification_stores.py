"""Stores of notifications over SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import date

import pytest
from natvakt_server.domain.escalation import Begin, Chain, End, Escalation, OnCallCalendar, Person, StandIn, Standing, Step
from natvakt_server.domain.notifying import SENT, WAITING, Queue, Settled
from natvakt_server.notify.routing import message_to
from natvakt_server.store.estate.escalating import SqlEscalations
from natvakt_server.store.estate.escalations import SqlEscalationSettings
from natvakt_server.store.estate.notifications import SqlNotificationSettings
from natvakt_server.store.estate.occasions import SqlAnnouncements, put_occasions
from natvakt_server.store.estate.outbox import SqlOutbox
from natvakt_server.store.estate.transactions import writing
from testkit.notifying import destination, occasion, rule

QUEUE = Queue("d1", "noc@norrsken.example")


@pytest.fixture
def outbox(engine):
    return SqlOutbox(engine)


def announced(engine, outbox, count=1):
    """Occasions that were routed to one recipient, a message each."""
    SqlAnnouncements(engine).announce([occasion(f"i{n}/opened/1", incident=f"i{n}") for n in range(count)])
    stored = outbox.unrouted(count)
    messages = [message_to(each, destination(), QUEUE.recipient, 10, f"m{each.id:04}") for each in stored]
    outbox.route([each.id for each in stored], messages, [])
    return messages


def test_an_occasion_is_kept_as_it_was_told_and_once(engine, outbox):
    told = occasion(facts={"interface": "Gi1/0/1", "value": "år\x00"}, by="olga")
    assert SqlAnnouncements(engine).announce([told, told]) == 1
    assert SqlAnnouncements(engine).announce([told]) == 0
    ((stored),) = outbox.unrouted(10)
    assert replace(stored.told, devices=tuple(stored.told.devices)) == told


def test_an_occasion_goes_with_what_its_writer_writes(engine, outbox):
    def fails(connection):
        put_occasions(connection, [occasion()])
        raise KeyError("the incident could not be written")

    with pytest.raises(KeyError):
        writing(engine, fails)
    assert outbox.unrouted(10) == []


def test_routing_again_puts_nothing_twice(engine, outbox):
    messages = announced(engine, outbox, 3)
    outbox.route([1], [replace(each, id=f"other-{each.id}") for each in messages], [])
    assert [each.id for each in reversed(outbox.messages(10))] == [each.id for each in messages]
    assert outbox.unrouted(10) == []


def test_queues_are_those_with_something_due(engine, outbox):
    messages = announced(engine, outbox, 2)
    assert outbox.queues(9) == []
    assert outbox.queues(10) == [QUEUE]
    assert outbox.due(QUEUE, 10, 10) == messages
    outbox.update([replace(each, state=SENT, sent_ns=20, digest=messages[0].id, detail="a\r\nb") for each in messages])
    assert outbox.queues(30) == []
    assert [each.id for each in outbox.sent_since(QUEUE, 19)] == [messages[0].id]
    assert outbox.sent_since(QUEUE, 20) == []
    assert outbox.messages(1)[0].detail == "a b"
    assert outbox.messages(10, tenant="beta") == []


def test_what_is_settled_comes_back_as_it_was(engine):
    settings = SqlNotificationSettings(engine)
    told = destination(sealed=b"\x00\xff", quiet_from="22:00", quiet_until="06:00", digest_minutes=15)
    for each in (told, replace(told, name="Renamed")):
        settings.put_destination(each)
        assert settings.destinations() == [each]
    settings.put_rule(rule(tenant="acme", site="hq", chain="c1"))
    assert settings.rules() == [rule(tenant="acme", site="hq", chain="c1")]
    assert settings.remove_rule("r1")
    assert not settings.remove_rule("r1")
    assert settings.remove_destination("d1")


def test_chains_and_calendars_come_back_as_they_were(engine):
    settings = SqlEscalationSettings(engine)
    chain = Chain("c1", "Night", (Step(0, (), ("k1",)), Step(10, ("d1",), ())), 60)
    calendar = OnCallCalendar(
        "k1", "Duty", "Europe/Stockholm", date(2026, 11, 2), 7, "08:00", (Person("Åsa", ("d1",)),), (StandIn(1, 2, "Åsa"),)
    )
    settings.put_chain(chain)
    settings.put_calendar(calendar)
    assert (settings.chains(), settings.calendars()) == ([chain], [calendar])
    assert (settings.remove_chain("c1"), settings.remove_calendar("k1")) == (True, True)


def test_a_chain_begins_once_for_an_occasion_ends_and_begins_anew_with_a_later_one(engine, outbox):
    escalations, begun = SqlEscalations(engine), Escalation("i1", "c1", 5, due_ns=10)
    outbox.route([], [], [Begin(begun), Begin(replace(begun, due_ns=99))])
    assert escalations.due(10, 10) == [begun]
    outbox.route([], [], [End("i1", Standing.ACKNOWLEDGED), Begin(begun)])
    assert escalations.due(10, 10) == []
    outbox.route([], [], [Begin(replace(begun, occasion=6))])
    assert escalations.running(["i1"]) == {"i1": [replace(begun, occasion=6)]}


def test_a_step_is_taken_by_one(engine, outbox):
    (message,) = announced(engine, outbox)
    escalations, begun = SqlEscalations(engine), Escalation("i0", "c1", message.occasion, due_ns=10)
    outbox.route([], [], [Begin(begun)])
    told = occasion("i0/escalated/0", incident="i0")
    step = replace(message, id="s1", key="s1", urgent=True)
    assert escalations.step(begun, replace(begun, step=1, due_ns=50), told, [step])
    assert not escalations.step(begun, replace(begun, step=1, due_ns=50), told, [replace(step, id="s2", key="s2")])
    assert escalations.told("i0") == [QUEUE]
    assert [each.id for each in outbox.messages(10) if each.state == WAITING and each.urgent] == ["s1"]


def test_what_is_old_is_forgotten_but_not_what_still_escalates(engine, outbox):
    messages = announced(engine, outbox, 2)
    outbox.route([], [], [Begin(Escalation("i0", "c1", messages[0].occasion, due_ns=10))])
    after_ns = occasion().at_ns + 1
    assert outbox.expire(after_ns) == 1
    outbox.route([], [], [End("i0", Standing.CLEARED)])
    assert outbox.expire(after_ns) == 1
    assert outbox.messages(10) == []


def test_many_are_counted_as_those_that_were_new(engine):
    announcements, many = SqlAnnouncements(engine), [occasion(f"i{n}/opened/1", incident=f"i{n}") for n in range(300)]
    assert announcements.announce(many[:100]) == 100
    assert announcements.announce([*many, many[0]]) == 200
    assert announcements.announce([]) == 0


def test_many_come_to_the_same_end_at_once(engine, outbox):
    messages = announced(engine, outbox, 600)
    outbox.settle([each.id for each in messages], Settled(SENT, sent_ns=20, digest=messages[0].id))
    assert {(each.state, each.attempts, each.digest) for each in outbox.messages(1000)} == {(SENT, 1, messages[0].id)}
    assert len(outbox.sent_since(QUEUE, 19)) == 1
