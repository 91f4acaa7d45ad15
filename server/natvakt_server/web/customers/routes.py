"""All customers, and one customer with its tabs."""

from werkzeug.wrappers import Response

from natvakt_server.domain.rights import Permission
from natvakt_server.web import tables
from natvakt_server.web.assessments.listing import history_table, score_lines
from natvakt_server.web.customers.queries import customer_head, customers_table, sites_table
from natvakt_server.web.customers.words import WORDS
from natvakt_server.web.devices.listing import devices_table
from natvakt_server.web.routing import Entry, Screen, get
from natvakt_server.web.visit import Visit


def show_all(visit: Visit) -> Response:
    table = customers_table(visit)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, "customers")
    return visit.page("customers/customers.html", table=table)


def show(visit: Visit, tenant: str) -> Response:
    head = customer_head(visit, tenant)
    table = sites_table(visit, tenant)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, f"{tenant}-sites")
    return visit.page("customers/sites.html", head=head, table=table)


def show_devices(visit: Visit, tenant: str) -> Response:
    head = customer_head(visit, tenant)
    table = devices_table(visit, tenant)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, f"{tenant}-devices")
    return visit.page("customers/devices.html", head=head, table=table)


def show_assessments(visit: Visit, tenant: str) -> Response:
    head = customer_head(visit, tenant)
    history = visit.ports.assessments.history(tenant)
    table = history_table(visit, tenant, history)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, f"{tenant}-assessments")
    sites = visit.ports.estate.sites(tenant)
    waiting = [job for job in visit.ports.jobs.jobs(tenant) if job.state in ("waiting", "running")]
    return visit.page(
        "customers/assessments.html", head=head, table=table, sites=sites, waiting=waiting, lines=score_lines(history), history=history
    )


SCREEN = Screen(
    name="customers",
    words=WORDS,
    routes=(
        get("customers.list", "/customers", show_all, permission=Permission.SEE),
        get("customers.show", "/customers/<tenant>", show, permission=Permission.SEE),
        get("customers.devices", "/customers/<tenant>/devices", show_devices, permission=Permission.SEE),
        get("customers.assessments", "/customers/<tenant>/assessments", show_assessments, permission=Permission.REPORTS),
    ),
    navigation=(Entry("customers", "customers.list"),),
)
