"""What goes between discovery's core and the world: probes out, events in, and the ports that carry them.

The core never touches a socket. `Sweeper` sends single packets that are no log-ins, `Asker` speaks SNMP from a worker thread; both are
built in `app/` from real sockets, and in tests from a simulated site.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Method(StrEnum):
    """How an address is asked whether somebody is there. None of these is a log-in."""

    ICMP = "icmp"
    SSH = "tcp-22"
    HTTPS = "tcp-443"
    ENGINE = "snmp-engine"  # SNMPv3 engine discovery, RFC 3414 section 4: unauthenticated, answered by any SNMPv3 agent


class Presence(StrEnum):
    ANSWERED = "answered"
    SILENT = "silent"
    CLOSED = "closed"  # the host said no (ICMP port unreachable, TCP reset): somebody is there, but not on this port
    ELSEWHERE = "elsewhere"  # the answer came from another address


class LoginResult(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"  # SNMPv3 said no
    SILENT = "silent"  # how SNMPv1 and v2c say no
    UNUSABLE = "unusable"  # nothing was sent: this engine cannot speak the credential


class Source(StrEnum):
    """Who told of an address."""

    SWEEP = "sweep"
    SEED = "seed"
    TARGET = "target"  # already in the configuration
    CDP = "cdp"
    LLDP = "lldp"
    ROUTE = "route"
    ARP = "arp"
    ANSWER = "answer"  # an answer came from there


STRONG_SOURCES = frozenset((Source.SEED, Source.TARGET, Source.CDP, Source.LLDP, Source.ROUTE, Source.ANSWER))
"""Sources that point at network equipment; ARP tables mostly name PCs and phones."""


@dataclass(frozen=True, slots=True)
class Look:
    """One packet to one address."""

    address: str
    method: Method


@dataclass(frozen=True, slots=True)
class Login:
    """One first question with one credential: a single request, never repeated."""

    address: str
    credential: str


@dataclass(frozen=True, slots=True)
class Identify:
    """Who is it? Asked with a credential that works."""

    address: str
    credential: str


@dataclass(frozen=True, slots=True)
class Explore:
    """Whom does it know? Asked with a credential that works."""

    address: str
    credential: str


Probe = Look | Login | Identify | Explore


@dataclass(frozen=True, slots=True)
class Looked:
    """`source` is the address an ELSEWHERE answer came from; `engine_id` hexadecimal, from Method.ENGINE only."""

    look: Look
    presence: Presence
    engine_id: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class LoggedIn:
    login: Login
    result: LoginResult
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a device says of itself. Identifiers are None where it does not tell them; `addresses` are its own."""

    name: str | None = None
    descr: str | None = None
    vendor: str | None = None
    os: str | None = None
    version: str | None = None
    model: str | None = None
    serial: str | None = None
    engine_id: str | None = None
    base_mac: str | None = None
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hint:
    """One address that a device told of, and what it called it."""

    address: str
    source: Source
    name: str | None = None
    platform: str | None = None


@dataclass(frozen=True, slots=True)
class Identified:
    """`facts` None: the device stopped answering."""

    probe: Identify
    facts: Facts | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Explored:
    probe: Explore
    hints: Sequence[Hint] = field(default_factory=tuple)
    detail: str = ""


Event = Looked | LoggedIn | Identified | Explored


class DiscoveryCancelled(Exception):
    """No more packets may go out."""


Spend = Callable[[str], None]
"""Blocks until one packet may go to this address. Raises DiscoveryCancelled."""


class Sweeper(Protocol):
    """Single packets to many addresses at once. Used by one thread, but for `wake`."""

    def methods(self) -> Sequence[Method]:
        """Those this host can use; the first is tried first."""
        ...

    def send(self, look: Look) -> None:
        """Send the packet. Its answer, or its timeout, comes out of `poll`, exactly once."""
        ...

    def poll(self, timeout_seconds: float) -> Sequence[Looked]:
        """Wait for answers, timeouts or `wake`, at most so long."""
        ...

    def wake(self) -> None:
        """End a `poll` under way; may be called from any thread."""
        ...

    def close(self) -> None: ...


class Asker(Protocol):
    """Speaks SNMP to one device at a time and thread. Calls `spend` before each packet; never raises for what a device does."""

    def login(self, probe: Login, spend: Spend) -> LoggedIn: ...
    def identify(self, probe: Identify, spend: Spend) -> Identified: ...
    def explore(self, probe: Explore, spend: Spend) -> Explored: ...
