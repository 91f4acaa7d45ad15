"""The agents at the sites."""

from datetime import datetime

import msgspec

from natvakt_server.domain.identity import AgentRecord, AgentState
from natvakt_server.domain.listing import Page
from natvakt_server.domain.rights import Permission
from natvakt_server.web.agents.queries import agent_condition
from natvakt_server.web.api.call import Call
from natvakt_server.web.api.operation import PREFIX, Field, Kind, Operation
from natvakt_server.web.api.problem import not_found
from natvakt_server.web.api.resources.times import moment


class AgentAnswer(msgspec.Struct, frozen=True):
    """`identity` is what the server makes of it, `state` how it is now."""

    id: str
    customer: str
    site: str
    identity: str
    state: str
    version: str
    enrolled: datetime | None
    last_seen: datetime | None
    certificate_end: datetime | None
    url: str


def list_agents(call: Call) -> Page[AgentAnswer]:
    found = call.listing.list_agents(call.scope, call.wish)
    return Page(found.count, [_answer(call, each) for each in found.items])


def show_agent(call: Call) -> AgentAnswer:
    found = call.ports.agents.agent(call.path["agent"])
    if found is None or not call.scope.holds(found.tenant, found.site):
        raise not_found(f"agent {call.path['agent'][:64]!r}")
    return _answer(call, found)


def _answer(call: Call, record: AgentRecord) -> AgentAnswer:
    return AgentAnswer(
        id=record.id,
        customer=record.tenant,
        site=record.site,
        identity=record.state.value,
        state=agent_condition(record, {}, call.now_ns).state.value,
        version=record.version,
        enrolled=moment(record.enrolled_ns),
        last_seen=moment(record.last_seen_ns),
        certificate_end=moment(record.certificate_not_after_ns),
        url=f"{PREFIX}/agents/{record.id}",
    )


OPERATIONS = (
    Operation(
        "agents.list",
        "GET",
        "/agents",
        "Agents",
        Permission.AGENTS,
        list_agents,
        AgentAnswer,
        fields=(
            Field("id"),
            Field("customer"),
            Field("site"),
            Field("identity", Kind.CHOICE, tuple(each.value for each in AgentState)),
            Field("version"),
            Field("enrolled", Kind.MOMENT),
            Field("last_seen", Kind.MOMENT),
            Field("certificate_end", Kind.MOMENT),
        ),
    ),
    Operation("agents.show", "GET", "/agents/{agent}", "One agent", Permission.AGENTS, show_agent, AgentAnswer),
)
