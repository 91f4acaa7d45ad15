"""The writer's intake: fair over tenants, in order within one."""

from natvakt_server.gateway.requests import Fence
from natvakt_server.gateway.writer import Intake
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
