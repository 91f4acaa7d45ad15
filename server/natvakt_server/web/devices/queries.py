"""Everything the page of a device shows, read with a fixed number of questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import abort
from markupsafe import Markup

from natvakt_server.domain.estate import Device, Row
from natvakt_server.domain.incidents import Incident
from natvakt_server.domain.rates import Growth, total
from natvakt_server.domain.series import Tier
from natvakt_server.web import tables
from natvakt_server.web.assessments.listing import DeviceFindings, newest_findings
from natvakt_server.web.devices.charts import CHARTS, Chart
from natvakt_server.web.devices.condition import DOWN, UP, Now, device_condition, read_now
from natvakt_server.web.devices.history import DeviceSeries, RowKey, Span, spark_points
from natvakt_server.web.states import Condition, State
from natvakt_server.web.tables import Cell, Column, Filter, Table, arrange
from natvakt_server.web.visit import Visit

MINUTE_NS, DAY_NS = 60_000_000_000, 86_400_000_000_000
RECENT_NS = 30 * MINUTE_NS
SPARK_BUCKETS, SPARK_WIDTH, SPARK_HEIGHT = 24, 96.0, 20.0
OCTETS = ("ifHCInOctets", "ifHCOutOctets")
TROUBLE = ("ifInErrors", "ifOutErrors", "ifInDiscards", "ifOutDiscards")
INTERFACE_COLUMNS = (
    Column("name", "port"),
    Column("alias", "port-description", optional=True),
    Column("state", "state"),
    Column("speed", "speed", numeric=True),
    Column("in", "rate-in", numeric=True),
    Column("out", "rate-out", numeric=True),
    Column("use", "utilisation", numeric=True, optional=True),
    Column("errors", "errors-day", numeric=True),
    Column("discards", "discards-day", numeric=True, optional=True),
    Column("spark", "last-day", sortable=False),
)
SHOWN_CLASSES = ("chassis", "module", "powerSupply", "fan", "stack", "cpu")


@dataclass(frozen=True, slots=True)
class DevicePage:
    device: Device
    customer_name: str
    condition: Condition
    now: Now
    findings: DeviceFindings | None
    charts: Sequence[Chart]
    uptime_seconds: float | None
    observed_ns: int
    incidents: Sequence[Incident]

    def rows(self, kind: str) -> Sequence[Row]:
        return self.now.documents.get(kind, ())

    def first(self, kind: str) -> Row:
        return next(iter(self.rows(kind)), {})


@dataclass(frozen=True, slots=True)
class Traffic:
    """One interface: bytes a second now, what went wrong within a day, and the day as a line."""

    rate_in: float | None
    rate_out: float | None
    errors: int
    discards: int
    spark: Markup
    top_bits: float


def find_device(visit: Visit, tenant: str, device_id: str) -> Device:
    device = visit.ports.estate.device(tenant, device_id)
    if device is None:
        abort(404)
    return device


def device_series(visit: Visit, device: Device) -> DeviceSeries:
    return DeviceSeries(visit.ports.series, device.tenant, device.agent_devices)


def look(visit: Visit, device: Device) -> DevicePage:
    snapshots = visit.ports.estate.snapshots(device.tenant, device.id)
    documents = {each.kind: each.rows for each in snapshots}
    now = read_now(device_series(visit, device), documents, visit.now_ns)
    uptime = now.values.get("device", {}).get((), {}).get("sysUpTime")
    known = {*documents, *(name for name, rows in now.values.items() if rows)}
    return DevicePage(
        device=device,
        customer_name=visit.customer(device.tenant).name,
        condition=device_condition(device, now, visit.now_ns),
        now=now,
        findings=newest_findings(visit, device.tenant).get(device.id),
        charts=[chart for chart in CHARTS if chart.needs in known and (chart.name != "temperature" or _has_temperature(documents))],
        uptime_seconds=uptime,
        incidents=[each for each in visit.ports.incidents.open_incidents(device.tenant) if each.device == device.id],
        observed_ns=max((each.confirmed_ns for each in snapshots), default=0),
    )


def _has_temperature(documents: Mapping[str, Sequence[Row]]) -> bool:
    return any(str(row.get("unit")).casefold() in ("celsius", "cel", "°c") for row in documents.get("sensor", ()))


def interfaces_table(visit: Visit, page: DevicePage) -> Table:
    traffic = _traffic(visit, page.device)
    values = {dict(row).get("ifIndex", ""): fields for row, fields in page.now.values.get("interface", {}).items()}
    linked = {str(row.get("local_ifIndex")): str(row.get("remote_name") or "") for row in page.rows("neighbour")}
    rows = []
    for place, row in enumerate(page.rows("interface")):
        index = str(row.get("ifIndex"))
        rows.append(_interface_row(visit, page.device, place, row, values.get(index, {}), traffic.get(index), linked.get(index, "")))
    words = [("up", visit.speech("port-up")), ("down", visit.speech("port-down")), ("off", visit.speech("port-off"))]
    return arrange(visit, "interfaces", INTERFACE_COLUMNS, rows, "name", (Filter("state", "state", words),))


def _interface_row(
    visit: Visit, device: Device, place: int, row: Row, values: Mapping[str, float], traffic: Traffic | None, peer: str
) -> tables.Row:
    speech, index = visit.speech, str(row.get("ifIndex"))
    speed = values.get("ifHighSpeed")
    bits = speed * 1e6 if speed else None
    state, facet = _port_state(visit, values, bool(peer))
    busiest = max(traffic.rate_in or 0.0, traffic.rate_out or 0.0) * 8 if traffic else 0.0
    chart = visit.url("devices.show", tenant=device.tenant, device_id=device.id, interface=index, _anchor="charts")
    alias = str(row.get("ifAlias") or "")
    cells = {
        "name": Cell(str(row.get("ifName") or row.get("ifDescr") or index), order=place, href=chart),
        "alias": tables.plain(alias or (f"→ {peer}" if peer else ""), quiet=not alias),
        "state": state,
        "speed": tables.quantity(bits, lambda value: speech.scaled(value, "bit/s")),
        "in": _rate(visit, traffic.rate_in if traffic else None),
        "out": _rate(visit, traffic.rate_out if traffic else None),
        "use": _quiet_zero(tables.quantity(busiest / bits if bits and traffic else None, lambda value: speech.percent(value, 1))),
        "errors": _count(visit, traffic.errors if traffic else None),
        "discards": _count(visit, traffic.discards if traffic else None),
        "spark": Cell("", shown=traffic.spark if traffic else Markup("")),
    }
    return tables.Row(cells, {"state": facet})


def _port_state(visit: Visit, values: Mapping[str, float], linked: bool) -> tuple[Cell, str]:
    if not values:
        return tables.state(visit, State.NOT_OBSERVED), ""
    if values.get("ifAdminStatus") == DOWN:
        return Cell(visit.speech("port-off"), order=3, quiet=True), "off"
    if values.get("ifOperStatus") == UP:
        return Cell(visit.speech("port-up"), order=2, state=State.OK), "up"
    if linked:
        return Cell(visit.speech("port-down"), order=0, state=State.CRITICAL), "down"
    return Cell(visit.speech("port-down"), order=1, quiet=True), "down"


def _count(visit: Visit, value: int | None) -> Cell:
    return _quiet_zero(tables.number(visit, value))


def _rate(visit: Visit, octets: float | None) -> Cell:
    return _quiet_zero(tables.quantity(None if octets is None else 8 * octets, lambda value: visit.speech.scaled(value, "bit/s")))


def _quiet_zero(cell: Cell) -> Cell:
    """What is not zero should be seen."""
    return replace(cell, quiet=not cell.order)


def _traffic(visit: Visit, device: Device) -> Mapping[str, Traffic]:
    """By ifIndex. Rates from the last half hour as polled; the day by the hour, and by five minutes since the last whole hour: three
    questions for all ports, of a few values each."""
    series, end_ns = device_series(visit, device), visit.now_ns + 1
    recent = series.growths("interface", OCTETS, Span(end_ns - RECENT_NS, end_ns, Tier.RAW))
    day_span = Span(end_ns - DAY_NS, end_ns, Tier.HOUR)
    day = _day(series, day_span)
    found = {}
    for row in {*recent, *day}:
        now, past = recent.get(row, {}), day.get(row, {})
        sums = {name: total(past[name], day_span.start_ns, day_span.end_ns).increase if name in past else 0 for name in TROUBLE}
        spark, top = _spark(visit, past, day_span)
        found[_index(row)] = Traffic(
            rate_in=_newest(now.get(OCTETS[0])),
            rate_out=_newest(now.get(OCTETS[1])),
            errors=sums["ifInErrors"] + sums["ifOutErrors"],
            discards=sums["ifInDiscards"] + sums["ifOutDiscards"],
            spark=spark,
            top_bits=8 * top,
        )
    return found


def _day(series: DeviceSeries, span: Span) -> Mapping[RowKey, Mapping[str, Growth]]:
    hours = series.growths("interface", (*OCTETS, *TROUBLE), span)
    ends = [counted.intervals[-1].end_ns for found in hours.values() for counted in found.values() if counted.intervals]
    since = max(ends, default=span.start_ns - 1) + 1
    rest = series.growths("interface", (*OCTETS, *TROUBLE), Span(since, span.end_ns, Tier.FIVE_MINUTES))
    joined: dict[RowKey, dict[str, Growth]] = {row: dict(found) for row, found in hours.items()}
    for row, found in rest.items():
        fields = joined.setdefault(row, {})
        for name, counted in found.items():
            fields[name] = Growth([*fields[name].intervals, *counted.intervals] if name in fields else counted.intervals)
    return joined


def _index(row: RowKey) -> str:
    return dict(row).get("ifIndex", "")


def _newest(counted: Growth | None) -> float | None:
    return counted.intervals[-1].per_second if counted and counted.intervals else None


def _spark(visit: Visit, past: Mapping[str, Growth], span: Span) -> tuple[Markup, float]:
    """In and out over the day, drawn to the busier one's height."""
    lines = [
        (kind, *spark_points(past[name], span, SPARK_BUCKETS, SPARK_WIDTH, SPARK_HEIGHT))
        for kind, name in (("in", OCTETS[0]), ("out", OCTETS[1]))
        if name in past
    ]
    top = max((highest for _, _, highest in lines), default=0.0)
    if not top:
        return Markup(""), 0.0
    drawn = Markup("").join(
        Markup('<g class="{}" transform="translate(0 {:.1f}) scale(1 {:.3f})">{}</g>').format(
            kind,
            SPARK_HEIGHT * (1 - highest / top),
            highest / top,
            Markup("").join(Markup('<polyline points="{}"/>').format(points) for points in stretches),
        )
        for kind, stretches, highest in lines
        if highest
    )
    title = visit.speech("spark-title", top=visit.speech.scaled(8 * top, "bit/s"))
    return (
        Markup('<svg class="spark" viewBox="0 -1 {:.0f} {:.0f}" role="img" aria-label="{}">{}</svg>').format(
            SPARK_WIDTH, SPARK_HEIGHT + 2, title, drawn
        ),
        top,
    )
