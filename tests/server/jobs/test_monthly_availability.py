"""Monthly availability on its way into a report: measured from the series, frozen with the evidence, told in both languages."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from natvakt_server.analysis.evidence import MonthAvailability, freeze, thaw
from natvakt_server.domain.agreements import Agreement
from natvakt_server.domain.series import Line, SeriesKey
from natvakt_server.domain.tiers import MINUTE_NS
from natvakt_server.jobs.monthly_availability import MonthlyAvailability
from natvakt_server.reports.rendering import html
from natvakt_server.store.estate.engine import open_engine
from testkit.console import ConsoleHouse
from testkit.databases import migrated_file
from testkit.report import assessed, device, evidence

__all__ = ["migrated_file"]


@pytest.fixture
def house(tmp_path: Path, migrated_file: Path) -> Iterator[ConsoleHouse]:
    shutil.copy(migrated_file, tmp_path / "estate.db")
    engine = open_engine(f"sqlite:///{tmp_path / 'estate.db'}")
    yield ConsoleHouse(engine)
    engine.dispose()


def measured(house: ConsoleHouse, *sites: str) -> tuple[MonthAvailability, ...]:
    customer = house.estate.customer("acme")
    assert customer is not None
    maker = MonthlyAvailability(house.estate, house.series, house.agreements, house.ports.incidents)
    return maker.of(customer, sites, house.clock.now_ns)


def add_answers(house: ConsoleHouse, down_minutes: int) -> None:
    house.tell("acme-hq-core", {"device": [{"name": "hq-core", "serial": "S1"}]})
    now_ns, minutes = house.clock.now_ns, range(600, 0, -1)
    key = SeriesKey("reachability", "acme-hq-core", (("method", "icmp"),), "up")
    values = [0.0 if each <= down_minutes else 1.0 for each in minutes]
    house.series.add("acme", Line(key, [now_ns - each * MINUTE_NS for each in minutes], values))


def test_the_month_so_far_is_measured_for_customer_and_sites(house: ConsoleHouse) -> None:
    add_answers(house, down_minutes=6)
    house.agreements.agree(Agreement("acme", "", "always", "Europe/Stockholm", 0.99, 1, "anna"))
    found = measured(house, "hq", "branch")
    assert [(each.kind, each.name) for each in found] == [("customer", "Acme AB"), ("site", "Huvudkontoret")]
    assert {each.down_seconds for each in found} == {360.0}
    assert {each.observed_seconds for each in found} == {36_000.0}
    assert found[0].target == 0.99
    assert found[0].kept is None
    assert not found[0].is_over


def test_an_assessment_of_some_sites_tells_of_those_alone(house: ConsoleHouse) -> None:
    add_answers(house, down_minutes=0)
    assert [each.kind for each in measured(house, "hq")] == ["site"]
    assert measured(house, "branch") == ()


def test_a_month_nobody_observed_is_not_told(house: ConsoleHouse) -> None:
    assert measured(house, "hq", "branch") == ()


def test_the_report_tells_it_in_both_languages_and_not_more_than_was_reached() -> None:
    month = MonthAvailability("2026-10", True, "customer", "Acme AB", 2_682_000.0, 2_678_400.0, 2_682.1, 0.0, 0.999, False)
    document = assessed(thaw(freeze(msgspec.structs.replace(evidence(device()), availability=(month,)))))
    (note,) = document.availability
    assert (note.available, note.confidence, note.target) == (99.899, 99.865, 99.9)
    assert (note.down_seconds, note.not_observed_seconds, note.budget_left_seconds, note.kept) == (2_682.1, 3_600.0, -0.1, False)
    english, swedish = html(document, "en"), html(document, "sv")
    texts = [each.decode() if isinstance(each, bytes) else each for each in (english, swedish)]
    assert "Availability" in texts[0]
    assert "broken" in texts[0]
    assert "Tillgänglighet" in texts[1]
    assert "brutet" in texts[1]
