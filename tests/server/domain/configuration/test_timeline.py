"""Readings become versions: the newest is right whatever the order of arrival, nothing that was read is forgotten."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.domain.configuration.timeline import Run, TextFacts, confirm, joined, observe


def reading(meaning: str, at: int, text: str = "", by: str = "") -> Run:
    return Run(meaning, at, at, TextFacts(text or f"{meaning}-text", f"document-{text or meaning}", "ios", 1, 1, True), changed_by=by)


def made(*readings: Run) -> list[Run]:
    runs: tuple[Run, ...] = ()
    for each in readings:
        runs = tuple(observe(runs, each))
    return list(runs)


def spans(runs) -> list[tuple[str, int, int]]:
    return [(run.meaning, run.first_ns, run.last_ns) for run in runs]


def test_the_same_again_only_moves_the_last_time() -> None:
    assert spans(made(reading("A", 1), reading("A", 5))) == [("A", 1, 5)]


def test_another_meaning_is_a_new_version_and_a_return_is_one_too() -> None:
    assert spans(made(reading("A", 1), reading("B", 2), reading("A", 3))) == [("A", 1, 1), ("B", 2, 2), ("A", 3, 3)]


def test_a_version_has_the_newest_text_and_the_first_readings_author() -> None:
    (run,) = made(reading("A", 1, "a1", "anna"), reading("A", 5, "a5", "bo"), reading("A", 3, "a3", "cilla"))
    assert (run.facts.digest, run.changed_by) == ("a5", "anna")


def test_a_late_reading_never_becomes_the_newest() -> None:
    runs = made(reading("B", 9), reading("A", 1))
    assert spans(runs) == [("A", 1, 1), ("B", 9, 9)]
    assert runs[-1].facts.digest == "B-text"


def test_an_earlier_reading_of_the_same_tells_who_made_it() -> None:
    (run,) = made(reading("A", 9, by="bo"), reading("A", 2, by="anna"))
    assert (run.first_ns, run.last_ns, run.changed_by, run.facts.digest) == (2, 9, "anna", "A-text")


def test_a_late_reading_between_two_of_another_splits_them() -> None:
    assert spans(made(reading("A", 1), reading("A", 9), reading("B", 5))) == [("A", 1, 1), ("B", 5, 5), ("A", 9, 9)]


def test_still_the_same_moves_the_last_time_of_the_version_that_holds_the_document() -> None:
    runs = made(reading("A", 1), reading("B", 5))
    assert spans(confirm(runs, "document-B", 8)) == [("A", 1, 1), ("B", 5, 8)]
    assert spans(confirm(runs, "document-A", 3)) == [("A", 1, 3), ("B", 5, 5)]


def test_still_the_same_about_what_is_not_there_changes_nothing() -> None:
    runs = made(reading("A", 1), reading("B", 5))
    for document, at in (("document-A", 9), ("nobody's", 9), ("document-A", 0), ("document-B", 5)):
        assert confirm(runs, document, at) is runs


def test_two_meanings_at_one_moment_keep_the_first_told() -> None:
    assert spans(made(reading("A", 1), reading("B", 1))) == [("A", 1, 1)]


def test_runs_of_two_agents_are_one_line_of_time() -> None:
    one, other = made(reading("A", 1), reading("B", 5)), made(reading("B", 6, "b6"), reading("C", 9))
    found = joined([*other, *one])
    assert spans(found) == [("A", 1, 1), ("B", 5, 6), ("C", 9, 9)]
    assert found[1].facts.digest == "b6"


HISTORY = st.lists(st.sampled_from("ABC"), min_size=1, max_size=8).map(
    lambda letters: [reading(each, at) for at, each in enumerate(letters, 1)]
)


@given(history=HISTORY, data=st.data())
def test_whatever_the_order_of_arrival_the_newest_is_right_and_nothing_is_lost(history, data) -> None:
    arrived = data.draw(st.permutations(history))
    runs = made(*arrived)
    assert (runs[-1].meaning, runs[-1].last_ns) == (history[-1].meaning, history[-1].last_ns)
    assert {run.meaning for run in runs} == {each.meaning for each in history}
    assert (runs[0].meaning, runs[0].first_ns) == (history[0].meaning, 1)
    for before, after in pairwise(runs):
        assert before.last_ns < after.first_ns
        assert before.meaning != after.meaning


@given(history=HISTORY, data=st.data())
def test_a_backlog_beside_live_data_gives_what_one_stream_would(history, data) -> None:
    """Live readings first, then the ones before them, each in their own order: the same versions follow each other."""
    cut = data.draw(st.integers(0, len(history)))
    late, prompt = made(*history[cut:], *history[:cut]), made(*history)
    assert [run.meaning for run in late] == [run.meaning for run in prompt]


@given(history=HISTORY)
def test_told_twice_is_told_once(history) -> None:
    assert spans(made(*history, *history)) == spans(made(*history))
