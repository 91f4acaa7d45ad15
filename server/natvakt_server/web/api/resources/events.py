"""What devices said by themselves."""

from datetime import datetime

import msgspec

from natvakt_server.domain.events import SEVERITIES
from natvakt_server.domain.listing import CustomerEvent, Page
from natvakt_server.domain.rights import Permission
from natvakt_server.web.api.call import Call
from natvakt_server.web.api.operation import Field, Kind, Operation
from natvakt_server.web.api.resources.times import certain


class EventAnswer(msgspec.Struct, frozen=True):
    """`severity` as RFC 5424 numbers them, 0 the worst. `known` is false where the sender is no target of the agent that heard it."""

    id: int
    customer: str
    site: str
    device_id: str
    device: str
    heard: datetime
    told_at: str
    kind: str
    name: str
    severity: int
    severity_name: str
    source: str
    known: bool
    facility: str
    mnemonic: str
    message: str
    user: str
    origin: str
    is_change: bool
    count: int


def list_events(call: Call) -> Page[EventAnswer]:
    found = call.listing.list_events(call.scope, call.wish)
    return Page(found.count, [_answer(each) for each in found.items])


def _answer(each: CustomerEvent) -> EventAnswer:
    stored, told = each.event, each.event.told
    return EventAnswer(
        id=stored.id,
        customer=each.tenant,
        site=stored.site,
        device_id=stored.device_id,
        device=stored.device_name,
        heard=certain(told.at_ns),
        told_at=told.told_at,
        kind=told.kind,
        name=told.name,
        severity=told.severity,
        severity_name=SEVERITIES[told.severity],
        source=told.source,
        known=told.known,
        facility=told.facility,
        mnemonic=told.mnemonic,
        message=told.message,
        user=told.user,
        origin=told.origin,
        is_change=told.is_change,
        count=told.count,
    )


OPERATIONS = (
    Operation(
        "events.list",
        "GET",
        "/events",
        "Traps, informs and lines of syslog, the newest first",
        Permission.SEE,
        list_events,
        EventAnswer,
        fields=(
            Field("id", Kind.NUMBER),
            Field("customer"),
            Field("site"),
            Field("device_id"),
            Field("device"),
            Field("heard", Kind.MOMENT),
            Field("kind", Kind.CHOICE, ("trap", "inform", "syslog")),
            Field("name"),
            Field("severity", Kind.NUMBER),
            Field("source"),
            Field("known", Kind.SWITCH),
            Field("facility"),
            Field("mnemonic"),
            Field("message"),
            Field("user"),
            Field("origin"),
            Field("is_change", Kind.SWITCH),
        ),
    ),
)
