"""`natvakt-server knowledge import | fetch | status | exposure | lifecycle | unknown | bundle`: facts of the world, and what they say."""

import argparse
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from natvakt_server.app.commands.knowledge_bundle import add_bundle_arguments, run_bundle
from natvakt_server.app.commands.knowledge_fetch import add_fetch_arguments, run_fetch
from natvakt_server.app.commands.knowledge_status import run_status
from natvakt_server.app.commands.knowledge_unknown import add_unknown_arguments, run_unknown
from natvakt_server.app.context import CommandFailed, Context, columns
from natvakt_server.app.knowledge_base import open_knowledge
from natvakt_server.domain.configuration.model import Configuration
from natvakt_server.domain.configuration.parser import parse
from natvakt_server.knowledge.exposure import Exposure, ExposureJudge, Statement
from natvakt_server.knowledge.facts import Fact
from natvakt_server.knowledge.formats.reading import FileRefused
from natvakt_server.knowledge.importing import Opened, open_source
from natvakt_server.knowledge.lifecycle import Product, products
from natvakt_server.knowledge.versions.systems import PARSERS
from natvakt_server.store.estate.knowledge import SqlKnowledge

SOURCES = {
    "csaf-2.0": "cisco-csaf",
    "cvrf-1.1": "cisco-cvrf",
    "cvrf-1.2": "cisco-cvrf",
    "openvuln": "cisco-openvuln",
    "cve-5": "cve-program",
    "nvd-2.0": "nvd",
    "kev": "cisa-kev",
    "epss": "first-epss",
    "eox-api": "cisco-eox",
    "software-suggestion": "cisco-suggestion",
    "endoflife.date": "endoflife.date",
    "lifecycle-csv": "partner",
    "price-list-csv": "partner",
    "build-table-csv": "partner",
}
"""Who is taken to speak where --source does not say."""
PROGRESS_EVERY = 5_000
MOST_CONFIGURATION_BYTES = 16 * 1024 * 1024
_SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    bring = verbs.add_parser("import", help="take in files of advisories, vulnerabilities, lifecycles; the format is told from the content")
    bring.add_argument("files", nargs="+", type=Path, metavar="FILE")
    bring.add_argument("--source", metavar="NAME", help="who says so (default: by the format)")
    bring.add_argument("--as-of", metavar="DATE", help="the day the files are of (default: what they say, or today)")
    add_fetch_arguments(verbs)
    verbs.add_parser("status", help="what is known, from whom, and how old it is")
    exposure = verbs.add_parser("exposure", help="what is known against a version")
    exposure.add_argument("--os", required=True, choices=tuple(PARSERS))
    exposure.add_argument(
        "--version", required=True, action="append", metavar="V", help="as the device prints it; may be given several times"
    )
    exposure.add_argument("--model", default="", metavar="PID", help="leave out what is said of other hardware")
    exposure.add_argument(
        "--config", type=Path, metavar="FILE", dest="configuration_file", help="the device's configuration: shows features off"
    )
    exposure.add_argument("--server-config", type=Path, metavar="FILE", dest="config", help="server.toml (/etc/natvakt/server.toml)")
    lifecycle = verbs.add_parser("lifecycle", help="end of sale and support of products")
    lifecycle.add_argument("pids", nargs="+", metavar="PID")
    add_unknown_arguments(verbs)
    add_bundle_arguments(verbs)


def run(context: Context) -> int:
    verbs = {"import": _import, "exposure": _exposure, "lifecycle": _lifecycle}
    return (verbs | {"unknown": run_unknown, "bundle": run_bundle, "fetch": run_fetch, "status": run_status})[context.options.verb](context)


def _import(context: Context) -> int:
    options = context.options
    if options.source and _SOURCE.fullmatch(options.source) is None:
        raise CommandFailed(f"--source {options.source[:40]!r}: a name has 1 to 40 letters, digits, dots, dashes or underscores")
    as_of = _day(options.as_of) if options.as_of else ""
    store = open_knowledge(context)
    results = [_one_file(context, store, path, as_of) for path in options.files]
    lines = [_import_line(result) for result in results]
    context.show({"schema": "natvakt.knowledge-import/1", "files": results}, lines)
    return 1 if any(result["error"] for result in results) else 0


def _import_line(result: dict[str, Any]) -> str:
    if result["error"]:
        return f"{result['file']}: not imported: {result['error']}"
    counts = ", ".join(f"{result[name]} {name}" for name in ("new", "changed", "unchanged"))
    refused = f", {len(result['rejected'])} rejected: {result['rejected'][0]}" if result["rejected"] else ""
    return f"{result['file']}: {result['format']}, {result['read']} read, {counts}{refused}"


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise CommandFailed(f"--as-of {text[:40]!r} is no date; write it as 2026-11-24") from None


