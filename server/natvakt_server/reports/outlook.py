"""Part 7 from the knowledge that was frozen with the evidence: milestones by model, recommended releases, upgrades, and the budget.

What things cost is told by the partner's price list; without one the lines have no price and the report says so.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType

from natvakt_server.analysis.evidence import NANOSECONDS, Evidence
from natvakt_server.analysis.upgrades import upgrade_plan
from natvakt_server.domain.schedule import add_months
from natvakt_server.knowledge.facts import Price
from natvakt_server.reports.outlook_model import BudgetLine, KnowledgeSource, ModelLife, Outlook, SoftwareStand, Upgrade

MONTHS = 24
REPLACEMENT_MINUTES = 180  # to take one device out and put its successor in, settings included
LAST_SUPPORT = "last_date_of_support"
NO_PRICES: Mapping[str, Price] = MappingProxyType({})


def outlook(evidence: Evidence) -> Outlook | None:
    """None where the server had no knowledge at that moment."""
    known = evidence.knowledge
    if not known.sources:
        return None
    counted = Counter(d.model for d in evidence.devices if d.model)
    models = tuple(life for model, count in sorted(counted.items()) if (life := model_life(evidence, model, count)) is not None)
    listed = {life.model for life in models}
    return Outlook(
        sources=tuple(KnowledgeSource(s.source, s.kind, s.facts, s.newest_as_of) for s in known.sources),
        models=models,
        software=software(evidence),
        upgrades=upgrades(evidence),
        budget=budget(models, datetime.fromtimestamp(evidence.as_of_ns // NANOSECONDS, UTC), known.prices),
        unlisted=tuple(sorted(model for model in counted if model not in listed)),
        months=MONTHS,
    )


def model_life(evidence: Evidence, model: str, count: int) -> ModelLife | None:
    """None for a product that no source tells of."""
    product = evidence.knowledge.products.get(model)
    if product is None or not product.known:
        return None
    return ModelLife(model, count, dict(product.milestones), product.replacement, product.source or "", product.as_of)


def software(evidence: Evidence) -> tuple[SoftwareStand, ...]:
    running = Counter((d.model, d.os, d.version) for d in evidence.devices if d.model and d.os and d.version)
    stands = []
    for (model, system, version), count in sorted(running.items()):
        told = evidence.knowledge.suggestion((model,))
        fits = told is not None and told.suggestion.os == system
        stands.append(SoftwareStand(model, system, version, count, tuple(told.suggestion.releases) if told is not None and fits else ()))
    return tuple(stands)


def upgrades(evidence: Evidence) -> tuple[Upgrade, ...]:
    """The plan's steps, one line a model."""
    lines = []
    for step in upgrade_plan(evidence):
        devices = [device for name in step.devices if (device := evidence.device(name)) is not None]
        for model in sorted({device.model or "" for device in devices}):
            names = tuple(sorted(device.name for device in devices if (device.model or "") == model))
            lines.append(Upgrade(model, step.os, step.release, names, step.clears, step.leaves))
    return tuple(lines)


def price_of(life: ModelLife, prices: Mapping[str, Price]) -> float | None:
    """Of what replaces them, by the partner's list."""
    told = prices.get(life.replacement or "")
    return round(told.price * life.count, 2) if told is not None else None


def budget(models: tuple[ModelLife, ...], today: datetime, prices: Mapping[str, Price] = NO_PRICES) -> tuple[BudgetLine, ...]:
    """What loses its support within the months looked at, or has lost it, by day."""
    horizon = add_months(today, MONTHS).date()
    due = [m for m in models if (last := m.milestones.get(LAST_SUPPORT)) and date.fromisoformat(last) <= horizon]
    lines = [
        BudgetLine(m.milestones[LAST_SUPPORT], m.model, m.replacement, m.count, m.count * REPLACEMENT_MINUTES, price_of(m, prices))
        for m in due
    ]
    return tuple(sorted(lines, key=lambda line: (line.due, line.model)))
