"""The ports as one visitor sees them: everything outside a scope is as if it were not there (promise 50).

A screen asks `visit.ports` and cannot ask past it, so that no query of a page has to think of it. Every port of `ConsolePorts` stands
either here or in `OPEN`, with the reason; a test holds the two against each other. A store that takes the scope as an argument does the
same in SQL.
"""

from collections.abc import Mapping
from dataclasses import replace

from natvakt_server.domain.rights import Scope
from natvakt_server.web.ports import ConsolePorts
from natvakt_server.web.walls.agreements import WalledAgreements
from natvakt_server.web.walls.backups import WalledBackups, WalledExpectations
from natvakt_server.web.walls.estate import WalledEstate, WalledHistory, WalledOverview, WalledSearch
from natvakt_server.web.walls.incidents import WalledIncidents
from natvakt_server.web.walls.operation import (
    WalledAgents,
    WalledAgentSessions,
    WalledCommands,
    WalledDelivery,
    WalledJobs,
    WalledKnowledge,
)
from natvakt_server.web.walls.papers import WalledPapers
from natvakt_server.web.walls.records import (
    WalledAcceptances,
    WalledAssessments,
    WalledConfigurations,
    WalledEvents,
    WalledReportOutbox,
    WalledSeries,
)

OPEN: Mapping[str, str] = {
    "accounts": "people are read by routes over the whole partner, and by each person about themselves",
    "api_tokens": "they are read and made by routes over the whole partner",
    "notifying": "destinations, rules, chains and messages are read and changed by routes over the whole partner",
    "identities": "each person's own, asked while logging in",
    "sign_on": "the provider knows nothing of customers",
    "second_factors": "each person asks for one's own",
    "narrowed": "the database's own wall, which these stand on",
    "audit": "everybody's refusals are written; it is read by routes over the whole partner",
}


def walled(ports: ConsolePorts, scope: Scope) -> ConsolePorts:
    """Unchanged where the scope is everywhere; over the database's own wall where it has one."""
    if scope.everywhere:
        return ports
    if ports.narrowed is not None:
        ports = ports.narrowed(scope.touched)
    estate = WalledEstate(ports.estate, scope)
    return replace(
        ports,
        estate=estate,
        device_history=WalledHistory(ports.device_history, estate),
        overview=WalledOverview(ports.overview, ports.assessments, scope),
        search=WalledSearch(ports.search, scope),
        series=WalledSeries(ports.series, estate),
        assessments=WalledAssessments(ports.assessments, scope),
        agreements=WalledAgreements(ports.agreements, estate),
        backups=WalledBackups(ports.backups, scope),
        expectations=WalledExpectations(ports.expectations, estate),
        acceptances=WalledAcceptances(ports.acceptances, estate),
        papers=WalledPapers(ports.papers, estate),
        report_outbox=WalledReportOutbox(ports.report_outbox, scope),
        configurations=WalledConfigurations(ports.configurations, estate),
        events=WalledEvents(ports.events, estate),
        incidents=WalledIncidents(ports.incidents, scope),
        agents=WalledAgents(ports.agents, scope),
        agent_sessions=WalledAgentSessions(ports.agent_sessions, WalledAgents(ports.agents, scope)),
        jobs=WalledJobs(ports.jobs, scope),
        commands=WalledCommands(ports.commands, WalledAgents(ports.agents, scope)),
        delivery=WalledDelivery(ports.delivery, scope),
        knowledge=WalledKnowledge(),
    )
