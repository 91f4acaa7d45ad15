"""From an occasion to the person: rules, outbox and a real SMTP server on loopback."""

import pytest
from natvakt_server.domain.incidents import Cause
from natvakt_server.domain.notification import Kind, Severity
from natvakt_server.notify.port import HttpCall, Mail, Unavailable
from natvakt_server.notify.routing import message_to
from natvakt_server.notify.words import CAUSES
from testkit.databases import migrated_file
from testkit.notifying import Desk, Recorder, by_mail, destination, engine, occasion, rule
from testkit.postbox import postbox

__all__ = ["engine", "migrated_file", "postbox"]


@pytest.fixture
def desk(engine, postbox):
    made = Desk(engine, by_mail(postbox.port))
    made.settings.put_destination(destination())
    made.settings.put_rule(rule())
    return made


def test_an_occasion_becomes_a_mail(desk, postbox):
    desk.announce(occasion())
    ((sender, recipients, mail),) = postbox.taken
    assert (sender, recipients) == ("natvakt@norrsken.example", ["noc@norrsken.example"])
    assert mail["Subject"] == "[Critical] Acme, HQ: device does not answer: sw-01 (+12)"
    text = mail.get_content()
    assert "Devices: sw-01, ap-01" in text
    assert "Silent because of it: 12" in text
    assert "https://noc.example/acme/i1" in text
    assert desk.told() == [("opened", "sent", 1)]


def test_the_same_occasion_announced_again_is_one_mail(desk, postbox):
    desk.announce(occasion(), occasion())
    desk.announce(occasion())
    assert len(postbox.taken) == 1


def test_two_rules_that_lead_to_one_place_make_one_mail(desk, postbox):
    desk.settings.put_rule(rule(id="r2", name="Acme", tenant="acme"))
    desk.announce(occasion())
    assert len(postbox.taken) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"tenant": "other"},
        {"site": "elsewhere"},
        {"least": Severity.CRITICAL},
        {"kinds": (Kind.CLEARED,)},
        {"enabled": False},
        {"destinations": ("gone",)},
    ],
)
def test_a_rule_that_does_not_apply_tells_nobody(desk, postbox, changes):
    desk.settings.put_rule(rule(**changes))
    desk.announce(occasion(severity=Severity.WARNING))
    assert postbox.taken == []
    assert desk.outbox.unrouted(10) == [], "and is not looked at again"


def test_ten_thousand_occasions_in_a_minute_are_a_few_mails(desk, postbox):
    """Some hundreds here; `test_pacing` plans ten thousand."""
    for second in range(4):
        desk.announcements.announce([occasion(f"i{second}-{n}/opened/1", incident=f"i{second}-{n}") for n in range(60)])
        desk.later(1)
    for _ in range(3):
        desk.later(30)
    assert {state for _, state, _ in desk.told()} == {"sent"}
    assert len(postbox.taken) <= 3
    subjects = [mail["Subject"] for _, _, mail in postbox.taken]
    assert subjects[0].startswith("[60 messages] Critical 60: Acme")
    assert subjects[1].startswith("[180 messages] Critical 180: Acme")
    assert len(postbox.taken[1][2].get_content().splitlines()) < 35


def test_a_server_that_takes_the_mail_and_then_falls_silent_gets_it_once_more_under_the_same_id(engine, postbox):
    desk = Desk(engine, by_mail(postbox.port, timeout_seconds=0.2))
    desk.settings.put_destination(destination())
    desk.settings.put_rule(rule())
    postbox.silent = True
    desk.announce(occasion())
    assert desk.told() == [("opened", "waiting", 1)]
    assert "said nothing for" in desk.outbox.messages(1)[0].detail
    postbox.silent = False
    desk.later(9)
    assert len(postbox.taken) == 1, "not before its time"
    desk.later(2)
    assert desk.told() == [("opened", "sent", 2)]
    first, second = (mail["Message-ID"] for _, _, mail in postbox.taken)
    assert first == second


def test_a_server_that_takes_the_mail_and_grumbles_at_the_farewell_has_taken_it(desk, postbox):
    postbox.farewell = "421 shutting down"
    desk.announce(occasion())
    assert desk.told() == [("opened", "sent", 1)]
    assert len(postbox.taken) == 1


def test_what_is_not_taken_for_a_day_is_given_up_with_the_reason(desk, engine):
    away = Desk(engine, {Mail: Recorder(Unavailable("mail.example:25 cannot be reached"))})
    away.announce(occasion())
    for _ in range(4):
        away.later(6 * 3600)
    ((_, state, _),) = away.told()
    assert state == "failed"
    assert "cannot be reached" in away.outbox.messages(1)[0].detail


