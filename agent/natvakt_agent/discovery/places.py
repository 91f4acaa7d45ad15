"""What discovery knows of one address while it works, and the two queues that decide what is asked next."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from natvakt_agent.discovery.pace import Pace
from natvakt_agent.discovery.scope import subnet_of
from natvakt_agent.discovery.words import STRONG_SOURCES, Facts, Look, Method, Source

LIKELY_ROUTER_HOSTS = frozenset((1, 2, 3, 251, 252, 253, 254))
STRANGERS = "strangers"
LONGEST_WAIT_NS = 1_000_000_000


class Outcome(StrEnum):
    """How an address ended."""

    SILENT = "silent"
    NO_SNMP = "no-snmp"  # somebody is there, and says no on the SNMP port
    UNMATCHED = "unmatched"  # somebody is there, and no credential was accepted
    DEVICE = "device"
    ALIAS = "alias"  # another address of a device that is known
    ELSEWHERE = "elsewhere"  # its answers come from another address


@dataclass(slots=True)
class Place:
    """One address. `favourites` are credentials that worked there earlier, or for who told of it; `outcome` None: under way."""

    address: str
    sources: set[Source] = field(default_factory=set)
    favourites: list[str] = field(default_factory=list)
    looks: deque[Method] = field(default_factory=deque)
    looked: list[Method] = field(default_factory=list)
    is_present: bool = False
    has_open_port: bool = False
    speaks_v3: bool = False
    engine_id: str | None = None
    credential: str | None = None
    weaker: list[str] = field(default_factory=list)  # credentials that work too
    unusable: dict[str, str] = field(default_factory=dict)
    repeated: set[str] = field(default_factory=set)
    facts: Facts | None = None
    is_explored: bool = False
    outcome: Outcome | None = None
    detail: str = ""

    @property
    def is_pointed_at(self) -> bool:
        """Somebody trustworthy says that equipment is there: it is asked even where pings are filtered."""
        return bool(self.sources & (STRONG_SOURCES - {Source.ROUTE}))

    @property
    def looks_like_equipment(self) -> bool:
        """Signs of a router or switch rather than a PC: such an address may well be one of several of the same device."""
        host = int(self.address.rsplit(".", 1)[-1]) if "." in self.address else 1
        return bool(self.sources & STRONG_SOURCES) or self.has_open_port or host in LIKELY_ROUTER_HOSTS

    def keys(self) -> tuple[str, ...]:
        """What the device is known by: every address of it that is known, and its engine id."""
        own = self.facts.addresses if self.facts else ()
        engine = (f"engine:{self.engine_id}",) if self.engine_id else ()
        return (self.address, *own, *engine)

    def lane(self) -> str:
        """Log-ins in one lane never overlap. Addresses that could be one device, as far as is known before a log-in, share one."""
        if self.engine_id is not None:
            return f"engine:{self.engine_id}"
        return STRANGERS if self.looks_like_equipment else f"quiet:{subnet_of(self.address)}"


class LookQueue:
    """Single packets that wait for their turn: subnets in turn, inside the pace."""

    def __init__(self) -> None:
        self._by_subnet: dict[str, deque[Look]] = {}
        self._turn: deque[str] = deque()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, look: Look, is_urgent: bool) -> None:
        subnet = subnet_of(look.address)
        if subnet not in self._by_subnet:
            self._by_subnet[subnet] = deque()
            self._turn.append(subnet)
        if is_urgent:
            self._by_subnet[subnet].appendleft(look)
        else:
            self._by_subnet[subnet].append(look)
        self._length += 1

    def take(self, pace: Pace, now_ns: int, is_wanted: Callable[[Look], bool]) -> tuple[Look | None, int]:
        """The next look that may go now, without those nobody wants any more; else None and the nanoseconds until one may."""
        if not self._length or (site_ns := pace.site_wait_ns(now_ns)):
            return None, site_ns if self._length else LONGEST_WAIT_NS
        shortest_ns = LONGEST_WAIT_NS
        for _ in range(len(self._turn)):
            subnet = self._turn[0]
            self._turn.rotate(-1)
            waiting = self._by_subnet[subnet]
            while waiting and not is_wanted(waiting[0]):
                waiting.popleft()
                self._length -= 1
            if not waiting:
                self._forget(subnet)
                continue
            wait_ns = pace.take(waiting[0].address, now_ns)
            if wait_ns == 0:
                look = waiting.popleft()
                self._length -= 1
                if not waiting:
                    self._forget(subnet)
                return look, 0
            shortest_ns = min(shortest_ns, wait_ns)
        return None, shortest_ns

    def _forget(self, subnet: str) -> None:
        del self._by_subnet[subnet]
        self._turn.remove(subnet)


class Lanes:
    """Addresses that wait for log-ins. One of a lane is asked at a time; quiet lanes only while no stranger waits."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[str]] = {}
        self._held: dict[str, str] = {}  # lane by the address that holds it

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values())) + len(self._held)

    def join(self, place: Place) -> None:
        self._waiting.setdefault(place.lane(), deque()).append(place.address)

    def release(self, address: str) -> None:
        self._held.pop(address, None)

    def next_free(self, may_be_quiet: bool) -> str | None:
        """The address whose turn it is; it holds its lane until `release`."""
        for lane in self._free(may_be_quiet):
            waiting = self._waiting[lane]
            address = waiting.popleft()
            if not waiting:
                del self._waiting[lane]
            self._held[address] = lane
            return address
        return None

    def _free(self, may_be_quiet: bool) -> Iterator[str]:
        held = frozenset(self._held.values())
        yield from (lane for lane in self._waiting if lane not in held and not lane.startswith("quiet:"))
        if may_be_quiet and STRANGERS not in self._waiting and STRANGERS not in held:
            yield from (lane for lane in self._waiting if lane not in held and lane.startswith("quiet:"))
