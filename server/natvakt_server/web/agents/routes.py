"""Agents of all customers, one of them, and `scan now`."""

from flask import abort
from werkzeug.wrappers import Response

from natvakt_server.domain.commands import SCAN_NOW, AgentCommand
from natvakt_server.domain.identity import AgentRecord, AgentState
from natvakt_server.domain.rights import Permission
from natvakt_server.web import tables
from natvakt_server.web.agents.queries import agent_health, agents_table
from natvakt_server.web.agents.words import WORDS
from natvakt_server.web.routing import Entry, Screen, get, post
from natvakt_server.web.visit import Visit

COMMAND_LIFE_NS = 10 * 60 * 1_000_000_000
GAPS_SHOWN = 10


def show_all(visit: Visit) -> Response:
    table = agents_table(visit)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, "agents")
    return visit.page("agents/agents.html", table=table, backlog=visit.ports.delivery.backlog())


def show(visit: Visit, agent_id: str) -> Response:
    record = find_agent(visit, agent_id)
    gaps = [gap for gap in visit.ports.delivery.gaps(record.tenant) if gap.agent == agent_id][-GAPS_SHOWN:]
    return visit.page(
        "agents/agent.html",
        health=agent_health(visit, record),
        customer=visit.customer(record.tenant),
        sessions=visit.ports.agent_sessions.sessions(agent_id),
        commands=visit.ports.commands.waiting_commands(agent_id, visit.now_ns),
        gaps=gaps,
    )


def scan_now(visit: Visit, agent_id: str) -> Response:
    """Asks the agent to poll everything now. Its site policy has the last word; pressing twice asks once."""
    record = find_agent(visit, agent_id)
    if record.state is not AgentState.ACTIVE:
        abort(404)
    if not visit.ports.commands.waiting_commands(agent_id, visit.now_ns):
        made_id = visit.console.surroundings.new_id()
        command = AgentCommand(made_id, record.tenant, agent_id, SCAN_NOW, visit.now_ns + COMMAND_LIFE_NS, visit.now_ns)
        visit.ports.commands.add_command(command)
        visit.audit("scan-asked", f"agent:{agent_id}", tenant=record.tenant)
    return visit.go("agents.show", agent_id=agent_id)


def find_agent(visit: Visit, agent_id: str) -> AgentRecord:
    record = visit.ports.agents.agent(agent_id)
    if record is None:
        abort(404)
    return record


SCREEN = Screen(
    name="agents",
    words=WORDS,
    routes=(
        get("agents.list", "/agents", show_all, permission=Permission.AGENTS),
        get("agents.show", "/agents/<agent_id>", show, permission=Permission.AGENTS),
        post("agents.scan", "/agents/<agent_id>/scan", scan_now, permission=Permission.OPERATE),
    ),
    navigation=(Entry("agents", "agents.list"),),
)
