"""The stores that tests use instead of SQL keep the same contract."""

from dataclasses import replace

import pytest
from contracts.identity_contract import AgentRegistryContract, AuditLogContract, RecipientKeyStoreContract, TokenStoreContract
from natvakt_server.domain.identity import AuditEntry
from testkit.identity import MemoryAgentRegistry, MemoryAuditLog, MemoryRecipientKeyStore, MemoryTokenStore


class TestRegistryInMemory(AgentRegistryContract):
    @pytest.fixture
    def registry(self):
        return MemoryAgentRegistry()


class TestTokensInMemory(TokenStoreContract):
    @pytest.fixture
    def tokens(self):
        return MemoryTokenStore()


class TestRecipientKeysInMemory(RecipientKeyStoreContract):
    @pytest.fixture
    def recipient_keys(self):
        return MemoryRecipientKeyStore()


class TestAuditInMemory(AuditLogContract):
    @pytest.fixture
    def audit(self):
        return MemoryAuditLog()

    def test_a_changed_row_is_found(self, audit):
        for number in range(3):
            audit.record(AuditEntry(number, "cli", "a", "b", "ok"))
        entry, link = audit.rows[1]
        audit.rows[1] = (replace(entry, actor="nobody"), link)
        with pytest.raises(ValueError, match="row 1"):
            audit.verify()
