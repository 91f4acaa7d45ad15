"""The fake session answers as the engines do (`contracts/snmp_session_contract.py`)."""

import pytest
from natvakt_agent.collectors.snmp.session import Session, Varbind
from testkit.snmp import Answers, FakeSession

NAMES = Answers.parse(
    """
    1.3.6.1.2.1.1.1.0|4|a test device
    1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.8072.3.2.10
    1.3.6.1.2.1.1.3.0|67|1234
    1.3.6.1.2.1.1.4.0|4|root
    1.3.6.1.2.1.1.5.0|4|sw1
    1.3.6.1.2.1.1.6.0|4|attic
    1.3.6.1.2.1.2.1.0|2|1
    """
)
SYSTEM = "1.3.6.1.2.1.1"
CONTACT, NAME, MISSING = f"{SYSTEM}.4.0", f"{SYSTEM}.5.0", f"{SYSTEM}.99.0"


@pytest.fixture
def session() -> Session:
    return FakeSession(NAMES)


def all_steps(session: Session, base: str, repetitions: int) -> list[Varbind]:
    walk, found = session.walk(base, repetitions), []
    while True:
        step = walk.step()
        found.extend(step.varbinds)
        if step.ended or not step.varbinds:
            return found


def test_get_answers_what_is_there_and_leaves_out_what_is_not(session: Session) -> None:
    assert session.get_many([NAME, MISSING, CONTACT]) == {NAME: b"sw1", CONTACT: b"root"}


def test_a_walk_gives_everything_below_its_base_in_order_and_nothing_else(session: Session) -> None:
    for repetitions in (1, 2, 50):
        oids = [oid for oid, _ in all_steps(session, SYSTEM, repetitions) if oid.startswith(SYSTEM + ".")]
        assert oids[:6] == [f"{SYSTEM}.{column}.0" for column in range(1, 7)]
        assert "1.3.6.1.2.1.2.1.0" not in oids


def test_types_arrive_as_their_python_types(session: Session) -> None:
    values = dict(all_steps(session, SYSTEM, 10))
    assert isinstance(values[f"{SYSTEM}.1.0"], bytes)
    assert isinstance(values[f"{SYSTEM}.2.0"], str)
    assert isinstance(values[f"{SYSTEM}.3.0"], int)


def test_a_table_that_is_not_there_ends_at_once(session: Session) -> None:
    assert not [oid for oid, _ in all_steps(session, "1.3.6.1.4.1.99999", 10) if oid.startswith("1.3.6.1.4.1.99999.")]
