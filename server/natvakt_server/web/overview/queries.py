"""Where must I act now? One look over all customers, in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass

from natvakt_server.domain.estate import CustomerOverview
from natvakt_server.domain.identity import AgentRecord, AgentState
from natvakt_server.domain.incidents import Incident
from natvakt_server.domain.schedule import next_due
from natvakt_server.knowledge.staleness import Stale
from natvakt_server.reports.model import ReportFinding
from natvakt_server.web.conditions import customer_condition, grouped
from natvakt_server.web.ports import ConsolePorts
from natvakt_server.web.reading import ReportShelf
from natvakt_server.web.states import FRESH_NS, Condition, severity_rank

DAY_NS = 86_400_000_000_000
SOON_NS = 7 * DAY_NS
NEWEST_REPORTS, NEWEST_FINDINGS = 8, 12
MOST_TILES = 24
MOST_INCIDENTS = 12
URGENT = ("critical", "high")


@dataclass(frozen=True, slots=True)
class Tile:
    overview: CustomerOverview
    condition: Condition


@dataclass(frozen=True, slots=True)
class UrgentFinding:
    tenant: str
    customer: str
    assessment_id: str
    assessed_ns: int
    finding: ReportFinding


@dataclass(frozen=True, slots=True)
class Due:
    overview: CustomerOverview
    due_ns: int


@dataclass(frozen=True, slots=True)
class OpenIncident:
    incident: Incident
    has_owner: bool


@dataclass(frozen=True, slots=True)
class OverviewPage:
    tiles: Sequence[Tile]
    silent_agents: Sequence[AgentRecord]
    due: Sequence[Due]
    findings: Sequence[UrgentFinding]
    names: dict[str, str]  # customer by tenant
    knowledge: Sequence[Stale]
    incidents: Sequence[OpenIncident]
    open_incidents: int

    @property
    def worst(self) -> Sequence[Tile]:
        """As many as a page bears; the list of customers has them all."""
        return self.tiles[:MOST_TILES]

    def count(self, state: str) -> int:
        return sum(tile.condition.state == state for tile in self.tiles)


def look(ports: ConsolePorts, reports: ReportShelf, now_ns: int) -> OverviewPage:
    customers = ports.overview.customers_overview(now_ns - FRESH_NS)
    incidents = ports.incidents.open_incidents()
    by_tenant = grouped(incidents)
    tiles = [Tile(each, customer_condition(each, by_tenant.get(each.customer.tenant, ()))) for each in customers]
    tiles.sort(key=lambda tile: (tile.condition.state.rank, tile.overview.customer.name.casefold()))
    watched = (AgentState.ACTIVE, AgentState.FENCED)
    silent = [each for each in ports.agents.agents() if each.state in watched and each.last_seen_ns < now_ns - FRESH_NS]
    due = [Due(each, moment) for each in customers if (moment := _due(each)) is not None and moment < now_ns + SOON_NS]
    return OverviewPage(
        tiles=tiles,
        silent_agents=sorted(silent, key=lambda agent: agent.last_seen_ns),
        due=sorted(due, key=lambda each: each.due_ns),
        findings=_urgent(customers, reports),
        names={each.customer.tenant: each.customer.name for each in customers},
        knowledge=ports.knowledge.stale(now_ns),
        incidents=[OpenIncident(each, each.has_owner(now_ns)) for each in incidents[:MOST_INCIDENTS]],
        open_incidents=len(incidents),
    )


def _due(overview: CustomerOverview) -> int | None:
    return next_due(overview.customer.schedule, overview.assessed_ns, overview.customer.created_ns)


def _urgent(customers: Sequence[CustomerOverview], reports: ReportShelf) -> Sequence[UrgentFinding]:
    """From the newest reports that have any; each report is read once and kept."""
    worth_reading = [each for each in customers if each.assessment_id and any(each.counts.get(severity) for severity in URGENT)]
    worth_reading.sort(key=lambda each: each.assessed_ns or 0, reverse=True)
    found: list[UrgentFinding] = []
    for each in worth_reading[:NEWEST_REPORTS]:
        report = reports.report(each.customer.tenant, each.assessment_id or "")
        for finding in report.findings if report else ():
            if finding.severity in URGENT and finding.state != "accepted":
                place = (each.customer.tenant, each.customer.name, each.assessment_id or "", each.assessed_ns or 0)
                found.append(UrgentFinding(*place, finding))
    found.sort(key=lambda item: (severity_rank(item.finding.severity), item.finding.state not in ("new", "regressed"), -item.assessed_ns))
    return found[:NEWEST_FINDINGS]
