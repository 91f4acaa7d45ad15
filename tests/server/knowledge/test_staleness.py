"""Knowledge that has grown old is told of, by kind; of several sources the newest counts."""

from datetime import date

from natvakt_server.knowledge.ports import SourceSummary
from natvakt_server.knowledge.staleness import Asked, stale

TODAY = date(2026, 11, 25)


def test_each_kind_has_its_own_limit() -> None:
    sources = [
        SourceSummary("cisa-kev", "exploited", 5, "2026-11-17"),
        SourceSummary("nvd", "vulnerability", 5, "2026-11-01"),
        SourceSummary("cisco-eox", "lifecycle", 5, "2026-01-01"),
        SourceSummary("partner", "price", 5, "2020-01-01"),
    ]
    assert [each.text for each in stale(sources, TODAY)] == [
        "cisco-eox lifecycle 328 days (at most 90)",
        "cisa-kev exploited 8 days (at most 7)",
    ]


def test_an_old_source_beside_a_new_one_alarms_nobody() -> None:
    sources = [SourceSummary("one", "exploited", 5, "2025-01-01"), SourceSummary("two", "exploited", 5, "2026-11-24")]
    assert list(stale(sources, TODAY)) == []


def test_nothing_known_is_not_stale() -> None:
    assert list(stale([], TODAY)) == []


def test_a_source_that_is_asked_alarms_by_its_last_whole_answer_even_beside_a_newer_one() -> None:
    sources = [SourceSummary("nvd", "vulnerability", 5, "2026-01-01"), SourceSummary("cve-program", "vulnerability", 5, "2026-11-24")]
    assert list(stale(sources, TODAY)) == []
    told = stale(sources, TODAY, [Asked("nvd", "2026-10-20", "nvd answers 503"), Asked("cisa-kev", "", "refused")])
    assert [each.text for each in told] == [
        "cisa-kev exploited never answered: refused",
        "nvd vulnerability 36 days (at most 30): nvd answers 503",
    ]


def test_an_answer_that_nothing_has_changed_makes_what_is_known_new() -> None:
    sources = [SourceSummary("cisa-kev", "exploited", 5, "2026-10-01")]
    assert [each.age_days for each in stale(sources, TODAY)] == [55]
    assert list(stale(sources, TODAY, [Asked("cisa-kev", "2026-11-25")])) == []
