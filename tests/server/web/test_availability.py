"""A customer's availability by month: the figures, their evidence, and where people say what was agreed."""

import pytest
from natvakt_server.domain.rights import Grant, Role
from natvakt_server.domain.series import Line, SeriesKey, SeriesUnavailable
from natvakt_server.domain.tiers import MINUTE_NS
from testkit.console import Browser, ConsoleHouse
from testkit.two_customers import add_granted

PAGE = "/customers/acme/availability"


def add_answers(house: ConsoleHouse, agent_device: str, down: range = range(0)) -> None:
    """Two days, every minute; `down`: minutes before now."""
    now_ns = house.clock.now_ns
    minutes = range(2 * 24 * 60, 0, -1)
    key = SeriesKey("reachability", agent_device, (("method", "icmp"),), "up")
    house.series.add("acme", Line(key, [now_ns - each * MINUTE_NS for each in minutes], [0.0 if each in down else 1.0 for each in minutes]))


@pytest.fixture
def core(house: ConsoleHouse) -> str:
    device = house.tell("acme-hq-core", {"device": [{"name": "hq-core", "serial": "S1"}]})
    add_answers(house, "acme-hq-core", down=range(60, 93))
    return device


def shown(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def agree(browser: Browser, **fields: object) -> str:
    whole = {"hours": "always", "zone": "Europe/Stockholm", "target": "99,9", **fields}
    answer = browser.post("/customers/acme/agreements", whole)
    assert answer.status_code == 303
    return answer.location


def test_the_page_tells_what_was_down_and_what_nobody_observed(engineer: Browser, core: str) -> None:
    page = shown(engineer, PAGE)
    assert "hq-core" in page
    assert "33\u00a0min" in page
    assert "Nothing agreed" in page
    assert "hq-core" in shown(engineer, f"{PAGE}?csv=availability")


def test_the_evidence_names_every_span_to_the_second(engineer: Browser, core: str) -> None:
    page = shown(engineer, f"{PAGE}/evidence?kind=device&place={core}")
    assert "1,980" in page, "33 minutes"
    assert "Not observed" in page
    exported = shown(engineer, f"{PAGE}/evidence?kind=device&place={core}&csv=evidence")
    assert exported.count("hq-core") >= 2
    assert engineer.get(f"{PAGE}/evidence?kind=device&place=nothing").status_code == 404
    assert "hq-core" not in shown(engineer, f"{PAGE}/evidence?kind=customer").split("<tbody>")[-1], "of the customer its sites are told"


def test_what_was_agreed_is_kept_and_measured(house: ConsoleHouse, engineer: Browser, core: str) -> None:
    agree(engineer)
    (kept,) = house.agreements.agreements("acme")
    assert (kept.target, kept.hours, kept.devices) == (0.999, "always", ())
    page = shown(engineer, PAGE)
    assert "Depends on what nobody observed" in page or "Broken" in page
    agree(engineer, name="Core", devices=[core], needs="any", hours="Mon-Sun 00:00-24:00", target="99")
    assert [each.name for each in house.agreements.agreements("acme")] == ["", "Core"]
    assert "Core" in shown(engineer, f"{PAGE}?availability-kind=service")
    assert engineer.post("/customers/acme/agreements/ending", {"name": "Core"}).status_code == 303
    assert [each.name for each in house.agreements.agreements("acme")] == [""]
    assert len(house.audited("agreement")) == 2


@pytest.mark.parametrize(
    "wrong", [{"hours": "at times"}, {"zone": "Nowhere"}, {"target": "100"}, {"target": "a lot"}, {"target": "nan"}, {"name": "no devices"}]
)
def test_what_cannot_be_agreed_changes_nothing_and_says_so(
    house: ConsoleHouse, engineer: Browser, core: str, wrong: dict[str, str]
) -> None:
    assert "cannot be" in shown(engineer, agree(engineer, **wrong))
    assert house.agreements.agreements("acme") == []


def test_a_device_of_somebody_else_is_in_no_service(engineer: Browser, core: str) -> None:
    fields = {"hours": "always", "zone": "UTC", "target": "99", "name": "WAN", "devices": ["not-ours"]}
    assert engineer.post("/customers/acme/agreements", fields).status_code == 404


@pytest.mark.parametrize("month", ["2099-01", "1999-01", "2026-13", "2026-1", "x", "２０２６-11"])
def test_a_month_that_is_none_is_not_found(engineer: Browser, core: str, month: str) -> None:
    assert engineer.get(f"{PAGE}?month={month}").status_code == 404


def test_without_devices_the_page_says_what_to_do(engineer: Browser) -> None:
    assert "natvakt-agent discover" in shown(engineer, "/customers/beta/availability")


def test_promise_50_who_holds_a_site_sees_its_devices_alone(house: ConsoleHouse, core: str) -> None:
    other = house.tell("acme-branch-sw", {"device": [{"name": "br-sw", "serial": "S2"}]}, site="branch")
    here = house.browser(add_granted(house, "sara", Grant(Role.CUSTOMER_READER, "acme", "hq")))
    page = shown(here, PAGE)
    assert "hq-core" in page
    assert "br-sw" not in page
    assert here.get(f"{PAGE}/evidence?kind=device&place={other}").status_code == 404
    assert here.post("/customers/acme/agreements", {"hours": "always", "zone": "UTC", "target": "99"}).status_code in {403, 404}
    assert house.agreements.agreements("acme") == []


def test_time_series_that_are_away_are_told_as_such(house: ConsoleHouse, engineer: Browser, core: str) -> None:
    house.series.away = SeriesUnavailable("away")
    assert engineer.get(PAGE).status_code == 503
