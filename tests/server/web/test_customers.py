"""Customers, one customer and its tabs, one site."""

import pytest
from natvakt_server.domain.identity import AgentState
from natvakt_server.domain.series import Line, SeriesKey
from testkit.console import Browser, ConsoleHouse
from testkit.flaky_database import recorded_statements


def test_the_list_has_every_customer_with_state_and_scores(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    house.add_agent()
    house.add_assessment(device_id)
    page = owner.get("/customers").text
    assert "Acme AB" in page
    assert "Beta &amp; Söner" in page
    assert "71.2" in page


@pytest.mark.parametrize("tab", ["", "/devices", "/assessments", "/sites/hq"])
def test_a_customer_who_does_not_exist_is_not_found(owner: Browser, tab: str) -> None:
    assert owner.get(f"/customers/nobody{tab}").status_code == 404


def test_the_sites_of_a_customer_say_what_is_seen(house: ConsoleHouse, owner: Browser) -> None:
    house.add_switch()
    house.add_agent()
    page = owner.get("/customers/acme").text
    assert "Huvudkontoret" in page
    assert "Filialen" in page
    assert 'href="/customers/acme/sites/hq"' in page


def test_a_customer_without_sites_or_devices_is_told_the_next_command(house: ConsoleHouse, owner: Browser) -> None:
    with house.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM site WHERE tenant = 'beta'")
    assert "natvakt-server site add beta/hq" in owner.get("/customers/beta").text
    assert "natvakt-server token issue beta/SITE" in owner.get("/customers/beta/devices").text
    assert "natvakt-server assess run beta/all" in owner.get("/customers/beta/assessments").text


def test_the_devices_of_a_customer_show_their_worst_finding(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    house.add_switch("br-sw", site="branch")
    house.add_assessment(device_id)
    page = owner.get("/customers/acme/devices").text
    row = next(part for part in page.split("<tr>") if "hq-acc1" in part)
    assert "severity-high" in row
    assert "br-sw" in page
    assert "br-sw" not in owner.get("/customers/acme/devices?devices-site=hq").text.split("<tbody>")[1]


def test_a_device_seen_long_ago_is_not_observed(house: ConsoleHouse, owner: Browser) -> None:
    house.tell("old", {"device": [{"name": "old-sw", "poll_address": "10.0.0.9"}]}, age_seconds=3600)
    row = next(part for part in owner.get("/customers/acme/devices").text.split("<tr>") if "old-sw" in part)
    assert "state-not-observed" in row


def test_the_number_of_statements_does_not_grow_with_the_devices(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    house.add_assessment(device_id)
    owner.get("/customers/acme/devices")
    with recorded_statements(house.engine) as few:
        owner.get("/customers/acme/devices")
    for number in range(30):
        house.tell(f"d{number}", {"device": [{"name": f"sw-{number}", "poll_address": f"10.0.1.{number}", "serial": f"N{number}"}]})
    with recorded_statements(house.engine) as many:
        owner.get("/customers/acme/devices")
    assert len(many.texts) == len(few.texts)


def test_a_site_shows_devices_and_how_its_agent_is(house: ConsoleHouse, owner: Browser) -> None:
    house.add_switch()
    house.add_agent()
    house.tell("own-host", {"device": [{"name": "agent-host", "poll_address": "127.0.0.1"}], "agent": [{"version": "0.1.0"}]})
    for name, value in (("spool_bytes", 4_890_464.0), ("spool_batches", 89.0), ("oldest_unacked_seconds", 37_284.0)):
        key = SeriesKey("agent", "own-host", (), name)
        house.series.add("acme", Line(key, [house.clock.now_ns - 1], [value]))
    page = owner.get("/customers/acme/sites/hq").text
    assert "89 batches, 4.7\u00a0MiB" in page
    assert "10\u00a0h 21\u00a0min" in page
    assert "more than ten minutes old" in page
    assert "Certificate ends" in page
    assert "hq-acc1" in page


def test_a_site_without_an_agent_names_the_next_command(owner: Browser) -> None:
    assert "natvakt-server token issue acme/branch" in owner.get("/customers/acme/sites/branch").text


def test_two_agents_at_a_site_are_not_told_apart_by_their_numbers(house: ConsoleHouse, owner: Browser) -> None:
    house.add_agent("agent-1")
    house.add_agent("agent-2")
    house.tell("own-host", {"device": [{"name": "agent-host"}]})
    house.series.add("acme", Line(SeriesKey("agent", "own-host", (), "spool_batches"), [house.clock.now_ns - 1], [5.0]))
    assert "5 batches" not in owner.get("/customers/acme/sites/hq").text


def test_a_revoked_agent_does_not_stand_at_the_site(house: ConsoleHouse, owner: Browser) -> None:
    house.add_agent(state=AgentState.REVOKED)
    assert "No agent at this site yet" in owner.get("/customers/acme/sites/hq").text