def _one_file(context: Context, store: SqlKnowledge, path: Path, as_of: str) -> dict[str, Any]:
    empty = {"read": 0, "new": 0, "changed": 0, "unchanged": 0, "rejected": []}
    form = None
    try:
        with path.open("rb") as stream:
            opened = open_source(stream)
            form = opened.format
            facts, rejected = _taken(context, path, opened)
    except OSError as error:
        return {"file": str(path), "format": None, **empty, "error": f"cannot be read: {error.strerror}; check its name and rights"}
    except FileRefused as error:
        return {"file": str(path), "format": form, **empty, "error": str(error)}
    now_ns = context.clock.wall_ns()
    day = as_of or opened.as_of or datetime.fromtimestamp(now_ns / 1e9, UTC).date().isoformat()
    counts = store.put(context.options.source or SOURCES[opened.format], day, facts, now_ns)
    figures = {"new": counts.new, "changed": counts.changed, "unchanged": counts.unchanged, "rejected": rejected}
    return {"file": str(path), "format": opened.format, "read": len(facts) + len(rejected), **figures, "error": None}


def _taken(context: Context, path: Path, opened: Opened) -> tuple[list[Fact], list[str]]:
    """Everything is read before anything is stored: a file that breaks off stores nothing of itself. Raises FileRefused."""
    facts: list[Fact] = []
    rejected: list[str] = []
    for number, item in enumerate(opened.items, 1):
        if item.fact is None:
            rejected.append(item.refusal)
        else:
            facts.append(item.fact)
        if number % PROGRESS_EVERY == 0:
            context.note(f"{path}: {number} records read")
    return facts, rejected


def _exposure(context: Context) -> int:
    options = context.options
    configuration = _configuration(options.configuration_file, options.os) if options.configuration_file else None
    judge = ExposureJudge(open_knowledge(context))
    results = [exposure_json(judge.judge(options.os, version, options.model, configuration), options.os) for version in options.version]
    lines = [line for result in results for line in _exposure_lines(result)]
    schema = {"schema": "natvakt.exposure/1"}
    context.show({**schema, **results[0]} if len(results) == 1 else {**schema, "results": results}, lines)
    return 0


def _configuration(path: Path, os: str) -> Configuration:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CommandFailed(f"{path}: cannot be read: {error.strerror}; check its name and rights") from error
    if len(data) > MOST_CONFIGURATION_BYTES:
        raise CommandFailed(f"{path}: larger than {MOST_CONFIGURATION_BYTES // 1024**2} MiB; no device's configuration is")
    return parse(data.decode("utf-8", "replace"), os)


def exposure_json(exposure: Exposure, asked_os: str) -> dict[str, Any]:
    """As `commands` documents it."""
    return {
        "os": asked_os,
        "version": exposure.version,
        "normalised": exposure.normalised,
        "train": exposure.train,
        "statements": [_statement(each) for each in exposure.statements],
        "unknown": list(exposure.unknown),
    }


def _statement(each: Statement) -> dict[str, Any]:
    return {
        "advisory": each.advisory,
        "cve": each.cve,
        "title": each.title,
        "verdict": each.verdict,
        "basis": each.basis,
        "severity": each.severity,
        "cvss": each.cvss,
        "kev": each.kev,
        "epss": each.epss,
        "first_fixed": list(each.first_fixed),
        "evidence": [{"line": line.line, "text": line.text} for line in each.evidence],
        "feature_off": each.feature_off,
        "source": each.source,
        "as_of": each.as_of,
        "other_sources": [{"source": source, "basis": basis} for source, basis in each.others],
    }


def _exposure_lines(result: dict[str, Any]) -> Sequence[str]:
    head = f"{result['os']} {result['version']}" + (f" (train {result['train']})" if result["train"] else "")
    rows = [
        [
            each["verdict"],
            each["cve"] or each["advisory"] or "",
            "exploited" if each["kev"] else "",
            each["severity"] or "",
            ", ".join(each["first_fixed"][:3]),
            each["title"][:70],
        ]
        for each in result["statements"]
    ]
    return [head, *columns(rows), *(f"unknown: {text}" for text in result["unknown"])]


def _lifecycle(context: Context) -> int:
    found = products(open_knowledge(context), context.options.pids)
    rows = [["product", "end of sale", "last support", "replacement", "source"], *(_lifecycle_row(each) for each in found)]
    context.show(
        {"schema": "natvakt.lifecycle/1", "products": [lifecycle_json(each) for each in found]}, [*columns(rows), *_conflicts(found)]
    )
    return 0


def _conflicts(found: Sequence[Product]) -> Sequence[str]:
    """What other sources say otherwise."""
    return [
        f"{each.pid}: {name} is {each.milestones[name]} by {each.source}, {day} by {source}"
        for each in found
        for name, said in each.conflicts.items()
        for source, day in said
    ]


def _lifecycle_row(product: Product) -> list[str]:
    if not product.known:
        return [product.pid, "unknown", "", "", ""]
    day = product.milestones.get
    return [product.pid, day("end_of_sale") or "-", day("last_date_of_support") or "-", product.replacement or "-", product.source or ""]


def lifecycle_json(product: Product) -> dict[str, Any]:
    """As `commands` documents it."""
    return {
        "pid": product.pid,
        "known": product.known,
        "milestones": dict(product.milestones),
        "replacement": product.replacement,
        "bulletin": product.bulletin,
        "url": product.url,
        "source": product.source,
        "as_of": product.as_of,
        "conflicts": {name: [{"source": source, "date": day} for source, day in said] for name, said in product.conflicts.items()},
    }
