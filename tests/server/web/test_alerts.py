"""The pages of alerts: what is wrong, what is silent under it, who takes it, and maintenance."""

from dataclasses import replace

import pytest
from natvakt_server.domain.incidents import MOST_OPEN, Cause, Incident, IncidentChange, Member, SiteChange, Why
from natvakt_server.domain.notification import Severity
from natvakt_server.store.estate.incidents import SqlIncidentWriter
from natvakt_server.store.estate.outbox import SqlOutbox
from testkit.console import NOW_NS, Browser, ConsoleHouse

MINUTE_NS, HOUR_NS = 60_000_000_000, 3_600_000_000_000
CORE = Incident(
    "i1",
    "acme",
    "hq",
    Cause.DEVICE_DOWN,
    "d1",
    "hq-core1",
    "",
    Severity.CRITICAL,
    NOW_NS - 9 * MINUTE_NS,
    NOW_NS - 8 * MINUTE_NS,
    members=2,
)
ACCESS = Member("d2", "hq-acc1", "device-down", "", Why.BEHIND, NOW_NS - 9 * MINUTE_NS)
PORT = Member("d3", "hq-edge", "interface-down", "3", Why.PART_OF, NOW_NS - 9 * MINUTE_NS, NOW_NS - MINUTE_NS)


def tell(house: ConsoleHouse, *incidents: Incident, members: tuple[Member, ...] = ()) -> None:
    """As monitoring writes them."""
    writer = SqlIncidentWriter(house.engine)
    for each in incidents:
        revision = writer.memory(each.tenant, each.site).revision
        assert writer.commit(SiteChange(each.tenant, each.site, b"{}", revision, 0, [IncidentChange(each, members)]))


