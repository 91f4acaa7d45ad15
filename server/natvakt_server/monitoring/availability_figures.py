"""The figures of a customer in one month: of the customer, its services, sites and devices, each with its evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from natvakt_server.domain.agreements import WHOLE, Agreement
from natvakt_server.domain.estate import Customer, Device
from natvakt_server.domain.incidents import Maintenance
from natvakt_server.domain.tiers import SECOND_NS
from natvakt_server.monitoring.agreed import hours_of
from natvakt_server.monitoring.availability import Availability, Needs, Proof, Record, maintenance_spans, measure, pooled, service_of
from natvakt_server.monitoring.service_hours import ALWAYS
from natvakt_server.monitoring.spans import Span, Spans, both, joined

KINDS = ("customer", "service", "site", "device")
LONGEST_YEARS = 5


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


def figures_of(
    customer: Customer,
    measuring: Measuring,
    agreements: Sequence[Agreement],
    devices: Sequence[Device],
    names: Mapping[str, str],
) -> Sequence[Figure]:
    """By kind; nothing where the customer has no device."""
    whole = whole_of(customer, agreements)
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


def whole_of(customer: Customer, agreements: Sequence[Agreement]) -> Agreement:
    return next((each for each in agreements if each.name == WHOLE), nothing_agreed(customer))


def nothing_agreed(customer: Customer) -> Agreement:
    return Agreement(customer.tenant, WHOLE, ALWAYS, customer.time_zone, 0.0, 0, "")


def period_of(written: str, customer: Customer, now_ns: int) -> Period:
    """`2026-11`, else the month that is now. Raises ValueError for what is none, is to come, or is long past."""
    zone = ZoneInfo(customer.time_zone)
    today = datetime.fromtimestamp(now_ns // SECOND_NS, zone)
    year, month = today.year, today.month
    if written:
        first, _, second = written.partition("-")
        if not (written.isascii() and first.isdigit() and second.isdigit() and len(first) == 4 and len(second) == 2):
            raise ValueError(f"{written[:20]!r} is no month; write one such as 2026-11")
        year, month = int(first), int(second)
    if not (1 <= month <= 12 and (today.year - LONGEST_YEARS, today.month) <= (year, month) <= (today.year, today.month)):
        raise ValueError(f"{written[:20]!r} is no month of the last {LONGEST_YEARS} years")
    start_ns, end_ns = _first_ns(year, month, zone), _first_ns(year + month // 12, month % 12 + 1, zone)
    return Period(f"{year:04}-{month:02}", start_ns, min(end_ns, now_ns), end_ns <= now_ns)


def month_before(period: Period, customer: Customer, now_ns: int) -> Period:
    year, month = (int(part) for part in period.written.split("-"))
    return period_of(f"{year - (month == 1):04}-{(month - 2) % 12 + 1:02}", customer, now_ns)


def _first_ns(year: int, month: int, zone: ZoneInfo) -> int:
    return int(datetime(year, month, 1, tzinfo=zone).astimezone(UTC).timestamp()) * SECOND_NS
