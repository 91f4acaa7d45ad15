"""What may misbehave runs in a child: its death, silence, noise and hunger are errors of one call."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from natvakt_agent.isolation.child import Child, ChildFailed, ChildLost, ChildTimedOut
from natvakt_agent.isolation.limits import MEBIBYTE, Limits

TESTS = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(TESTS), "NATVAKT_VAULT_PASSPHRASE": "not for children"}


@pytest.fixture
def child() -> Iterator[Child]:
    made = Child("probe", "testkit.child_service:make", Limits(memory_bytes=512 * MEBIBYTE, threads=4), environment())
    yield made
    made.close()


def test_a_call_is_answered_by_another_process(child: Child) -> None:
    assert child.starts == 0
    assert child.call("echo", b"hello", PATIENCE_SECONDS) == b"hello"
    assert int(child.call("pid", b"", PATIENCE_SECONDS)) == child.pid != os.getpid()
    assert child.starts == 1


def test_calls_of_several_threads_get_their_own_answers(child: Child) -> None:
    with ThreadPoolExecutor(8) as pool:
        sent = [str(number).encode() for number in range(64)]
        assert list(pool.map(lambda body: child.call("echo", body, PATIENCE_SECONDS), sent)) == sent
    assert child.starts == 1


def test_what_the_service_raises_reaches_the_caller_by_name(child: Child) -> None:
    with pytest.raises(ChildFailed, match="not understood: nonsense") as failed:
        child.call("nonsense", b"", PATIENCE_SECONDS)
    assert failed.value.fault == "LookupError"


def test_promise_36_a_child_that_hangs_is_ended_and_the_next_call_finds_a_fresh_one(child: Child) -> None:
    first = int(child.call("pid", b"", PATIENCE_SECONDS))
    with pytest.raises(ChildTimedOut, match="no answer to hang"):
        child.call("hang", b"", 0.05)
    assert int(child.call("pid", b"", PATIENCE_SECONDS)) != first
    assert child.starts == 2


def test_a_child_that_dies_loses_its_calls_and_nothing_else(child: Child) -> None:
    with pytest.raises(ChildLost):
        child.call("die", b"", PATIENCE_SECONDS)
    assert child.call("echo", b"again", PATIENCE_SECONDS) == b"again"


def test_promise_29_a_child_cannot_take_more_memory_than_its_limit(child: Child) -> None:
    with pytest.raises(ChildFailed) as failed:
        child.call("eat", str(1024 * MEBIBYTE).encode(), PATIENCE_SECONDS)
    assert failed.value.fault == "MemoryError"
    assert child.call("echo", b"still here", PATIENCE_SECONDS) == b"still here"


def test_as_many_sessions_as_the_settings_allow_have_room_for_their_threads(child: Child) -> None:
    """32 sessions over SSH with three threads each; half the memory that they are given."""
    assert child.call("threads", b"96", PATIENCE_SECONDS) == b"96"


def test_what_a_library_prints_does_not_break_the_frames(child: Child) -> None:
    assert child.call("print", b"", PATIENCE_SECONDS) == b"printed"
    assert child.call("echo", b"intact", PATIENCE_SECONDS) == b"intact"


def test_what_the_service_hears_is_pushed(child: Child) -> None:
    assert child.call("push", b"trap", PATIENCE_SECONDS) == b"pushed"
    assert list(child.events()) == [b"trap"]
    assert list(child.events()) == []


def test_promise_58_the_agents_environment_does_not_reach_a_child(child: Child) -> None:
    names = child.call("environment", b"", PATIENCE_SECONDS).decode().split(",")
    assert "NATVAKT_VAULT_PASSPHRASE" not in names
    assert "PATH" in names


def test_an_answer_too_long_for_a_frame_is_an_error_of_its_call(child: Child) -> None:
    with pytest.raises(ChildFailed, match="octets"):
        child.call("long", str(17 * MEBIBYTE).encode(), PATIENCE_SECONDS)
    assert child.call("echo", b"intact", PATIENCE_SECONDS) == b"intact"
