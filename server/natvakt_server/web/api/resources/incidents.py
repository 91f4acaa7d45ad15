"""Incidents: what is wrong, what it explains, who has it; and taking one."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec

from natvakt_server.domain.identity import AuditEntry
from natvakt_server.domain.incidents import (
    LONGEST_HOLD_NS,
    NOTE_CHARACTERS,
    Acknowledgement,
    AlreadyTaken,
    Cause,
    Incident,
    Member,
)
from natvakt_server.domain.listing import Page
from natvakt_server.domain.notification import SEVERITIES
from natvakt_server.domain.rights import Permission
from natvakt_server.domain.sifting import sift
from natvakt_server.web.alerts.routes import occasion
from natvakt_server.web.api.call import Call
from natvakt_server.web.api.operation import PREFIX, Field, Kind, Operation, Parameter
from natvakt_server.web.api.problem import Refused, not_found
from natvakt_server.web.api.resources.times import certain, moment

DAY_NS = 86_400_000_000_000
HISTORY_DAYS, MOST_HISTORY = 30, 2_000
OPEN, OVER = "open", "over"
MOST_CLAIMS = 2**31 - 1
ON_ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class IncidentAnswer(msgspec.Struct, frozen=True):
    """`device` empty: the site itself. `suppressed`: how many signs it explains, of which nobody is told by themselves.

    `late`: learned when it was over already. `claims` counts changes of owner: who takes it says which they saw.
    """

    id: str
    customer: str
    site: str
    cause: str
    severity: str
    device: str
    name: str
    part: str
    started: datetime
    raised: datetime
    cleared: datetime | None
    flapping: bool
    late: bool
    merged_into: str
    maintenance: str
    suppressed: int
    owner: str
    owner_until: datetime | None
    claims: int
    url: str


class MemberAnswer(msgspec.Struct, frozen=True):
    device: str
    name: str
    cause: str
    part: str
    why: str
    since: datetime
    until: datetime | None


class AcknowledgementAnswer(msgspec.Struct, frozen=True):
    """`until` null: given back."""

    by: str
    at: datetime
    until: datetime | None
    note: str


class IncidentWhole(msgspec.Struct, frozen=True):
    incident: IncidentAnswer
    members: list[MemberAnswer]
    acknowledgements: list[AcknowledgementAnswer]


class Taking(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`until` null: give it back. `claims`: as the incident had it when it was read."""

    claims: Annotated[int, msgspec.Meta(ge=0, le=MOST_CLAIMS)]
    until: datetime | None = None
    note: Annotated[str, msgspec.Meta(max_length=NOTE_CHARACTERS, pattern=ON_ONE_LINE)] = ""


def list_incidents(call: Call) -> Page[IncidentAnswer]:
    """Open ones the worst first; those that are over the newest first."""
    if call.text("state", OPEN) == OPEN:
        found = call.ports.incidents.open_incidents()
    else:
        since_ns = int(call.arguments.get("since", call.now_ns - HISTORY_DAYS * DAY_NS))
        found = call.ports.incidents.history(since_ns, MOST_HISTORY)
    return sift([_answer(call, each) for each in found], call.wish, _READINGS, ("name", "part", "site", "customer"))


def show_incident(call: Call) -> IncidentWhole:
    incident = _incident(call)
    book = call.ports.incidents
    return IncidentWhole(
        _answer(call, incident),
        [_member(each) for each in book.members(incident.tenant, incident.id)],
        [
            AcknowledgementAnswer(each.by, certain(each.at_ns), moment(each.until_ns), each.note)
            for each in book.acknowledgements(incident.tenant, incident.id)
        ],
    )


def take(call: Call) -> IncidentAnswer:
    """Of two who take it at once one gets it; the same call again by who has it changes nothing."""
    incident, wanted = _incident(call), call.body
    assert isinstance(wanted, Taking)
    if not incident.is_open:
        raise Refused(409, "over", "it is over; there is nothing to take")
    until_ns = _until_ns(call, wanted)
    owner = call.bearer.name if until_ns else ""
    done = incident.claims == wanted.claims + 1 and (incident.owner if until_ns else "") == owner and incident.owner_until_ns == until_ns
    if done:
        return _answer(call, incident)
    given = Acknowledgement(incident.id, call.bearer.name, call.now_ns, until_ns, wanted.note.strip())
    try:
        told = occasion(incident, given, wanted.claims)
        taken = call.ports.incidents.acknowledge(incident.tenant, given, wanted.claims, [told])
    except AlreadyTaken as error:
        _audit(call, incident, "incident-take", "refused", str(error))
        raise Refused(409, "taken-meanwhile", f"{error}; read it again") from error
    _audit(call, incident, "incident-take" if until_ns else "incident-give", "ok", given.note)
    return _answer(call, taken)


