"""What passes between a session and whoever drives it: effects out, requests to the store, answers back.

stream ──AgentMessage──► Session ──Ask(request)──► Recorder ──► store
   ▲                       │  ▲                      │
   └──Send / Close─────────┘  └──────answer──────────┘
"""

from collections.abc import Sequence
from dataclasses import dataclass

from natvakt_wire.v1 import uplink_pb2

from natvakt_server.domain.delivery import Arrival, Incoming, Mark
from natvakt_server.domain.identity import AuditEntry, IdentityKey


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end, from the certificate alone. `fingerprint`: SHA-256 of the certificate's DER."""

    tenant: str
    site: str
    agent: str
    fingerprint: bytes
    not_after_ns: int


@dataclass(frozen=True, slots=True)
class LaneFacts:
    """What the agent says of one lane in its Hello."""

    lane: int
    oldest_seq: int
    next_seq: int
    acked_through: int
    acked_digest: bytes


@dataclass(frozen=True, slots=True)
class Begin:
    """Open a session: look at the agent's state, its epochs and marks, rotate the resume nonce, commit."""

    peer: Peer
    epoch: bytes
    resume_nonce: bytes
    lanes: Sequence[LaneFacts]
    boot_id: bytes
    wall_ns: int
    monotonic_ns: int
    version: str
    fresh: bytes  # 24 random bytes for the next nonce
    received_ns: int


@dataclass(frozen=True, slots=True)
class Store:
    """Make this durable; answered after the commit."""

    incoming: Incoming


@dataclass(frozen=True, slots=True)
class Confirm:
    """The agent has the nonce: the one before it is no longer accepted."""

    agent: str
    epoch: bytes
    nonce: bytes


@dataclass(frozen=True, slots=True)
class Fence:
    """Refuse this epoch for ever."""

    agent: str
    epoch: bytes
    detail: str


@dataclass(frozen=True, slots=True)
class Collect:
    """What waits for this agent: policy, commands, recipient keys, a renewed certificate."""

    peer: Peer
    policy_version: int


@dataclass(frozen=True, slots=True)
class SubmitRenewal:
    peer: Peer
    csr: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class TellResult:
    peer: Peer
    command: str
    accepted: bool
    detail: str


Request = Begin | Store | Confirm | Fence | Collect | SubmitRenewal | TellResult


@dataclass(frozen=True, slots=True)
class Begun:
    nonce: bytes
    marks: Sequence[Mark]
    keys: Sequence[IdentityKey]


@dataclass(frozen=True, slots=True)
class NotBegun:
    """`fenced`: a clone, a restored snapshot or a forked epoch, as opposed to an agent that may not speak at all."""

    detail: str
    fenced: bool


@dataclass(frozen=True, slots=True)
class Stored:
    """One for each group of `Store` requests that were committed together, in the order they were asked."""

    results: Sequence[tuple[Incoming, Arrival]]


@dataclass(frozen=True, slots=True)
class Collected:
    messages: Sequence[uplink_pb2.ServerMessage]


@dataclass(frozen=True, slots=True)
class Failed:
    """The store is away; nothing of the request was done."""

    request: Request


Answer = Begun | NotBegun | Stored | Collected | Failed


@dataclass(frozen=True, slots=True)
class Send:
    message: uplink_pb2.ServerMessage


@dataclass(frozen=True, slots=True)
class Ask:
    request: Request


@dataclass(frozen=True, slots=True)
class Audit:
    entry: AuditEntry


@dataclass(frozen=True, slots=True)
class Close:
    """End the stream. `status` is the name of a gRPC status code, `retry_after_ms` 0 where the agent decides itself."""

    status: str
    detail: str
    retry_after_ms: int = 0


Effect = Send | Ask | Audit | Close
