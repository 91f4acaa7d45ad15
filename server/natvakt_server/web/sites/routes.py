"""One site: its devices, and how its agent is."""

from flask import abort
from werkzeug.wrappers import Response

from natvakt_server.domain.rights import Permission
from natvakt_server.web import tables
from natvakt_server.web.agents.queries import agents_health
from natvakt_server.web.conditions import site_condition
from natvakt_server.web.devices.listing import devices_table
from natvakt_server.web.routing import Screen, get
from natvakt_server.web.sites.words import WORDS
from natvakt_server.web.states import FRESH_NS
from natvakt_server.web.visit import Visit


def show(visit: Visit, tenant: str, site: str) -> Response:
    customer = visit.customer(tenant)
    overviews = visit.ports.overview.sites_overview(tenant, visit.now_ns - FRESH_NS)
    overview = next((each for each in overviews if each.site.site == site), None)
    if overview is None:
        abort(404)
    table = devices_table(visit, tenant, site)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, f"{tenant}-{site}-devices")
    health = agents_health(visit, tenant, site)
    return visit.page(
        "sites/site.html", customer=customer, overview=overview, condition=site_condition(overview), table=table, health=health
    )


SCREEN = Screen(name="sites", words=WORDS, routes=(get("sites.show", "/customers/<tenant>/sites/<site>", show, permission=Permission.SEE),))
