"""Devices that are odd but not hostile: both engines read from them what there is."""

from collections.abc import Callable, Iterator, Mapping

import pytest
from natvakt_agent.collectors.snmp.checked import CheckedSession, Deadline
from natvakt_agent.collectors.snmp.child_session import ChildSession
from natvakt_agent.collectors.snmp.collector import SnmpCollector
from natvakt_agent.collectors.snmp.gufo_session import GufoSession
from natvakt_agent.collectors.snmp.session import Session
from natvakt_agent.model.observation import TableStatus
from natvakt_agent.model.target import Target
from testkit.snmp import GET, NULL, Answers, Cell, Question, StillClock, honest, looked_up, reply_to, responder, v2c_target
from testkit.snmp_child import InProcessCaller

SYSTEM = "1.3.6.1.2.1.1"
DEVICE = Answers.parse(
    f"{SYSTEM}.1.0|4|a switch\n{SYSTEM}.2.0|6|1.3.6.1.4.1.9.1.1\n{SYSTEM}.3.0|67|100\n{SYSTEM}.5.0|4|sw1\n"
    + "\n".join(f"1.3.6.1.2.1.2.2.1.{column}.{row}|2|{row}" for column in (1, 8) for row in range(1, 6))
)
NO_SUCH_NAME = 2
SECONDS = 1.0
Opener = Callable[[Target, float], Session]


@pytest.fixture(params=["gufo", "pysnmp"])
def opened(request: pytest.FixtureRequest) -> Iterator[Opener]:
    if request.param == "gufo":
        yield GufoSession
        return
    caller = InProcessCaller()
    yield lambda target, seconds: ChildSession(target, seconds, caller)
    caller.close()


def old_manners(question: Question) -> bytes:
    """noSuchName in an answer to v2c, as some agents give it; RFC 3416 (4.2.1) wants noSuchInstance beside the values that are there."""
    if question.kind == GET and any(cell is None for _, cell in looked_up(DEVICE, question)):
        return reply_to(question, [(oid, Cell(NULL, None)) for oid in question.oids], NO_SUCH_NAME, 1)
    return honest(DEVICE)(question)


def test_an_agent_that_answers_no_such_name_to_v2c_tells_what_it_has(opened: Opener) -> None:
    with responder(old_manners) as device:
        session = opened(v2c_target(device.port), SECONDS)
        found = session.get_many([f"{SYSTEM}.5.0", f"{SYSTEM}.99.0", f"{SYSTEM}.1.0"])
        assert {name: value for name, value in found.items() if value is not None} == {
            f"{SYSTEM}.5.0": b"sw1",
            f"{SYSTEM}.1.0": b"a switch",
        }


@pytest.mark.parametrize(("gone", "come"), [(3, None), (None, 9)], ids=["a row goes", "a row comes"])
def test_a_table_that_changes_while_it_is_read_gives_rows_of_one_kind_and_no_fault(
    opened: Opener, gone: int | None, come: int | None
) -> None:
    """A column is read after another; a row that only one of them has lacks the other's value, and the next read has it whole."""

    def changed(column: str) -> Mapping[tuple[int, ...], object]:
        return CheckedSession(lambda: session, Deadline(StillClock(), 60.0)).column(column)

    texts = [f"1.3.6.1.2.1.2.2.1.{column}.{row}|2|{row}" for column in (1, 8) for row in (1, 2, 3, 4, 5, 9) if row != 9 or come]
    after = Answers.parse("\n".join(text for text in texts if gone is None or f".{gone}|" not in text))
    state = {"now": DEVICE}

    def as_it_stands(question: Question) -> bytes:
        return honest(state["now"])(question)

    with responder(as_it_stands) as device:
        session = opened(v2c_target(device.port), SECONDS)
        first = changed("1.3.6.1.2.1.2.2.1.1")
        state["now"] = after
        second, again = changed("1.3.6.1.2.1.2.2.1.8"), changed("1.3.6.1.2.1.2.2.1.1")
    assert first.keys() == {(row,) for row in range(1, 6)}
    assert second == again
    assert first.keys() ^ second.keys() == {(gone or come,)}


@pytest.mark.parametrize("year", [1970, 1993, 2036])
def test_a_wrong_clock_on_the_device_dates_nothing(year: int) -> None:
    """hrSystemDate is told as it is; samples carry the agent's own time."""
    date = f"{year:04x}0101000000002b0000"
    device = Answers.parse(
        f"{SYSTEM}.1.0|4|a server\n{SYSTEM}.2.0|6|1.3.6.1.4.1.8072.3.2.10\n{SYSTEM}.3.0|67|100\n{SYSTEM}.5.0|4|srv\n"
        f"1.3.6.1.2.1.25.1.1.0|67|100\n1.3.6.1.2.1.25.1.2.0|4x|{date}"
    )
    clock = StillClock()
    with responder(honest(device)) as answering:
        observation = SnmpCollector(GufoSession).collect(v2c_target(answering.port), ["device"], clock, snapshot=True)
    assert observation.wall_ns == clock.wall_ns()
    assert [table.status for table in observation.tables if table.name == "device"] == [TableStatus.PROVIDED]
