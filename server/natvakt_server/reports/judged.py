"""Part 11, for the auditor: what was looked at, what was not and why, and how it was judged."""

from collections.abc import Iterator

from natvakt_server.reports.blocks import Block, Cell, Heading, Paragraph, Table
from natvakt_server.reports.model import ReportDocument
from natvakt_server.reports.names import listed
from natvakt_server.reports.words import Speech

NAMED = 6
VERDICTS = ("pass", "fail", "unknown", "not-applicable")


def judged_part(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    yield Heading(1, f"11 {speech('how')}", "how", fresh=True)
    yield Heading(2, speech("formula"), "formula")
    yield Paragraph(speech.sentence("formula", version=document.formula_version))
    yield from not_observed(document, speech)
    yield from undecided(document, speech)
    yield Heading(2, speech("knowledge"), "knowledge")
    yield Paragraph(knowledge(document, speech))
    yield Paragraph(speech.sentence("accepted-none"))
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
    yield Table(tuple(speech(w) for w in ("reason", "rule", "count", "devices")), (2, 2.5, 0.8, 3), rows, right=(2,))


def knowledge(document: ReportDocument, speech: Speech) -> str:
    sources, as_of = document.knowledge.get("sources"), document.knowledge.get("as_of")
    if not sources:
        return speech.sentence("knowledge-none")
    return speech.sentence("knowledge", sources=sources, as_of=speech.date(str(as_of)) if as_of else "")


def rules(document: ReportDocument, speech: Speech) -> Iterator[Block]:
    yield Heading(2, speech("rules"), "rules")
    rows = tuple(
        (
            Cell(r.id, mono=True),
            Cell(speech.title(r.title), prose=True),
            Cell(str(r.version), right=True),
            *(Cell(speech.number(r.verdicts.get(w, 0), 0), right=True) for w in VERDICTS),
        )
        for r in document.rules
    )
    head = (speech("rule"), speech("what"), speech("version"), *(speech.verdict(w) for w in VERDICTS))
    yield Table(head, (2.65, 2.9, 0.85, 0.95, 1.05, 1, 1.15), rows, right=(2, 3, 4, 5, 6))
