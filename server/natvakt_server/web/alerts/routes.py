"""Alerts: what is wrong, what was suppressed and why, who has it; and maintenance."""

from flask import abort
from werkzeug.wrappers import Response

from natvakt_server.domain.incidents import (
    LONGEST_HOLD_NS,
    MOST_OPEN,
    NOTE_CHARACTERS,
    Acknowledgement,
    AlreadyTaken,
    Incident,
    NotPlannable,
)
from natvakt_server.domain.notification import Kind, Occasion
from natvakt_server.domain.rights import Permission
from natvakt_server.web import tables
from natvakt_server.web.alerts import planning
from natvakt_server.web.alerts.queries import HISTORY_DAYS, HISTORY_SHOWN, history_table, incident_page, open_table, what
from natvakt_server.web.alerts.words import WORDS
from natvakt_server.web.routing import Entry, Screen, get, post
from natvakt_server.web.visit import Visit

HOUR_NS = 3_600_000_000_000
HOURS = (1, 2, 4, 8, 24, 72, 168)


def names(visit: Visit) -> dict[str, str]:
    return {each.tenant: each.name for each in visit.ports.estate.customers()}


def show_open(visit: Visit, tenant: str | None = None) -> Response:
    customer = visit.customer(tenant) if tenant else None
    table = open_table(visit, tenant, names(visit))
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, "alerts")
    return visit.page(
        "alerts/alerts.html",
        table=table,
        tab="alerts-open",
        customer=customer,
        is_cut=table.total == MOST_OPEN,
        most=MOST_OPEN,
        days=HISTORY_DAYS,
    )


def show_history(visit: Visit, tenant: str | None = None) -> Response:
    customer = visit.customer(tenant) if tenant else None
    table, is_cut = history_table(visit, tenant, names(visit))
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, "alerts-history")
    return visit.page(
        "alerts/alerts.html", table=table, tab="alerts-history", customer=customer, is_cut=is_cut, most=HISTORY_SHOWN, days=HISTORY_DAYS
    )


def show_planned(visit: Visit) -> Response:
    planned = visit.ports.incidents.maintenances(None, visit.now_ns)
    table = planning.table(visit, planned, planning.names_of(visit, planned, names(visit)))
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, "maintenance")
    return visit.page("alerts/planned.html", table=table)


def show(visit: Visit, tenant: str, incident_id: str) -> Response:
    return incident_answer(visit, find_incident(visit, tenant, incident_id))


def incident_answer(visit: Visit, incident: Incident, problem: str = "", status: int = 200) -> Response:
    page = incident_page(visit, incident)
    if tables.export_wanted(visit, page.members):
        return tables.export(visit, page.members, f"{incident.tenant}-alert")
    return visit.page("alerts/incident.html", status, page=page, what=lambda each: what(visit, each), hours=HOURS, problem=problem)


def take(visit: Visit, tenant: str, incident_id: str) -> Response:
    """For some hours, or back to nobody for 0. Who comes second is told who was first, and nothing is overwritten."""
    incident = find_incident(visit, tenant, incident_id)
    hours, claims = visit.field("hours"), visit.field("claims")
    if not (hours.isdecimal() and claims.isdecimal() and len(hours + claims) < 12 and int(hours) * HOUR_NS <= LONGEST_HOLD_NS):
        return incident_answer(visit, incident, visit.speech("incident-bad-hours"), 400)
    if not incident.is_open:
        return incident_answer(visit, incident, visit.speech("incident-over"), 409)
    until_ns = visit.now_ns + int(hours) * HOUR_NS if int(hours) else 0
    given = Acknowledgement(incident.id, visit.user.display_name, visit.now_ns, until_ns, visit.field("note").strip()[:NOTE_CHARACTERS])
    try:
        visit.ports.incidents.acknowledge(tenant, given, int(claims), [occasion(incident, given, int(claims))])
    except AlreadyTaken as taken:
        visit.audit("incident-take", incident.id, "refused", f"{taken.incident.owner or 'nobody'} has it", tenant)
        return incident_answer(visit, taken.incident, taken_meanwhile(visit, taken.incident), 409)
    visit.audit("incident-take" if until_ns else "incident-give", incident.id, detail=given.note, tenant=tenant)
    return visit.go("alerts.show", tenant=tenant, incident_id=incident.id)


