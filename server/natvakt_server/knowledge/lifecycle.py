"""Milestones of product ids, as the sources tell them. Product ids match exactly: a spare's trailing `=` counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from natvakt_server.knowledge.facts import MILESTONES, Lifecycle
from natvakt_server.knowledge.ports import Held, KnowledgeReader


@dataclass(frozen=True, slots=True)
class Product:
    """`conflicts`: milestone -> (source, day) of what other sources say otherwise."""

    pid: str
    known: bool
    milestones: Mapping[str, str] = field(default_factory=dict)
    replacement: str | None = None
    bulletin: str | None = None
    url: str | None = None
    source: str | None = None
    as_of: str | None = None
    conflicts: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


def products(reader: KnowledgeReader, pids: Sequence[str]) -> Sequence[Product]:
    """In the order asked. Of several sources the newest speaks, and one that has a date fills in for one that has none."""
    told: dict[str, list[Held]] = {}
    for held in reader.facts("lifecycle", pids):
        if isinstance(held.fact, Lifecycle):
            told.setdefault(held.fact.pid, []).append(held)
    return [_product(pid, told.get(pid, [])) for pid in pids]


def _product(pid: str, told: Sequence[Held]) -> Product:
    if not told:
        return Product(pid, known=False)
    newest = sorted(told, key=lambda held: (held.as_of, held.source), reverse=True)
    facts = [(held.source, fact) for held in newest if isinstance(held.fact, Lifecycle) for fact in (held.fact, *held.fact.others)]
    milestones: dict[str, str] = {}
    conflicts: dict[str, tuple[tuple[str, str], ...]] = {}
    for name in MILESTONES:
        said = [(source, fact.milestones[name]) for source, fact in facts if fact.milestones.get(name)]
        if said:
            milestones[name] = said[0][1]
            if others := tuple(dict.fromkeys(each for each in said[1:] if each[1] != said[0][1])):
                conflicts[name] = others

    def first(attribute: str) -> str | None:
        return next((value for _, fact in facts if (value := str(getattr(fact, attribute)))), None)

    head = newest[0]
    return Product(pid, True, milestones, first("replacement"), first("bulletin"), first("url"), head.source, head.as_of, conflicts)
