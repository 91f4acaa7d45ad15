"""Availability of a customer in one month: of the customer, its services, sites and devices, each with its evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort

from natvakt_server.domain.agreements import Agreement
from natvakt_server.domain.estate import Customer, Device
from natvakt_server.domain.tiers import SECOND_NS
from natvakt_server.monitoring.availability import Availability
from natvakt_server.monitoring.availability_figures import KINDS, Figure, Measuring, Period, figures_of, period_of, whole_of
from natvakt_server.monitoring.availability_reading import Month
from natvakt_server.web import tables
from natvakt_server.web.ports import ConsolePorts
from natvakt_server.web.states import State
from natvakt_server.web.tables import Cell, Column, Filter, Row, Table, arrange
from natvakt_server.web.visit import Visit

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
class Looked:
    customer: Customer
    period: Period
    agreements: Sequence[Agreement]
    devices: Sequence[Device]
    figures: Sequence[Figure]

    @property
    def whole(self) -> Agreement:
        return whole_of(self.customer, self.agreements)

    def figure(self, kind: str, place: str) -> Figure:
        """404 where there is none."""
        return next((each for each in self.figures if (each.kind, each.place) == (kind, place)), None) or abort(404)


def look(visit: Visit, tenant: str) -> Looked:
    """Raises SeriesUnavailable."""
    return looked_at(visit.ports, visit.customer(tenant), visit.argument("month"), visit.now_ns)


def looked_at(ports: ConsolePorts, customer: Customer, month: str, now_ns: int) -> Looked:
    """`month`: as `period_of` takes it; 404 for one that is none. Raises SeriesUnavailable."""
    tenant = customer.tenant
    try:
        period = period_of(month, customer, now_ns)
    except ValueError:
        abort(404)
    devices, agreements = ports.estate.devices(tenant), ports.agreements.agreements(tenant)
    records = Month(ports.series, tenant, period.start_ns, period.last_ns, now_ns).records(devices)
    measuring = Measuring(period, ports.incidents.maintenances(tenant, period.start_ns), records)
    names = {site.site: site.name for site in ports.estate.sites(tenant)}
    figures = figures_of(customer, measuring, agreements, devices, names)
    return Looked(customer, period, agreements, devices, figures)


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
