"""The screen of notifications: what is written into its forms is what the worker then sends by."""

import re

import pytest
from natvakt_server.domain.notification import Kind, Severity
from natvakt_server.notify.channels import ALL, CHANNELS
from natvakt_server.notify.sealing import SecretOpener
from natvakt_server.store.estate.tables import metadata
from sqlalchemy import select
from testkit.channels import CANARY, SECRETS, SETTINGS, target
from testkit.console import NOTIFICATION_PRIVATE

COMMON = {
    "language": "sv",
    "time_zone": "Europe/Stockholm",
    "quiet_from": "22:00",
    "quiet_until": "06:30",
    "digest_minutes": "15",
    "enabled": "1",
}
BASE = "https://receiver.example"


@pytest.fixture
def browser(house):
    return house.browser(house.engineer)


@pytest.fixture
def stored(house):
    return house.ports.notifying


def written(channel):
    held = target(channel, BASE)
    fields = {f"setting-{name}": value for name, value in {**held.settings, **held.secrets}.items()}
    return {"channel": channel, "name": f"My {channel}", **COMMON, **fields}


def add(browser, channel="mail", **changes):
    return browser.post("/notifications/destinations/new", {**written(channel), **changes})


@pytest.mark.parametrize("channel", [each.name for each in ALL])
def test_every_channel_can_be_written_down_and_its_secrets_never_come_back(browser, stored, channel):
    assert browser.get(f"/notifications/destinations/new?channel={channel}").status_code == 200
    assert add(browser, channel).status_code == 303
    (made,) = stored.settings.destinations()
    held = target(channel, BASE)
    assert made.settings == dict(held.settings)
    assert SecretOpener(NOTIFICATION_PRIVATE)(made) == dict(held.secrets)
    assert (made.quiet_from, made.quiet_until, made.digest_minutes, made.enabled) == ("22:00", "06:30", 15, True)
    page = browser.get(f"/notifications/destinations/{made.id}").text
    assert CANARY not in page + repr(made) + browser.get("/notifications/destinations").text
    assert CANARY.encode() not in (made.sealed or b"")


