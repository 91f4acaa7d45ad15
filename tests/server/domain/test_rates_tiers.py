"""Which resolution answers a question, and what its rows hold."""

from itertools import pairwise

import pytest
from natvakt_server.domain.registry import TABLES
from natvakt_server.domain.series import Tier
from natvakt_server.domain.tiers import (
    DAY_NS,
    DERIVED,
    HOUR_NS,
    LONGEST_SPAN_NS,
    MINUTE_NS,
    RETENTION_NS,
    WIDTH_NS,
    choose_tier,
    columns_of,
)
from testkit.series import NOW


@pytest.mark.parametrize(
    ("span_ns", "age_ns", "expected"),
    [
        (HOUR_NS, 0, Tier.RAW),
        (6 * HOUR_NS, 0, Tier.RAW),
        (DAY_NS, 0, Tier.MINUTE),
        (7 * DAY_NS, 0, Tier.FIVE_MINUTES),
        (30 * DAY_NS, 0, Tier.HOUR),
        (HOUR_NS, 34 * DAY_NS, Tier.RAW),
        (HOUR_NS, 60 * DAY_NS, Tier.FIVE_MINUTES),
        (HOUR_NS, 300 * DAY_NS, Tier.HOUR),
        (HOUR_NS, 9000 * DAY_NS, Tier.HOUR),
    ],
)
def test_the_finest_tier_that_still_holds_the_span_and_keeps_it_readable(span_ns: int, age_ns: int, expected: Tier) -> None:
    end_ns = NOW - age_ns
    assert choose_tier(end_ns - span_ns, end_ns, NOW) is expected


def test_a_line_is_never_longer_than_about_two_thousand_points() -> None:
    widths = {Tier.RAW: 10 * 1_000_000_000} | dict(WIDTH_NS)
    for tier, longest_ns in LONGEST_SPAN_NS.items():
        assert longest_ns / widths[tier] <= 2400


def test_an_agent_may_come_back_after_thirty_days_with_all_it_saw() -> None:
    assert RETENTION_NS[Tier.RAW] > 31 * DAY_NS


def test_a_coarser_tier_is_kept_as_long_or_longer_and_is_made_of_whole_windows() -> None:
    order = sorted(WIDTH_NS, key=lambda tier: WIDTH_NS[tier])
    assert [RETENTION_NS[tier] for tier in order] == sorted(RETENTION_NS[tier] for tier in order)
    assert all(WIDTH_NS[coarser] % WIDTH_NS[finer] == 0 for finer, coarser in pairwise(order))
    assert WIDTH_NS[order[0]] == MINUTE_NS


def test_no_derived_column_takes_the_name_of_a_field() -> None:
    for definition in TABLES.values():
        derived = [name + suffix for name, series in definition.series.items() for suffix in DERIVED[series.kind]]
        assert not set(derived) & set(definition.series)
        assert len(columns_of(definition, Tier.HOUR)) == len(definition.series) + len(derived)


def test_no_tag_takes_the_name_of_a_tag_that_every_series_has() -> None:
    for definition in TABLES.values():
        assert not {"tenant", "site", "device", "time", "series"} & ({*definition.key} | {*definition.series})
