"""Availability against cases worked out by hand, exact to the second."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.domain.incidents import Maintenance
from natvakt_server.monitoring.availability import (
    SECOND_NS,
    Availability,
    Needs,
    Part,
    Record,
    either,
    maintenance_spans,
    measure,
    pooled,
    record_of,
    service_of,
)
from natvakt_server.monitoring.service_hours import BadHours, parse_hours
from natvakt_server.monitoring.spans import Span, both, joined, length, without

ZONE = ZoneInfo("Europe/Stockholm")
MINUTE = 60


def ns(written: str) -> int:
    """In Stockholm where no offset is written."""
    moment = datetime.fromisoformat(written)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).timestamp()) * SECOND_NS


def spans(*written: str) -> list[Span]:
    """`start/end`."""
    return [(ns(start), ns(end)) for start, end in (each.split("/") for each in written)]


MARCH, OCTOBER, NOVEMBER = "2026-03-01/2026-04-01", "2026-10-01/2026-11-01", "2026-11-01/2026-12-01"
NIGHT_WORK = Maintenance("m", "acme", "", "", ns("2026-11-12T22:00"), ns("2026-11-13T02:00"), "new switch", "anna", ns("2026-11-10T09:00"))
SUNDAYS = Maintenance(
    "w", "acme", "", "", ns("2026-09-01"), ns("2027-01-01"), "patches", "anna", 0, (6,), 60, 240, "Europe/Stockholm"
)  # 01:00, four hours


@dataclass(frozen=True)
class Case:
    """Seconds as worked out by hand."""

    about: str
    month: str
    agreed: int
    down: int
    outages: tuple[str, ...] = ()
    unobserved: tuple[str, ...] = ()
    not_observed: int = 0
    hours: str = "always"
    maintenance: tuple[Maintenance, ...] = ()
    closed: frozenset[date] = frozenset()


CASES = [
    # 30 days of 86,400 s; 43 min 12 s are a thousandth of them
    Case("1 a thousandth of November", NOVEMBER, 2_592_000, 2_592, ("2026-11-10T10:00:00/2026-11-10T10:43:12",)),
    # 21 weekdays of 11 hours; 17:30-18:00 and 07:00-08:15 of the outage count
    Case(
        "2 office hours cut an outage over night",
        NOVEMBER,
        831_600,
        6_300,
        ("2026-11-10T17:30/2026-11-11T08:15",),
        hours="mon-fri 07:00-18:00",
    ),
    Case("3 a Saturday is not a weekday", NOVEMBER, 831_600, 0, ("2026-11-14T00:00/2026-11-15T00:00",), hours="mon-fri 07:00-18:00"),
    # 31 days and the hour that comes twice; from the first 02:00 to the second 02:30 are 90 minutes
    Case("4 the hour that comes twice", OCTOBER, 2_682_000, 5_400, ("2026-10-25T02:00+02:00/2026-10-25T02:30+01:00",)),
    # 31 days less an hour; from 01:30 to 03:30 is one hour
    Case("5 the hour that is left out", MARCH, 2_674_800, 3_600, ("2026-03-29T01:30+01:00/2026-03-29T03:30+02:00",)),
    # three Sundays of 24 hours and one of 25
    Case("6 a Sunday of 25 hours", OCTOBER, 349_200, 90_000, ("2026-10-25T00:00/2026-10-26T00:00",), hours="sun 00:00-24:00"),
    # four Sundays of 90 minutes; on the fifth 02:30 does not come, and the hour from 03:00 is left
    Case("7 hours that begin in the gap", MARCH, 25_200, 3_600, ("2026-03-29T00:00/2026-03-30T00:00",), hours="sun 02:30-04:00"),
    # 4 h taken out; of 23:30-03:00 the last hour is outside
    Case("8 maintenance", NOVEMBER, 2_577_600, 3_600, ("2026-11-12T23:30/2026-11-13T03:00",), maintenance=(NIGHT_WORK,)),
    # planned at midnight: the two hours before it count, half an hour of them down
    Case(
        "9 maintenance that was planned when it had begun",
        NOVEMBER,
        2_584_800,
        5_400,
        ("2026-11-12T23:30/2026-11-13T03:00",),
        maintenance=(replace(NIGHT_WORK, created_ns=ns("2026-11-13T00:00")),),
    ),
    # four Sundays of four hours by the stop watch, the one with the double hour too (01:00 to the second 04:00 by the clock)
    Case(
        "10 maintenance every week",
        OCTOBER,
        2_682_000 - 57_600,
        3_600,
        ("2026-10-25T01:00+02:00/2026-10-25T05:00+01:00",),
        maintenance=(SUNDAYS,),
    ),
    # six hours nobody looked
    Case(
        "11 the agent was silent",
        NOVEMBER,
        2_592_000,
        3_600,
        ("2026-11-21T10:00/2026-11-21T11:00",),
        ("2026-11-20T00:00/2026-11-20T06:00",),
        not_observed=21_600,
    ),
    # 20 weekdays; the outage of the 30th is on a day of rest, of the night before nothing counts
    Case(
        "12 a day of rest",
        NOVEMBER,
        792_000,
        1_800,
        ("2026-11-30T09:00/2026-11-30T12:00", "2026-11-27T17:30/2026-11-27T23:00"),
        hours="mon-fri 07:00-18:00",
        closed=frozenset({date(2026, 11, 30)}),
    ),
]


def measured(case: Case, target: float | None = None) -> Availability:
    (month,) = spans(case.month)
    down, unknown = spans(*case.outages), spans(*case.unobserved)
    up = without([(month[0] - 86_400 * SECOND_NS, month[1] + 86_400 * SECOND_NS)], joined([*down, *unknown]))
    hours = parse_hours(case.hours, ZONE, case.closed).spans(*month)
    kept = maintenance_spans(case.maintenance, "hq", "core", *month)
    return measure(Record("core", up, joined(down)), hours, kept, *month, target)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.about)
def test_the_figures_of_a_month_are_those_worked_out_by_hand(case: Case) -> None:
    found = measured(case)
    seconds = (found.agreed_ns, found.down_ns, found.not_observed_ns)
    assert seconds == (case.agreed * SECOND_NS, case.down * SECOND_NS, case.not_observed * SECOND_NS)
    assert found.availability == pytest.approx(1 - case.down / (case.agreed - case.not_observed), abs=1e-15)
    assert found.confidence == pytest.approx(1 - case.not_observed / case.agreed, abs=1e-15)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.about)
def test_the_evidence_makes_the_same_figures_again(case: Case) -> None:
    found = measured(case)

    def total(part: Part) -> int:
        return sum(proof.length_ns for proof in found.proofs if proof.part is part)

    assert total(Part.DOWN) == found.down_ns
    assert total(Part.NOT_OBSERVED) == found.not_observed_ns
    assert total(Part.MAINTENANCE) == found.maintenance_ns


def test_the_error_budget_is_used_to_the_second() -> None:
    exact = measured(CASES[0], target=0.999)
    assert (exact.budget_ns, exact.budget_left_ns, exact.is_kept) == (2_592 * SECOND_NS, 0, True)
    one_more = measured(replace(CASES[0], outages=("2026-11-10T10:00:00/2026-11-10T10:43:13",)), target=0.999)
    assert (one_more.budget_left_ns, one_more.is_kept) == (-SECOND_NS, False)


def test_whether_it_is_kept_may_depend_on_what_nobody_observed() -> None:
    """An hour down, six hours nobody looked."""
    silent = CASES[10]
    assert measured(silent, target=0.999).is_kept is False
    assert measured(silent, target=0.995).is_kept is None
    assert measured(silent, target=0.99).is_kept is True
    assert measured(silent).is_kept is None
    found = measured(silent)
    assert found.least == pytest.approx((2_592_000 - 21_600 - 3_600) / 2_592_000)
    assert found.most == pytest.approx((2_592_000 - 3_600) / 2_592_000)


def test_a_service_of_two_routers() -> None:
    (day,) = spans("2026-11-05/2026-11-06")

    def router(name: str, outage: str) -> Record:
        down = spans(outage)
        return Record(name, without([day], down), down)

    pair = [router("r1", "2026-11-05T10:00/2026-11-05T12:00"), router("r2", "2026-11-05T11:00/2026-11-05T13:00")]
    assert length(service_of("wan", pair, Needs.ANY).down) == 3_600 * SECOND_NS
    assert length(service_of("wan", pair, Needs.ALL).down) == 10_800 * SECOND_NS
    blind = Record("r3", (), ())
    assert service_of("wan", [pair[0], blind], Needs.ANY) == Record("wan", pair[0].up, [])
    assert service_of("wan", [pair[0], blind], Needs.ALL) == Record("wan", [], pair[0].down)
    assert service_of("wan", [], Needs.ALL) == Record("wan", (), ())


def test_an_answer_stands_until_the_next_one_and_for_two_minutes_at_most() -> None:
    at = [0, 60, 120, 180, 240, 600, 660]
    answers = [(second * SECOND_NS, second not in {120, 180}) for second in reversed(at)]
    found = record_of("core", answers, 2 * MINUTE * SECOND_NS, 700 * SECOND_NS)
    assert found.up == [(0, 120 * SECOND_NS), (240 * SECOND_NS, 360 * SECOND_NS), (600 * SECOND_NS, 700 * SECOND_NS)]
    assert found.down == [(120 * SECOND_NS, 240 * SECOND_NS)]
    assert record_of("core", [], 1, 700).up == []


def test_one_way_of_asking_that_answers_is_enough() -> None:
    ping = Record("core", [(0, 10)], [(10, 20)])
    snmp = Record("core", [(5, 15)], [(0, 5), (15, 30)])
    assert either("core", [ping, snmp]) == Record("core", [(0, 15)], [(15, 30)])


def test_a_customer_is_the_time_of_its_sites_together() -> None:
    both_sites = pooled("acme", [measured(CASES[0]), measured(CASES[10])], target=0.999)
    assert both_sites.agreed_ns == 2 * 2_592_000 * SECOND_NS
    assert both_sites.down_ns == (2_592 + 3_600) * SECOND_NS
    assert both_sites.budget_left_ns == (2 * 2_592 - 6_192) * SECOND_NS


def test_maintenance_of_another_site_or_device_takes_nothing_out() -> None:
    (month,) = spans(NOVEMBER)
    for elsewhere in (replace(NIGHT_WORK, site="branch"), replace(NIGHT_WORK, device="other")):
        assert maintenance_spans([elsewhere], "hq", "core", *month) == []
    ended = replace(NIGHT_WORK, ended_ns=ns("2026-11-12T23:00"))
    assert maintenance_spans([ended], "hq", "core", *month) == spans("2026-11-12T22:00/2026-11-12T23:00")


@pytest.mark.parametrize(
    "wrong", ["", "mon", "mon 7:00-18:00", "mon 18:00-07:00", "fri-mon 07:00-18:00", "xyz 07:00-18:00", "mon 07:00-25:00", "a" * 201]
)
def test_what_are_no_service_hours_is_refused_with_the_way_out(wrong: str) -> None:
    with pytest.raises(BadHours):
        parse_hours(wrong, ZONE)


raw_spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8).map(joined)


def moments(found: Sequence[Span]) -> set[int]:
    return {moment for start, end in found for moment in range(start, end)}


@given(raw_spans, raw_spans)
def test_spans_are_sets_of_moments(left: list[Span], right: list[Span]) -> None:
    assert moments(both(left, right)) == moments(left) & moments(right)
    assert moments(without(left, right)) == moments(left) - moments(right)
    assert moments(joined([*left, *right])) == moments(left) | moments(right)
    assert length(left) == len(moments(left))
    assert both(left, right) == joined(both(left, right))
    assert without(left, right) == joined(without(left, right))
