"""A customer's performance: the busiest links, what damages frames, what fills up, as the newest assessment measured it."""

from collections.abc import Callable, Mapping, Sequence

from werkzeug.wrappers import Response

from natvakt_server.domain.rights import Permission
from natvakt_server.reports.performance_model import Performance
from natvakt_server.web import tables
from natvakt_server.web.customers.queries import customer_head
from natvakt_server.web.performance.words import WORDS
from natvakt_server.web.routing import Screen, get
from natvakt_server.web.tables import Cell, Column, Row, Table, arrange
from natvakt_server.web.visit import Visit

MEGA = 1e6
LINK_COLUMNS = (
    Column("device", "device"),
    Column("port", "port"),
    Column("peer", "performance-peer", optional=True),
    Column("p95", "performance-p95", numeric=True),
    Column("speed", "speed", numeric=True, optional=True),
    Column("share", "performance-share", numeric=True),
)
ERROR_COLUMNS = (
    Column("device", "device"),
    Column("port", "port"),
    Column("errors", "performance-damaged", numeric=True),
    Column("share", "performance-of-all", numeric=True),
)
TREND_COLUMNS = (
    Column("device", "device"),
    Column("what", "performance-what"),
    Column("used", "performance-used", numeric=True),
    Column("slope", "performance-slope", numeric=True, optional=True),
    Column("full", "performance-full"),
)
PROCESSOR_COLUMNS = (
    Column("device", "device"),
    Column("what", "performance-what"),
    Column("p95", "performance-p95", numeric=True),
    Column("mean", "performance-mean", numeric=True),
)


def show(visit: Visit, tenant: str) -> Response:
    head = customer_head(visit, tenant)
    report = visit.reports.report(tenant, head.overview.assessment_id) if head.overview.assessment_id else None
    drawn = _tables(visit, tenant, report.performance) if report is not None else []
    for table in drawn:
        if tables.export_wanted(visit, table):
            return tables.export(visit, table, f"{tenant}-{table.name}")
    return visit.page("performance/performance.html", head=head, tables=drawn)


def _tables(visit: Visit, tenant: str, told: Performance) -> Sequence[Table]:
    devices = {each.name: visit.url("devices.show", tenant=tenant, device_id=each.id) for each in visit.ports.estate.devices(tenant)}

    def device(name: str) -> Cell:
        return tables.plain(name, devices.get(name))

    return [
        arrange(visit, "links", LINK_COLUMNS, _links(visit, told, device), "-share"),
        arrange(visit, "errors", ERROR_COLUMNS, _errors(visit, told, device), "-share"),
        arrange(visit, "trends", TREND_COLUMNS, _trends(visit, told, device), "full"),
        arrange(visit, "processors", PROCESSOR_COLUMNS, _processors(visit, told, device), "-p95"),
    ]


def _links(visit: Visit, told: Performance, device: Callable[[str], Cell]) -> Sequence[Row]:
    return [
        _row(
            device=device(each.device),
            port=tables.plain(each.port),
            peer=tables.plain(each.peer, quiet=True),
            p95=tables.quantity(each.p95_mbits * MEGA, lambda value: visit.speech.scaled(value, "bit/s")),
            speed=tables.quantity(each.speed_mbits * MEGA, lambda value: visit.speech.scaled(value, "bit/s")),
            share=_percent(visit, each.share),
        )
        for each in told.links
    ]


def _errors(visit: Visit, told: Performance, device: Callable[[str], Cell]) -> Sequence[Row]:
    return [
        _row(
            device=device(each.device),
            port=tables.plain(each.port),
            errors=tables.number(visit, each.errors),
            share=_percent(visit, each.share, 4),
        )
        for each in told.errors
    ]


def _trends(visit: Visit, told: Performance, device: Callable[[str], Cell]) -> Sequence[Row]:
    """Where growth is not steady there is no date, and that is said."""
    return [
        _row(
            device=device(each.device),
            what=tables.plain(each.what),
            used=_percent(visit, each.used, 1),
            slope=_percent(visit, each.slope, 3) if each.days is not None else tables.plain(""),
            full=Cell(each.full_on or "", order=each.days)
            if each.full_on
            else Cell(visit.speech("performance-no-trend"), order=float("inf"), quiet=True),
        )
        for each in told.trends
    ]


def _processors(visit: Visit, told: Performance, device: Callable[[str], Cell]) -> Sequence[Row]:
    return [
        _row(device=device(each.device), what=tables.plain(each.what), p95=_percent(visit, each.p95, 1), mean=_percent(visit, each.mean, 1))
        for each in told.processors
    ]


def _row(**cells: Cell) -> Row:
    kept: Mapping[str, Cell] = cells
    return Row(kept)


def _percent(visit: Visit, share: float, decimals: int = 1) -> Cell:
    """`share` in percent, as the report tells it."""
    return tables.quantity(share, lambda value: visit.speech.percent((value or 0.0) / 100, decimals))


SCREEN = Screen(
    name="performance",
    words=WORDS,
    routes=(get("performance.show", "/customers/<tenant>/performance", show, permission=Permission.SEE),),
)
