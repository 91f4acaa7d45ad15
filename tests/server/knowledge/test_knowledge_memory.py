"""The fake keeps the contract of the real store."""

import pytest
from contracts.knowledge_contract import KnowledgeContract, WholeKnowledge
from testkit.knowledge import MemoryKnowledge


class TestMemoryKnowledge(KnowledgeContract):
    @pytest.fixture
    def store(self) -> WholeKnowledge:
        return MemoryKnowledge()
