"""The SQL knowledge base keeps the contract, over SQLite and PostgreSQL, and takes in a large file with few statements."""

import pytest
from contracts.knowledge_contract import DAY, NOW_NS, KnowledgeContract, WholeKnowledge, advisory
from natvakt_server.knowledge.facts import Likelihood, Vulnerability
from natvakt_server.store.estate.knowledge import SqlKnowledge
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from testkit.flaky_database import recorded_statements


class TestSqlKnowledge(KnowledgeContract):
    @pytest.fixture
    def store(self, engine: Engine) -> WholeKnowledge:
        return SqlKnowledge(engine)

    def test_claims_that_a_newer_revision_no_longer_makes_are_gone(self, engine: Engine) -> None:
        store = SqlKnowledge(engine)
        store.put("one", DAY, [advisory()], NOW_NS)
        without = advisory(updated="2026-01-02")
        assert store.put("one", DAY, [type(without)(without.id, without.title, "high", "2026-01-01", "2026-01-02")], NOW_NS).changed == 1
        assert store.claims("ios-xe") == []

    def test_many_facts_cost_few_statements(self, engine: Engine) -> None:
        store = SqlKnowledge(engine)
        facts = [Likelihood(f"CVE-2026-{number:05d}", 0.5) for number in range(2_000)]
        with recorded_statements(engine) as statements:
            store.put("first-epss", DAY, facts, NOW_NS)
        assert len(statements.texts) < 40
        with recorded_statements(engine) as statements:
            assert store.put("first-epss", DAY, facts, NOW_NS).unchanged == 2_000
        assert len(statements.texts) < 40

    def test_of_several_sources_put_at_once_none_is_kept_where_one_cannot_be(self, engine: Engine) -> None:
        store = SqlKnowledge(engine)
        nameless = Likelihood("CVE-2026-0001", 0.5)
        with pytest.raises(DBAPIError):
            store.put_all([("one", DAY, [advisory()]), (None, DAY, [nameless])], NOW_NS)  # type: ignore[list-item]
        assert store.sources() == []

    def test_a_text_of_any_script_comes_back_whole(self, engine: Engine) -> None:
        store = SqlKnowledge(engine)
        told = Vulnerability("CVE-2026-0001", 'Nätet "föll" \U0001f525 \u202e <script>')
        store.put("one", DAY, [told], NOW_NS)
        assert [held.fact for held in store.every("vulnerability")] == [told]