def test_what_the_other_side_asks_for_is_waited(engine):
    desk = Desk(engine, {Mail: Recorder(Unavailable("answers 429", 600))})
    desk.settings.put_destination(destination())
    desk.settings.put_rule(rule())
    desk.announce(occasion())
    assert desk.outbox.messages(1)[0].not_before_ns == desk.clock.now_ns + 600_000_000_000


def test_one_destination_that_is_away_does_not_hold_another(engine, postbox):
    desk = Desk(engine, {**by_mail(postbox.port), HttpCall: Recorder(Unavailable("slack.example cannot be reached"))})
    desk.settings.put_destination(destination())
    desk.settings.put_destination(destination(id="d2", name="Chat", channel="slack", settings={"url": "https://slack.example/x"}))
    desk.settings.put_rule(rule(destinations=("d2", "d1")))
    desk.announce(occasion())
    assert len(postbox.taken) == 1
    assert sorted(state for _, state, _ in desk.told()) == ["sent", "waiting"]


@pytest.mark.parametrize("how", ["removed", "off", "channel"])
def test_a_destination_that_is_gone_is_told_as_the_reason(desk, postbox, how):
    desk.announcements.announce([occasion()])
    desk.notifier.parts.outbox.route([1], [message_to(desk.outbox.unrouted(1)[0], destination(), "noc@norrsken.example", 1, "m1")], [])
    if how == "removed":
        desk.settings.remove_destination("d1")
    else:
        desk.settings.put_destination(destination(enabled=how != "off", channel="fax" if how == "channel" else "mail"))
    desk.notifier.step()
    assert postbox.taken == []
    assert desk.told()[0][1] == "failed"
    assert desk.outbox.messages(1)[0].detail


def test_quiet_hours_wait_and_end_in_one_mail(desk, postbox):
    desk.settings.put_destination(destination(quiet_from="00:00", quiet_until="23:59"))
    told = [occasion(f"i{n}/opened/1", incident=f"i{n}", severity=Severity.WARNING) for n in range(3)]
    desk.announce(*told, occasion("i9/opened/1", incident="i9"))
    assert [mail["Subject"][:10] for _, _, mail in postbox.taken] == ["[Critical]"]
    desk.settings.put_destination(destination())
    desk.later(24 * 3600)
    assert postbox.taken[1][2]["Subject"].startswith("[3 messages] Warning 3")


def test_swedish(desk, postbox):
    desk.settings.put_destination(destination(language="sv"))
    desk.announce(occasion(), occasion("i1/cleared/1", kind=Kind.CLEARED))
    assert [mail["Subject"] for _, _, mail in postbox.taken] == [
        "[Kritiskt] Acme, HQ: enheten svarar inte: sw-01 (+12)",
        "[Över] Acme, HQ: enheten svarar inte: sw-01 (+12)",
    ]


def test_every_cause_of_monitoring_has_words():
    assert {cause.value for cause in Cause} <= set(CAUSES)


def test_old_occasions_are_forgotten_with_their_messages(desk):
    desk.announce(occasion())
    desk.announcements.announce([occasion("i2/opened/1", incident="i2")])
    assert desk.outbox.expire(desk.clock.now_ns + 1) == 1
    assert desk.told() == []
    assert len(desk.outbox.unrouted(10)) == 1, "what nobody was told of stays"


def test_a_destination_that_is_away_is_asked_once_a_wait_and_not_once_a_message(engine):
    away = Recorder(Unavailable("mail.example:25 cannot be reached"))
    away.asked = 0

    def send(outgoing):
        away.asked += 1
        raise away.error

    away.send = send
    desk = Desk(engine, {Mail: away})
    desk.settings.put_destination(destination())
    desk.settings.put_rule(rule())
    desk.announce(*(occasion(f"i{n}/opened/1", incident=f"i{n}") for n in range(4)))
    for _ in range(9):
        desk.later(1)
    assert away.asked == 1
    assert sorted(attempts for _, _, attempts in desk.told()) == [0, 0, 0, 1]
    desk.later(1)
    assert away.asked == 2


def test_what_the_server_cannot_make_is_set_aside_with_the_reason_and_holds_nothing_up(desk, postbox):
    desk.settings.put_destination(destination(id="d2", name="Broken", time_zone="Europe/Nowhere"))
    desk.settings.put_rule(rule(destinations=("d2", "d1")))
    desk.announce(occasion())
    assert len(postbox.taken) == 1
    assert sorted(desk.told()) == [("opened", "sent", 1), ("opened", "waiting", 1)]
    (held,) = [each for each in desk.outbox.messages(10) if each.state == "waiting"]
    assert "ZoneInfoNotFoundError" in held.detail
    assert held.not_before_ns > desk.clock.now_ns
