"""A table of devices, as customers and sites show it."""

from collections.abc import Sequence

from natvakt_server.domain.estate import Device
from natvakt_server.web import tables
from natvakt_server.web.assessments.listing import DeviceFindings, newest_findings
from natvakt_server.web.conditions import seen_state
from natvakt_server.web.states import State, severity_rank
from natvakt_server.web.tables import Cell, Column, Filter, Row, Table, arrange
from natvakt_server.web.visit import Visit

COLUMNS = (
    Column("state", "state"),
    Column("name", "device"),
    Column("address", "address"),
    Column("role", "role", optional=True),
    Column("model", "model", optional=True),
    Column("system", "system", optional=True),
    Column("serial", "serial", optional=True),
    Column("worst", "worst-finding"),
    Column("findings", "findings", numeric=True),
    Column("seen", "last-seen", optional=True),
)


def devices_table(visit: Visit, tenant: str, site: str | None = None) -> Table:
    devices = visit.ports.estate.devices(tenant, site)
    findings = newest_findings(visit, tenant) if devices else {}
    several_sites = site is None and len({device.site for device in devices}) > 1
    rows = [_row(visit, device, findings.get(device.id)) for device in devices]
    columns = (*COLUMNS[:3], Column("site", "site", optional=True), *COLUMNS[3:]) if several_sites else COLUMNS
    filters = [_states(visit), _roles(visit, devices)]
    if several_sites:
        filters.append(Filter("site", "site", [(name, name) for name in sorted({device.site for device in devices})]))
    return arrange(visit, "devices", columns, rows, "name", filters)


def _row(visit: Visit, device: Device, found: DeviceFindings | None) -> Row:
    state = seen_state(device, visit.now_ns)
    worst = min((finding.severity for finding in found.findings), key=severity_rank) if found else None
    cells = {
        "state": tables.state(visit, state),
        "name": tables.plain(device.name, visit.url("devices.show", tenant=device.tenant, device_id=device.id)),
        "address": Cell(device.address, order=address_order(device.address)),
        "site": tables.plain(device.site, visit.url("sites.show", tenant=device.tenant, site=device.site)),
        "role": tables.plain(visit.speech.known("device-role", device.role.value)),
        "model": tables.plain(device.model),
        "system": tables.plain(" ".join(part for part in (device.os, device.version) if part)),
        "serial": tables.plain(device.serial),
        "worst": tables.severity(visit, worst) if worst else Cell("", order=""),
        "findings": tables.number(visit, len(found.findings) if found else None),
        "seen": tables.moment(device.last_seen_ns, relative=True),
    }
    return Row(cells, {"state": state, "role": device.role.value, "site": device.site})


def address_order(address: str) -> str:
    """10.0.0.9 before 10.0.0.10."""
    parts = address.split(".")
    return ".".join(part.zfill(3) for part in parts) if len(parts) == 4 and all(part.isdigit() for part in parts) else address


def _states(visit: Visit) -> Filter:
    return Filter("state", "state", [(state.value, visit.speech(f"state.{state}")) for state in (State.NOT_OBSERVED, State.OK)])


def _roles(visit: Visit, devices: Sequence[Device]) -> Filter:
    known = sorted({device.role.value for device in devices})
    return Filter("role", "role", [(role, visit.speech.known("device-role", role)) for role in known])
