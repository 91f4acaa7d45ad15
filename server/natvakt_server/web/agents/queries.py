"""How the agents are: heard when, with which certificate, and how much waits at the site."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from natvakt_server.domain.identity import AgentRecord, AgentState
from natvakt_server.web import tables
from natvakt_server.web.states import FRESH_NS, Condition, Reason, State, condition
from natvakt_server.web.tables import Column, Filter, Row, Table, arrange
from natvakt_server.web.visit import Visit

HOUR_NS = 3_600_000_000_000
BACKLOG_WARNING_SECONDS = 600.0
COLUMNS = (
    Column("state", "state"),
    Column("place", "agent-place"),
    Column("identity", "agent-state"),
    Column("version", "version", optional=True),
    Column("seen", "last-seen"),
    Column("certificate", "certificate-end", optional=True),
    Column("enrolled", "enrolled", optional=True),
)


@dataclass(frozen=True, slots=True)
class AgentHealth:
    """`own` are the newest values the agent tells of itself; empty when it cannot be told whose they are."""

    record: AgentRecord
    condition: Condition
    own: Mapping[str, float]


def agent_condition(record: AgentRecord, own: Mapping[str, float], now_ns: int) -> Condition:
    reasons = []
    if record.state is AgentState.REVOKED:
        reasons.append(Reason(State.NOT_OBSERVED, "reason-agent-revoked"))
    elif record.state is AgentState.AWAITING_APPROVAL:
        reasons.append(Reason(State.WARNING, "reason-agent-awaits"))
    elif record.state is AgentState.FENCED:
        reasons.append(Reason(State.CRITICAL, "reason-agent-fenced"))
    elif now_ns - record.last_seen_ns >= FRESH_NS:
        reasons.append(Reason(State.NOT_OBSERVED, "reason-agent-silent"))
    elif own.get("oldest_unacked_seconds", 0.0) > BACKLOG_WARNING_SECONDS:
        reasons.append(Reason(State.WARNING, "reason-agent-behind"))
    if record.state is AgentState.ACTIVE and 0 < record.certificate_not_after_ns <= now_ns:
        reasons.append(Reason(State.WARNING, "reason-certificate-over"))
    return condition(reasons)


def agents_health(visit: Visit, tenant: str, site: str) -> Sequence[AgentHealth]:
    """Those of one site that were not revoked."""
    records = [each for each in visit.ports.agents.agents(tenant) if each.site == site and each.state is not AgentState.REVOKED]
    own = _own_values(visit, tenant, site) if len(records) == 1 else {}
    return [AgentHealth(each, agent_condition(each, own, visit.now_ns), own) for each in records]


def agent_health(visit: Visit, record: AgentRecord) -> AgentHealth:
    """Of one agent, with what it tells of itself where no other agent shares its site."""
    alike = next((each for each in agents_health(visit, record.tenant, record.site) if each.record.id == record.id), None)
    return alike or AgentHealth(record, agent_condition(record, {}, visit.now_ns), {})


def _own_values(visit: Visit, tenant: str, site: str) -> Mapping[str, float]:
    names = [name for device in visit.ports.estate.devices(tenant, site) for name in device.agent_devices]
    newest: dict[str, tuple[int, float]] = {}
    if names:
        for key, told in visit.ports.series.latest(tenant, "agent", names, visit.now_ns - HOUR_NS).items():
            newest[key.field] = max(newest.get(key.field, (0, 0.0)), told)
    return {name: value for name, (_, value) in newest.items()}


def agents_table(visit: Visit) -> Table:
    names = {each.tenant: each.name for each in visit.ports.estate.customers()}
    rows = []
    for record in visit.ports.agents.agents():
        state = agent_condition(record, {}, visit.now_ns).state
        cells = {
            "state": tables.state(visit, state),
            "place": tables.plain(
                f"{names.get(record.tenant, record.tenant)} / {record.site}", visit.url("agents.show", agent_id=record.id)
            ),
            "identity": tables.plain(visit.speech(f"agent-state.{record.state}")),
            "version": tables.plain(record.version),
            "seen": tables.moment(record.last_seen_ns, relative=True),
            "certificate": tables.moment(record.certificate_not_after_ns),
            "enrolled": tables.moment(record.enrolled_ns),
        }
        rows.append(Row(cells, {"identity": record.state}))
    kinds = [(each.value, visit.speech(f"agent-state.{each}")) for each in AgentState]
    return arrange(visit, "agents", COLUMNS, rows, "state", (Filter("identity", "agent-state", kinds),))
