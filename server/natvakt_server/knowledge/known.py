"""What the knowledge base says of one customer's devices, cut out of it: the part of an assessment's frozen evidence.

An exposure is kept once for each system, version and family of hardware, and without a configuration: what a configuration shows is
judged with the rule, from the configuration that is frozen beside it. A product that nobody tells of is kept as unknown.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from natvakt_server.knowledge.exposure import Exposure, ExposureJudge
from natvakt_server.knowledge.facts import Price, ReleaseCycle, Suggestion
from natvakt_server.knowledge.lifecycle import Product, products
from natvakt_server.knowledge.ports import Held, KnowledgeReader, SourceSummary
from natvakt_server.knowledge.products import family_of_model
from natvakt_server.knowledge.versions.systems import parse_version
from natvakt_server.knowledge.versions.version import Version, VersionUnknown


class ToldSuggestion(msgspec.Struct, frozen=True):
    suggestion: Suggestion
    source: str
    as_of: str


class ToldCycle(msgspec.Struct, frozen=True):
    cycle: ReleaseCycle
    source: str
    as_of: str


class Known(msgspec.Struct, frozen=True):
    """`exposures` by `exposure_key`, `products`, `suggestions` and `prices` by product id, `cycles` by "os train".

    `candidates`: by `exposure_key` of what runs, the releases to go to; their exposures are there too. `sources`: all that is known.
    """

    exposures: dict[str, Exposure] = {}
    products: dict[str, Product] = {}
    suggestions: dict[str, ToldSuggestion] = {}
    cycles: dict[str, ToldCycle] = {}
    sources: tuple[SourceSummary, ...] = ()
    prices: dict[str, Price] = {}
    candidates: dict[str, tuple[str, ...]] = {}

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
    candidates = {
        exposure_key(each.os, each.version, each.model): _candidates(each, exposures, suggestions)
        for each in asked
        if each.os and each.version
    }
    for each in asked:
        for release in candidates.get(exposure_key(each.os, each.version, each.model), ()) if each.os and each.version else ():
            key = exposure_key(each.os or "", release, each.model)
            if key not in exposures:
                exposures[key] = judge.judge(each.os or "", release, each.model or "")
    keys = sorted({f"{os} {train}" for os, train in _trains(asked, suggestions.values(), candidates)})
    cycles = {
        f"{held.fact.os} {held.fact.train}": ToldCycle(held.fact, held.source, held.as_of)
        for held in _newest_last(reader.facts("cycle", keys))
        if isinstance(held.fact, ReleaseCycle)
    }
    told = {product.pid: product for product in products(reader, pids)}
    wanted = sorted({*pids, *(product.replacement for product in told.values() if product.replacement)})
    prices = {held.fact.pid: held.fact for held in _newest_last(reader.facts("price", wanted)) if isinstance(held.fact, Price)}
    return Known(dict(sorted(exposures.items())), told, suggestions, cycles, tuple(reader.sources()), prices, candidates)


MOST_FIXES = 3
"""First fixed releases of the own train that are weighed as targets: the highest, which correct what the lower ones do."""


def _candidates(each: Asked, exposures: Mapping[str, Exposure], suggestions: Mapping[str, ToldSuggestion]) -> tuple[str, ...]:
    """What is suggested for the product, and the highest of the releases that are first with a correction."""
    exposure = exposures[exposure_key(each.os or "", each.version or "", each.model)]
    told = next((suggestions[pid].suggestion for pid in (each.model or "", *each.pids) if pid in suggestions), None)
    suggested = told.releases if told is not None and told.os == exposure.os else ()
    fixes = {fix for statement in exposure.statements for fix in statement.first_fixed}
    parsed = [version for fix in fixes if (version := _parsed(exposure.os, fix)) is not None and version.train == exposure.train]
    highest = sorted(parsed, key=lambda version: version.place, reverse=True)[:MOST_FIXES]
    return tuple(dict.fromkeys([*suggested, *(version.normalised for version in highest)]))


def _parsed(os: str, text: str) -> Version | None:
    try:
        return parse_version(os, text)
    except VersionUnknown:
        return None


def _newest_last(held: Sequence[Held]) -> Sequence[Held]:
    return sorted(held, key=lambda each: (each.as_of, each.source))


def _trains(
    asked: Sequence[Asked], suggestions: Iterable[ToldSuggestion], candidates: Mapping[str, Sequence[str]]
) -> Iterable[tuple[str, str]]:
    """The trains that devices run, and those that are suggested to them."""
    for each in asked:
        if each.os and each.version:
            for version in (each.version, *candidates.get(exposure_key(each.os, each.version, each.model), ())):
                yield from _train(each.os, version)
    for told in suggestions:
        for release in told.suggestion.releases:
            yield from _train(told.suggestion.os, release)


def _train(os: str, version: str) -> Iterable[tuple[str, str]]:
    parsed = _parsed(os, version)
    if parsed is not None:
        yield parsed.os, parsed.train