@pytest.mark.parametrize("channel", [name for name in CHANNELS if SECRETS[name]])
def test_secrets_stay_as_they_are_while_none_is_written(browser, stored, channel):
    add(browser, channel)
    (before,) = stored.settings.destinations()
    empty = {f"setting-{name}": "" for name in SECRETS[channel]}
    assert browser.post(f"/notifications/destinations/{before.id}", {**written(channel), **empty, "name": "Renamed"}).status_code == 303
    (after,) = stored.settings.destinations()
    assert (after.name, after.sealed) == ("Renamed", before.sealed)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": " "}, "Write a name"),
        ({"time_zone": "Europe/Nowhere"}, "no such time zone"),
        ({"quiet_from": "25:00"}, "Write a time"),
        ({"quiet_until": ""}, "Write both times"),
        ({"digest_minutes": "-1"}, "whole number"),
        ({"setting-to": "nobody"}, "mail addresses"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_kept(browser, stored, changes, says):
    answer = add(browser, **changes)
    assert answer.status_code == 400
    assert says in answer.text
    assert stored.settings.destinations() == []


def test_a_test_is_put_for_every_recipient_and_shows_in_the_list(browser, house, stored):
    add(browser, **{"setting-to": "a@norrsken.example, b@norrsken.example"})
    (made,) = stored.settings.destinations()
    answer = browser.post(f"/notifications/destinations/{made.id}/test", {})
    assert answer.status_code == 303
    messages = stored.log.messages(10)
    assert sorted(each.recipient for each in messages) == ["a@norrsken.example", "b@norrsken.example"]
    assert all(each.urgent for each in messages)
    page = browser.get("/notifications").text
    assert "Test" in page
    assert "Waiting" in page
    assert house.audited("destination-test")


def test_a_rule_says_who_hears_of_what(browser, stored):
    add(browser)
    (destination,) = stored.settings.destinations()
    fields = {
        "name": "Acme",
        "place": "acme/hq",
        "least": "critical",
        "kinds": ["opened", "cleared"],
        "destinations": [destination.id],
        "enabled": "1",
    }
    assert browser.post("/notifications/rules/new", fields).status_code == 303
    (rule,) = stored.settings.rules()
    assert (rule.tenant, rule.site, rule.least, rule.kinds) == ("acme", "hq", Severity.CRITICAL, (Kind.OPENED, Kind.CLEARED))
    assert rule.destinations == (destination.id,)
    assert "acme/hq" in browser.get("/notifications/rules").text
    assert browser.post(f"/notifications/rules/{rule.id}", {**fields, "enabled": ""}).status_code == 303
    assert not stored.settings.rules()[0].enabled
    assert browser.post(f"/notifications/rules/{rule.id}/remove", {}).status_code == 303
    assert stored.settings.rules() == []


@pytest.mark.parametrize(("place", "says"), [("nobody", "no such customer"), ("acme/elsewhere", "no such site")])
def test_a_rule_for_a_place_that_is_not_there_is_refused(browser, stored, place, says):
    answer = browser.post("/notifications/rules/new", {"name": "x", "place": place, "least": "warning"})
    assert (answer.status_code, says in answer.text) == (400, True)
    assert stored.settings.rules() == []


def test_a_rule_that_tells_nobody_is_refused(browser):
    answer = browser.post("/notifications/rules/new", {"name": "x", "place": "", "least": "warning", "kinds": ["opened"]})
    assert "Choose at least one destination" in answer.text


def test_a_calendar_and_a_chain_over_it(browser, stored, house):
    add(browser)
    (destination,) = stored.settings.destinations()
    calendar = {"name": "Duty", "time_zone": "Europe/Stockholm", "first_day": "2026-11-02", "turn_days": "7", "handover": "08:00"}
    people = {"person-0": "Anna", "where-0": [destination.id], "person-1": "Bo", "where-1": [destination.id]}
    assert browser.post("/notifications/on-call/new", {**calendar, **people}).status_code == 303
    (made,) = stored.chains.calendars()
    assert [person.name for person in made.people] == ["Anna", "Bo"]
    stand_in = {"stand-in-0": "Bo", "from-0": "2027-01-01T08:00", "until-0": "2027-01-02T08:00"}
    assert browser.post(f"/notifications/on-call/{made.id}", {**calendar, **people, **stand_in}).status_code == 303
    assert [each.name for each in stored.chains.calendars()[0].stand_ins] == ["Bo"]
    page = browser.get(f"/notifications/on-call/{made.id}").text
    assert "2027-01-01T08:00" in page
    assert re.search(r"<ol class=\"turns\"><li><b>(Anna|Bo)</b>", page)

    steps = {
        "after-0": "0",
        "who-0": [f"calendar:{made.id}"],
        "after-2": "15",
        "who-2": [f"destination:{destination.id}", "destination:gone"],
    }
    assert browser.post("/notifications/chains/new", {"name": "Night", **steps, "repeat_minutes": "60"}).status_code == 303
    (chain,) = stored.chains.chains()
    assert [(step.after_minutes, step.calendars, step.destinations) for step in chain.steps] == [
        (0, (made.id,), ()),
        (15, (), (destination.id,)),
    ]
    assert "Duty (on call) → +15 min My mail" in browser.get("/notifications/chains").text
    assert browser.get(f"/notifications/chains/{chain.id}").status_code == 200
    for path in (f"chains/{chain.id}", f"on-call/{made.id}", f"destinations/{destination.id}"):
        assert browser.post(f"/notifications/{path}/remove", {}).status_code == 303
    assert (stored.chains.chains(), stored.chains.calendars(), stored.settings.destinations()) == ([], [], [])


@pytest.mark.parametrize(
    ("path", "fields", "says"),
    [
        ("chains", {"name": "x"}, "at least one step"),
        ("on-call", {"name": "x"}, "no such time zone"),
        ("on-call", {"name": "x", "time_zone": "UTC", "first_day": "yesterday"}, "Write a day"),
        ("on-call", {"name": "x", "time_zone": "UTC", "first_day": "2026-11-02", "turn_days": "0"}, "whole number"),
        (
            "on-call",
            {"name": "x", "time_zone": "UTC", "first_day": "2026-11-02", "turn_days": "7", "handover": "08:00"},
            "at least one person",
        ),
        ("on-call", {"person-0": "Anna"}, "how each person hears"),
    ],
)
def test_half_a_chain_or_calendar_is_refused(browser, path, fields, says):
    answer = browser.post(f"/notifications/{path}/new", fields)
    assert (answer.status_code, says in answer.text) == (400, True)


def test_swedish(house):
    house.accounts.put_user(house.add_user("sven", "engineer", language="sv"))
    page = house.browser(house.accounts.user_by_name("sven")).get("/notifications/rules").text
    assert "Ingen regel leder någonstans än." in page


def test_settings_of_the_testkit_are_those_of_the_channels():
    assert set(SETTINGS) == set(CHANNELS)


def test_promise_56_no_secret_of_a_destination_is_in_the_database(browser, house):
    for channel in CHANNELS:
        assert add(browser, channel).status_code == 303
    with house.engine.connect() as connection:
        rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table))]
    assert len(rows) > len(CHANNELS)
    assert not [row for row in rows if any(CANARY in (cell.decode("latin-1") if isinstance(cell, bytes) else str(cell)) for cell in row)]


def test_what_was_typed_is_still_there_after_a_refusal_and_secrets_are_not(browser):
    page = add(browser, "ntfy", time_zone="Europe/Nowhere", quiet_from="21:15", language="en").text
    for typed in ('value="Europe/Nowhere"', 'value="21:15"', 'value="My ntfy"', '<option value="en" selected>'):
        assert typed in page
    assert CANARY not in page
    calendar = {"name": "Duty", "time_zone": "Europe/Nowhere", "turn_days": "3", "handover": "07:45", "first_day": "2026-12-01"}
    page = browser.post("/notifications/on-call/new", calendar).text
    assert all(f'value="{typed}"' in page for typed in calendar.values())
