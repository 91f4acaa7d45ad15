"""`natvakt-server knowledge status`: what is known, from whom, under which terms, how old it is, and how asking for it goes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from natvakt_server.app.config import seconds
from natvakt_server.app.config_sections import Knowledge
from natvakt_server.app.context import Context, columns
from natvakt_server.app.knowledge_base import open_knowledge_and_asked
from natvakt_server.app.knowledge_sources import configured
from natvakt_server.app.knowledge_watch import alarms, day_of
from natvakt_server.jobs.knowledge_rounds import next_ns
from natvakt_server.knowledge.asking.ports import SourceState
from natvakt_server.knowledge.asking.services import SERVICES
from natvakt_server.knowledge.ports import SourceSummary
from natvakt_server.knowledge.staleness import KINDS, MOST_AGE_DAYS, age_days
from natvakt_server.knowledge.terms import terms_of

SECOND_NS = 1_000_000_000
EMPTY = (
    "The knowledge base is empty: versions and lifecycles are unknown until `natvakt-server knowledge import FILE...`, "
    "or `natvakt-server knowledge fetch` once sources are named in [knowledge]"
)


def run_status(context: Context) -> int:
    knowledge, asked = open_knowledge_and_asked(context)
    settings, now_ns = context.configuration().knowledge, context.clock.wall_ns()
    summaries, states, wanted = knowledge.sources(), asked.states(), configured(settings)
    old = alarms(knowledge, asked, wanted, now_ns)
    known = [_known(each, now_ns) for each in summaries]
    fetches = [_fetch(name, states.get(name), name in wanted, settings, now_ns) for name in SERVICES if name in states or name in wanted]
    told = {
        "schema": "natvakt.knowledge-status/1",
        "sources": known,
        "fetches": fetches,
        "alarms": [{"source": each.source, "kind": each.kind, "age_days": each.age_days, "limit_days": each.limit_days} for each in old],
    }
    lines = [*_known_lines(known), *_fetch_lines(fetches), *(f"too old: {each.text}" for each in old)]
    context.show(told, lines)
    return 0


def _known(each: SourceSummary, now_ns: int) -> dict[str, Any]:
    return {
        "source": each.source,
        "kind": each.kind,
        "facts": each.facts,
        "as_of": each.newest_as_of,
        "age_days": age_days(each.newest_as_of, day_of(now_ns)),
        "terms": terms_of(each.source),
    }


def _known_lines(known: Sequence[Mapping[str, Any]]) -> list[str]:
    if not known:
        return [EMPTY]
    rows = [["source", "kind", "facts", "as of", "age"]]
    rows += [[each["source"], each["kind"], str(each["facts"]), each["as_of"], f"{each['age_days']} d"] for each in known]
    terms = dict.fromkeys((each["source"], each["terms"]) for each in known)
    return [*columns(rows), "", *(f"{source}: {text}" for source, text in terms)]


def _fetch(name: str, state: SourceState | None, is_wanted: bool, settings: Knowledge, now_ns: int) -> dict[str, Any]:
    told = state or SourceState(name)
    following_ns = max(now_ns, next_ns(state, seconds(settings.every, "knowledge.every"))) if is_wanted else 0
    return {
        "source": name,
        "configured": is_wanted,
        "tried_at": _moment(told.tried_ns),
        "succeeded_at": _moment(told.succeeded_ns),
        "age_days": age_days(day_of(told.succeeded_ns).isoformat(), day_of(now_ns)) if told.succeeded_ns else None,
        "limit_days": MOST_AGE_DAYS[KINDS[name]],
        "next_at": _moment(following_ns),
        "calls": told.calls,
        "asked": told.asked,
        "left": told.left,
        "error": told.error or None,
    }


def _moment(at_ns: int) -> str | None:
    return datetime.fromtimestamp(at_ns // SECOND_NS, UTC).isoformat().replace("+00:00", "Z") if at_ns else None


def _fetch_lines(fetches: Sequence[Mapping[str, Any]]) -> list[str]:
    if not fetches:
        return []
    rows = [["source", "last tried", "last whole", "next", "calls", "left"]]
    rows += [
        [each["source"], each["tried_at"] or "never", each["succeeded_at"] or "never", each["next_at"] or "by hand", *_figures(each)]
        for each in fetches
    ]
    return ["", *columns(rows), *(f"{each['source']}: {each['error']}" for each in fetches if each["error"])]


def _figures(each: Mapping[str, Any]) -> list[str]:
    return [str(each["calls"]), str(each["left"])]
