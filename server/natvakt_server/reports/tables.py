"""The parts that are tables: capacity and performance, inventory."""

from collections.abc import Iterator

from natvakt_server.reports.blocks import Bar, Bars, Block, Cell, Heading, Paragraph, Table
from natvakt_server.reports.model import ReportDocument
from natvakt_server.reports.performance_model import Performance, Trend
from natvakt_server.reports.words import NO_VALUE, Speech

FULL = 100.0


def performance_part(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    yield Heading(1, f"8 {speech('performance')}", "performance")
    seen = document.performance
    if not (seen.links or seen.trends or seen.processors or seen.errors):
        yield Paragraph(speech.sentence("no-history"))
        return
    yield from links(seen, speech)
    yield from trends(seen, speech)
    yield from processors(seen, speech)
    yield from errors(seen, speech)


def links(seen: Performance, speech: Speech) -> Iterator[Block]:
    if not seen.links:
        return
    yield Heading(2, speech("links"), "links")
    bars = tuple(Bar(f"{x.device} {x.port}", speech.percent(x.share), min(FULL, x.share)) for x in seen.links)
    yield Bars(speech.sentence("link-chart"), bars)
    rows = tuple(
        (
            Cell(x.device),
            Cell(x.port),
            Cell(x.peer or NO_VALUE),
            Cell(f"{speech.number(x.p95_mbits, 2)} Mbit/s", right=True),
            Cell(f"{speech.number(x.speed_mbits, 0)} Mbit/s", right=True),
        )
        for x in seen.links
    )
    yield Table(heads(speech, "device", "port", "peer", "p95", "speed"), (1.3, 1.9, 1.7, 1.4, 1.4), rows, right=(3, 4))


def trends(seen: Performance, speech: Speech) -> Iterator[Block]:
    if not seen.trends:
        return
    yield Heading(2, speech("trends"), "trends")
    bars = tuple(Bar(f"{x.device} {x.what}", speech.percent(x.used), min(FULL, x.used)) for x in seen.trends)
    yield Bars(speech.sentence("trend-chart"), bars)
    rows = tuple(
        (
            Cell(x.device),
            Cell(x.what),
            Cell(f"{speech.signed(x.slope, 2)} %/{speech('day')}", right=True),
            Cell(full_on(x, speech), right=True),
            Cell(certainty(x, speech), prose=True),
        )
        for x in seen.trends
    )
    yield Table(heads(speech, "device", "what", "growth", "full-on", "how-sure"), (1.3, 2, 1.3, 1.5, 2.2), rows, right=(2, 3))


def full_on(trend: Trend, speech: Speech) -> str:
    if trend.full_on:
        return speech.date(trend.full_on)
    return NO_VALUE if trend.days is None else speech("beyond")


def certainty(trend: Trend, speech: Speech) -> str:
    """A trend is only as good as its history is long and its growth steady."""
    if not trend.enough:
        return speech("sure-short")
    word = "sure-high" if trend.days is not None else "sure-low"
    return f"{speech(word)} (r² {speech.number(trend.r_squared, 2)})"


def processors(seen: Performance, speech: Speech) -> Iterator[Block]:
    if not seen.processors:
        return
    yield Heading(2, speech("processors"), "processors")
    bars = tuple(Bar(f"{x.device} {x.what}", speech.percent(x.p95), min(FULL, x.p95)) for x in seen.processors)
    yield Bars(speech.sentence("processor-chart"), bars)
    rows = tuple(
        (Cell(x.device), Cell(x.what), Cell(speech.percent(x.p95), right=True), Cell(speech.percent(x.mean), right=True))
        for x in seen.processors
    )
    yield Table(heads(speech, "device", "what", "p95", "mean"), (1.3, 3.4, 1.3, 1), rows, right=(2, 3))


def errors(seen: Performance, speech: Speech) -> Iterator[Block]:
    if not seen.errors:
        return
    yield Heading(2, speech("errors"), "errors")
    rows = tuple(
        (
            Cell(x.device),
            Cell(x.port),
            Cell(speech.number(x.errors, 0), right=True),
            Cell(speech.number(x.packets, 0), right=True),
            Cell(speech.percent(x.share, 4), right=True),
        )
        for x in seen.errors
    )
    yield Table(heads(speech, "device", "port", "damaged", "frames", "share"), (1.3, 2.4, 1, 1.4, 1), rows, right=(2, 3, 4))


def inventory_part(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    yield Heading(1, f"10 {speech('inventory')}", "inventory", fresh=True)
    words = ("device", "role", "model", "version", "serial", "contract", "last-support", "findings")
    rows = tuple(
        (
            Cell(d.name, note=f"{d.address} · {d.site}"),
            Cell(speech.role(d.role), prose=True),
            Cell(d.model or NO_VALUE),
            Cell(d.version or NO_VALUE),
            Cell(d.serial or NO_VALUE),
            Cell(NO_VALUE if d.contract is None else speech("yes" if d.contract else "no")),
            Cell(speech.date(d.last_support)),
            Cell(speech.number(d.findings, 0), right=True),
        )
        for d in document.inventory
    )
    yield Table(heads(speech, *words), (1.6, 1.5, 2.15, 1.55, 1.6, 0.7, 1.35, 0.7), rows, right=(7,))
    yield Heading(2, speech("modules"), "modules")
    parts = tuple(
        (Cell(d.name), Cell(m.model), Cell(speech.number(m.count, 0), right=True), Cell(", ".join(m.serials) or NO_VALUE))
        for d in document.inventory
        for m in d.modules
    )
    if parts:
        yield Table(heads(speech, "device", "model", "count", "serial"), (1.5, 2.4, 0.7, 3.6), parts, right=(2,))
    else:
        yield Paragraph(speech.sentence("no-modules"))


def heads(speech: Speech, *words: str) -> tuple[str, ...]:
    return tuple(speech(word) for word in words)
