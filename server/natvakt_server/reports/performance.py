"""Capacity and performance of a customer, from the same histories the rules judge."""

from collections.abc import Iterator

from natvakt_server.analysis.evidence import DAY_NS, Device, Evidence
from natvakt_server.analysis.interfaces import by_index, label, neighbour_at, number
from natvakt_server.reports.model import iso
from natvakt_server.reports.performance_model import LinkLoad, Load, Performance, PortErrors, Trend

SHOWN = 10
LOAD_DAYS, TREND_DAYS = 7, 30
STEADY_R_SQUARED = 0.8
FORESEEN_DAYS = 730  # beyond two years a straight line says nothing
RECEIVED = ("ifHCInUcastPkts", "ifHCInMulticastPkts", "ifHCInBroadcastPkts")


def performance(evidence: Evidence) -> Performance:
    """The busiest links, what grows fastest towards its limit, the busiest processors; ten of each."""
    devices = evidence.devices
    links = sorted((link for d in devices for link in link_loads(d)), key=lambda link: (-link.share, link.device, link.port))
    trends = sorted((t for d in devices for t in trends_of(d, evidence.as_of_ns)), key=soonest_full)
    loads = sorted((load for d in devices for load in loads_of(d)), key=lambda load: (-load.p95, load.device))
    errors = sorted((e for d in devices for e in errors_of(d)), key=lambda e: (-e.share, -e.errors, e.device, e.port))
    return Performance(tuple(links[:SHOWN]), tuple(trends[:SHOWN]), tuple(loads[:SHOWN]), tuple(errors[:SHOWN]))


def soonest_full(trend: Trend) -> tuple[bool, float, float, str, str]:
    return trend.days is None, trend.days or 0.0, -trend.used, trend.device, trend.what


def link_loads(device: Device) -> Iterator[LinkLoad]:
    sent = device.history_by("interface", "ifHCOutOctets", LOAD_DAYS, "ifIndex")
    received = device.history_by("interface", "ifHCInOctets", LOAD_DAYS, "ifIndex")
    for index, row in by_index(device).items():
        speed = number(row, "ifHighSpeed")
        rates = [h.rate_p95 for table in (sent, received) if (h := table.get(str(index))) is not None and h.rate_p95 is not None]
        if speed and rates:
            megabits = max(rates) * 8 / 1e6
            neighbour = neighbour_at(device, row)
            peer = str(neighbour.get("remote_name") or "") if neighbour else ""
            yield LinkLoad(device.name, label(row), peer, round(megabits, 2), speed, round(megabits / speed * 100, 2))


def trends_of(device: Device, as_of_ns: int) -> Iterator[Trend]:
    for table in ("memory", "storage"):
        totals = device.history_by(table, "total_bytes", TREND_DAYS, "index")
        names = {str(row.get("index")): str(row.get("name") or row.get("index")) for row in device.table(table).rows}
        for index, used in device.history_by(table, "used_bytes", TREND_DAYS, "index").items():
            total = totals[index].last if index in totals else None
            if not total or used.last is None or used.slope_per_day is None:
                continue
            steady = used.enough and used.slope_per_day > 0 and (used.r_squared or 0.0) > STEADY_R_SQUARED
            days = round(max(0.0, (total - used.last) / used.slope_per_day), 1) if steady else None
            yield Trend(
                device=device.name,
                what=names.get(index, index),
                used=round(used.last / total * 100, 1),
                slope=round(used.slope_per_day / total * 100, 3),
                r_squared=round(used.r_squared or 0.0, 2),
                days=days,
                enough=used.enough,
                full_on=iso(as_of_ns + int(days * DAY_NS)) if days is not None and days <= FORESEEN_DAYS else None,
            )


def errors_of(device: Device) -> Iterator[PortErrors]:
    """Ports that received damaged frames, against all frames of that direction."""
    errors = device.history_by("interface", "ifInErrors", LOAD_DAYS, "ifIndex")
    received = [device.history_by("interface", name, LOAD_DAYS, "ifIndex") for name in RECEIVED]
    for index, row in by_index(device).items():
        seen = errors.get(str(index))
        damaged = round((seen.increase if seen else None) or 0.0)
        packets = round(sum((h.increase or 0.0) for table in received if (h := table.get(str(index))) is not None))
        if damaged:
            yield PortErrors(device.name, label(row), damaged, packets, round(damaged / (damaged + packets) * 100, 4))


def loads_of(device: Device) -> Iterator[Load]:
    """The busiest of those that are called alike, as the processors of one machine are."""
    names = {str(row.get("index")): str(row.get("name") or row.get("index")) for row in device.table("cpu").rows}
    found: dict[str, Load] = {}
    for index, history in device.history_by("cpu", "used_ratio", LOAD_DAYS, "index").items():
        if history.work_hours_p95 is None:
            continue
        name = names.get(index, index)
        load = Load(device.name, name, round(history.work_hours_p95 * 100, 1), round((history.mean or 0.0) * 100, 1))
        if name not in found or load.p95 > found[name].p95:
            found[name] = load
    yield from found.values()
