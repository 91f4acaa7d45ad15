"""One device: what it is, how it is, what is wrong."""

import re

import pytest
from natvakt_server.domain.series import Line, SeriesKey
from testkit.console import NOW_NS, Browser, ConsoleHouse
from testkit.flaky_database import recorded_statements

DEVICE = "acme-hq-hq-acc1"


def page(browser: Browser, device_id: str, query: str = "") -> str:
    answer = browser.get(f"/customers/acme/devices/{device_id}{query}")
    assert answer.status_code == 200
    return answer.text


def latest(house: ConsoleHouse, measurement: str, tags: tuple[tuple[str, str], ...], **values: float) -> None:
    for name, value in values.items():
        house.series.add("acme", Line(SeriesKey(measurement, DEVICE, tags, name), [NOW_NS - 1], [value]))


def test_identity_modules_and_neighbours_are_shown(house: ConsoleHouse, owner: Browser) -> None:
    shown = page(owner, house.add_switch(sysLocation="Umeå, Storgatan 12"))
    for text in ("hq-acc1", "C9200L-48P-4X", "SN-acme-hq-acc1", "17.9.5", "Umeå, Storgatan 12", "Switch 1", "hq-core", "Te1/1/1"):
        assert text in shown


def test_a_device_that_answers_is_well(house: ConsoleHouse, owner: Browser) -> None:
    shown = page(owner, house.add_switch())
    assert "Answers, and nothing it says is out of order." in shown
    assert "state-ok" in shown.split("</h1>")[1][:200]


@pytest.mark.parametrize(
    ("measurement", "tags", "values", "reason"),
    [
        ("reachability", (("method", "icmp"),), {"up": 0.0}, "does not answer"),
        ("cpu", (("index", "1"),), {"used_ratio": 0.97}, "CPU at 97 %"),
        ("interface", (("ifIndex", "1"),), {"ifOperStatus": 2, "ifAdminStatus": 1}, "Gi1/0/1 towards hq-core is down"),
    ],
)
def test_the_state_now_comes_with_its_reason(
    house: ConsoleHouse, owner: Browser, measurement: str, tags: tuple[tuple[str, str], ...], values: dict[str, float], reason: str
) -> None:
    device_id = house.add_switch()
    house.series.held = {
        place: [line for line in lines if line.key.measurement != measurement] for place, lines in house.series.held.items()
    }
    latest(house, measurement, tags, **values)
    assert reason in page(owner, device_id)


def test_a_sensor_out_of_order_is_critical(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    house.tell(DEVICE, {"sensor": [{"oid": "1.3", "name": "Power Supply B", "kind": "state", "state": "notFunctioning"}]}, age_seconds=5)
    shown = page(owner, device_id)
    assert "Power Supply B: notFunctioning" in shown
    assert "state-critical" in shown


def test_a_port_that_is_down_but_leads_nowhere_is_no_fault(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    latest(house, "interface", (("ifIndex", "2"),), ifOperStatus=2)
    house.series.held = {
        p: [ln for ln in lines if ln.key.tags != (("ifIndex", "2"),) or ln.times_ns == [NOW_NS - 1]]
        for p, lines in house.series.held.items()
    }
    assert "Answers, and nothing it says is out of order." in page(owner, device_id)


def test_a_device_not_seen_lately_is_not_observed_and_old_values_do_not_count(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    house.clock.move(7200)
    shown = page(house.browser(house.owner), device_id)
    assert "not seen within ten minutes" in shown
    assert "state-not-observed" in shown


def test_ports_show_state_speed_rates_and_a_spark(house: ConsoleHouse, owner: Browser) -> None:
    row = next(part for part in page(owner, house.add_switch()).split("<tr>") if ">Gi1/0/3</a>" in part)
    assert "up" in row
    assert "1.0\u00a0Gbit/s" in row
    assert row.count("24.0\u00a0kbit/s") >= 2
    assert '<svg class="spark"' in row
    assert "<polyline points=" in row


def test_ports_keep_their_own_order_and_filter_by_state(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch(ports=12)
    found = re.findall(r">(Gi1/0/\d+)</a>", page(owner, device_id))
    assert found == [f"Gi1/0/{n}" for n in range(1, 13)]
    assert re.findall(r">(Gi1/0/\d+)</a>", page(owner, device_id, "?interfaces-state=down")) == []


def test_ports_are_exported(house: ConsoleHouse, owner: Browser) -> None:
    answer = owner.get(f"/customers/acme/devices/{house.add_switch()}?csv=interfaces")
    assert answer.mimetype == "text/csv"
    assert len(answer.text.strip().splitlines()) == 4


def test_findings_of_the_newest_assessment_are_shown_with_what_to_do(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.add_switch()
    house.add_assessment(device_id)
    shown = page(owner, device_id)
    assert "duplex auto" in shown
    assert "Gi1/0/48 duplex" in shown
    assert "half" in shown


def test_a_device_that_does_not_exist_is_not_found(owner: Browser) -> None:
    assert owner.get("/customers/acme/devices/nothing").status_code == 404


def test_the_questions_asked_do_not_grow_with_the_ports(house: ConsoleHouse, owner: Browser) -> None:
    few_id, many_id = house.add_switch("few", ports=2), house.add_switch("many", ports=48)
    counts = []
    for device_id in (few_id, many_id):
        page(owner, device_id)
        before = len(house.series.asked)
        with recorded_statements(house.engine) as recorded:
            page(owner, device_id)
        counts.append((len(recorded.texts), len(house.series.asked) - before))
    assert counts[0] == counts[1]


def test_a_device_that_told_nothing_but_its_name_has_a_page(house: ConsoleHouse, owner: Browser) -> None:
    device_id = house.tell("bare", {"device": [{"name": "bare"}]})
    shown = page(owner, device_id)
    assert "The device has not told of any interface." in shown
    assert "data-chart=" not in shown
