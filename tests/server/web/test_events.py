"""The pages of events: of a device and of a customer, and who changed a configuration as its log told."""

import pytest
from testkit.configuration_history import tell_configuration
from testkit.configurations import IOS
from testkit.console import Browser, ConsoleHouse
from testkit.events import CONFIGURED, tell_event

AGENT_DEVICE = "acme-hq-hq-acc1"
HOSTILE = '<script>alert(1)</script> =cmd|" /C calc"!A0'


@pytest.fixture
def device_id(house: ConsoleHouse) -> str:
    return house.add_switch(ports=2)


def page(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.text


def test_a_device_shows_what_it_said(engineer: Browser, house: ConsoleHouse, device_id: str) -> None:
    tell_event(house, AGENT_DEVICE, message="Interface Gi1/0/3, changed state to down", count=4)
    shown = page(engineer, f"/customers/acme/devices/{device_id}/events")
    assert "LINK-3-UPDOWN" in shown
    assert "Interface Gi1/0/3, changed state to down" in shown
    assert f"/customers/acme/devices/{device_id}/events" in page(engineer, f"/customers/acme/devices/{device_id}")


def test_a_customer_shows_all_and_names_strangers_by_their_address(engineer: Browser, house: ConsoleHouse, device_id: str) -> None:
    tell_event(house, AGENT_DEVICE, message="of the switch")
    tell_event(house, AGENT_DEVICE, message="of a stranger", source="10.9.9.9", known=False)
    shown = page(engineer, "/customers/acme/events")
    assert "of the switch" in shown
    assert "10.9.9.9 (not a known device)" in shown
    assert "of a stranger" not in page(engineer, f"/customers/acme/devices/{device_id}/events")
    assert "/customers/acme/events" in page(engineer, "/customers/acme")


def test_without_one_the_page_says_what_to_do(engineer: Browser, device_id: str) -> None:
    shown = page(engineer, f"/customers/acme/devices/{device_id}/events")
    assert "No event has been heard." in shown
    assert "[listen]" in shown


def test_promise_39_a_hostile_message_is_text_here_and_in_the_export(engineer: Browser, house: ConsoleHouse, device_id: str) -> None:
    tell_event(house, AGENT_DEVICE, message=HOSTILE, name="=cmd")
    shown = page(engineer, f"/customers/acme/devices/{device_id}/events")
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown
    exported = page(engineer, f"/customers/acme/devices/{device_id}/events?csv=events")
    assert "'=cmd" in exported


def test_another_customers_events_stay_its_own(engineer: Browser, house: ConsoleHouse, device_id: str) -> None:
    tell_event(house, AGENT_DEVICE, message="of acme")
    assert "of acme" not in page(engineer, "/customers/beta/events")
    assert engineer.get(f"/customers/beta/devices/{device_id}/events").status_code == 404


def test_who_changed_a_configuration_is_known_from_the_log(engineer: Browser, house: ConsoleHouse, device_id: str) -> None:
    newer = IOS.replace("description desk 1", "description desk by the door")
    tell_configuration(house, AGENT_DEVICE, IOS, age_seconds=7200)
    tell_configuration(house, AGENT_DEVICE, newer, age_seconds=600)
    tell_event(house, AGENT_DEVICE, age_seconds=1200, **CONFIGURED)
    newest = house.ports.configurations.configurations("acme", device_id)[0].id
    shown = page(engineer, f"/customers/acme/devices/{device_id}/configurations/{newest}")
    assert "the device's log" in shown.replace("&#39;", "'")
    assert ">bo<" in page(engineer, f"/customers/acme/devices/{device_id}/configurations")