def occasion(incident: Incident, given: Acknowledgement, claims: int) -> Occasion:
    """Taken, or given back to nobody, which begins escalation anew."""
    taken = bool(given.until_ns)
    return Occasion(
        key=f"{incident.id}/{'acknowledged' if taken else 'released'}/{claims + 1}",
        tenant=incident.tenant,
        site=incident.site,
        incident=incident.id,
        kind=Kind.ACKNOWLEDGED if taken else Kind.UPDATED,
        severity=incident.severity,
        at_ns=given.at_ns,
        cause=incident.cause.value,
        devices=(incident.name,),
        suppressed=incident.members,
        facts={} if taken else {"acknowledgement": "ended"},
        by=given.by if taken else "",
    )


def taken_meanwhile(visit: Visit, incident: Incident) -> str:
    if not incident.has_owner(visit.now_ns):
        return visit.speech("incident-given-meanwhile")
    return visit.speech("incident-taken-meanwhile", name=incident.owner, until=visit.speech.local(incident.owner_until_ns))


def show_maintenance(visit: Visit, tenant: str) -> Response:
    return maintenance_answer(visit, tenant)


def maintenance_answer(visit: Visit, tenant: str, problem: str = "", status: int = 200) -> Response:
    customer = visit.customer(tenant)
    device = visit.ports.estate.device(tenant, visit.argument("device")) if visit.argument("device") else None
    planned = visit.ports.incidents.maintenances(tenant, visit.now_ns)
    named = planning.names_of(visit, planned, {tenant: customer.name})
    return visit.page(
        "alerts/maintenance.html",
        status,
        customer=customer,
        device=device,
        planned=[(each, planning.covered(visit, each, named), planning.recurrence(visit, each)) for each in planned],
        sites=visit.ports.estate.sites(tenant),
        start=planning.proposed(customer, visit.now_ns),
        end=planning.proposed(customer, visit.now_ns + 2 * HOUR_NS),
        weekdays=planning.WEEKDAYS,
        problem=problem,
    )


def plan(visit: Visit, tenant: str) -> Response:
    customer = visit.customer(tenant)
    try:
        planned = planning.read(visit, customer)
    except NotPlannable as refused:
        return maintenance_answer(visit, tenant, visit.speech(f"maintenance-refused.{refused.word}"), 400)
    known = {site.site for site in visit.ports.estate.sites(tenant)}
    if (planned.site and planned.site not in known) or (planned.device and visit.ports.estate.device(tenant, planned.device) is None):
        abort(404)
    visit.ports.incidents.plan(planned)
    visit.audit("maintenance-plan", planned.id, detail=f"{planned.site or 'all'} {planned.device}: {planned.reason}", tenant=tenant)
    return visit.go("alerts.maintenance", tenant=tenant)


def finish(visit: Visit, tenant: str, maintenance_id: str) -> Response:
    visit.customer(tenant)
    if not visit.ports.incidents.end_maintenance(tenant, maintenance_id, visit.now_ns):
        abort(404)
    visit.audit("maintenance-end", maintenance_id, tenant=tenant)
    return visit.go("alerts.maintenance", tenant=tenant)


def find_incident(visit: Visit, tenant: str, incident_id: str) -> Incident:
    found = visit.ports.incidents.incident(tenant, incident_id)
    if found is None:
        abort(404)
    return found


SCREEN = Screen(
    name="alerts",
    words=WORDS,
    routes=(
        get("alerts.list", "/alerts", show_open, permission=Permission.SEE),
        get("alerts.history", "/alerts/history", show_history, permission=Permission.SEE),
        get("alerts.planned", "/alerts/maintenance", show_planned, permission=Permission.SEE),
        get("alerts.customer", "/customers/<tenant>/alerts", show_open, permission=Permission.SEE),
        get("alerts.customer_history", "/customers/<tenant>/alerts/history", show_history, permission=Permission.SEE),
        get("alerts.maintenance", "/customers/<tenant>/maintenance", show_maintenance, permission=Permission.SEE),
        post("alerts.plan", "/customers/<tenant>/maintenance", plan, permission=Permission.OPERATE),
        post("alerts.finish", "/customers/<tenant>/maintenance/<maintenance_id>/end", finish, permission=Permission.OPERATE),
        get("alerts.show", "/customers/<tenant>/alerts/<incident_id>", show, permission=Permission.SEE),
        post("alerts.take", "/customers/<tenant>/alerts/<incident_id>/owner", take, permission=Permission.OPERATE),
    ),
    navigation=(Entry("alerts", "alerts.list"),),
)
