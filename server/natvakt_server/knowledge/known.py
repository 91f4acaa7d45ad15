"""What the knowledge base says of one customer's devices, cut out of it: the part of an assessment's frozen evidence.

An exposure is kept once for each system, version and family of hardware, and without a configuration: what a configuration shows is
judged with the rule, from the configuration that is frozen beside it. A product that nobody tells of is kept as unknown.
"""

from collections.abc import Iterable, Sequence

import msgspec

from natvakt_server.knowledge.exposure import Exposure, ExposureJudge
from natvakt_server.knowledge.facts import ReleaseCycle, Suggestion
from natvakt_server.knowledge.lifecycle import Product, products
from natvakt_server.knowledge.ports import Held, KnowledgeReader, SourceSummary
from natvakt_server.knowledge.products import family_of_model
from natvakt_server.knowledge.versions.systems import parse_version
from natvakt_server.knowledge.versions.version import VersionUnknown


class ToldSuggestion(msgspec.Struct, frozen=True):
    suggestion: Suggestion
    source: str
    as_of: str


class ToldCycle(msgspec.Struct, frozen=True):
    cycle: ReleaseCycle
    source: str
    as_of: str


class Known(msgspec.Struct, frozen=True):
    """`exposures` by `exposure_key`, `products` and `suggestions` by product id, `cycles` by "os train". `sources`: all that is known."""

    exposures: dict[str, Exposure] = {}
    products: dict[str, Product] = {}
    suggestions: dict[str, ToldSuggestion] = {}
    cycles: dict[str, ToldCycle] = {}
    sources: tuple[SourceSummary, ...] = ()

    def exposure(self, os: str | None, version: str | None, model: str | None) -> Exposure | None:
        """None where nothing was asked, for want of a system or a version."""
        return self.exposures.get(exposure_key(os, version, model)) if os and version else None

    def cycle(self, os: str, train: str) -> ToldCycle | None:
        return self.cycles.get(f"{os} {train}")

    def suggestion(self, pids: Iterable[str]) -> ToldSuggestion | None:
        """Of the first product id that has one."""
        return next((self.suggestions[pid] for pid in pids if pid in self.suggestions), None)

    def holds(self, kind: str) -> bool:
        return any(source.kind == kind for source in self.sources)


class Asked(msgspec.Struct, frozen=True):
    """One device: its system, version, model, and all its product ids."""

    os: str | None
    version: str | None
    model: str | None
    pids: tuple[str, ...] = ()


def exposure_key(os: str, version: str, model: str | None) -> str:
    return f"{os} {version} {family_of_model(model or '')}"


def cut_out(reader: KnowledgeReader, asked: Sequence[Asked]) -> Known:
    """Everything that is known of these devices; the same knowledge base and devices give the same."""
    judge = ExposureJudge(reader)
    exposures = {
        exposure_key(each.os, each.version, each.model): judge.judge(each.os, each.version, each.model or "")
        for each in asked
        if each.os and each.version
    }
    pids = sorted({pid for each in asked for pid in (*each.pids, each.model or "") if pid})
    suggestions = {
        held.fact.pid: ToldSuggestion(held.fact, held.source, held.as_of)
        for held in _newest_last(reader.facts("suggestion", pids))
        if isinstance(held.fact, Suggestion)
    }
    keys = sorted({f"{os} {train}" for os, train in _trains(asked, suggestions.values())})
    cycles = {
        f"{held.fact.os} {held.fact.train}": ToldCycle(held.fact, held.source, held.as_of)
        for held in _newest_last(reader.facts("cycle", keys))
        if isinstance(held.fact, ReleaseCycle)
    }
    told = {product.pid: product for product in products(reader, pids)}
    return Known(dict(sorted(exposures.items())), told, suggestions, cycles, tuple(reader.sources()))


def _newest_last(held: Sequence[Held]) -> Sequence[Held]:
    return sorted(held, key=lambda each: (each.as_of, each.source))


def _trains(asked: Sequence[Asked], suggestions: Iterable[ToldSuggestion]) -> Iterable[tuple[str, str]]:
    """The trains that devices run, and those that are suggested to them."""
    for each in asked:
        if each.os and each.version:
            yield from _train(each.os, each.version)
    for told in suggestions:
        for release in told.suggestion.releases:
            yield from _train(told.suggestion.os, release)


def _train(os: str, version: str) -> Iterable[tuple[str, str]]:
    try:
        parsed = parse_version(os, version)
    except VersionUnknown:
        return
    yield parsed.os, parsed.train
