"""A device's configurations: what was read, what changed, whether it could be put back, and who may see the text."""

import pytest
from testkit.configuration_history import tell_configuration
from testkit.configurations import IOS
from testkit.console import Browser, ConsoleHouse
from testkit.flaky_database import recorded_statements

AGENT_DEVICE = "acme-hq-hq-acc1"
DAY = 86_400.0
NEWER = IOS.replace("description desk 1", "description desk by the door").replace("by anna", "by bo").replace("14:23:11", "15:00:00")


@pytest.fixture
def device_id(house: ConsoleHouse) -> str:
    """A switch that was changed yesterday and not saved since."""
    device_id = house.add_switch(ports=2)
    tell_configuration(house, AGENT_DEVICE, IOS, IOS, age_seconds=3 * DAY)
    tell_configuration(house, AGENT_DEVICE, NEWER, IOS, age_seconds=DAY)
    return device_id


def place(device_id: str, *rest: object, tenant: str = "acme") -> str:
    return "/".join([f"/customers/{tenant}/devices/{device_id}/configurations", *map(str, rest)])


def page(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.text


def newest(house: ConsoleHouse, device_id: str) -> int:
    return house.ports.configurations.configurations("acme", device_id)[0].id


def test_the_history_tells_versions_with_their_authors(engineer: Browser, device_id: str) -> None:
    shown = page(engineer, place(device_id))
    assert [shown.count(f">{name}</td>") for name in ("bo", "anna")] == [1, 2]
    assert "Compare with the one before" in shown
    assert "2026-11-23 14:23" in shown


def test_what_runs_and_is_not_saved_is_said(engineer: Browser, house: ConsoleHouse, device_id: str) -> None:
    assert "What runs is not what is saved." in page(engineer, place(device_id))
    tell_configuration(house, AGENT_DEVICE, NEWER, NEWER)
    shown = page(engineer, place(device_id))
    assert "What runs is saved." in shown
    assert "Changes are not saved" not in shown


def test_the_newest_text_is_judged(engineer: Browser, house: ConsoleHouse, device_id: str) -> None:
    shown = page(engineer, place(device_id))
    assert "other serial number: FCW0000A0AA" in shown.replace("another", "other")
    house.tell(AGENT_DEVICE, {"component": [{"index": 1, "class": "chassis", "serial": "FCW0000A0AA"}]}, age_seconds=1)
    shown = page(engineer, place(device_id))
    assert "Whole, and of this device." in shown
    assert "Secrets that have to be typed in again: 1." in shown
    assert "Changes are not saved: a restart would lose them." in shown


def test_a_reading_that_was_cut_off_is_told_beside_the_good_one(engineer: Browser, house: ConsoleHouse, device_id: str) -> None:
    tell_configuration(house, AGENT_DEVICE, IOS[:900], complete=False, reason="no prompt within 60 s", age_seconds=600)
    shown = page(engineer, place(device_id))
    assert "The newest reading was cut off" in shown
    assert "no prompt within 60 s" in shown
    assert "cut off" in shown


def test_a_device_without_one_says_what_to_do(engineer: Browser, house: ConsoleHouse) -> None:
    shown = page(engineer, place(house.add_switch()))
    assert "No configuration has been read from this device." in shown
    assert "natvakt-agent credentials add" in shown


def test_the_page_of_the_device_leads_here(engineer: Browser, device_id: str) -> None:
    assert place(device_id) in page(engineer, f"/customers/acme/devices/{device_id}")


def test_a_text_is_shown_with_its_numbers(engineer: Browser, house: ConsoleHouse, device_id: str) -> None:
    shown = page(engineer, place(device_id, newest(house, device_id)))
    number = NEWER.splitlines().index(" description desk by the door") + 1
    assert f'<li id="L{number}"> description desk by the door</li>' in shown
    assert "&lt;natvakt:snmp-community" in shown


@pytest.mark.parametrize("view", ["side", "unified", "no-such-view"])
def test_the_difference_names_section_and_lines_on_both_sides(engineer: Browser, house: ConsoleHouse, device_id: str, view: str) -> None:
    shown = page(engineer, place(device_id, newest(house, device_id), f"difference?view={view}"))
    assert "<code>interface GigabitEthernet1/0/1</code>" in shown
    assert "description desk 1</code></del>" in shown
    assert "description desk by the door</code></ins>" in shown
    assert str(NEWER.splitlines().index(" description desk by the door") + 1) in shown
    assert "Last configuration change" not in shown


def test_running_is_compared_with_startup(engineer: Browser, house: ConsoleHouse, device_id: str) -> None:
    running, startup = house.ports.configurations.configurations("acme", device_id)[:2]
    assert (running.source, startup.source) == ("running", "startup")
    shown = page(engineer, place(device_id, running.id, f"difference?with={startup.id}"))
    assert "startup, " in shown
    assert "desk by the door" in shown


def test_what_means_the_same_shows_nothing(engineer: Browser, house: ConsoleHouse, device_id: str) -> None:
    one = newest(house, device_id)
    assert "They mean the same." in page(engineer, place(device_id, one, f"difference?with={one}"))


def test_the_first_version_has_nothing_before_it(engineer: Browser, house: ConsoleHouse, device_id: str) -> None:
    first = house.ports.configurations.configurations("acme", device_id)[-1].id
    assert engineer.get(place(device_id, first, "difference")).status_code == 404


def test_a_download_is_the_text_as_it_was_read(engineer: Browser, house: ConsoleHouse, device_id: str) -> None:
    answer = engineer.get(place(device_id, newest(house, device_id), "text"))
    assert answer.get_data(as_text=True) == NEWER
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="hq-acc1-running-2026')


def test_every_look_at_a_text_is_written_down(engineer: Browser, house: ConsoleHouse, device_id: str) -> None:
    number = newest(house, device_id)
    engineer.get(place(device_id, number))
    engineer.get(place(device_id, number, "text"))
    engineer.get(place(device_id, number, "difference"))
    subject = f"device:{device_id}"
    assert house.audited("configuration-download") == [("user:erik", subject, "ok")]
    assert house.audited("configuration-read") == [("user:erik", subject, "ok")] * 3


def test_who_does_not_run_the_network_sees_no_text(house: ConsoleHouse, device_id: str) -> None:
    seller = house.browser(house.add_user("rut", "sales"))
    number = newest(house, device_id)
    for rest in ((), (number,), (number, "text"), (number, "difference")):
        assert seller.get(place(device_id, *rest)).status_code == 403
    assert ("user:rut", "configurations.download", "refused") in house.audited("role-refused")
    assert "/configurations" not in page(seller, f"/customers/acme/devices/{device_id}")


def test_promise_50_anothers_configuration_is_not_found(engineer: Browser, house: ConsoleHouse, device_id: str) -> None:
    other = house.add_switch("beta-sw", tenant="beta")
    number = newest(house, device_id)
    for rest in ((), (number,), (number, "text"), (number, "difference")):
        assert engineer.get(place(device_id, *rest)).status_code == 200
        assert engineer.get(place(device_id, *rest, tenant="beta")).status_code == 404
    for rest in ((number,), (number, "text"), (number, "difference")):
        assert engineer.get(place(other, *rest, tenant="beta")).status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30, "٣"])
