"""Where facts are kept: what a judgement reads, and what an import writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from natvakt_server.knowledge.facts import Claim, Fact


@dataclass(frozen=True, slots=True)
class Held:
    """A fact as it is kept, without its claims. `as_of`: the ISO day on which the source said it."""

    fact: Fact
    source: str
    as_of: str


@dataclass(frozen=True, slots=True)
class HeldClaim:
    """A claim with the fact that it belongs to."""

    claim: Claim
    held: Held


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """How much of one kind a source has told, and how new it is."""

    source: str
    kind: str
    facts: int
    newest_as_of: str


@dataclass(frozen=True, slots=True)
class Counts:
    new: int
    changed: int
    unchanged: int


class KnowledgeReader(Protocol):
    def claims(self, os: str) -> Sequence[HeldClaim]:
        """Every claim on that operating system, by fact kind, source and key."""
        ...

    def facts(self, kind: str, keys: Sequence[str]) -> Sequence[Held]:
        """The facts of those keys, of every source; in the order of the keys, then by source."""
        ...

    def every(self, kind: str) -> Sequence[Held]: ...
    def sources(self) -> Sequence[SourceSummary]: ...


class KnowledgeWriter(Protocol):
    def put(self, source: str, as_of: str, facts: Sequence[Fact], now_ns: int) -> Counts:
        """All of them in one transaction; the same facts again change nothing but their day. Raises StoreUnavailable.

        Of two facts with one key the last counts, and both are counted alike.
        """
        ...

    def put_all(self, told: Sequence[tuple[str, str, Sequence[Fact]]], now_ns: int) -> Counts:
        """As `put`, for (source, as of, facts) of several at once: all in one transaction. Raises StoreUnavailable."""
        ...
