"""Maintenance as a form says it, and as a list shows it. Times are of the customer's zone, whoever writes them wherever."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from natvakt_server.domain.estate import Customer
from natvakt_server.domain.incidents import Maintenance, NotPlannable
from natvakt_server.monitoring.maintenance import checked, covers
from natvakt_server.web.speech import SECOND_NS, moment
from natvakt_server.web.states import State
from natvakt_server.web.tables import Cell, Column, Row, Table, arrange, plain
from natvakt_server.web.tables import moment as moment_cell
from natvakt_server.web.visit import Visit

WEEKDAYS = range(7)
FIELD_FORMAT = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Names:
    """By tenant, and by device id."""

    customers: Mapping[str, str]
    devices: Mapping[str, str]


def read(visit: Visit, customer: Customer) -> Maintenance:
    """Raises NotPlannable."""
    try:
        start_ns, end_ns = (_nanoseconds(visit.field(name), customer) for name in ("start", "end"))
        weekdays = tuple(sorted({int(day) for day in visit.request.form.getlist("weekday")}))
        hour, minute = (int(part) for part in (visit.field("at") or "0:0").split(":"))
        minutes = int(visit.field("minutes") or "0")
    except ValueError as error:
        raise NotPlannable("unreadable", "a date, a time or a number cannot be read; write them as the fields show them") from error
    planned = Maintenance(
        id=visit.console.surroundings.new_id(),
        tenant=customer.tenant,
        site=visit.field("site"),
        device=visit.field("device"),
        start_ns=start_ns,
        end_ns=end_ns,
        reason=visit.field("reason").strip(),
        owner=visit.field("owner").strip(),
        created_ns=visit.now_ns,
        weekdays=weekdays,
        start_minute=60 * hour + minute,
        minutes=minutes,
        time_zone=customer.time_zone,
    )
    return checked(planned, visit.now_ns)


def _nanoseconds(text: str, customer: Customer) -> int:
    local = datetime.strptime(text, FIELD_FORMAT).replace(tzinfo=ZoneInfo(customer.time_zone))
    return int(local.astimezone(UTC).timestamp()) * SECOND_NS


def proposed(customer: Customer, at_ns: int) -> str:
    """A moment as the form's field takes it."""
    return moment(at_ns).astimezone(ZoneInfo(customer.time_zone)).strftime(FIELD_FORMAT)


def table(visit: Visit, planned: Sequence[Maintenance], names: Names) -> Table:
    columns = [
        Column("state", "state"),
        Column("covers", "maintenance-covers"),
        Column("when", "maintenance-when"),
        Column("start", "maintenance-start"),
        Column("end", "maintenance-end"),
        Column("reason", "maintenance-reason"),
        Column("owner", "maintenance-owner", optional=True),
    ]
    return arrange(visit, "maintenance", columns, [Row(_cells(visit, each, names)) for each in planned], "start")


def _cells(visit: Visit, planned: Maintenance, names: Names) -> dict[str, Cell]:
    is_now = covers(planned, planned.site, planned.device, visit.now_ns)
    state = Cell(visit.speech("maintenance-now"), order=0, state=State.MAINTENANCE) if is_now else plain(visit.speech("maintenance-ahead"))
    return {
        "state": state,
        "covers": plain(covered(visit, planned, names), href=visit.url("alerts.maintenance", tenant=planned.tenant)),
        "when": plain(recurrence(visit, planned)),
        "start": moment_cell(planned.start_ns),
        "end": moment_cell(planned.end_ns),
        "reason": plain(planned.reason),
        "owner": plain(planned.owner, quiet=True),
    }


def covered(visit: Visit, planned: Maintenance, names: Names) -> str:
    place = names.devices.get(planned.device) or planned.site or visit.speech("maintenance-everything")
    return f"{names.customers.get(planned.tenant, planned.tenant)} / {place}"


def names_of(visit: Visit, planned: Sequence[Maintenance], customers: Mapping[str, str]) -> Names:
    """One look at the devices of each customer that has any in maintenance by itself."""
    wanted = {each.device for each in planned if each.device}
    tenants = sorted({each.tenant for each in planned if each.device})
    found = {device.id: device.name for tenant in tenants for device in visit.ports.estate.devices(tenant) if device.id in wanted}
    return Names(customers, found)


def recurrence(visit: Visit, planned: Maintenance) -> str:
    if not planned.is_recurring:
        return visit.speech("maintenance-once")
    days = ", ".join(visit.speech(f"weekday.{day}") for day in planned.weekdays)
    hour, minute = divmod(planned.start_minute, 60)
    return visit.speech("maintenance-each", days=days, at=f"{hour:02d}:{minute:02d}", minutes=planned.minutes)
