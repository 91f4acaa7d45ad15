"""What every store of the knowledge base must do: each fact once a source, a second telling changes nothing. Subclass it."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

import msgspec
import pytest
from natvakt_server.knowledge.facts import Advisory, Claim, Exploited, Fact, Lifecycle, Likelihood, Vulnerability, kind_of
from natvakt_server.knowledge.ports import Counts, Held, HeldClaim, KnowledgeReader, KnowledgeWriter, SourceSummary

NOW_NS = 1_800_000_000_000_000_000
DAY = "2026-11-01"
LATER = "2026-11-09"


class WholeKnowledge(KnowledgeReader, KnowledgeWriter, Protocol):
    """Both ports at once."""


def advisory(key: str = "cisco-sa-one", updated: str = "2026-01-02", releases: Sequence[str] = ("17.3.1", "17.3.4a")) -> Advisory:
    listed = Claim("ios-xe", "CVE-2026-0001", "", {"17.3": tuple(releases)})
    other = Claim("ios", "CVE-2026-0001", "", {"15.2E": ("15.2(7)E8",)})
    return Advisory(key, "One", "high", "2026-01-01", updated, "", ("CVE-2026-0001",), {"CVE-2026-0001": 8.6}, (listed, other))


def lifecycle(pid: str = "WS-ONE", end: str = "2027-01-31", updated: str = "", replacement: str = "") -> Lifecycle:
    return Lifecycle(pid, {"last_date_of_support": end}, replacement, updated=updated)


def bare(fact: Fact) -> Fact:
    """As it is held: claims are read apart."""
    return msgspec.structs.replace(fact, claims=()) if isinstance(fact, Advisory | Vulnerability) else fact


class KnowledgeContract:
    @pytest.fixture
    @abstractmethod
    def store(self) -> WholeKnowledge: ...

    def put(self, store: WholeKnowledge, *facts: Fact, source: str = "one", as_of: str = DAY) -> tuple[int, int, int]:
        counts: Counts = store.put(source, as_of, facts, NOW_NS)
        return counts.new, counts.changed, counts.unchanged

    def test_what_is_put_is_found(self, store: WholeKnowledge) -> None:
        told = [advisory(), Exploited("CVE-2026-0001", "2026-02-01"), Likelihood("CVE-2026-0001", 0.9), lifecycle()]
        assert self.put(store, *told) == (4, 0, 0)
        for fact in told:
            (held,) = store.every(kind_of(fact))
            assert bare(held.fact) == bare(fact)
            assert (held.source, held.as_of) == ("one", DAY)

    def test_the_same_again_changes_nothing_but_the_day(self, store: WholeKnowledge) -> None:
        self.put(store, advisory(), lifecycle())
        assert self.put(store, advisory(), lifecycle(), as_of=LATER) == (0, 0, 2)
        assert [held.as_of for held in store.every("advisory")] == [LATER]
        assert self.put(store, advisory(), as_of=DAY) == (0, 0, 1)
        assert [held.as_of for held in store.every("advisory")] == [LATER]

    def test_several_sources_are_put_at_once(self, store: WholeKnowledge) -> None:
        told = [("one", DAY, [lifecycle()]), ("two", LATER, [lifecycle(), Likelihood("CVE-2026-0001", 0.9)])]
        assert store.put_all(told, NOW_NS) == Counts(3, 0, 0)
        assert [(held.source, held.as_of) for held in store.every("lifecycle")] == [("one", DAY), ("two", LATER)]
        assert store.put_all(told, NOW_NS) == Counts(0, 0, 3)

    def test_a_changed_fact_takes_the_place_of_the_old_one_with_its_claims(self, store: WholeKnowledge) -> None:
        self.put(store, advisory())
        assert self.put(store, advisory(updated="2026-02-01", releases=("17.3.5",)), as_of=LATER) == (0, 1, 0)
        (held,) = store.claims("ios-xe")
        assert held.claim.listed == {"17.3": ("17.3.5",)}
        assert held.held.as_of == LATER

    def test_an_older_revision_of_a_document_changes_nothing(self, store: WholeKnowledge) -> None:
        self.put(store, advisory(updated="2026-03-01"), Vulnerability("CVE-2026-0001", "New", updated="2026-03-01"))
        older = (advisory(updated="2026-02-01", releases=("17.3.9",)), Vulnerability("CVE-2026-0001", "Old", updated="2026-02-01"))
        assert self.put(store, *older) == (0, 0, 2)
        assert store.claims("ios-xe")[0].claim.listed == {"17.3": ("17.3.1", "17.3.4a")}

    def test_sources_stand_side_by_side(self, store: WholeKnowledge) -> None:
        self.put(store, lifecycle(), source="cisco-eox")
        assert self.put(store, lifecycle(end="2028-01-31"), source="partner") == (1, 0, 0)
        told = store.facts("lifecycle", ["WS-ONE"])
        assert [(held.source, held.fact.milestones["last_date_of_support"]) for held in told if isinstance(held.fact, Lifecycle)] == [
            ("cisco-eox", "2027-01-31"),
            ("partner", "2028-01-31"),
        ]

    def test_several_records_of_one_product_are_kept_and_a_second_telling_changes_nothing(self, store: WholeKnowledge) -> None:
        told = [lifecycle(updated="2024-01-01", replacement=each) for each in ("C9-A", "C9-B")]
        assert self.put(store, *told) == (2, 0, 0)
        assert self.put(store, *reversed(told)) == (0, 0, 2)
        assert self.put(store, told[1]) == (0, 0, 1)
        assert self.put(store, lifecycle(updated="2024-01-01", replacement="C9-C")) == (0, 1, 0)
        (held,) = store.every("lifecycle")
        assert isinstance(held.fact, Lifecycle)
        assert {held.fact.replacement, *(other.replacement for other in held.fact.others)} == {"C9-A", "C9-B", "C9-C"}
        assert self.put(store, lifecycle(updated="2025-01-01", replacement="C9-D")) == (0, 1, 0)
        assert [held.fact for held in store.every("lifecycle")] == [lifecycle(updated="2025-01-01", replacement="C9-D")]
        assert self.put(store, *told) == (0, 0, 2)

    def test_claims_are_found_by_system_in_a_fixed_order(self, store: WholeKnowledge) -> None:
        self.put(store, advisory("cisco-sa-two"), advisory("cisco-sa-one"))
        self.put(store, advisory("cisco-sa-one"), source="another")
        found: Sequence[HeldClaim] = store.claims("ios-xe")
        assert [(each.held.source, each.held.fact.id) for each in found if isinstance(each.held.fact, Advisory)] == [
            ("another", "cisco-sa-one"),
            ("one", "cisco-sa-one"),
            ("one", "cisco-sa-two"),
        ]
        assert store.claims("asa") == []

    def test_facts_come_in_the_order_of_the_keys_asked(self, store: WholeKnowledge) -> None:
        self.put(store, *(lifecycle(f"WS-{number}") for number in range(900)))
        asked = [f"WS-{number}" for number in (899, 3, 500, 3, 1000)]
        found: Sequence[Held] = store.facts("lifecycle", asked)
        assert [held.fact.pid for held in found if isinstance(held.fact, Lifecycle)] == ["WS-899", "WS-3", "WS-500"]
        assert list(store.facts("lifecycle", [])) == []

    def test_sources_are_summed_up(self, store: WholeKnowledge) -> None:
        self.put(store, lifecycle("A"), lifecycle("B"))
        self.put(store, lifecycle("B"), as_of=LATER)
        self.put(store, Likelihood("CVE-2026-0001", 0.5), source="first-epss", as_of=LATER)
        assert list(store.sources()) == [SourceSummary("first-epss", "likelihood", 1, LATER), SourceSummary("one", "lifecycle", 2, LATER)]
