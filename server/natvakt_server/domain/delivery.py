"""What the gateway stores and the worker takes: ledger, inbox, sessions, boot clocks, quarantine.

One SQL transaction inserts the ledger row, unique on (agent, epoch, lane, seq), and the envelope; it commits; then the gateway acks.
A ledger row lives on after its envelope was applied; an envelope waits in the inbox until then, or goes to the quarantine.

    receive ──► pending ──claim──► leased ──apply──► applied          (envelope dropped, ledger row stays)
                 ▲   ▲               │ ├──quarantine──► quarantined    (envelope kept: visible, can be played again)
                 │   └───release─────┘ └──hold──► held                 (untrusted clock: until its boot's clock is known)
                 └────────learn_boot_clock──────────┘ └─expire_held──► quarantined

Ports are split by who uses them; one store may implement them all. Every method is one transaction, committed when it returns, and
raises StoreUnavailable when the database is away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from natvakt_server.domain.configuration.history import ConfigurationReading
from natvakt_server.domain.estate import DocumentEffect
from natvakt_server.domain.events import Event
from natvakt_server.domain.observation import Observed
from natvakt_server.domain.refusal import Refusal

NO_PREVIOUS = bytes(32)  # what `previous` holds in the first batch of a lane


class StoreUnavailable(Refusal):
    """The database is away or refuses for now. Nothing was half done; the caller tries again later."""


class Arrival(StrEnum):
    STORED = "stored"
    ALREADY_HAVE = "already-have"  # same digest: ack again
    FORK = "fork"  # same place, other digest, or a chain that does not follow ours: first wins
    OUT_OF_ORDER = "out-of-order"  # seq is not the next one; nothing was changed
    QUOTA = "quota"  # the tenant's inbox is full; nothing was changed


@dataclass(frozen=True, slots=True)
class Mark:
    """High-water mark of a lane: everything through `seq` is durable; `digest` is the last one's."""

    lane: int
    seq: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Incoming:
    """A verified envelope or gap record on its way into the inbox. A gap covers seq..last_seq; an envelope has last_seq == seq.

    `digest` of a gap is that of the last dropped batch, so that the chain goes on behind it.
    `quarantine_reason`: set for what is authentic and in its place but cannot be worked on; it goes straight to the quarantine.
    """

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
    envelope: bytes  # serialised Envelope, or serialised SignedGap
    is_gap: bool
    received_ns: int
    clock_trusted: bool = True
    boot_id: bytes = b""
    quarantine_reason: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """An envelope that waits in the inbox, in order of its agent's lane."""

    row: int
    incoming: Incoming
    offset_ns: int | None = None  # as stored on the ledger row; None: not decided yet


@dataclass(frozen=True, slots=True)
class SessionState:
    """One epoch of an agent and its live session.

    `nonce` is the last resume nonce handed out, `previous_nonce` the one it was given for. `confirmed`: a batch was stored in the
    session of `nonce`, so the agent has it and `previous_nonce` is no longer accepted.
    `fenced`: this epoch is refused for ever. `approved`: a person has seen the fencing, so a new epoch may begin.
    """

    agent: str
    epoch: bytes
    nonce: bytes
    previous_nonce: bytes
    confirmed: bool = False
    fenced: bool = False
    approved: bool = False
    detail: str = ""
    skew_ns: int = 0  # agent's wall clock minus the server's, at the last Hello
    opened_ns: int = 0


@dataclass(frozen=True, slots=True)
class BootClock:
    """When one boot of one agent's host began: true wall time at monotonic zero. `source`: whose clock told it, agent or server."""

    agent: str
    boot_id: bytes
    started_wall_ns: int
    source: str


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """One part of a document too large for one batch; kept until its brothers are there. `digest` is the whole document's."""

    agent: str
    device: str
    kind: str
    observed_ns: int
    digest: bytes
    part: int
    parts: int
    body: bytes


@dataclass(frozen=True, slots=True)
class RejectedPoints:
    """Points of a batch that were not stored, and why. The envelope stays in the quarantine, so they can be played again."""

    measurement: str
    device: str
    reason: str
    points: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Every SQL effect of one opened batch. `completed` names the documents (by whole digest) whose parts may go."""

    documents: Sequence[DocumentEffect] = ()
    rejected: Sequence[RejectedPoints] = ()
    parts: Sequence[DocumentPart] = ()
    completed: Sequence[bytes] = ()
    points: int = 0
    configurations: Sequence[ConfigurationReading] = ()
    events: Sequence[Event] = ()
    observed: Sequence[Observed] = ()


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    """What the operator sees. `row` is the ledger row; `points` 0 where the whole batch was refused."""

    row: int
    tenant: str
    site: str
    agent: str
    lane: int
    seq: int
    reason: str
    points: int
    at_ns: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Batches lost by the capacity policy of the agent's site, told by the agent under its signature."""

    tenant: str
    site: str
    agent: str
    lane: int
    first_seq: int
    last_seq: int
    received_ns: int


