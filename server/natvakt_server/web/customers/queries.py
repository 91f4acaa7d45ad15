"""Rows of the customers and their sites."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort

from natvakt_server.domain.estate import CustomerOverview
from natvakt_server.domain.incidents import Incident
from natvakt_server.domain.schedule import next_due
from natvakt_server.web import tables
from natvakt_server.web.conditions import customer_condition, grouped, site_condition
from natvakt_server.web.states import FRESH_NS, Condition, State
from natvakt_server.web.tables import Column, Filter, Row, Table, arrange
from natvakt_server.web.visit import Visit

LEVELS = ("overall", "core", "security", "voice")
CUSTOMER_COLUMNS = (
    Column("state", "state"),
    Column("name", "customer"),
    *(Column(level, f"level.{level}", numeric=True) for level in LEVELS),
    Column("coverage", "coverage", numeric=True, optional=True),
    Column("devices", "devices", numeric=True, optional=True),
    Column("missing", "not-seen", numeric=True, optional=True),
    Column("agents", "agents", numeric=True, optional=True),
    Column("assessed", "last-assessed", optional=True),
    Column("due", "next-due", optional=True),
)
SITE_COLUMNS = (
    Column("state", "state"),
    Column("name", "site"),
    Column("devices", "devices", numeric=True),
    Column("missing", "not-seen", numeric=True),
    Column("agents", "agents", numeric=True, optional=True),
    Column("seen", "agent-seen"),
)


@dataclass(frozen=True, slots=True)
class CustomerHead:
    overview: CustomerOverview
    condition: Condition
    due_ns: int | None


def customer_head(visit: Visit, tenant: str) -> CustomerHead:
    """What stands above every tab of a customer. 404 where there is none."""
    overview = next(iter(visit.ports.overview.customers_overview(visit.now_ns - FRESH_NS, tenant)), None)
    if overview is None:
        abort(404)
    due_ns = next_due(overview.customer.schedule, overview.assessed_ns, overview.customer.created_ns)
    incidents = visit.ports.incidents.open_incidents(overview.customer.tenant)
    return CustomerHead(overview, customer_condition(overview, incidents), due_ns)


def customers_table(visit: Visit) -> Table:
    overviews = visit.ports.overview.customers_overview(visit.now_ns - FRESH_NS)
    incidents = grouped(visit.ports.incidents.open_incidents())
    rows = [_customer_row(visit, each, incidents.get(each.customer.tenant, ())) for each in overviews]
    return arrange(visit, "customers", CUSTOMER_COLUMNS, rows, "state", (state_filter(visit),))


def _customer_row(visit: Visit, each: CustomerOverview, incidents: Sequence[Incident]) -> Row:
    customer, state = each.customer, customer_condition(each, incidents).state
    due_ns = next_due(customer.schedule, each.assessed_ns, customer.created_ns)
    missing = each.stale_devices + each.silent_devices
    return Row(
        {
            "state": tables.state(visit, state),
            "name": tables.plain(customer.name, visit.url("customers.show", tenant=customer.tenant)),
            **{level: tables.number(visit, each.scores.get(level), 1) for level in LEVELS},
            "coverage": tables.number(visit, each.coverage.get("overall"), 1),
            "devices": tables.number(visit, each.devices),
            "missing": tables.number(visit, missing),
            "agents": tables.number(visit, each.agents),
            "assessed": tables.moment(each.assessed_ns, relative=True),
            "due": tables.moment(due_ns) if due_ns else tables.plain(visit.speech("schedule.on-demand"), quiet=True),
        },
        {"state": state},
    )


def sites_table(visit: Visit, tenant: str) -> Table:
    rows = []
    for each in visit.ports.overview.sites_overview(tenant, visit.now_ns - FRESH_NS):
        state = site_condition(each).state
        cells = {
            "state": tables.state(visit, state),
            "name": tables.plain(each.site.name, visit.url("sites.show", tenant=tenant, site=each.site.site)),
            "devices": tables.number(visit, each.devices),
            "missing": tables.number(visit, each.stale_devices + each.silent_devices),
            "agents": tables.number(visit, each.agents),
            "seen": tables.moment(each.agent_seen_ns, relative=True),
        }
        rows.append(Row(cells, {"state": state}))
    return arrange(visit, "sites", SITE_COLUMNS, rows, "name")


def state_filter(visit: Visit) -> Filter:
    shown = (State.CRITICAL, State.WARNING, State.NOT_OBSERVED, State.OK)
    return Filter("state", "state", [(state.value, visit.speech(f"state.{state}")) for state in shown])
