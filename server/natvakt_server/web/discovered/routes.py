"""What discovery found at a site: of every address its state, who it is, and why it is not polled."""

from collections.abc import Mapping, Sequence

from flask import abort
from werkzeug.wrappers import Response

from natvakt_server.domain.estate import Device
from natvakt_server.domain.rights import Permission
from natvakt_server.web import tables
from natvakt_server.web.devices.listing import address_order
from natvakt_server.web.discovered.words import WORDS
from natvakt_server.web.routing import Screen, get
from natvakt_server.web.states import State
from natvakt_server.web.tables import Cell, Column, Filter, Row, Table, arrange
from natvakt_server.web.visit import Visit

KIND = "discovered"
STATES: Mapping[str, State] = {
    "unmatched": State.CRITICAL,
    "replaced": State.WARNING,
    "moved": State.WARNING,
    "new": State.WARNING,
    "outside": State.NOT_OBSERVED,
    "known": State.OK,
}
COLUMNS = (
    Column("state", "discovered-state"),
    Column("address", "address"),
    Column("name", "device"),
    Column("model", "model", optional=True),
    Column("system", "system", optional=True),
    Column("serial", "serial", optional=True),
    Column("credential", "discovered-credential", optional=True),
    Column("by", "discovered-by", optional=True),
    Column("reason", "discovered-reason"),
)


def show(visit: Visit, tenant: str, site: str) -> Response:
    customer = visit.customer(tenant)
    known = next((each for each in visit.ports.estate.sites(tenant) if each.site == site), None)
    if known is None:
        abort(404)
    found = visit.ports.estate.site_snapshots(tenant, site, KIND)
    by_address = {device.address: device for device in visit.ports.estate.devices(tenant, site)}
    table = _table(visit, [row for snapshot in found for row in snapshot.rows], by_address)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, f"{tenant}-{site}-discovered")
    at_ns = max((snapshot.confirmed_ns for snapshot in found), default=None)
    return visit.page("discovered/discovered.html", customer=customer, site=known, table=table, at_ns=at_ns)


def _table(visit: Visit, rows: Sequence[Mapping[str, object]], by_address: Mapping[str, Device]) -> Table:
    choices = [(state, visit.speech(f"discovered-state.{state}")) for state in STATES]
    return arrange(
        visit, KIND, COLUMNS, [_row(visit, row, by_address) for row in rows], "state", (Filter("state", "discovered-state", choices),)
    )


def _row(visit: Visit, row: Mapping[str, object], by_address: Mapping[str, Device]) -> Row:
    told = {name: str(value) for name, value in row.items() if value is not None}
    address, state = told.get("address", ""), told.get("state", "")
    device = by_address.get(address)
    href = visit.url("devices.show", tenant=device.tenant, device_id=device.id) if device else None
    cells = {
        "state": Cell(
            visit.speech.known("discovered-state", state),
            order=list(STATES).index(state) if state in STATES else len(STATES),
            state=STATES.get(state, State.NOT_OBSERVED),
        ),
        "address": Cell(address, order=address_order(address)),
        "name": tables.plain(told.get("name") or (device.name if device else ""), href),
        "model": tables.plain(told.get("model")),
        "system": tables.plain(" ".join(told[name] for name in ("os", "version") if name in told)),
        "serial": tables.plain(told.get("serial")),
        "credential": tables.plain(told.get("credential")),
        "by": tables.plain(told.get("found_by", "").replace(",", ", "), quiet=True),
        "reason": tables.plain(told.get("reason"), quiet=True),
    }
    return Row(cells, {"state": state})


SCREEN = Screen(
    name=KIND, words=WORDS, routes=(get("discovered.show", "/customers/<tenant>/sites/<site>/discovered", show, permission=Permission.SEE),)
)
