"""Who is listened to, and how much of it: a list of sources, and buckets of tokens for each source and for all together.

    datagram ── too long? ── source on the list? ── its bucket ── everybody's bucket ── decoded
                   └── counted, by reason, and forgotten: what is not listened to costs no decoding and is never answered (promise 37)

Time is passed in, in nanoseconds of a monotonic clock.
"""

import ipaddress
from collections import Counter, OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field

from natvakt_agent.listeners.addresses import spelled

MOST_SOURCES = 4096
SECOND_NS = 1_000_000_000
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

ADMITTED, FOREIGN, TOO_LONG, SOURCE_RATE, TOTAL_RATE = "admitted", "source-not-allowed", "too-long", "source-rate", "total-rate"


@dataclass(slots=True)
class Bucket:
    """Holds `burst` tokens at most and gains `per_second`."""

    per_second: float
    burst: float
    tokens: float = field(init=False)
    filled_ns: int | None = None

    def __post_init__(self) -> None:
        self.tokens = self.burst

    def take(self, now_ns: int) -> bool:
        if self.filled_ns is not None:
            gained = max(0, now_ns - self.filled_ns) / SECOND_NS * self.per_second
            self.tokens = min(self.burst, self.tokens + gained)
        self.filled_ns = now_ns
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


@dataclass(frozen=True, slots=True)
class Rates:
    """Messages a second that are taken for long, and at once after a silence."""

    source_per_second: float
    source_burst: float
    total_per_second: float
    total_burst: float


class Admission:
    """For one socket's threads under the owner's lock. Buckets exist for sources on the list only, so spoofed ones fill no memory."""

    def __init__(self, addresses: Iterable[str], networks: Iterable[str], rates: Rates, longest_octets: int) -> None:
        self._addresses = frozenset(map(spelled, addresses))
        self._networks: tuple[Network, ...] = tuple(map(ipaddress.ip_network, networks))
        self._rates = rates
        self._longest_octets = longest_octets
        self._total = Bucket(rates.total_per_second, rates.total_burst)
        self._sources: OrderedDict[str, Bucket] = OrderedDict()
        self.counts: Counter[str] = Counter()

    def judge(self, source: str, octets: int, now_ns: int) -> bool:
        """Whether this message is looked at. `source` as `spelled` gives it."""
        reason = self._reason(source, octets, now_ns)
        self.counts[reason] += 1
        return reason is ADMITTED

    def is_allowed(self, source: str) -> bool:
        if source in self._addresses:
            return True
        if not self._networks:
            return False
        address = ipaddress.ip_address(source)
        return any(address.version == network.version and address in network for network in self._networks)

    def _reason(self, source: str, octets: int, now_ns: int) -> str:
        if octets > self._longest_octets:
            return TOO_LONG
        if not self.is_allowed(source):
            return FOREIGN
        if not self._bucket(source).take(now_ns):
            return SOURCE_RATE
        return ADMITTED if self._total.take(now_ns) else TOTAL_RATE

    def _bucket(self, source: str) -> Bucket:
        bucket = self._sources.get(source)
        if bucket is None:
            bucket = self._sources[source] = Bucket(self._rates.source_per_second, self._rates.source_burst)
            if len(self._sources) > MOST_SOURCES:
                self._sources.popitem(last=False)
        self._sources.move_to_end(source)
        return bucket
