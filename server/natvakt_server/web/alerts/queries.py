"""What the pages of alerts show: open incidents, those that are over, and one with everything it explains."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from natvakt_server.domain.incidents import DAY_NS, Acknowledgement, Cause, Incident, Member
from natvakt_server.domain.notification import SEVERITIES, Severity
from natvakt_server.web import tables
from natvakt_server.web.speech import SECOND_NS
from natvakt_server.web.states import State
from natvakt_server.web.tables import Cell, Column, Filter, Row, Table, arrange
from natvakt_server.web.visit import Visit

HISTORY_DAYS, HISTORY_SHOWN = 90, 1_000
STATES: Mapping[Severity, State] = {Severity.CRITICAL: State.CRITICAL, Severity.WARNING: State.WARNING}


@dataclass(frozen=True, slots=True)
class IncidentPage:
    incident: Incident
    customer: str
    merged: Incident | None
    members: Table
    acknowledgements: Sequence[Acknowledgement]


def open_table(visit: Visit, tenant: str | None, names: Mapping[str, str]) -> Table:
    columns = [
        Column("severity", "severity"),
        Column("what", "alert-what"),
        Column("where", "alert-where"),
        Column("since", "alert-since"),
        Column("explains", "alert-explains", numeric=True, optional=True),
        Column("owner", "alert-owner"),
    ]
    incidents = visit.ports.incidents.open_incidents(tenant)
    places = Places(visit, names)
    rows = [Row(_open_cells(visit, each, places), _facets(visit, each)) for each in incidents]
    return arrange(visit, "alerts", columns, rows, "severity", _filters(visit))


def history_table(visit: Visit, tenant: str | None, names: Mapping[str, str]) -> tuple[Table, bool]:
    """And whether there is more than is shown."""
    columns = [
        Column("since", "alert-since"),
        Column("lasted", "alert-lasted", numeric=True),
        Column("severity", "severity"),
        Column("what", "alert-what"),
        Column("where", "alert-where"),
        Column("explains", "alert-explains", numeric=True, optional=True),
        Column("note", "incident-note", optional=True),
    ]
    found = visit.ports.incidents.history(visit.now_ns - HISTORY_DAYS * DAY_NS, HISTORY_SHOWN, tenant)
    places = Places(visit, names)
    rows = [Row(_history_cells(visit, each, places), _facets(visit, each)) for each in found]
    return arrange(visit, "alerts", columns, rows, "-since", _filters(visit)[:2]), len(found) == HISTORY_SHOWN


def incident_page(visit: Visit, incident: Incident) -> IncidentPage:
    tenant, book = incident.tenant, visit.ports.incidents
    merged = book.incident(tenant, incident.merged) if incident.merged else None
    members = _members(visit, incident, book.members(tenant, incident.id))
    return IncidentPage(incident, visit.customer(tenant).name, merged, members, book.acknowledgements(tenant, incident.id))


def state_of(incident: Incident) -> State:
    return State.MAINTENANCE if incident.maintenance else STATES.get(incident.severity, State.OK)


def what(visit: Visit, incident: Incident) -> str:
    """`core1: does not answer`, as one text to be read and searched."""
    place = f"{incident.name} {incident.part}" if incident.cause in (Cause.INTERFACE_DOWN, Cause.INTERFACE_FLAPPING) else incident.name
    flapping = f" ({visit.speech('incident-flapping')})" if incident.flapping and incident.cause is not Cause.INTERFACE_FLAPPING else ""
    return f"{place}: {visit.speech(f'incident-cause.{incident.cause.value}')}{flapping}"


def severity_cell(visit: Visit, incident: Incident) -> Cell:
    rank = -SEVERITIES.index(incident.severity)
    if incident.severity is Severity.INFORMATION and not incident.maintenance:
        return Cell(visit.speech("alert-severity.information"), order=rank, severity="info")
    state = state_of(incident)
    word = "state.maintenance" if state is State.MAINTENANCE else f"alert-severity.{incident.severity.value}"
    return Cell(visit.speech(word), order=1 if state is State.MAINTENANCE else rank, state=state)


@dataclass(frozen=True, slots=True)
class Places:
    """Customers' names and addresses of pages, each made once: a list may have a thousand rows."""

    visit: Visit
    names: Mapping[str, str]
    made: dict[tuple[str, str], str] = field(default_factory=dict)

    def incident(self, incident: Incident) -> str:
        return f"{self._made(incident.tenant, '')}/{incident.id}"

    def site(self, incident: Incident) -> str:
        return self._made(incident.tenant, incident.site)

    def _made(self, tenant: str, site: str) -> str:
        if (tenant, site) not in self.made:
            made = self.visit.url("sites.show", tenant=tenant, site=site) if site else self.visit.url("alerts.customer", tenant=tenant)
            self.made[tenant, site] = made
        return self.made[tenant, site]


