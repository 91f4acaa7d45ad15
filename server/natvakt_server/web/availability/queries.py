"""Availability of a customer in one month: of the customer, its services, sites and devices, each with its evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import abort

from natvakt_server.domain.agreements import WHOLE, Agreement
from natvakt_server.domain.estate import Customer, Device
from natvakt_server.domain.incidents import Maintenance
from natvakt_server.domain.tiers import SECOND_NS
from natvakt_server.monitoring.agreed import hours_of
from natvakt_server.monitoring.availability import Availability, Needs, Proof, Record, maintenance_spans, measure, pooled, service_of
from natvakt_server.monitoring.availability_reading import Month
from natvakt_server.monitoring.service_hours import ALWAYS
from natvakt_server.monitoring.spans import Span, Spans, both, joined
from natvakt_server.web import tables
from natvakt_server.web.ports import ConsolePorts
from natvakt_server.web.states import State
from natvakt_server.web.tables import Cell, Column, Filter, Row, Table, arrange
from natvakt_server.web.visit import Visit

KINDS = ("customer", "service", "site", "device")
COLUMNS = (
    Column("kind", "availability-kind"),
    Column("name", "availability-what"),
    Column("verdict", "availability-verdict"),
    Column("share", "availability-share", numeric=True),
    Column("confidence", "availability-confidence", numeric=True),
    Column("down", "availability-down", numeric=True),
    Column("unobserved", "availability-unobserved", numeric=True, optional=True),
    Column("maintenance", "availability-maintenance", numeric=True, optional=True),
    Column("left", "availability-left", numeric=True, optional=True),
)
PROOF_COLUMNS = (
    Column("what", "availability-what"),
    Column("part", "availability-part"),
    Column("from", "availability-from"),
    Column("to", "availability-to"),
    Column("seconds", "availability-seconds", numeric=True),
)
PART_STATES = {"down": State.CRITICAL, "not-observed": State.NOT_OBSERVED, "maintenance": State.MAINTENANCE}
VERDICTS: Mapping[bool | None, tuple[str, State]] = {
    True: ("kept", State.OK),
    False: ("broken", State.CRITICAL),
    None: ("open", State.NOT_OBSERVED),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """`place`: of a device or site its id, of a service its name. `proofs`: whose span each is."""

    kind: str
    place: str
    measured: Availability
    proofs: Sequence[tuple[str, Proof]]


@dataclass(frozen=True, slots=True)
class Period:
    """A month by the customer's clock; `last_ns` is now while it lasts."""

    written: str
    start_ns: int
    last_ns: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class Looked:
    customer: Customer
    period: Period
    agreements: Sequence[Agreement]
    devices: Sequence[Device]
    figures: Sequence[Figure]

    @property
    def whole(self) -> Agreement:
        return next((each for each in self.agreements if each.name == WHOLE), nothing_agreed(self.customer))

    def figure(self, kind: str, place: str) -> Figure:
        """404 where there is none."""
        return next((each for each in self.figures if (each.kind, each.place) == (kind, place)), None) or abort(404)


@dataclass(frozen=True, slots=True)
class Measuring:
    period: Period
    maintenance: Sequence[Maintenance]
    records: Mapping[str, Record]

    def device(self, device: Device, agreed: Agreement) -> Availability:
        return self._measure(self.records[device.id], agreed, self._kept(device.site, device.id))

    def site(self, site: str, name: str, devices: Sequence[Device], agreed: Agreement) -> Availability:
        record = service_of(name, [self.records[device.id] for device in devices], Needs.ANY)
        return self._measure(record, agreed, self._kept(site, ""))

    def service(self, agreed: Agreement, devices: Sequence[Device]) -> Availability:
        """Its maintenance: while that of one device lasts where each is needed, else while that of all does."""
        needs = Needs.ALL if agreed.needs_all else Needs.ANY
        kept = [self._kept(device.site, device.id) for device in devices]
        spans: list[Span] = joined(span for each in kept for span in each)
        if needs is Needs.ANY:
            for each in kept:
                spans = both(spans, each)
        return self._measure(service_of(agreed.name, [self.records[device.id] for device in devices], needs), agreed, spans)

    def _kept(self, site: str, device: str) -> list[Span]:
        return maintenance_spans(self.maintenance, site, device, self.period.start_ns, self.period.last_ns)

    def _measure(self, record: Record, agreed: Agreement, maintenance: Spans) -> Availability:
        start_ns, last_ns = self.period.start_ns, self.period.last_ns
        return measure(record, hours_of(agreed).spans(start_ns, last_ns), maintenance, start_ns, last_ns, agreed.target or None)


def look(visit: Visit, tenant: str) -> Looked:
    """Raises SeriesUnavailable."""
    return looked_at(visit.ports, visit.customer(tenant), visit.argument("month"), visit.now_ns)


def looked_at(ports: ConsolePorts, customer: Customer, month: str, now_ns: int) -> Looked:
    """`month`: as `period_of` takes it. Raises SeriesUnavailable."""
    tenant, period = customer.tenant, period_of(month, customer, now_ns)
    devices, agreements = ports.estate.devices(tenant), ports.agreements.agreements(tenant)
    records = Month(ports.series, tenant, period.start_ns, period.last_ns, now_ns).records(devices)
    measuring = Measuring(period, ports.incidents.maintenances(tenant, period.start_ns), records)
    whole = next((each for each in agreements if each.name == WHOLE), nothing_agreed(customer))
    names = {site.site: site.name for site in ports.estate.sites(tenant)}
    figures = _figures(customer, measuring, whole, agreements, devices, names)
    return Looked(customer, period, agreements, devices, figures)


