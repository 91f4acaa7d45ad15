"""A site in simulated time for discovery's core: devices, PCs and a network that counts packets and log-ins."""

import heapq
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random

from natvakt_agent.discovery.core import Discovery
from natvakt_agent.discovery.credentials import Card
from natvakt_agent.discovery.pace import SECOND_NS, Pace
from natvakt_agent.discovery.words import (
    Event,
    Explore,
    Explored,
    Facts,
    Hint,
    Identified,
    Identify,
    LoggedIn,
    Login,
    LoginResult,
    Look,
    Looked,
    Method,
    Presence,
    Probe,
    Source,
)

LOOK_TIMEOUT = 1.0
LOGIN_TIMEOUT = 1.0
IDENTIFY_PACKETS, EXPLORE_PACKETS = 14, 10
ALL_METHODS = (Method.ICMP, Method.SSH, Method.ENGINE)


@dataclass
class Device:
    """What answers at `addresses`. `takes`: the credentials it accepts; `speaks_v3`: whether it answers engine discovery."""

    name: str
    addresses: Sequence[str]
    takes: frozenset[str]
    serial: str | None = None
    engine_id: str | None = None
    base_mac: str | None = None
    speaks_v3: bool = True  # where it has an engine id
    pings: bool = True
    ssh: bool = True
    hints: Sequence[Hint] = ()
    answers_from: str | None = None
    unlisted: frozenset[str] = frozenset()  # addresses it does not list as its own

    def facts(self) -> Facts:
        own = tuple(address for address in self.addresses if address not in self.unlisted)
        return Facts(name=self.name, serial=self.serial, engine_id=self.engine_id, base_mac=self.base_mac, addresses=own)


@dataclass
class Pc:
    """Answers pings; its SNMP port is closed, or its firewall drops what it does not know."""

    address: str
    drops: bool = False


@dataclass
class Network:
    """`random` shuffles how long answers take, and so the order of arrival. `lost`: share of packets that vanish (looks only)."""

    devices: Sequence[Device]
    cards: Sequence[Card]
    pcs: Sequence[Pc] = ()
    random: Random = field(default_factory=lambda: Random(1))
    packets: list[tuple[int, str]] = field(default_factory=list)
    logins: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: Counter[tuple[str, str]] = field(default_factory=Counter)
    user_failures: Counter[tuple[str, str]] = field(default_factory=Counter)
    asked: set[str] = field(default_factory=set)
    now_ns: int = 0

    def __post_init__(self) -> None:
        self._at = {address: device for device in self.devices for address in device.addresses}
        self._pcs = {pc.address: pc for pc in self.pcs}
        self._card = {card.name: card for card in self.cards}
        self._queue: list[tuple[int, int, Callable[[], None]]] = []
        self._number = count()
        self.log: list[str] = []

    def run(self, discovery: Discovery, pace: Pace, stop: Callable[["Network"], bool] = lambda network: False) -> float:
        """Until discovery is done, or `stop` says so (then it is cancelled). Answers the simulated seconds."""
        started_ns = self.now_ns
        while not discovery.is_done:
            if stop(self):
                discovery.cancel()
            for probe in discovery.start(self.now_ns, pace):
                self._begin(discovery, pace, probe)
            wake_ns = self.now_ns + max(1, discovery.wait_ns)
            if self._queue and self._queue[0][0] <= wake_ns:
                self.now_ns, _, action = heapq.heappop(self._queue)
                action()
            elif not discovery.is_done:
                self.now_ns = wake_ns
        return (self.now_ns - started_ns) / SECOND_NS

    def _later(self, seconds: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._queue, (self.now_ns + round(seconds * SECOND_NS), next(self._number), action))

    def _round_trip(self) -> float:
        return 0.002 + 0.02 * self.random.random()

    def _begin(self, discovery: Discovery, pace: Pace, probe: Probe) -> None:
        self.asked.add(probe.address)
        if isinstance(probe, Look):
            self._count(probe.address)
            event, seconds = self._look(probe)
            self._later(seconds, lambda: discovery.handle(event))
            return
        conversation = {Login: self._login, Identify: self._identify, Explore: self._explore}[type(probe)](probe)
        self._step(discovery, pace, probe.address, conversation)

    def _count(self, address: str) -> None:
        self.packets.append((self.now_ns, address))

    def _step(self, discovery: Discovery, pace: Pace, address: str, conversation: Generator[float, None, Event]) -> None:
        """One packet of a conversation; what it yields is how long the answer takes."""
        wait_ns = pace.take(address, self.now_ns)
        if wait_ns:
            self._later(wait_ns / SECOND_NS, lambda: self._step(discovery, pace, address, conversation))
            return
        self._count(address)
        try:
            seconds = next(conversation)
        except StopIteration as ended:
            event = ended.value
            self._later(self._round_trip(), lambda: discovery.handle(event))
            return
        self._later(seconds, lambda: self._step(discovery, pace, address, conversation))

    def _look(self, look: Look) -> tuple[Looked, float]:
        device, pc = self._at.get(look.address), self._pcs.get(look.address)
        presence, engine = Presence.SILENT, None
        source = None
        if device is not None:
            if look.method is Method.ICMP and device.pings:
                presence = Presence.ANSWERED
            elif look.method is Method.SSH and device.pings:
                presence = Presence.ANSWERED if device.ssh else Presence.CLOSED
            elif look.method is Method.ENGINE and device.answers_from is not None and look.address != device.answers_from:
                presence, source = Presence.ELSEWHERE, device.answers_from
            elif look.method is Method.ENGINE and device.speaks_v3 and device.engine_id is not None:
                presence, engine = Presence.ANSWERED, device.engine_id
        elif pc is not None:
            if look.method is Method.ICMP:
                presence = Presence.ANSWERED
            elif not pc.drops:
                presence = Presence.CLOSED
        seconds = LOOK_TIMEOUT if presence is Presence.SILENT else self._round_trip()
        return Looked(look, presence, engine, source), seconds

    def _login(self, probe: Login) -> Generator[float, None, Event]:
        """A log-in takes one packet, with SNMPv3 two before it. The packet of the last turn is counted by `_step`."""
        card = self._card[probe.credential]
        device = self._at.get(probe.address)
        if card.version == "v3":
            yield self._round_trip()
            yield self._round_trip()
        name = device.name if device else probe.address
        self.log.append(f"{self.now_ns / 1e9:.3f} {probe.address} {name} {probe.credential}")
        self.logins[name, card.name] += 1
        reached = device is not None and (device.answers_from is None or device.answers_from == probe.address)
        if reached and device is not None and card.name in device.takes:
            return LoggedIn(probe, LoginResult.ACCEPTED)
        if device is not None:
            self.failures[name, card.name] += 1
            if card.user:
                self.user_failures[name, card.user] += 1
        if card.version == "v3" and reached and device is not None and device.speaks_v3:
            return LoggedIn(probe, LoginResult.REFUSED)
        yield LOGIN_TIMEOUT
        return LoggedIn(probe, LoginResult.SILENT)

    def _identify(self, probe: Identify) -> Generator[float, None, Event]:
        for _ in range(IDENTIFY_PACKETS - 1):
            yield self._round_trip()
        return Identified(probe, self._at[probe.address].facts())

    def _explore(self, probe: Explore) -> Generator[float, None, Event]:
        for _ in range(EXPLORE_PACKETS - 1):
            yield self._round_trip()
        return Explored(probe, tuple(self._at[probe.address].hints))


def hints(source: Source, addresses: Iterable[str]) -> tuple[Hint, ...]:
    return tuple(Hint(address, source) for address in addresses)
