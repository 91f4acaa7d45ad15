"""Every operation of the API. A new capability is a module in `resources` and a line here."""

from natvakt_server.web.api.operation import Operation
from natvakt_server.web.api.resources import (
    agents,
    assessments,
    availability,
    backups,
    configurations,
    estate,
    events,
    findings,
    incidents,
    jobs,
    observations,
)

OPERATIONS: tuple[Operation, ...] = (
    *estate.OPERATIONS,
    *observations.OPERATIONS,
    *configurations.OPERATIONS,
    *events.OPERATIONS,
    *incidents.OPERATIONS,
    *backups.OPERATIONS,
    *availability.OPERATIONS,
    *findings.OPERATIONS,
    *assessments.OPERATIONS,
    *jobs.OPERATIONS,
    *agents.OPERATIONS,
)
