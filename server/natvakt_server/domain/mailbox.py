"""Between the gateway, which holds no key, and the worker, which holds them all: letters that ask, answers, and signed notices.

    gateway ──ask──► letter ──claim──► worker ──reply──► answer ──► gateway
    worker ──publish──► notice ──► gateway, which hands it to the agents it is for

Bodies are opaque here: whoever writes and reads them agrees on their form.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from natvakt_server.domain.commands import AgentCommand


class LetterKind(StrEnum):
    ENROL = "enrol"
    RETURN = "return"
    RENEW = "renew"


@dataclass(frozen=True, slots=True)
class Letter:
    """`sender`: an agent's id, or the network address of a stranger."""

    id: str
    kind: LetterKind
    sender: str
    body: bytes
    asked_ns: int


class NoticeKind(StrEnum):
    RECIPIENTS = "recipients"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Notice:
    """A signed message for one agent, or for all of a tenant (`agent` empty). A later one of the same place replaces it."""

    tenant: str
    agent: str
    kind: NoticeKind
    reference: str  # the command's id; empty where there is one of a kind
    body: bytes
    signature: bytes
    not_after_ns: int


class MailboxFull(Exception):
    """So many letters wait that another one would not be answered in time."""


class LetterBox(Protocol):
    """The gateway's side."""

    def ask(self, letter: Letter, most_waiting: int) -> None:
        """Durable when it returns. Raises MailboxFull when `most_waiting` letters wait already; StoreUnavailable."""
        ...

    def answer(self, letter_id: str) -> bytes | None:
        """None: not answered yet."""
        ...


class LetterTray(Protocol):
    """The worker's side."""

    def claim(self, now_ns: int, lease_ns: int) -> Letter | None:
        """The oldest letter without an answer that no worker has in hand. It is this worker's until the lease ends."""
        ...

    def reply(self, letter_id: str, answer: bytes) -> None:
        """The first answer stays."""
        ...

    def forget(self, asked_before_ns: int) -> int:
        """Letters of before that time, answered or not: whoever asked has given up and asks anew. Answers how many went."""
        ...


class NoticeReader(Protocol):
    """The gateway's side."""

    def notices(self, tenant: str, agent: str, now_ns: int) -> Sequence[Notice]:
        """What is in force for this agent: the tenant's notices and its own, those of answered commands left out."""
        ...


class NoticeBoard(NoticeReader, Protocol):
    """The worker's side."""

    def publish(self, notice: Notice) -> None: ...
    def unsigned_commands(self, now_ns: int) -> Sequence[AgentCommand]:
        """Commands that wait for an agent and have no notice yet, oldest first."""
        ...

    def take_down(self, now_ns: int) -> int:
        """Notices that are over, or whose command was answered. Answers how many went."""
        ...
