"""Was the agreement kept? A customer's availability by month, the evidence of each figure, and what was agreed."""

from flask import abort
from werkzeug.wrappers import Response

from natvakt_server.domain.agreements import Agreement
from natvakt_server.domain.rights import Permission
from natvakt_server.monitoring.agreed import BadAgreement, checked
from natvakt_server.monitoring.service_hours import BadHours
from natvakt_server.web import tables
from natvakt_server.web.availability.queries import figures_table, look, percent, proofs_table, verdict_cell
from natvakt_server.web.availability.words import WORDS
from natvakt_server.web.customers.queries import customer_head
from natvakt_server.web.routing import Screen, get, post
from natvakt_server.web.visit import Visit

LONGEST_NUMBER = 8


def show(visit: Visit, tenant: str) -> Response:
    head, looked = customer_head(visit, tenant), look(visit, tenant)
    table = figures_table(visit, looked)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, f"{tenant}-availability-{looked.period.written}")
    whole = looked.figures[0].measured if looked.figures else None
    return visit.page(
        "availability/availability.html",
        head=head,
        looked=looked,
        table=table,
        whole=whole,
        verdict=verdict_cell(visit, whole) if whole else None,
        percent=lambda share: percent(visit, share),
        problem=visit.argument("problem"),
    )


def show_evidence(visit: Visit, tenant: str) -> Response:
    looked = look(visit, tenant)
    figure = looked.figure(visit.argument("kind", "customer"), visit.argument("place"))
    table = proofs_table(visit, figure)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, f"{tenant}-availability-{looked.period.written}-evidence")
    return visit.page(
        "availability/evidence.html",
        looked=looked,
        figure=figure,
        measured=figure.measured,
        table=table,
        verdict=verdict_cell(visit, figure.measured),
        percent=lambda share: percent(visit, share),
    )


def agree(visit: Visit, tenant: str) -> Response:
    visit.customer(tenant)
    known = {device.id for device in visit.ports.estate.devices(tenant)}
    devices = tuple(dict.fromkeys(visit.request.form.getlist("devices")))
    if not known.issuperset(devices):
        abort(404)
    wanted = Agreement(
        tenant=tenant,
        name=visit.field("name"),
        hours=visit.field("hours"),
        time_zone=visit.field("zone"),
        target=_share(visit.field("target")),
        said_ns=visit.now_ns,
        by=visit.user.display_name,
        devices=devices,
        needs_all=visit.field("needs") != "any",
    )
    try:
        agreement = checked(wanted)
    except (BadAgreement, BadHours):
        return visit.go("availability.show", tenant=tenant, problem="availability-bad")
    visit.ports.agreements.agree(agreement)
    detail = f"{agreement.hours} {agreement.time_zone} {agreement.target:.5f}"
    visit.audit("agreement", f"agreement:{agreement.name or 'customer'}", detail=detail, tenant=tenant)
    return visit.go("availability.show", tenant=tenant)


def end(visit: Visit, tenant: str) -> Response:
    visit.customer(tenant)
    name = visit.field("name")
    if visit.ports.agreements.end_agreement(tenant, name):
        visit.audit("agreement-end", f"agreement:{name or 'customer'}", tenant=tenant)
    return visit.go("availability.show", tenant=tenant)


def _share(text: str) -> float:
    """From per cent; what is no number is no target either."""
    try:
        return round(float(text.strip().rstrip("%").replace(",", ".")) / 100, 9) if len(text) <= LONGEST_NUMBER else 0.0
    except ValueError:
        return 0.0


SCREEN = Screen(
    name="availability",
    words=WORDS,
    routes=(
        get("availability.show", "/customers/<tenant>/availability", show, permission=Permission.SEE),
        get("availability.evidence", "/customers/<tenant>/availability/evidence", show_evidence, permission=Permission.SEE),
        post("availability.agree", "/customers/<tenant>/agreements", agree, permission=Permission.SETTINGS),
        post("availability.end", "/customers/<tenant>/agreements/ending", end, permission=Permission.SETTINGS),
    ),
)
