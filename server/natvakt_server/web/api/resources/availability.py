"""Availability of a customer in one month against what was agreed, and the evidence of each figure."""

from datetime import datetime

import msgspec

from natvakt_server.domain.listing import Page
from natvakt_server.domain.rights import Permission
from natvakt_server.domain.sifting import sift
from natvakt_server.domain.tiers import SECOND_NS
from natvakt_server.monitoring.availability import Availability, Part
from natvakt_server.web.api.call import Call
from natvakt_server.web.api.operation import Field, Kind, Operation, Parameter
from natvakt_server.web.api.problem import not_found
from natvakt_server.web.api.resources.times import certain
from natvakt_server.web.availability.queries import Looked, looked_at

KINDS = ("customer", "service", "site", "device")
MONTH = Parameter("month", "as 2026-11, by the customer's clock; the one that is now where it is not said")


class AvailabilityAnswer(msgspec.Struct, frozen=True):
    """Shares from 0 to 1 of the agreed time; `availability` of what was observed, which `confidence` is the share of.

    `kept`: whether the agreement was; null where nothing was agreed, or where it depends on what nobody observed. `place`: the device's id,
    the site's or the service's name; empty for the customer.
    """

    kind: str
    place: str
    name: str
    start: datetime
    end: datetime
    availability: float | None
    confidence: float | None
    target: float | None
    kept: bool | None
    agreed_seconds: float
    observed_seconds: float
    down_seconds: float
    maintenance_seconds: float
    budget_left_seconds: float | None


class ProofAnswer(msgspec.Struct, frozen=True):
    """A span within service hours. The spans of one figure's part add up to it."""

    kind: str
    place: str
    name: str
    part: str
    start: datetime
    end: datetime
    seconds: float


def list_figures(call: Call) -> Page[AvailabilityAnswer]:
    rows = [_answer(each.kind, each.place, each.measured) for each in _looked(call).figures]
    return sift(rows, call.wish, {"kind": lambda row: row.kind, "place": lambda row: row.place, "name": lambda row: row.name}, ("name",))


def list_proofs(call: Call) -> Page[ProofAnswer]:
    rows = [
        ProofAnswer(
            figure.kind, figure.place, name, proof.part.value, certain(proof.start_ns), certain(proof.end_ns), proof.length_ns / SECOND_NS
        )
        for figure in _looked(call).figures
        for name, proof in figure.proofs
    ]
    readings = {
        "kind": lambda row: row.kind,
        "place": lambda row: row.place,
        "name": lambda row: row.name,
        "part": lambda row: row.part,
    }
    return sift(rows, call.wish, readings, ("name",))


def _looked(call: Call) -> Looked:
    tenant = call.path["customer"]
    customer = call.ports.estate.customer(tenant)
    if customer is None:
        raise not_found(f"customer {tenant[:64]!r}")
    return looked_at(call.ports, customer, call.text("month"), call.now_ns)


def _answer(kind: str, place: str, told: Availability) -> AvailabilityAnswer:
    return AvailabilityAnswer(
        kind=kind,
        place=place,
        name=told.name,
        start=certain(told.start_ns),
        end=certain(told.end_ns),
        availability=told.availability,
        confidence=told.confidence,
        target=told.target,
        kept=told.is_kept,
        agreed_seconds=told.agreed_ns / SECOND_NS,
        observed_seconds=told.observed_ns / SECOND_NS,
        down_seconds=told.down_ns / SECOND_NS,
        maintenance_seconds=told.maintenance_ns / SECOND_NS,
        budget_left_seconds=None if told.budget_left_ns is None else told.budget_left_ns / SECOND_NS,
    )


OPERATIONS = (
    Operation(
        "availability.list",
        "GET",
        "/customers/{customer}/availability",
        "Availability of a customer, its services, sites and devices in one month",
        Permission.SEE,
        list_figures,
        AvailabilityAnswer,
        fields=(Field("kind", Kind.CHOICE, KINDS), Field("place"), Field("name")),
        parameters=(MONTH,),
    ),
    Operation(
        "availability.evidence",
        "GET",
        "/customers/{customer}/availability/evidence",
        "The spans each figure is made of",
        Permission.SEE,
        list_proofs,
        ProofAnswer,
        fields=(
            Field("kind", Kind.CHOICE, KINDS),
            Field("place"),
            Field("name"),
            Field("part", Kind.CHOICE, tuple(each.value for each in Part)),
        ),
        parameters=(MONTH,),
    ),
)
