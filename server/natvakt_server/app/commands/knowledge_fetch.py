"""`natvakt-server knowledge fetch`: asks the sources now, about what stands at customers, and takes in what they answer."""

import argparse
import time
from collections.abc import Generator, Sequence
from typing import Any

from natvakt_server.app.context import CommandFailed, Context, columns
from natvakt_server.app.knowledge_sources import configured, known_sources, source_desk
from natvakt_server.jobs.knowledge_fetch import FetchReport, Plan, plan
from natvakt_server.jobs.knowledge_inventory import whole_inventory
from natvakt_server.knowledge.asking.services import SERVICES
from natvakt_server.knowledge.asking.sources import MAKERS

SCHEMA = "natvakt.knowledge-fetch/1"


def add_fetch_arguments(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    fetch = verbs.add_parser("fetch", help="ask sources about the products and versions at customers, and take in what they answer")
    fetch.add_argument("sources", nargs="*", metavar="SOURCE", help=f"{', '.join(SERVICES)} (default: knowledge.sources)")
    fetch.add_argument("--dry-run", action="store_true", help="show what would be asked, and ask nobody")


def run_fetch(context: Context) -> int:
    """Raises ConfigurationError, CommandFailed, StateError."""
    settings = context.configuration().knowledge
    names = known_sources(context.options.sources, "SOURCE") if context.options.sources else configured(settings)
    if not names:
        raise CommandFailed("no source is named: write `knowledge fetch cisa-kev`, or name them in knowledge.sources of server.toml")
    stores = context.stores()
    desk = source_desk(settings, stores, context.clock, context.version, context.note)
    inventory = whole_inventory(stores.reader, stores.knowledge)
    if context.options.dry_run:
        now_ns = context.clock.wall_ns()
        return _show_plans(context, [plan(MAKERS[name](), desk.service(name), inventory, stores.asked, now_ns) for name in names])
    desk.require(names)
    reports = [_driven(desk.fetch(name).run(inventory)) for name in names]
    context.show({"schema": SCHEMA, "dry_run": False, "sources": [_report(each) for each in reports]}, _report_lines(reports))
    return 1 if any(not each.complete for each in reports) else 0


def _driven(run: Generator[float, None, FetchReport]) -> FetchReport:
    """An interrupted run notes how far it came, and lets others ask."""
    try:
        while True:
            time.sleep(next(run))
    except StopIteration as end:
        report: FetchReport = end.value
        return report
    finally:
        run.close()


def _report(each: FetchReport) -> dict[str, Any]:
    counts = {
        name: getattr(each, name) for name in ("subjects", "due", "asked", "left", "calls", "new", "changed", "unchanged", "rejected")
    }
    return {
        "source": each.source,
        **counts,
        "complete": each.complete,
        "deferred": each.deferred,
        "unanswered": dict(each.unanswered),
        "error": each.error or None,
    }


def _report_lines(reports: Sequence[FetchReport]) -> list[str]:
    rows = [["source", "asked", "of", "calls", "new", "changed", "unchanged", "rejected"]]
    rows += [
        [each.source, *(str(value) for value in (each.asked, each.due, each.calls, each.new, each.changed, each.unchanged, each.rejected))]
        for each in reports
    ]
    lines = columns(rows)
    for each in reports:
        lines += [f"{each.source}: {each.error}"] if each.error else []
        lines += [f"{each.source}: {subject} is not answered: {reason}" for subject, reason in sorted(each.unanswered.items())]
    return lines


def _show_plans(context: Context, plans: Sequence[Plan]) -> int:
    rows = [["source", "subjects", "due", "questions", "host"]]
    rows += [
        [each.source, str(len(each.subjects)), str(len(each.due)), str(len(each.questions)), SERVICES[each.source].host] for each in plans
    ]
    lines = columns(rows)
    lines += [f"{each.source}: {', '.join(subjects)}" for each in plans for subjects in each.questions]
    told = [
        {
            "source": each.source,
            "host": SERVICES[each.source].host,
            "subjects": len(each.subjects),
            "due": list(each.due),
            "questions": [list(subjects) for subjects in each.questions],
        }
        for each in plans
    ]
    context.show({"schema": SCHEMA, "dry_run": True, "sources": told}, lines)
    return 0
