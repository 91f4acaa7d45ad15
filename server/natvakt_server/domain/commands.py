"""What a person asked an agent to do: a closed set of verbs, each with an end. The agent's site policy has the last word."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

SCAN_NOW = "scan-now"
VERBS = (SCAN_NOW,)


@dataclass(frozen=True, slots=True)
class AgentCommand:
    id: str  # UUIDv7
    tenant: str
    agent: str
    verb: str
    not_after_ns: int
    created_ns: int
    accepted: bool | None = None  # None: not answered yet
    detail: str = ""
    answered_ns: int = 0


class CommandBook(Protocol):
    def add_command(self, command: AgentCommand) -> None: ...
    def waiting_commands(self, agent: str, now_ns: int) -> Sequence[AgentCommand]:
        """Neither answered nor over."""
        ...

    def answer_command(self, agent: str, command_id: str, accepted: bool, detail: str, now_ns: int) -> None:
        """First answer wins; an unknown id changes nothing."""
        ...