def _shared_cells(visit: Visit, incident: Incident, places: Places) -> dict[str, Cell]:
    customer = places.names.get(incident.tenant, incident.tenant)
    return {
        "severity": severity_cell(visit, incident),
        "what": tables.plain(what(visit, incident), href=places.incident(incident)),
        "where": tables.plain(f"{customer} / {incident.site}", href=places.site(incident)),
        "since": tables.moment(incident.started_ns),
        "explains": tables.number(visit, incident.members or None),
    }


def _open_cells(visit: Visit, incident: Incident, places: Places) -> Mapping[str, Cell]:
    has_owner = incident.has_owner(visit.now_ns)
    owner = tables.plain(incident.owner if has_owner else visit.speech("alert-nobody"), quiet=not has_owner)
    return {**_shared_cells(visit, incident, places), "owner": owner}


def _history_cells(visit: Visit, incident: Incident, places: Places) -> Mapping[str, Cell]:
    seconds = max(0, incident.cleared_ns - incident.started_ns) / SECOND_NS
    notes = [visit.speech("incident-late")] if incident.late else []
    notes += [visit.speech("incident-merged-short")] if incident.merged else []
    return {
        **_shared_cells(visit, incident, places),
        "lasted": Cell(visit.speech.duration(seconds), order=seconds),
        "note": tables.plain(", ".join(notes), quiet=True),
    }


def _facets(visit: Visit, incident: Incident) -> Mapping[str, str]:
    owned = "yes" if incident.has_owner(visit.now_ns) else "no"
    return {"cause": incident.cause.value, "severity": incident.severity.value, "owned": owned}


def _filters(visit: Visit) -> Sequence[Filter]:
    return (
        Filter("cause", "alert-cause", [(each.value, visit.speech(f"incident-cause.{each.value}")) for each in Cause]),
        Filter("severity", "severity", [(each.value, visit.speech(f"alert-severity.{each.value}")) for each in reversed(SEVERITIES)]),
        Filter("owned", "alert-owned", [(each, visit.speech(f"alert-owned.{each}")) for each in ("no", "yes")]),
    )


def _members(visit: Visit, incident: Incident, members: Sequence[Member]) -> Table:
    columns = [
        Column("device", "device"),
        Column("sign", "incident-sign"),
        Column("why", "incident-why"),
        Column("since", "alert-since"),
        Column("until", "alert-until", optional=True),
    ]
    return arrange(visit, "members", columns, [Row(_member_cells(visit, incident, each)) for each in members], "since")


def _member_cells(visit: Visit, incident: Incident, member: Member) -> Mapping[str, Cell]:
    href = visit.url("devices.show", tenant=incident.tenant, device_id=member.device) if member.device else None
    sign = visit.speech(f"incident-cause.{member.cause}") if member.cause else visit.speech("incident-sign-none")
    return {
        "device": tables.plain(member.name, href=href),
        "sign": tables.plain(f"{sign} {member.part}".strip(), quiet=not member.cause),
        "why": tables.plain(visit.speech(f"incident-why.{member.why.value}")),
        "since": tables.moment(member.since_ns),
        "until": tables.moment(member.until_ns) if member.until_ns else tables.plain(visit.speech("incident-still"), quiet=True),
    }
