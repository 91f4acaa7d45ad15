"""What the link core wants done. The driver carries the effects out in order; none of them touches the core."""

from dataclasses import dataclass

from natvakt_wire.envelope import LaneClass
from natvakt_wire.v1 import uplink_pb2


@dataclass(frozen=True, slots=True)
class Connect:
    """Open a stream now."""


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Close the stream; `disconnected` is not to be called for it, the core has done its part."""

    reason: str


@dataclass(frozen=True, slots=True)
class SayHello:
    """First message of a session; the driver adds what the clock and the site say now."""

    hello: uplink_pb2.Hello


@dataclass(frozen=True, slots=True)
class SendRecord:
    """Read that record from the spool and send it."""

    lane: int
    seq: int


@dataclass(frozen=True, slots=True)
class KeepNonce:
    """Make the resume nonce durable before anything else of the session is sent."""

    nonce: bytes


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """The server has everything of the lane through that seq, by our own digest."""

    lane: int
    through_seq: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Quarantined:
    """The server put that batch into quarantine; it is not to be sent again."""

    lane: int
    seq: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Rewind:
    """The server was restored and knows less than it acknowledged."""

    lane: int
    through_seq: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class OpenLane:
    """Live data of the class goes to a new lane, the old one drains beside it."""

    lane_class: LaneClass


@dataclass(frozen=True, slots=True)
class Alarm:
    """A person should know. `name` is stable: fenced, revoked, ack-refused, poison, server-restored."""

    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Deliver:
    """A message that is not the link's own business: policy, command, recipient keys, renewed certificate."""

    message: uplink_pb2.ServerMessage


@dataclass(frozen=True, slots=True)
class ServerTime:
    """The server's wall clock at the Welcome, to judge our own by."""

    wall_ns: int


Effect = (
    Connect | Disconnect | SayHello | SendRecord | KeepNonce | Acknowledge | Quarantined | Rewind | OpenLane | Alarm | Deliver | ServerTime
)
