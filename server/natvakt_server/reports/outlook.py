"""Part 7 from the knowledge that was frozen with the evidence: milestones by model, recommended releases, and what the budget must hold.

Which set of upgrades is smallest, and what things cost, is told by whoever knows it; here both stay empty and the report says so.
"""

from collections import Counter
from datetime import UTC, date, datetime

from natvakt_server.analysis.evidence import NANOSECONDS, Evidence
from natvakt_server.domain.schedule import add_months
from natvakt_server.reports.outlook_model import BudgetLine, KnowledgeSource, ModelLife, Outlook, SoftwareStand

MONTHS = 24
REPLACEMENT_MINUTES = 180  # to take one device out and put its successor in, settings included
LAST_SUPPORT = "last_date_of_support"


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
        budget=budget(models, datetime.fromtimestamp(evidence.as_of_ns // NANOSECONDS, UTC)),
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


def budget(models: tuple[ModelLife, ...], today: datetime) -> tuple[BudgetLine, ...]:
    """What loses its support within the months looked at, or has lost it, by day."""
    horizon = add_months(today, MONTHS).date()
    due = [m for m in models if (last := m.milestones.get(LAST_SUPPORT)) and date.fromisoformat(last) <= horizon]
    lines = [BudgetLine(m.milestones[LAST_SUPPORT], m.model, m.replacement, m.count, m.count * REPLACEMENT_MINUTES) for m in due]
    return tuple(sorted(lines, key=lambda line: (line.due, line.model)))