def test_a_version_that_is_not_there_is_not_found(engineer: Browser, device_id: str, number: str) -> None:
    assert engineer.get(place(device_id, number)).status_code == 404
    assert engineer.get(place(device_id, number, "text")).status_code == 404


def test_promise_39_a_hostile_text_is_text(engineer: Browser, house: ConsoleHouse, device_id: str) -> None:
    tell_configuration(house, AGENT_DEVICE, NEWER.replace("desk by the door", "<script>alert(1)</script>"), age_seconds=1)
    number = newest(house, device_id)
    for rest in ((number,), (number, "difference"), (number, "difference?view=unified")):
        assert "<script>alert" not in page(engineer, place(device_id, *rest))


def test_the_history_as_csv(engineer: Browser, device_id: str) -> None:
    rows = engineer.get(place(device_id) + "?csv=configurations").get_data(as_text=True).splitlines()
    assert len(rows) == 4
    assert ",running,whole,bo," in rows[1]


def test_a_page_asks_a_fixed_number_of_questions(engineer: Browser, house: ConsoleHouse, device_id: str) -> None:
    def cost() -> int:
        with recorded_statements(house.engine) as statements:
            page(engineer, place(device_id))
        return len(statements.texts)

    few = cost()
    for number in range(20):
        tell_configuration(house, AGENT_DEVICE, NEWER.replace("desk by", f"desk {number} by"), age_seconds=1000 - number)
    assert cost() == few <= 15
