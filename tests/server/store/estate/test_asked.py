"""What sources were asked, over both databases: the throttle counts for everybody, memory is kept by subject, turns end."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from natvakt_server.knowledge.asking.ports import SourceState
from natvakt_server.knowledge.asking.services import SERVICES
from natvakt_server.knowledge.asking.source import Remembered
from natvakt_server.knowledge.asking.throttle import Limit
from natvakt_server.store.estate.asked import SqlAsked

NOW = 1_800_000_000_000_000_000
SECOND = 1_000_000_000
SERVICE = replace(SERVICES["cisa-kev"], limits=(Limit(2, 10),))


@pytest.fixture
def asked(engine):
    return SqlAsked(engine)


def test_calls_are_counted_for_all_and_room_comes_back(asked, engine):
    other = SqlAsked(engine)
    assert [asked.reserve(SERVICE, NOW), other.reserve(SERVICE, NOW)] == [0, 0]
    assert other.reserve(SERVICE, NOW + SECOND) == 9 * SECOND
    assert asked.reserve(SERVICE, NOW + 10 * SECOND) == 0


def test_calls_at_the_same_moment_are_counted_one_by_one(engine):
    service = replace(SERVICE, limits=(Limit(5, 60),))
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda number: SqlAsked(engine).reserve(service, NOW + number), range(12)))
    assert sum(wait == 0 for wait in waits) == 5


def test_patience_that_a_source_asks_for_holds_for_all_and_is_never_shortened(asked, engine):
    asked.hold("cisa-kev", NOW + 60 * SECOND)
    asked.hold("cisa-kev", NOW + 30 * SECOND)
    assert SqlAsked(engine).reserve(SERVICE, NOW) == 60 * SECOND
    assert asked.reserve(SERVICE, NOW + 60 * SECOND) == 0


def test_an_answer_is_remembered_by_subject_and_takes_the_place_of_the_one_before(asked):
    asked.remember("nvd", [Remembered("a", NOW), Remembered("b", NOW, '"e"', "yesterday", "2026-11-25", b"kept")])
    asked.remember("nvd", [Remembered("a", NOW + 1, kept=b"\x00more")])
    assert dict(asked.remembered("nvd")) == {
        "a": Remembered("a", NOW + 1, kept=b"\x00more"),
        "b": Remembered("b", NOW, '"e"', "yesterday", "2026-11-25", b"kept"),
    }
    assert dict(asked.remembered("cisa-kev")) == {}
    assert asked.forget("nvd", NOW + 1) == 1
    assert list(asked.remembered("nvd")) == ["a"]


def test_a_turn_is_one_holder_s_until_it_ends_or_runs_out(asked):
    assert asked.take_turn("nvd", "one", NOW, NOW + SECOND)
    assert asked.take_turn("nvd", "one", NOW, NOW + SECOND)
    assert not asked.take_turn("nvd", "two", NOW, NOW + SECOND)
    assert asked.take_turn("nvd", "two", NOW + SECOND, NOW + 5 * SECOND)
    asked.end_turn(SourceState("nvd", tried_ns=NOW), "one")  # too late: it is another's turn
    assert dict(asked.states()) == {}
    asked.end_turn(SourceState("nvd", NOW, NOW, 0, 3, 2, 1, "a\nreason\x00"), "two")
    assert asked.states()["nvd"] == SourceState("nvd", NOW, NOW, 0, 3, 2, 1, "a reason")
    assert asked.take_turn("nvd", "one", NOW + SECOND, NOW + 5 * SECOND)
