"""Promises 29, 30 and 33: whatever a device answers, a question ends with typed, bounded, flagged data or a typed fault."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_agent.collectors.snmp import checked
from natvakt_agent.collectors.snmp.checked import CheckedSession, Deadline
from natvakt_agent.collectors.snmp.oids import dotted
from natvakt_agent.collectors.snmp.session import AnswerRefused, DeadlinePassed, NoAnswer, Session, Step
from testkit.snmp import Answers, FakeSession, ScriptedSession, StillClock

BASE = "1.3.6.1.2.1.2.2.1.10"


def asking(session: Session, clock: StillClock | None = None, seconds: float = 60.0) -> CheckedSession:
    return CheckedSession(lambda: session, Deadline(clock or StillClock(), seconds))


def table(rows: int) -> Answers:
    return Answers.parse("\n".join(f"{BASE}.{index}|65|{index}" for index in range(1, rows + 1)) or "1.3.6.1.9.1|2|0")


@given(st.integers(0, 300), st.one_of(st.none(), st.integers(0, 400)), st.integers(1, 70))
def test_a_walk_finds_every_row_whatever_was_expected_and_however_much_the_device_gives(rows: int, expected: int | None, most: int) -> None:
    session = asking(FakeSession(table(rows), silent_above=most))
    session.get((f"{BASE}.1",))  # it has answered before, so silence means "too much"
    assert session.column(BASE, expected) == {(index,): index for index in range(1, rows + 1)}


def test_a_walk_whose_row_count_is_known_costs_one_request() -> None:
    session = asking(FakeSession(table(40)))
    session.column(BASE, expected_rows=40)
    assert session.tally.requests == 1


def test_a_device_that_chokes_on_long_answers_is_asked_for_short_ones_from_then_on() -> None:
    session = asking(FakeSession(table(40), silent_above=8))
    session.get((f"{BASE}.1",))
    session.column(BASE)
    before = session.tally.timeouts
    session.column(BASE)
    assert before > 0
    assert session.tally.timeouts == before


def test_a_silent_device_is_given_up_after_a_few_attempts() -> None:
    fake = FakeSession(table(3), silent=True)
    with pytest.raises(NoAnswer):
        asking(fake).column(BASE)
    assert len(fake.asked) <= checked.ATTEMPTS


@pytest.mark.parametrize("following", [(5,), (4,), (5, 0, 0)[:1]])
def test_promise_30_oids_that_do_not_grow_end_the_walk_and_are_flagged(following: tuple[int, ...]) -> None:
    steps = [Step([(f"{BASE}.5", 1), (f"{BASE}.{dotted(following)}", 2)], False), Step([(f"{BASE}.6", 3)], False)]
    session = asking(ScriptedSession(steps))
    assert session.column(BASE) == {(5,): 1}
    assert any("do not grow" in flaw for flaw in session.tally.flaws)


def test_promise_30_an_endless_table_is_cut_and_flagged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checked, "MOST_ROWS", 50)
    session = asking(ScriptedSession([Step([(f"{BASE}.{index}", 0)], False) for index in range(1, 500)]))
    assert len(session.column(BASE)) == 51
    assert any("more than 50 rows" in flaw for flaw in session.tally.flaws)


def test_promise_30_a_poll_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checked, "MOST_VARBINDS", 50)
    with pytest.raises(DeadlinePassed, match="more than 50 values"):
        asking(ScriptedSession([Step([(f"{BASE}.{index}", 0)], False) for index in range(1, 500)])).column(BASE)


def test_promise_33_what_lies_outside_the_subtree_is_not_taken() -> None:
    steps = [Step([(f"{BASE}.1", 1), ("1.3.6.1.2.1.2.2.1.11.1", 2), (f"{BASE}.2", 3)], False)]
    assert asking(ScriptedSession(steps)).column(BASE) == {(1,): 1}


def test_promise_33_a_prefix_of_the_text_is_not_a_prefix_of_the_oid() -> None:
    assert asking(ScriptedSession([Step([(f"{BASE}0.1", 1)], False)])).column(BASE) == {}


def test_promise_33_an_answer_to_another_oid_is_refused() -> None:
    with pytest.raises(AnswerRefused, match=r"1\.3\.6\.1\.9.*not asked for"):
        asking(ScriptedSession([], gets={"1.3.6.1.9": b"x"})).get((f"{BASE}.1",))


def test_promise_33_extra_varbinds_are_refused() -> None:
    many = [(f"{BASE}.{index}", 0) for index in range(1, 501)]
    with pytest.raises(AnswerRefused, match="500 values where"):
        asking(ScriptedSession([Step(many, False) for _ in range(9)])).column(BASE)


def test_a_missing_varbind_is_a_missing_object() -> None:
    assert asking(ScriptedSession([], gets={f"{BASE}.1": 7})).get((f"{BASE}.1", f"{BASE}.2")) == {f"{BASE}.1": 7}


def test_the_deadline_is_hard() -> None:
    clock = StillClock()
    fake = FakeSession(table(1_000))
    session = asking(fake, clock, seconds=10)
    session.column(BASE, 2)
    clock.pass_seconds(10)
    asked = len(fake.asked)
    with pytest.raises(DeadlinePassed, match="10 s"):
        session.column(BASE)
    assert len(fake.asked) == asked