def _until_ns(call: Call, wanted: Taking) -> int:
    if wanted.until is None:
        return 0
    if wanted.until.tzinfo is None:
        raise Refused(422, "bad-body", "until: has no offset; write 2026-11-25T21:00:00Z")
    until_ns = (wanted.until.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1) * 1000
    if not call.now_ns < until_ns <= call.now_ns + LONGEST_HOLD_NS:
        raise Refused(422, "bad-body", f"until: not within the {LONGEST_HOLD_NS // DAY_NS} days to come")
    return until_ns


def _audit(call: Call, incident: Incident, action: str, outcome: str, detail: str) -> None:
    entry = AuditEntry(call.now_ns, f"token:{call.bearer.name}", action, incident.id, outcome, detail, incident.tenant)
    call.ports.audit.record(entry)


def _incident(call: Call) -> Incident:
    tenant, number = call.path["customer"], call.path["incident"]
    found = call.ports.incidents.incident(tenant, number) if call.scope.touches(tenant) else None
    if found is None or not call.scope.holds(tenant, found.site):
        raise not_found(f"incident {number[:64]!r}")
    return found


def _answer(call: Call, each: Incident) -> IncidentAnswer:
    has_owner = each.has_owner(call.now_ns)
    return IncidentAnswer(
        id=each.id,
        customer=each.tenant,
        site=each.site,
        cause=each.cause.value,
        severity=each.severity.value,
        device=each.device,
        name=each.name,
        part=each.part,
        started=certain(each.started_ns),
        raised=certain(each.raised_ns),
        cleared=moment(each.cleared_ns),
        flapping=each.flapping,
        late=each.late,
        merged_into=each.merged,
        maintenance=each.maintenance,
        suppressed=each.members,
        owner=each.owner if has_owner else "",
        owner_until=moment(each.owner_until_ns) if has_owner else None,
        claims=each.claims,
        url=f"{PREFIX}/customers/{each.tenant}/incidents/{each.id}",
    )


def _member(each: Member) -> MemberAnswer:
    return MemberAnswer(each.device, each.name, each.cause, each.part, each.why.value, certain(each.since_ns), moment(each.until_ns))


_FIELDS = (
    Field("customer"),
    Field("site"),
    Field("cause", Kind.CHOICE, tuple(each.value for each in Cause)),
    Field("severity", Kind.CHOICE, tuple(each.value for each in SEVERITIES)),
    Field("device"),
    Field("name"),
    Field("owner"),
    Field("flapping", Kind.SWITCH),
)
_READINGS = {
    "customer": lambda row: row.customer,
    "site": lambda row: row.site,
    "cause": lambda row: row.cause,
    "severity": lambda row: row.severity,
    "device": lambda row: row.device,
    "name": lambda row: row.name,
    "part": lambda row: row.part,
    "owner": lambda row: row.owner,
    "flapping": lambda row: row.flapping,
}
OPERATIONS = (
    Operation(
        "incidents.list",
        "GET",
        "/incidents",
        "Incidents by cause: what is wrong now, or was",
        Permission.SEE,
        list_incidents,
        IncidentAnswer,
        fields=_FIELDS,
        parameters=(
            Parameter("state", "open, or over; open where it is not said", Kind.CHOICE, (OPEN, OVER)),
            Parameter("since", f"of those that are over; {HISTORY_DAYS} days ago where it is not said", Kind.MOMENT),
        ),
    ),
    Operation(
        "incidents.show",
        "GET",
        "/customers/{customer}/incidents/{incident}",
        "One incident with everything it explains and who had it",
        Permission.SEE,
        show_incident,
        IncidentWhole,
    ),
    Operation(
        "incidents.take",
        "POST",
        "/customers/{customer}/incidents/{incident}/acknowledgement",
        "Take an incident until a time, or give it back",
        Permission.OPERATE,
        take,
        IncidentAnswer,
        body=Taking,
    ),
)
