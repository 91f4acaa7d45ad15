"""What the gateway stores and the worker takes: ledger, inbox, sessions, quarantine.

One SQL transaction inserts the ledger row, unique on (agent, epoch, lane, seq), and the envelope; it commits; then the gateway acks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from natvakt_server.domain.estate import DocumentEffect


class Arrival(StrEnum):
    STORED = "stored"
    ALREADY_HAVE = "already-have"  # same digest: ack again
    FORK = "fork"  # same place, other digest: first wins
    OUT_OF_ORDER = "out-of-order"  # seq is not the next one
    QUOTA = "quota"


@dataclass(frozen=True, slots=True)
class Mark:
    """High-water mark of a lane: everything through `seq` is durable; `digest` is the last one's."""

    lane: int
    seq: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Incoming:
    """A verified envelope or gap record on its way into the inbox. A gap covers seq..last_seq; an envelope has last_seq == seq."""

    tenant: str
    site: str
    agent: str
    epoch: bytes
    lane: int
    lane_class: str  # events | state | metrics
    seq: int
    last_seq: int
    previous: bytes
    digest: bytes
    envelope: bytes  # Envelope bytes, or SignedGap bytes
    is_gap: bool
    received_ns: int
    clock_trusted: bool = True
    boot_id: bytes = b""


@dataclass(frozen=True, slots=True)
class Pending:
    """An envelope that waits in the inbox, in order of its agent's lane."""

    row: int
    incoming: Incoming
    offset_ns: int = 0  # what must be added to the batch's times; 0 for a trusted clock


@dataclass(frozen=True, slots=True)
class SessionState:
    """One live session an agent; the current and the previous resume nonce are accepted."""

    agent: str
    epoch: bytes
    nonce: bytes
    previous_nonce: bytes
    fenced: bool = False
    detail: str = ""


class GatewayStore(Protocol):
    """All the gateway may do: insert ledger and inbox rows, read marks, keep sessions."""

    def marks(self, agent: str, epoch: bytes) -> Sequence[Mark]: ...
    def receive(self, incoming: Sequence[Incoming]) -> Sequence[Arrival]:
        """Many agents' envelopes in one transaction; answers in the order given, after the commit."""
        ...

    def session(self, agent: str) -> SessionState | None: ...
    def put_session(self, state: SessionState) -> None: ...
    def inbox_bytes(self, tenant: str) -> int: ...


class InboxQueue(Protocol):
    """What the worker takes from: in order per agent and lane; other workers may take other agents at the same time."""

    def claim(self, limit: int) -> Sequence[Pending]: ...
    def release(self, rows: Sequence[int]) -> None: ...
    def quarantine(self, pending: Pending, reason: str) -> None: ...


class Effects(Protocol):
    """SQL effects of one opened batch, made in the same transaction that marks it applied."""

    def apply(self, pending: Pending, documents: Sequence[DocumentEffect], seen_ns: int) -> None: ...
