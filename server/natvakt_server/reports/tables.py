"""The parts that are tables: software, capacity, inventory, and how it was judged."""

from collections import Counter
from collections.abc import Iterator

from natvakt_server.reports.blocks import Bars, Block, Cell, Heading, Paragraph, Table
from natvakt_server.reports.model import ReportDocument
from natvakt_server.reports.words import NO_VALUE, Speech


def software_part(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    yield Heading(1, f"7 {speech('lifecycle')}", "lifecycle")
    yield Paragraph(speech.sentence("no-knowledge"))
    running = Counter((d.model or NO_VALUE, d.os or NO_VALUE, d.version or NO_VALUE) for d in document.inventory)
    rows = tuple(
        (Cell(model), Cell(system), Cell(version), Cell(str(count), right=True))
        for (model, system, version), count in sorted(running.items())
    )
    yield Table(tuple(speech(w) for w in ("model", "os", "version", "count")), (2.4, 1, 2, 0.7), rows)


def performance_part(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    yield Heading(1, f"8 {speech('performance')}", "performance")
    seen = document.performance
    if not (seen.links or seen.trends or seen.processors):
        yield Paragraph(speech.sentence("no-history"))
        return
    if seen.links:
        yield Bars(tuple((f"{x.device} {x.port}", f"{speech.number(x.share)} %", min(100.0, x.share)) for x in seen.links))
        yield Table(
            tuple(speech(w) for w in ("device", "port", "peer", "p95", "speed")),
            (1.3, 1.5, 1.6, 1.2, 1.2),
            tuple(
                (
                    Cell(x.device),
                    Cell(x.port),
                    Cell(x.peer or NO_VALUE),
                    Cell(f"{speech.number(x.p95_mbits, 2)} Mbit/s", right=True),
                    Cell(f"{speech.number(x.speed_mbits, 0)} Mbit/s", right=True),
                )
                for x in seen.links
            ),
        )
    if seen.trends:
        yield Table(
            tuple(speech(w) for w in ("device", "what", "used", "growth", "full-in")),
            (1.3, 2, 1, 1.2, 1.6),
            tuple(
                (
                    Cell(x.device),
                    Cell(x.what),
                    Cell(f"{speech.number(x.used)} %", right=True),
                    Cell(f"{speech.number(x.slope, 2)} %/d", right=True),
                    Cell(
                        f"{speech.number(x.days, 0)} d (r² {speech.number(x.r_squared, 2)})" if x.days is not None else NO_VALUE, right=True
                    ),
                )
                for x in seen.trends
            ),
        )
    if seen.processors:
        yield Table(
            tuple(speech(w) for w in ("device", "what", "p95", "mean")),
            (1.3, 2.4, 1.2, 1),
            tuple(
                (
                    Cell(x.device),
                    Cell(x.what),
                    Cell(f"{speech.number(x.p95)} %", right=True),
                    Cell(f"{speech.number(x.mean)} %", right=True),
                )
                for x in seen.processors
            ),
        )


def inventory_part(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    yield Heading(1, f"10 {speech('inventory')}", "inventory")
    yield Table(
        tuple(speech(w) for w in ("device", "address", "site", "role", "model", "version", "serial", "findings")),
        (1.3, 1.3, 0.8, 1.2, 1.8, 1.5, 1.5, 0.9),
        tuple(
            (
                Cell(d.name),
                Cell(d.address),
                Cell(d.site),
                Cell(speech(d.role)),
                Cell(d.model or NO_VALUE),
                Cell(d.version or NO_VALUE),
                Cell(d.serial or NO_VALUE),
                Cell(str(d.findings), right=True),
            )
            for d in document.inventory
        ),
    )


def judged_part(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    yield Heading(1, f"11 {speech('how')}", "how")
    yield Paragraph(speech.sentence("formula", version=document.formula_version))
    yield Paragraph(speech.sentence("knowledge", sources=document.knowledge.get("sources", 0)))
    yield Paragraph(speech.sentence("signed", digest=document.inputs_digest), muted=True)
    unknown = Counter((v.reason or "", v.rule) for v in document.verdicts if v.verdict == "unknown")
    if unknown:
        yield Heading(2, speech("unknown"), "unknown")
        yield Table(
            tuple(speech(w) for w in ("reason", "rule", "devices")),
            (1.6, 2, 3.4),
            tuple(
                (
                    Cell(speech(reason)),
                    Cell(rule, code=True),
                    Cell(
                        ", ".join(
                            v.device for v in document.verdicts if v.verdict == "unknown" and (v.reason or "", v.rule) == (reason, rule)
                        )
                    ),
                )
                for reason, rule in sorted(unknown)
            ),
        )
    yield Heading(2, speech("rule"), "rules")
    words = ("pass", "fail", "unknown", "not-applicable")
    yield Table(
        (speech("rule"), speech("what"), speech("version"), *(speech(w) for w in words)),
        (2.2, 3.2, 0.8, 0.9, 0.9, 0.9, 1.1),
        tuple(
            (
                Cell(r.id, code=True),
                Cell(speech.title(r.title)),
                Cell(str(r.version), right=True),
                *(Cell(str(r.verdicts.get(w, 0)), right=True) for w in words),
            )
            for r in document.rules
        ),
    )
