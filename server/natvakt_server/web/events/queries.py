"""What the pages of events show: of one device, or of a whole customer."""

from collections.abc import Sequence
from dataclasses import dataclass

from natvakt_server.domain.estate import Device
from natvakt_server.domain.events import SEVERITIES, StoredEvent
from natvakt_server.web import tables
from natvakt_server.web.states import State
from natvakt_server.web.tables import Cell, Column, Filter, Row, Table, arrange
from natvakt_server.web.visit import Visit

DAYS_SHOWN = 30
EVENTS_SHOWN = 2_000
DAY_NS = 86_400_000_000_000
CRITICAL_AT_MOST, WARNING_AT_MOST = 2, 4
_CHANGE, _OTHER = "change", "other"


@dataclass(frozen=True, slots=True)
class Heard:
    customer_name: str
    tenant: str
    device: Device | None
    table: Table
    is_cut: bool


def look(visit: Visit, tenant: str, device: Device | None) -> Heard:
    since_ns = visit.now_ns - DAYS_SHOWN * DAY_NS
    events = visit.ports.events.events(tenant, since_ns, EVENTS_SHOWN, device.id if device else None)
    return Heard(visit.customer(tenant).name, tenant, device, _table(visit, tenant, events, device is None), len(events) == EVENTS_SHOWN)


def _table(visit: Visit, tenant: str, events: Sequence[StoredEvent], is_of_customer: bool) -> Table:
    columns = [
        Column("at", "event-at"),
        *([Column("device", "event-device")] if is_of_customer else []),
        Column("severity", "event-severity"),
        Column("name", "event-name"),
        Column("message", "event-message"),
        Column("by", "event-by", optional=True),
        Column("kind", "event-kind", optional=True),
        Column("count", "event-count", numeric=True, optional=True),
    ]
    rows = [_row(visit, tenant, each) for each in events]
    filters = (
        Filter("severity", "event-severity", [(each, visit.speech(f"event-severity.{each}")) for each in SEVERITIES]),
        Filter("about", "event-about", [(each, visit.speech(f"event-about.{each}")) for each in (_CHANGE, _OTHER)]),
    )
    return arrange(visit, "events", columns, rows, "-at", filters)


def _row(visit: Visit, tenant: str, stored: StoredEvent) -> Row:
    told, severity = stored.told, SEVERITIES[stored.told.severity]
    whom = [told.user, told.origin] if told.is_change else []
    cells = {
        "at": tables.moment(told.at_ns),
        "device": _sender(visit, tenant, stored),
        "severity": Cell(visit.speech(f"event-severity.{severity}"), order=told.severity, state=_state(told.severity)),
        "name": tables.plain(told.name),
        "message": tables.plain(told.message),
        "by": tables.plain(" · ".join(filter(None, whom)), quiet=True),
        "kind": tables.plain(visit.speech(f"event-kind.{told.kind}"), quiet=True),
        "count": tables.number(visit, told.count),
    }
    return Row(cells, {"severity": severity, "about": _CHANGE if told.is_change else _OTHER})


def _sender(visit: Visit, tenant: str, stored: StoredEvent) -> Cell:
    if stored.told.known:
        return tables.plain(stored.device_name, href=visit.url("events.device", tenant=tenant, device_id=stored.device_id))
    return tables.plain(f"{stored.told.source} ({visit.speech('event-unknown')})", quiet=True)


def _state(severity: int) -> State:
    if severity <= CRITICAL_AT_MOST:
        return State.CRITICAL
    return State.WARNING if severity <= WARNING_AT_MOST else State.OK
