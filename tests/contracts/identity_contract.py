"""What every store of identities must do. A test module inherits the classes and gives each its fixture.

class TestTokensInMemory(TokenStoreContract):
    @pytest.fixture
    def tokens(self): return MemoryTokenStore()
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from natvakt_server.domain.identity import AgentRecord, AgentState, AuditEntry, IdentityKey, RecipientKey, TokenRow
from natvakt_wire.ids import uuid7
from testkit.wire import NOW_NS, seeded_random

_random = seeded_random(99)


def some_agent(tenant="acme", site="hq", state=AgentState.ACTIVE):
    agent = uuid7(NOW_NS, _random)
    return AgentRecord(agent, tenant, site, state, NOW_NS, version="0.1.0", certificate_not_after_ns=NOW_NS + 5)


def some_key(agent, **changes):
    return replace(IdentityKey(agent, _random(32), _random(32), NOW_NS), **changes)


class AgentRegistryContract:
    """Fixture: `registry`, empty; tenants `acme` and `other` with sites `hq` and `north` exist where the store wants them to."""

    def test_an_unknown_agent_is_nobody(self, registry):
        agent = some_agent()
        assert registry.agent(agent.id) is None
        assert not registry.identity_keys(agent.id)
        assert not registry.agents()

    def test_an_enrolled_agent_is_found_with_its_key(self, registry):
        agent, key = some_agent(), None
        key = some_key(agent.id)
        registry.enrol(agent, key)
        assert registry.agent(agent.id) == agent
        assert [*registry.identity_keys(agent.id)] == [key]

    def test_agents_are_listed_by_tenant(self, registry):
        ours, theirs = some_agent(), some_agent(tenant="other")
        for agent in (ours, theirs):
            registry.enrol(agent, some_key(agent.id))
        assert [agent.id for agent in registry.agents("acme")] == [ours.id]
        assert {agent.id for agent in registry.agents()} == {ours.id, theirs.id}

    def test_an_agent_is_enrolled_once(self, registry):
        agent = some_agent()
        registry.enrol(agent, some_key(agent.id))
        with pytest.raises(Exception):  # noqa: B017 - each store has its own word for it
            registry.enrol(agent, some_key(agent.id))

    def test_updates_replace_the_record_and_leave_the_keys(self, registry):
        agent = some_agent(state=AgentState.AWAITING_APPROVAL)
        key = some_key(agent.id)
        registry.enrol(agent, key)
        changed = replace(agent, state=AgentState.FENCED, detail="clone", certificate_not_after_ns=NOW_NS + 99)
        registry.update(changed)
        assert registry.agent(agent.id) == changed
        assert [*registry.identity_keys(agent.id)] == [key]

    def test_revoking_ends_the_agent_and_its_keys_for_good(self, registry):
        agent = some_agent()
        registry.enrol(agent, some_key(agent.id))
        registry.revoke(agent.id, NOW_NS + 10, "key-compromise: stolen")
        registry.revoke(agent.id, NOW_NS + 20, "retired")
        revoked = registry.agent(agent.id)
        assert (revoked.state, revoked.revoked_ns, revoked.detail) == (AgentState.REVOKED, NOW_NS + 10, "key-compromise: stolen")
        assert [key.not_after_ns for key in registry.identity_keys(agent.id)] == [NOW_NS + 10]

    def test_being_seen_is_noted(self, registry):
        agent = some_agent()
        registry.enrol(agent, some_key(agent.id))
        registry.touch(agent.id, NOW_NS + 7, "0.2.0")
        seen = registry.agent(agent.id)
        assert (seen.last_seen_ns, seen.version, seen.state) == (NOW_NS + 7, "0.2.0", AgentState.ACTIVE)


class TokenStoreContract:
    """Fixture: `tokens`, empty."""

    def add(self, tokens, life_ns=1000):
        token = TokenRow(_random(32), "acme", "hq", NOW_NS + life_ns)
        tokens.add_token(token)
        return token

    def test_promise_64_a_token_is_used_once(self, tokens):
        token, key = self.add(tokens), _random(32)
        first = uuid7(NOW_NS, _random)
        used = tokens.consume_token(token.token_hash, key, first, NOW_NS)
        assert (used.tenant, used.site, used.agent, used.bound_key, used.used_ns) == ("acme", "hq", first, key, NOW_NS)
        assert tokens.consume_token(token.token_hash, _random(32), uuid7(NOW_NS, _random), NOW_NS) is None

    def test_promise_64_the_same_key_may_repeat_and_is_told_the_first_agent(self, tokens):
        token, key = self.add(tokens), _random(32)
        first = uuid7(NOW_NS, _random)
        once = tokens.consume_token(token.token_hash, key, first, NOW_NS)
        again = tokens.consume_token(token.token_hash, key, uuid7(NOW_NS, _random), NOW_NS + 5)
        assert again == once

    def test_promise_64_an_expired_or_unknown_token_is_refused(self, tokens):
        token = self.add(tokens)
        assert tokens.consume_token(token.token_hash, _random(32), uuid7(NOW_NS, _random), token.expires_ns) is None
        assert tokens.consume_token(_random(32), _random(32), uuid7(NOW_NS, _random), NOW_NS) is None

    def test_promise_64_of_many_at_once_one_wins(self, tokens):
        token = self.add(tokens)
        rivals = [(_random(32), uuid7(NOW_NS, _random)) for _ in range(20)]
        with ThreadPoolExecutor(8) as pool:
            answers = [*pool.map(lambda rival: tokens.consume_token(token.token_hash, *rival, NOW_NS), rivals)]
        winners = [answer for answer in answers if answer is not None]
        assert len(winners) == 1
        assert (winners[0].bound_key, winners[0].agent) in rivals


class RecipientKeyStoreContract:
    """Fixture: `recipient_keys`, empty; tenants `acme` and `other` exist where the store wants them to."""

    def test_keys_are_kept_by_tenant(self, recipient_keys):
        ours = RecipientKey(_random(16), "acme", 1, _random(1216), NOW_NS, NOW_NS + 9)
        theirs = RecipientKey(_random(16), "other", 1, _random(1216), NOW_NS, NOW_NS + 9)
        for key in (ours, theirs):
            recipient_keys.add_recipient_key(key)
        assert [*recipient_keys.recipient_keys("acme")] == [ours]

    def test_promise_62_a_destroyed_key_stays_on_record(self, recipient_keys):
        key = RecipientKey(_random(16), "acme", 1, _random(1216), NOW_NS, NOW_NS + 9)
        recipient_keys.add_recipient_key(key)
        recipient_keys.mark_destroyed(key.id, NOW_NS + 99)
        assert [*recipient_keys.recipient_keys("acme")] == [replace(key, destroyed_ns=NOW_NS + 99)]


class AuditLogContract:
    """Fixture: `audit`, empty."""

    def test_entries_come_newest_first_and_by_tenant(self, audit):
        entries = [AuditEntry(NOW_NS + n, "cli", "a", str(n), "ok", "", tenant) for n, tenant in enumerate(("acme", "other", None, "acme"))]
        for entry in entries:
            audit.record(entry)
        assert [*audit.entries()] == entries[::-1]
        assert [entry.subject for entry in audit.entries(tenant="acme")] == ["3", "0"]
        assert [entry.subject for entry in audit.entries(limit=2)] == ["3", "2"]

    def test_the_chain_holds(self, audit):
        for number in range(5):
            audit.record(AuditEntry(NOW_NS + number, "cli", "a", "å/\n", "refused", "detail"))
        assert audit.verify() == 5