def _figures(
    customer: Customer,
    measuring: Measuring,
    whole: Agreement,
    agreements: Sequence[Agreement],
    devices: Sequence[Device],
    names: Mapping[str, str],
) -> Sequence[Figure]:
    by_site: dict[str, list[Device]] = {}
    for device in devices:
        by_site.setdefault(device.site, []).append(device)
    sites = [_figure("site", site, measuring.site(site, names.get(site, site), found, whole)) for site, found in sorted(by_site.items())]
    known = {device.id: device for device in devices}
    services = [
        _figure("service", each.name, measuring.service(each, [known[device] for device in each.devices if device in known]))
        for each in agreements
        if each.name != WHOLE and any(device in known for device in each.devices)
    ]
    single = [_figure("device", device.id, measuring.device(device, whole)) for device in devices]
    if not sites:
        return []
    together = pooled(customer.name, [each.measured for each in sites], whole.target or None)
    proofs = sorted((pair for each in sites for pair in each.proofs), key=lambda pair: pair[1].start_ns)
    return [Figure("customer", "", together, proofs), *services, *sites, *single]


def _figure(kind: str, place: str, measured: Availability) -> Figure:
    return Figure(kind, place, measured, [(measured.name, proof) for proof in measured.proofs])


def nothing_agreed(customer: Customer) -> Agreement:
    return Agreement(customer.tenant, WHOLE, ALWAYS, customer.time_zone, 0.0, 0, "")


def period_of(written: str, customer: Customer, now_ns: int) -> Period:
    """`2026-11`, else the month that is now. 404 for one that is to come or long past."""
    zone = ZoneInfo(customer.time_zone)
    today = datetime.fromtimestamp(now_ns // SECOND_NS, zone)
    year, month = today.year, today.month
    if written:
        first, _, second = written.partition("-")
        if not (written.isascii() and first.isdigit() and second.isdigit() and len(first) == 4 and len(second) == 2):
            abort(404)
        year, month = int(first), int(second)
    if not (1 <= month <= 12 and (today.year - 5, today.month) <= (year, month) <= (today.year, today.month)):
        abort(404)
    start_ns, end_ns = _first_ns(year, month, zone), _first_ns(year + month // 12, month % 12 + 1, zone)
    return Period(f"{year:04}-{month:02}", start_ns, min(end_ns, now_ns), end_ns <= now_ns)


def _first_ns(year: int, month: int, zone: ZoneInfo) -> int:
    return int(datetime(year, month, 1, tzinfo=zone).astimezone(UTC).timestamp()) * SECOND_NS


def figures_table(visit: Visit, looked: Looked) -> Table:
    rows = [_row(visit, looked, each) for each in looked.figures]
    kinds = Filter("kind", "availability-kind", [(kind, visit.speech(f"availability-kind.{kind}")) for kind in KINDS])
    return arrange(visit, "availability", COLUMNS, rows, "kind", (kinds,))


def _row(visit: Visit, looked: Looked, figure: Figure) -> Row:
    speech, measured = visit.speech, figure.measured
    evidence = visit.url(
        "availability.evidence", tenant=looked.customer.tenant, month=looked.period.written, kind=figure.kind, place=figure.place or None
    )
    cells = {
        "kind": Cell(speech(f"availability-kind.{figure.kind}"), order=KINDS.index(figure.kind)),
        "name": tables.plain(measured.name, evidence),
        "verdict": verdict_cell(visit, measured),
        "share": Cell(percent(visit, measured.availability), order="" if measured.availability is None else measured.availability),
        "confidence": Cell(percent(visit, measured.confidence), order="" if measured.confidence is None else measured.confidence),
        "down": _length(visit, measured.down_ns),
        "unobserved": _length(visit, measured.not_observed_ns),
        "maintenance": _length(visit, measured.maintenance_ns),
        "left": _length(visit, measured.budget_left_ns),
    }
    return Row(cells, {"kind": figure.kind})


def verdict_cell(visit: Visit, measured: Availability) -> Cell:
    if measured.target is None:
        return tables.plain(visit.speech("availability-verdict.none"), quiet=True)
    word, state = VERDICTS[measured.is_kept]
    return Cell(visit.speech(f"availability-verdict.{word}"), order=state.rank, state=state)


def percent(visit: Visit, share: float | None) -> str:
    """With three decimals, and never rounded up to what was not reached."""
    return visit.speech.percent(None if share is None else int(share * 100_000) / 100_000, 3)


def _length(visit: Visit, length_ns: int | None) -> Cell:
    if length_ns is None:
        return tables.plain("", quiet=True)
    sign = "-" if length_ns < 0 else ""
    return Cell(sign + visit.speech.duration(abs(length_ns) / SECOND_NS), order=length_ns, quiet=length_ns == 0)


def proofs_table(visit: Visit, figure: Figure) -> Table:
    rows = [
        Row(
            {
                "what": tables.plain(name),
                "part": Cell(visit.speech(f"availability-part.{proof.part}"), order=proof.part.value, state=PART_STATES[proof.part]),
                "from": tables.moment(proof.start_ns),
                "to": tables.moment(proof.end_ns),
                "seconds": tables.number(visit, proof.length_ns / SECOND_NS, 0 if proof.length_ns % SECOND_NS == 0 else 3),
            },
            {"part": proof.part.value},
        )
        for name, proof in figure.proofs
    ]
    parts = Filter("part", "availability-part", [(part, visit.speech(f"availability-part.{part}")) for part in PART_STATES])
    return arrange(visit, "evidence", PROOF_COLUMNS, rows, "from", (parts,))
