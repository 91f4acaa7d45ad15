"""Who hears of an occasion, and the messages to them: an outbox that no restart loses and no repetition doubles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from natvakt_server.domain.escalation import Change, Escalation
from natvakt_server.domain.notification import Kind, Occasion, Severity

WAITING, SENT, FAILED = "waiting", "sent", "failed"
TEST = "test"  # the cause of an occasion that a person makes to try a destination


@dataclass(frozen=True, slots=True)
class Destination:
    """A channel with its settings: the duty phone, the customer's chat, the ticket system.

    `settings` are open; `sealed` are the secret ones, which only the worker can open. Between `quiet_from` and `quiet_until` ("22:00",
    "06:00", in `time_zone`; both empty: never) only what is critical goes out, the rest waits for the end. `digest_minutes`: what is not
    critical is gathered for so long and goes out as one.
    """

    id: str  # UUIDv7
    name: str
    channel: str  # mail | webhook | slack | ...
    language: str  # sv | en
    time_zone: str
    settings: Mapping[str, str] = field(default_factory=dict)
    sealed: bytes | None = field(default=None, repr=False)
    enabled: bool = True
    quiet_from: str = ""
    quiet_until: str = ""
    digest_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """What goes where. Without `tenant` it holds for every customer, without `site` for every site.

    `destinations` are told at once, `chain` from its first step on, until somebody acknowledges.
    """

    id: str  # UUIDv7
    name: str
    least: Severity
    kinds: Sequence[Kind]
    destinations: Sequence[str] = ()
    chain: str = ""
    tenant: str = ""
    site: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class StoredOccasion:
    id: int
    told: Occasion


@dataclass(frozen=True, slots=True)
class Message:
    """One occasion to one recipient. `key` is the same for the same occasion, destination and recipient, whichever rules led there.

    `urgent` ones wait for no quiet hours and no digest. `digest`: the message it went out with. `detail`: why the last attempt failed.
    """

    id: str  # UUIDv7
    key: str
    destination: str
    recipient: str  # an address or number; empty where the destination is one place
    occasion: int
    tenant: str
    incident: str
    kind: Kind
    severity: Severity
    urgent: bool = False
    state: str = WAITING
    attempts: int = 0
    detail: str = ""
    created_ns: int = 0
    not_before_ns: int = 0
    sent_ns: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of messages. `digest`: the one they went out with."""

    state: str
    detail: str = ""
    sent_ns: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """What is due for one recipient of one destination."""

    destination: str
    recipient: str


class NotificationSettings(Protocol):
    """Raises StoreUnavailable, as every port here."""

    def destinations(self) -> Sequence[Destination]:
        """By name."""
        ...

    def put_destination(self, destination: Destination) -> None: ...
    def remove_destination(self, destination_id: str) -> bool: ...
    def rules(self) -> Sequence[Rule]:
        """By name."""
        ...

    def put_rule(self, rule: Rule) -> None: ...
    def remove_rule(self, rule_id: str) -> bool: ...


class MessageLog(Protocol):
    def put(self, occasion: Occasion, messages: Sequence[Message]) -> None:
        """An occasion that no rule has to be asked about, such as a test; the messages' `occasion` is filled in."""
        ...

    def messages(self, limit: int, tenant: str | None = None) -> Sequence[Message]:
        """The newest first."""
        ...

    def occasions(self, ids: Sequence[int]) -> Mapping[int, Occasion]: ...


class Outbox(MessageLog, Protocol):
    def unrouted(self, limit: int) -> Sequence[StoredOccasion]:
        """Those that no rule was asked about yet, the oldest first."""
        ...

    def route(self, occasions: Sequence[int], messages: Sequence[Message], changes: Sequence[Change]) -> None:
        """In one transaction: these occasions are dealt with, by these messages and changes of chains. A message that is there stays."""
        ...

    def expire(self, before_ns: int) -> int:
        """Forgets occasions that old and what went out about them; answers how many."""
        ...

    def queues(self, now_ns: int) -> Sequence[Queue]:
        """Recipients for whom something is due."""
        ...

    def due(self, queue: Queue, now_ns: int, limit: int) -> Sequence[Message]:
        """The oldest first."""
        ...

    def sent_since(self, queue: Queue, since_ns: int) -> Sequence[Message]:
        """What went out on its own or as the first of a digest; not what went with one."""
        ...

    def update(self, messages: Sequence[Message]) -> None: ...
    def settle(self, ids: Sequence[str], settled: Settled) -> None:
        """The same end for all of them, after one more attempt."""
        ...


class Escalations(Protocol):
    """Chains that run."""

    def due(self, now_ns: int, limit: int) -> Sequence[Escalation]: ...
    def running(self, incidents: Sequence[str]) -> Mapping[str, Sequence[Escalation]]:
        """By incident."""
        ...

    def told(self, incident: str) -> Sequence[Queue]:
        """Whom its chains have told."""
        ...

    def step(self, before: Escalation, after: Escalation, told: Occasion | None, messages: Sequence[Message]) -> bool:
        """In one transaction, unless it has moved on since `before` was read. Without `told` the messages are of its own occasion."""
        ...
