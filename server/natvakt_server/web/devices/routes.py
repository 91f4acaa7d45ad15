"""One device, and the data of its charts."""

import msgspec
from flask import abort
from werkzeug.wrappers import Response

from natvakt_server.domain.estate import Device
from natvakt_server.domain.rights import Permission
from natvakt_server.web import tables
from natvakt_server.web.devices.charts import DEFAULT_RANGE, RANGES, Chart, Drawn, Question, as_data, as_rows, chart_named, span_of
from natvakt_server.web.devices.history import Span
from natvakt_server.web.devices.queries import SHOWN_CLASSES, device_series, find_device, interfaces_table, look
from natvakt_server.web.devices.words import WORDS
from natvakt_server.web.routing import Screen, get
from natvakt_server.web.visit import Visit

LONGEST_INDEX = 10


def show(visit: Visit, tenant: str, device_id: str) -> Response:
    device = find_device(visit, tenant, device_id)
    page = look(visit, device)
    interfaces = interfaces_table(visit, page)
    if tables.export_wanted(visit, interfaces):
        return tables.export(visit, interfaces, f"{tenant}-interfaces")
    modules = [row for row in page.rows("component") if row.get("class") in SHOWN_CLASSES]
    return visit.page(
        "devices/device.html",
        page=page,
        interfaces=interfaces,
        modules=modules,
        range=range_of(visit),
        ranges=RANGES,
        interface=interface_of(visit),
    )


def chart_data(visit: Visit, tenant: str, device_id: str, chart: str) -> Response:
    wanted, span, drawn = draw(visit, find_device(visit, tenant, device_id), chart)
    return Response(msgspec.json.encode(as_data(drawn, wanted, span)), mimetype="application/json")


def chart_table(visit: Visit, tenant: str, device_id: str, chart: str) -> Response:
    """A fragment for the chart's fold, a whole page without script."""
    device = find_device(visit, tenant, device_id)
    wanted, span, drawn = draw(visit, device, chart)
    template = "devices/chart_rows.html" if visit.wants_fragment else "devices/chart_page.html"
    return visit.page(template, device=device, chart=wanted, drawn=drawn, rows=as_rows(drawn, span))


def draw(visit: Visit, device: Device, name: str) -> tuple[Chart, Span, Drawn]:
    chart = chart_named(name)
    if chart is None:
        abort(404)
    snapshot = visit.ports.estate.snapshot(device.tenant, device.id, chart.needs)
    span = span_of(range_of(visit), visit.now_ns)
    documents = {chart.needs: snapshot.rows if snapshot else ()}
    interface = interface_of(visit) if chart.per_interface else ""
    return chart, span, chart.draw(Question(device_series(visit, device), documents, span, interface, visit.speech))


def range_of(visit: Visit) -> str:
    wanted = visit.argument("range", DEFAULT_RANGE)
    return wanted if wanted in RANGES else DEFAULT_RANGE


def interface_of(visit: Visit) -> str:
    wanted = visit.argument("interface")
    return wanted if wanted.isascii() and wanted.isdigit() and len(wanted) <= LONGEST_INDEX else ""


SCREEN = Screen(
    name="devices",
    words=WORDS,
    routes=(
        get("devices.show", "/customers/<tenant>/devices/<device_id>", show, permission=Permission.SEE),
        get("devices.chart", "/customers/<tenant>/devices/<device_id>/charts/<chart>.json", chart_data, permission=Permission.SEE),
        get("devices.chart_table", "/customers/<tenant>/devices/<device_id>/charts/<chart>", chart_table, permission=Permission.SEE),
    ),
)