@dataclass(frozen=True, slots=True)
class Backlog:
    pending: int
    held: int
    quarantined: int
    pending_bytes: int


class GatewayStore(Protocol):
    """All the gateway may do: insert ledger and inbox rows, read marks, keep sessions and boot clocks."""

    def marks(self, agent: str, epoch: bytes) -> Sequence[Mark]: ...
    def receive(self, incoming: Sequence[Incoming]) -> Sequence[Arrival]:
        """Many agents' envelopes in one transaction; answers in the order given, after the commit. For each, against its lane's mark:

        - `last_seq` at or below the mark: ALREADY_HAVE when the ledger holds the same digest at `last_seq`, FORK when it holds another;
          inside a gap the ledger holds none: ALREADY_HAVE.
        - an envelope at mark + 1, or a gap that begins at or below mark + 1 and ends beyond the mark: STORED. `previous` must equal the
          mark's digest (32 zero bytes before the first) where `seq` is mark + 1, else FORK. A gap that overlaps is stored from mark + 1.
        - everything else: OUT_OF_ORDER.

        An envelope becomes pending, or quarantined when it carries a reason. A gap is only a ledger row. Quotas are the caller's business.
        """
        ...

    def sessions(self, agent: str) -> Sequence[SessionState]:
        """Every epoch this agent was ever seen with."""
        ...

    def put_session(self, state: SessionState, expected_nonce: bytes) -> bool:
        """Insert (`expected_nonce` empty) or replace where the stored nonce is the expected one. False: somebody else was first."""
        ...

    def learn_boot_clock(self, clock: BootClock) -> None:
        """The newest word wins (a monotonic clock stands still while a host sleeps); held envelopes of that boot become pending."""
        ...

    def inbox_bytes(self, tenant: str) -> int:
        """Envelope bytes pending, leased or held."""
        ...


class EpochApproval(Protocol):
    def approve_epoch(self, agent: str) -> int:
        """A person lets a fenced agent begin a new epoch; the fenced ones stay refused. Answers how many were fenced and not approved."""
        ...


class InboxQueue(Protocol):
    """What the worker takes from: in order per agent and lane; other workers may take other lanes at the same time."""

    def claim(self, limit: int, now_ns: int, lease_ns: int) -> Sequence[Pending]:
        """Lanes take turns, so that a backlog keeps nobody's live data waiting; the longest waiting lane first, lane order kept.

        Lanes with a row leased to somebody else are passed over; a lease that ran out is free again.
        """
        ...

    def release(self, rows: Sequence[int]) -> None:
        """Back to pending, at once."""
        ...

    def store_offset(self, row: int, offset_ns: int) -> int:
        """Write the clock offset on the ledger row unless one is there; answers the one that holds from now on."""
        ...

    def hold(self, row: int) -> None:
        """Wait for the boot's clock; the lane goes on without it."""
        ...

    def expire_held(self, received_before_ns: int, reason: str) -> int:
        """Held envelopes received before that time go to the quarantine; answers how many."""
        ...

    def boot_clock(self, agent: str, boot_id: bytes) -> BootClock | None: ...
    def learn_boot_clock(self, clock: BootClock) -> None:
        """As `GatewayStore.learn_boot_clock`."""
        ...

    def quarantine(self, pending: Pending, reason: str) -> None: ...


class Effects(Protocol):
    """SQL effects of one opened batch, made in the same transaction that marks it applied."""

    def parts(self, agent: str, device: str, kind: str, digest: bytes) -> Sequence[DocumentPart]:
        """Parts that earlier batches brought."""
        ...

    def apply(self, pending: Pending, outcome: Outcome, seen_ns: int) -> None:
        """All of `outcome` and the mark `applied`, or nothing. A row that is applied already stays as it is, without effects.

        The newest `observed_ns` of a device's kind wins whatever the order of arrival.
        """
        ...

    def expire_parts(self, received_before_ns: int) -> int:
        """Parts whose brothers never came; answers how many went."""
        ...


class Quarantine(Protocol):
    def quarantined(self, tenant: str | None = None, limit: int = 200) -> Sequence[QuarantineEntry]: ...
    def replay(self, row: int) -> bool:
        """Back to pending, with the offset it had. False: no such row."""
        ...


class DeliveryReader(Protocol):
    """What the console shows of delivery."""

    def backlog(self, tenant: str | None = None) -> Backlog: ...
    def gaps(self, tenant: str, limit: int = 200) -> Sequence[Gap]: ...
