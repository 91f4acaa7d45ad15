"""Traps and syslog: of a device, and of all devices of a customer. Messages are scrubbed at the site before they leave it."""

from werkzeug.wrappers import Response

from natvakt_server.domain.estate import Device
from natvakt_server.domain.rights import Permission
from natvakt_server.web import tables
from natvakt_server.web.devices.queries import find_device
from natvakt_server.web.events.queries import DAYS_SHOWN, EVENTS_SHOWN, look
from natvakt_server.web.events.words import WORDS
from natvakt_server.web.routing import Screen, get
from natvakt_server.web.visit import Visit


def show_customer(visit: Visit, tenant: str) -> Response:
    visit.customer(tenant)
    return _show(visit, tenant, None)


def show_device(visit: Visit, tenant: str, device_id: str) -> Response:
    return _show(visit, tenant, find_device(visit, tenant, device_id))


def _show(visit: Visit, tenant: str, device: Device | None) -> Response:
    heard = look(visit, tenant, device)
    if tables.export_wanted(visit, heard.table):
        return tables.export(visit, heard.table, f"{tenant}-events")
    return visit.page("events/events.html", heard=heard, days=DAYS_SHOWN, most=EVENTS_SHOWN)


SCREEN = Screen(
    name="events",
    words=WORDS,
    routes=(
        get("events.customer", "/customers/<tenant>/events", show_customer, permission=Permission.SEE),
        get("events.device", "/customers/<tenant>/devices/<device_id>/events", show_device, permission=Permission.SEE),
    ),
)
