"""What passes between the agent and its listening process, as msgpack.

agent ── LISTEN, Settings ──► child          child ── Pushed, unasked ──► agent
agent ── COUNTS ──► child ── Counts ──► agent
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec

LISTEN, COUNTS = "listen", "counts"
Message = TypeVar("Message")


class TrapUser(msgspec.Struct, frozen=True, array_like=True):
    """Of SNMPv3, with its passphrases: only ever in a pipe. An empty protocol is none."""

    name: str
    auth_protocol: str
    auth_key: str
    privacy_protocol: str
    privacy_key: str

    def __repr__(self) -> str:
        return f"TrapUser({self.name!r})"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Where to listen and to whom. Port None: not at all; 0: one that the system chooses."""

    addresses: Sequence[str]
    trap_port: int | None = None
    syslog_udp_port: int | None = None
    syslog_tcp_port: int | None = None
    syslog_tls_port: int | None = None
    flow_port: int | None = None
    certificate_file: str = ""
    key_file: str = ""
    client_ca_file: str = ""
    sources: Sequence[str] = ()
    networks: Sequence[str] = ()
    source_per_second: float = 10.0
    source_burst: float = 200.0
    total_per_second: float = 100.0
    total_burst: float = 1000.0
    least_severity: int = 5
    communities: Sequence[bytes] = ()
    users: Sequence[TrapUser] = ()
    engine_id: bytes = b""
    engine_boots: int = 0
    flow_addresses: bool = False
    flow_key: bytes = b""
    flow_interval_seconds: int = 300

    def __repr__(self) -> str:
        return f"Settings(addresses={list(self.addresses)})"


class Heard(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One event, or `count` alike ones of which this was the first. `heard_ns` is the listening process's monotonic time.

    Everything textual is on one line, printable and bounded, but not yet scrubbed. `command` is where in `message` a configuration line
    stands: its first character and the one behind its last.
    """

    source: str
    heard_ns: int
    kind: str  # trap | inform | syslog
    name: str  # linkDown, SYS-5-CONFIG_I
    severity: int  # RFC 5424: 0 emergency to 7 debug
    facility: str = ""
    mnemonic: str = ""
    message: str = ""
    command: tuple[int, int] | None = None
    host: str = ""  # what the message says it is from
    told_at: str = ""  # the device's own words of when
    user: str = ""
    origin: str = ""  # address or line a change came from
    is_change: bool = False
    count: int = 1


class Talker(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One row of the summary of an interface: who spoke most in one direction."""

    if_index: int
    direction: str  # in | out
    rank: int
    octets: int
    packets: int
    protocol: int
    application: str
    peer_a: str
    peer_b: str


class FlowSummary(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Of one exporter and one span. `total_octets` are all flows of the span, the ones without a place in the ranks too."""

    source: str
    heard_ns: int
    talkers: Sequence[Talker]
    records: int
    total_octets: int


class Pushed(msgspec.Struct, frozen=True, array_like=True):
    """`now_ns`: the process's monotonic time when this left, so that ages are told and no clock is compared with another's."""

    now_ns: int
    events: Sequence[Heard] = ()
    flows: Sequence[FlowSummary] = ()


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """By listener and reason, since the process began; `ports` are those that are bound."""

    ports: Mapping[str, int]
    counts: Mapping[str, int]


class ListenRefused(Exception):
    """A socket or a certificate that is not to be had; names the setting and the way out."""


def packed(message: msgspec.Struct) -> bytes:
    return msgspec.msgpack.encode(message)


def unpacked(octets: bytes, kind: type[Message]) -> Message:
    """Raises msgspec.DecodeError."""
    return msgspec.msgpack.decode(octets, type=kind)
