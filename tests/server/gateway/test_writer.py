"""The writer: fair over tenants, in order within one, and never dead."""

import threading
from collections.abc import Sequence

from natvakt_server.gateway.requests import Answer, Failed, Fence
from natvakt_server.gateway.session import Session
from natvakt_server.gateway.tally import Tally
from natvakt_server.gateway.writer import Intake, Writer
from natvakt_wire.ids import uuid7
from testkit.gateway import AgentSide, Line
from testkit.wire import NOW_NS, seeded_random


def test_promise_14_a_flood_of_one_tenant_does_not_stand_before_the_others() -> None:
    loud, quiet = AgentSide(), AgentSide(uuid7(NOW_NS, seeded_random(2)), seed=2, tenant="beta")
    line = Line(loud, quiet)
    loud_session, quiet_session = (line.connect(agent.peer).session for agent in (loud, quiet))
    intake = Intake()
    for number in range(100):
        intake.put(loud_session, Fence("loud", b"", str(number)))
    intake.put(quiet_session, Fence("quiet", b"", "0"))
    group = intake.take(requests=10)
    assert [request.detail for _, request in group if request.agent == "loud"] == [str(number) for number in range(9)]
    assert [request.agent for _, request in group].index("quiet") <= 1
    assert len(intake.take(requests=1000)) == 91
    assert not intake


class RefusingLog:
    """Takes no entry and no request."""

    def record(self, entries: object) -> None:
        raise ValueError("a mistake in the log")

    def execute(self, group: object) -> None:
        raise ValueError("a mistake in the store")


def test_the_writer_outlives_a_store_that_fails_and_everybody_is_told_to_come_back() -> None:
    agent = AgentSide()
    line = Line(agent)
    session = line.connect(agent.peer).session
    tally, delivered, answered = Tally(), [], threading.Event()

    def deliver(answers: Sequence[tuple[Session, Answer]]) -> None:
        delivered.extend(answers)
        answered.set()

    writer = Writer(RefusingLog(), deliver, tally)
    writer.start()
    request = Fence("agent", b"", "detail")
    for _ in range(2):
        answered.clear()
        writer.submit(session, request)
        assert answered.wait(20)
    assert writer.alive
    writer.stop()
    assert delivered == [(session, Failed(request))] * 2
    assert tally["writer.failed"] == 2
    assert not writer.alive
