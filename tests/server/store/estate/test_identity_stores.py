"""Agents, tokens, recipient keys and audit trail keep their contract over SQLite and PostgreSQL."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from threading import Barrier

import pytest
from contracts.identity_contract import (
    AgentRegistryContract,
    AuditLogContract,
    RecipientKeyStoreContract,
    TokenStoreContract,
    some_agent,
    some_key,
)
from natvakt_server.domain.identity import AgentState, AuditEntry, TokenRow
from natvakt_server.store.estate.agents import SqlAgentRegistry
from natvakt_server.store.estate.audit import SqlAuditLog
from natvakt_server.store.estate.recipient_keys import SqlRecipientKeyStore
from natvakt_server.store.estate.tokens import SqlTokenStore
from sqlalchemy import Engine, text
from testkit.wire import NOW_NS

RACERS = 100


class TestSqlRegistry(AgentRegistryContract):
    @pytest.fixture
    def registry(self, engine: Engine) -> SqlAgentRegistry:
        return SqlAgentRegistry(engine)

    def test_promise_60_no_update_and_no_sight_undoes_a_revocation(self, registry: SqlAgentRegistry) -> None:
        agent = some_agent()
        registry.enrol(agent, some_key(agent.id))
        registry.revoke(agent.id, NOW_NS + 1, "stolen")
        registry.update(replace(agent, certificate_not_after_ns=NOW_NS + 99))  # a renewal that read the record before
        registry.touch(agent.id, NOW_NS + 2, "0.1.0")
        found = registry.agent(agent.id)
        assert found is not None
        assert (found.state, found.certificate_not_after_ns) == (AgentState.REVOKED, agent.certificate_not_after_ns)

    def test_seeing_and_updating_never_move_the_last_sight_back(self, registry: SqlAgentRegistry) -> None:
        agent = some_agent()
        registry.enrol(agent, some_key(agent.id))
        registry.touch(agent.id, NOW_NS + 9, "2")
        registry.touch(agent.id, NOW_NS + 3, "1")
        registry.update(replace(agent, detail="approved"))
        found = registry.agent(agent.id)
        assert found is not None
        assert (found.last_seen_ns, found.detail) == (NOW_NS + 9, "approved")

    def test_an_agents_own_version_word_is_made_storable(self, registry: SqlAgentRegistry) -> None:
        agent = some_agent()
        registry.enrol(agent, some_key(agent.id))
        registry.touch(agent.id, NOW_NS, "1.0\x00\n" + "x" * 1000)
        found = registry.agent(agent.id)
        assert found is not None
        assert found.version == ("1.0 " + "x" * 1000)[:64]


class TestSqlTokens(TokenStoreContract):
    @pytest.fixture
    def tokens(self, engine: Engine) -> SqlTokenStore:
        return SqlTokenStore(engine)

    def test_promise_64_a_hundred_at_once_and_exactly_one_has_it(self, tokens: SqlTokenStore) -> None:
        tokens.add_token(TokenRow(b"h" * 32, "acme", "hq", NOW_NS + 1))
        start = Barrier(RACERS)

        def race(number: int) -> TokenRow | None:
            start.wait()
            return tokens.consume_token(b"h" * 32, number.to_bytes(32, "big"), f"agent-{number}", NOW_NS)

        with ThreadPoolExecutor(RACERS) as pool:
            answers = list(pool.map(race, range(RACERS)))
        (winner,) = [answer for answer in answers if answer is not None]
        assert winner.agent == f"agent-{int.from_bytes(winner.bound_key or b'', 'big')}"


class TestSqlRecipientKeys(RecipientKeyStoreContract):
    @pytest.fixture
    def recipient_keys(self, engine: Engine) -> SqlRecipientKeyStore:
        return SqlRecipientKeyStore(engine)


class TestSqlAudit(AuditLogContract):
    @pytest.fixture
    def audit(self, engine: Engine) -> SqlAuditLog:
        return SqlAuditLog(engine)

    def test_promise_55_every_row_that_was_tampered_with_is_named(self, audit: SqlAuditLog, engine: Engine) -> None:
        for number in range(5):
            audit.record(AuditEntry(NOW_NS + number, "cli", "login", "someone", "refused", "bad password", "acme"))
        for statement, reason in [
            ("UPDATE audit SET outcome = 'ok' WHERE number = 3", "row 3 was changed"),
            ("UPDATE audit SET previous = digest WHERE number = 2", "row 2 does not follow row 1"),
            ("DELETE FROM audit WHERE number = 4", "row 4 is missing"),
            ("DELETE FROM audit WHERE number = 1", "row 1 is missing"),
        ]:
            with engine.connect() as connection, connection.begin() as tampering:
                connection.execute(text(statement))
                with pytest.raises(ValueError, match=reason):
                    SqlAuditLog(_Fixed(connection)).verify()  # type: ignore[arg-type]
                tampering.rollback()
        assert audit.verify() == 5

    def test_promise_55_the_log_holds_every_digest_so_a_cut_off_tail_shows(
        self, audit: SqlAuditLog, engine: Engine, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.INFO, "natvakt_server.store.estate.audit"):
            audit.record(AuditEntry(NOW_NS, "cli", "login", "someone", "refused"))
        with engine.connect() as connection:
            digest = connection.execute(text("SELECT digest FROM audit")).scalar_one()
        assert f"number=1 digest={bytes(digest).hex()} action=login outcome=refused" in caplog.text

    def test_writers_at_once_make_one_chain(self, audit: SqlAuditLog) -> None:
        numbers = count()
        record: Callable[[int], None] = lambda n: audit.record(AuditEntry(NOW_NS + n, "gateway", "hello", str(next(numbers)), "ok"))  # noqa: E731
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(record, range(40)))
        assert audit.verify() == 40

    def test_what_strangers_wrote_stays_on_one_line(self, audit: SqlAuditLog) -> None:
        audit.record(AuditEntry(NOW_NS, "agent:x\x00", "hello", "a\nforged line", "refused", "\x1b[31mred"))
        (entry,) = audit.entries()
        assert (entry.actor, entry.subject, entry.detail) == ("agent:x", "a forged line", "[31mred")


class _Fixed:
    """An engine that always answers the one connection whose transaction is going on."""

    def __init__(self, connection: object) -> None:
        self._connection = connection

    def begin(self) -> "_Fixed":
        return self

    def __enter__(self) -> object:
        return self._connection

    def __exit__(self, *_: object) -> None:
        """The transaction is the test's."""