def page(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.text


def claims(house: ConsoleHouse) -> int:
    found = house.ports.incidents.incident("acme", "i1")
    assert found is not None
    return found.claims


@pytest.fixture
def other(house: ConsoleHouse) -> Browser:
    return house.browser(house.add_user("nora", "engineer"))


def test_an_incident_is_listed_with_whose_it_is_and_what_is_silent_under_it(engineer: Browser, house: ConsoleHouse) -> None:
    tell(house, CORE, members=(ACCESS, PORT))
    for path in ("/alerts", "/customers/acme/alerts", "/", "/?wall=1"):
        shown = page(engineer, path)
        assert "hq-core1: Does not answer" in shown, path
        assert "Acme AB / hq" in shown, path
        assert "nobody" in shown, path
    shown = page(engineer, "/customers/acme/alerts/i1")
    assert "hq-acc1" in shown
    assert "Cannot be reached while the cause lasts" in shown
    assert "Another sign of the same thing" in shown


def test_without_any_the_pages_say_so(engineer: Browser) -> None:
    assert "Nothing is wrong." in page(engineer, "/alerts")
    assert "Nothing is wrong." in page(engineer, "/")
    assert "No maintenance is planned." in page(engineer, "/alerts/maintenance")


def test_in_swedish_too(house: ConsoleHouse) -> None:
    tell(house, CORE, members=(ACCESS,))
    browser = house.browser(house.add_user("sven", "engineer", language="sv"))
    assert "hq-core1: Svarar inte" in page(browser, "/alerts")
    assert "Kan inte nås så länge orsaken varar" in page(browser, "/customers/acme/alerts/i1")


def test_another_customers_incident_is_none(engineer: Browser, house: ConsoleHouse) -> None:
    tell(house, CORE)
    assert "hq-core1" not in page(engineer, "/customers/beta/alerts")
    assert engineer.get("/customers/beta/alerts/i1").status_code == 404
    assert engineer.post("/customers/beta/alerts/i1/owner", {"hours": "1", "claims": "0"}).status_code == 404


def test_whoever_takes_it_has_it_until_then_and_it_is_in_the_trail(engineer: Browser, house: ConsoleHouse) -> None:
    tell(house, CORE)
    answer = engineer.post("/customers/acme/alerts/i1/owner", {"hours": "4", "claims": "0", "note": "åker dit"})
    assert answer.status_code == 303
    shown = page(engineer, "/customers/acme/alerts/i1")
    assert "Erik has it until" in shown
    assert "åker dit" in shown
    assert "Erik" in page(engineer, "/alerts")
    assert house.audited("incident-take") == [("user:erik", "i1", "ok")]
    house.clock.move(4 * 3600)
    assert "Erik has it until" not in page(house.browser(house.engineer), "/customers/acme/alerts/i1")


def test_of_two_at_once_the_second_is_told_who_was_first_and_nothing_is_overwritten(
    engineer: Browser, other: Browser, house: ConsoleHouse
) -> None:
    tell(house, CORE)
    assert engineer.post("/customers/acme/alerts/i1/owner", {"hours": "4", "claims": "0"}).status_code == 303
    answer = other.post("/customers/acme/alerts/i1/owner", {"hours": "8", "claims": "0"})
    assert answer.status_code == 409
    assert "Somebody was faster: Erik has it until" in answer.text
    found = house.ports.incidents.incident("acme", "i1")
    assert found is not None
    assert found.owner == "Erik"
    assert other.post("/customers/acme/alerts/i1/owner", {"hours": "8", "claims": str(claims(house))}).status_code == 303


def test_it_can_be_given_back(engineer: Browser, house: ConsoleHouse) -> None:
    tell(house, CORE)
    engineer.post("/customers/acme/alerts/i1/owner", {"hours": "4", "claims": "0"})
    engineer.post("/customers/acme/alerts/i1/owner", {"hours": "0", "claims": "1"})
    assert "Erik gave it back" in page(engineer, "/customers/acme/alerts/i1")


@pytest.mark.parametrize(("hours", "given"), [("721", "0"), ("-1", "0"), ("x", "0"), ("1", ""), ("9" * 30, "0")])
def test_a_nonsensical_form_changes_nothing(engineer: Browser, house: ConsoleHouse, hours: str, given: str) -> None:
    tell(house, CORE)
    assert engineer.post("/customers/acme/alerts/i1/owner", {"hours": hours, "claims": given}).status_code == 400
    assert claims(house) == 0


def test_what_is_over_is_in_the_history_and_cannot_be_taken(engineer: Browser, house: ConsoleHouse) -> None:
    tell(house, replace(CORE, cleared_ns=NOW_NS - MINUTE_NS, late=True))
    assert "hq-core1" not in page(engineer, "/alerts")
    shown = page(engineer, "/alerts/history")
    assert "hq-core1: Does not answer" in shown
    assert "learned afterwards" in shown
    assert engineer.post("/customers/acme/alerts/i1/owner", {"hours": "1", "claims": "0"}).status_code == 409


def test_promise_39_a_hostile_name_is_text_here_and_in_the_export(engineer: Browser, house: ConsoleHouse) -> None:
    tell(house, replace(CORE, name="=cmd|<script>alert(1)</script>"))
    assert "<script>alert" not in page(engineer, "/alerts")
    assert "'=cmd" in page(engineer, "/alerts?csv=alerts")


def test_a_device_shows_what_is_wrong_with_it_and_who_has_it(engineer: Browser, house: ConsoleHouse) -> None:
    device_id = house.add_switch(ports=1)
    tell(house, replace(CORE, device=device_id), replace(CORE, id="i2", name="somebody else"))
    shown = page(engineer, f"/customers/acme/devices/{device_id}")
    assert "/customers/acme/alerts/i1" in shown
    assert "somebody else" not in shown


def test_a_customer_is_as_bad_as_its_worst_alert(engineer: Browser, house: ConsoleHouse) -> None:
    tell(house, CORE)
    for path in ("/", "/customers/acme"):
        assert "critical alerts: 1" in page(engineer, path), path
    tell(house, replace(CORE, maintenance="m1"))
    assert "critical alerts" not in page(engineer, "/customers/acme")


def test_ten_thousand_at_once_are_shown_up_to_a_bound_and_the_page_says_so(engineer: Browser, house: ConsoleHouse) -> None:
    many = [IncidentChange(replace(CORE, id=f"x{number}")) for number in range(MOST_OPEN + 5)]
    assert SqlIncidentWriter(house.engine).commit(SiteChange("acme", "hq", b"{}", 0, 0, many))
    shown = page(engineer, "/alerts")
    assert f"There are more; {MOST_OPEN} are shown." in shown
    assert len(shown) < 100_000
    assert page(engineer, "/alerts?csv=alerts").count("hq-core1") == MOST_OPEN


def test_filters_by_cause_and_by_who_has_it(engineer: Browser, house: ConsoleHouse) -> None:
    tell(house, CORE, replace(CORE, id="i2", cause=Cause.CPU_HIGH, name="hq-acc9", severity=Severity.WARNING))
    assert "hq-acc9" not in page(engineer, "/alerts?alerts-cause=device-down")
    engineer.post("/customers/acme/alerts/i1/owner", {"hours": "4", "claims": "0"})
    shown = page(engineer, "/alerts?alerts-owned=no")
    assert "hq-acc9" in shown
    assert "hq-core1" not in shown


# maintenance

FORM = {"site": "hq", "device": "", "start": "2026-11-25T22:00", "end": "2027-11-26T02:00", "reason": "byte av kärna", "owner": "Olga"}
WEEKLY = {**FORM, "weekday": ["1", "3"], "at": "02:30", "minutes": "90"}


def test_maintenance_every_week_is_planned_shown_and_ended(engineer: Browser, house: ConsoleHouse) -> None:
    assert engineer.post("/customers/acme/maintenance", WEEKLY).status_code == 303
    (planned,) = house.ports.incidents.maintenances("acme", NOW_NS)
    assert (planned.weekdays, planned.start_minute, planned.minutes, planned.time_zone) == ((1, 3), 150, 90, "Europe/Stockholm")
    for path in ("/customers/acme/maintenance", "/alerts/maintenance"):
        shown = page(engineer, path)
        assert "byte av kärna" in shown
        assert "Tue, Thu 02:30, 90 min" in shown
    assert engineer.post(f"/customers/acme/maintenance/{planned.id}/end").status_code == 303
    assert engineer.post(f"/customers/acme/maintenance/{planned.id}/end").status_code == 404
    assert house.ports.incidents.maintenances("acme", NOW_NS + 1) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"reason": " "}, "Write why"),
        ({"owner": ""}, "Write who answers for it"),
        ({"end": "2026-11-25T21:00"}, "ends before it begins"),
        ({"start": "2020-01-01T00:00", "end": "2020-01-02T00:00"}, "over already"),
        ({"end": "2027-11-26T02:00"}, "31 days at most"),
        ({"start": "tomorrow"}, "as the fields show them"),
        ({"weekday": ["1"], "minutes": "0"}, "1 to 1,440 minutes"),
        ({"weekday": ["9"], "minutes": "5"}, "Choose days"),
        ({"at": "25:99", "weekday": ["1"], "minutes": "5"}, "Write when it begins"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_the_way_out(engineer: Browser, house: ConsoleHouse, changed: dict, told: str) -> None:
    answer = engineer.post("/customers/acme/maintenance", {**FORM, "end": "2026-11-26T02:00", **changed})
    assert answer.status_code == 400
    assert told in answer.text
    assert house.ports.incidents.maintenances("acme") == []


def test_maintenance_of_a_strangers_site_or_device_is_none(engineer: Browser) -> None:
    form = {**FORM, "end": "2026-11-26T02:00"}
    assert engineer.post("/customers/acme/maintenance", {**form, "site": "elsewhere"}).status_code == 404
    assert engineer.post("/customers/acme/maintenance", {**form, "device": "not-ours"}).status_code == 404


def test_an_incident_in_maintenance_carries_the_wrench(engineer: Browser, house: ConsoleHouse) -> None:
    tell(house, replace(CORE, maintenance="m1"))
    assert "state-maintenance" in page(engineer, "/alerts")
    assert "nobody is woken for it" in page(engineer, "/customers/acme/alerts/i1")


def test_giving_it_back_is_told_as_an_acknowledgement_that_ended(engineer: Browser, house: ConsoleHouse) -> None:
    tell(house, CORE)
    engineer.post("/customers/acme/alerts/i1/owner", {"hours": "4", "claims": "0"})
    engineer.post("/customers/acme/alerts/i1/owner", {"hours": "0", "claims": "1"})
    told = [(each.told.kind.value, dict(each.told.facts), each.told.by) for each in SqlOutbox(house.engine).unrouted(10)]
    assert told[-2:] == [("acknowledged", {}, "Erik"), ("updated", {"acknowledgement": "ended"}, "")]
