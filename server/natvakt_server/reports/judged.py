"""Part 11, for the auditor: what was looked at, what was not and why, and how it was judged."""

from collections.abc import Iterator

from natvakt_server.reports.blocks import Block, Cell, Heading, Paragraph, Table
from natvakt_server.reports.model import ReportDocument
from natvakt_server.reports.names import listed
from natvakt_server.reports.plan import acceptance
from natvakt_server.reports.words import Speech

NAMED = 3
VERDICTS = ("pass", "fail", "unknown", "manual", "not-applicable")


def judged_part(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    yield Heading(1, f"11 {speech('how')}", "how", fresh=True)
    yield Heading(2, speech("formula"), "formula")
    yield Paragraph(speech.sentence("formula", version=document.formula_version))
    yield from not_observed(document, speech)
    yield from undecided(document, speech)
    yield Heading(2, speech("knowledge"), "knowledge")
    yield from knowledge(document, speech)
    yield from accepted(document, speech)
    yield from rules(document, speech)
    yield Heading(2, speech("signature"), "signature")
    yield Paragraph(speech.sentence("signed", digest=document.inputs_digest, key=document.public_key))
    yield Heading(2, speech("glossary"), "glossary")
    words = tuple((Cell(word), Cell(meaning, prose=True)) for word, meaning in speech.glossary())
    yield Table((speech("term"), speech("meaning")), (1.4, 6), words)


def not_observed(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    yield Heading(2, speech("not-observed"), "not-observed")
    if not document.not_observed:
        yield Paragraph(speech.sentence("all-observed"))
        return
    yield Paragraph(speech.sentence("silent"))
    rows = tuple((Cell(n.device), Cell(n.address), Cell(n.site), Cell(speech.reason(n.reason), prose=True)) for n in document.not_observed)
    yield Table(tuple(speech(w) for w in ("device", "address", "site", "reason")), (1.6, 1.6, 1.2, 3), rows)


def undecided(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    """A line for each reason and rule, with the devices; which devices of many is in the JSON."""
    yield Heading(2, speech("undecided"), "undecided")
    grouped: dict[tuple[str, str], list[str]] = {}
    for verdict in document.verdicts:
        if verdict.verdict == "unknown":
            grouped.setdefault((verdict.reason or "", verdict.rule), []).append(verdict.device)
    if not grouped:
        yield Paragraph(speech.sentence("all-decided"))
        return
    yield Paragraph(speech.sentence("unknown-is"))
    rows = tuple(
        (
            Cell(speech.reason(reason), prose=True),
            Cell(rule, mono=True),
            Cell(speech.number(len(devices), 0), right=True),
            Cell(listed(devices, NAMED)),
        )
        for (reason, rule), devices in sorted(grouped.items())
    )
    yield Table(tuple(speech(w) for w in ("reason", "rule", "count", "devices")), (2.2, 2.4, 0.7, 3.2), rows, right=(2,))


def knowledge(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    told, listed_sources = document.knowledge, document.outlook.sources if document.outlook else ()
    if not told.get("sources"):
        yield Paragraph(speech.sentence("knowledge-none"))
        return
    days = {name: speech.date(str(told[name])) for name in ("as_of", "oldest")}
    yield Paragraph(speech.sentence("knowledge", sources=told["sources"], **days))
    rows = tuple(
        (Cell(s.source), Cell(s.kind), Cell(speech.number(s.facts, 0), right=True), Cell(speech.date(s.as_of))) for s in listed_sources
    )
    yield Table(tuple(speech(w) for w in ("source", "kind", "facts", "as-of")), (3, 2, 1, 1.5), rows, right=(2,))


def accepted(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    """Findings that the customer lives with, and those of which that has ended."""
    yield Heading(2, speech("accepted"), "accepted")
    lived_with = [f for f in document.findings if f.acceptance is not None]
    if not lived_with:
        yield Paragraph(speech.sentence("accepted-none"))
        return
    yield Paragraph(speech.sentence("accepted-some"))
    count, raw = document.counts["state"]["accepted"], document.raw_scores.get("overall")
    if count and raw is not None:
        word = "raw-score-one" if count == 1 else "raw-score"
        yield Paragraph(speech.sentence(word, count=count, score=speech.number(raw)))
    rows = tuple(
        (
            Cell(speech.severity(f.severity), f.severity),
            Cell(speech.title(f.title), prose=True, note=f.rule),
            Cell(f.device, note=speech.object(f.object or "")),
            Cell(acceptance(f.acceptance, speech), prose=True),
        )
        for f in lived_with
        if f.acceptance is not None
    )
    yield Table(tuple(speech(w) for w in ("severity", "finding", "device", "accepted")), (1, 3, 2, 4), rows)


def rules(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    yield Heading(2, speech("rules"), "rules")
    rows = tuple(
        (
            Cell(r.id, mono=True),
            Cell(speech.title(r.title), prose=True),
            Cell(str(r.version), right=True),
            Cell(" / ".join(speech.number(r.verdicts.get(w, 0), 0) for w in VERDICTS), right=True),
        )
        for r in document.rules
    )
    head = tuple(speech(w) for w in ("rule", "what", "version", "verdicts"))
    yield Table(head, (2.6, 4.2, 0.8, 2), rows, right=(2, 3))
