"""The report model, part 7: what the knowledge base says of the devices. Days are ISO days."""

import msgspec


class ModelLife(msgspec.Struct, frozen=True):
    """Milestones of one product: name (as Cisco calls them) -> ISO day. `count` of them are there."""

    model: str
    count: int
    milestones: dict[str, str]
    replacement: str | None = None
    source: str = ""
    as_of: str | None = None


class SoftwareStand(msgspec.Struct, frozen=True):
    """What runs against what the vendor recommends; `recommended` is empty where nothing is known."""

    model: str
    os: str
    version: str
    count: int
    recommended: tuple[str, ...] = ()


class Upgrade(msgspec.Struct, frozen=True):
    """One step of the smallest set of upgrades: `clears` statements of vulnerability go, `leaves` stay."""

    model: str
    os: str
    release: str
    devices: tuple[str, ...]
    clears: int
    leaves: int


class BudgetLine(msgspec.Struct, frozen=True):
    """What to buy by when. `price`: for all of them; None: not known."""

    due: str
    model: str
    replacement: str | None
    count: int
    minutes: int
    price: float | None = None


class KnowledgeSource(msgspec.Struct, frozen=True):
    source: str
    kind: str
    facts: int
    as_of: str


class Outlook(msgspec.Struct, frozen=True):
    """What the knowledge base says of these devices. `unlisted`: products it has no dates of. `months`: how far the budget looks."""

    sources: tuple[KnowledgeSource, ...] = ()
    models: tuple[ModelLife, ...] = ()
    software: tuple[SoftwareStand, ...] = ()
    upgrades: tuple[Upgrade, ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    unlisted: tuple[str, ...] = ()
    months: int = 24
