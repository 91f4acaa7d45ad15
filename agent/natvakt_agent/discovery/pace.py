"""How fast packets may go out: two token buckets, one for the site and one for each subnet. Pure arithmetic over nanoseconds.

A packet goes only when both buckets have a token, so over any span of T seconds at most `rate * T + burst` packets leave. Buckets hold
50 ms worth of packets: what was not sent earlier is not made up for in a burst.
"""

from dataclasses import dataclass

from natvakt_agent.discovery.scope import subnet_of

SECOND_NS = 1_000_000_000
BURST_SECONDS = 0.05


@dataclass(slots=True)
class _Bucket:
    rate: float
    burst: float
    tokens: float
    at_ns: int

    def refill(self, now_ns: int) -> None:
        if now_ns > self.at_ns:
            self.tokens = min(self.burst, self.tokens + (now_ns - self.at_ns) * self.rate / SECOND_NS)
            self.at_ns = now_ns

    def wait_ns(self) -> int:
        return 0 if self.tokens >= 1 - 1e-9 else round((1 - self.tokens) / self.rate * SECOND_NS) + 1


def burst_of(rate: float) -> float:
    """Packets that may leave at once at this rate."""
    return max(1.0, rate * BURST_SECONDS)


class Pace:
    """Not thread-safe: who shares it locks."""

    def __init__(self, site_rate: float, subnet_rate: float, now_ns: int) -> None:
        self._site = _Bucket(site_rate, burst_of(site_rate), 1.0, now_ns)
        self._subnet_rate = min(subnet_rate, site_rate)
        self._subnets: dict[str, _Bucket] = {}
        self.packets = 0

    def take(self, address: str, now_ns: int) -> int:
        """Zero: one packet may go to `address` now, and is counted. Otherwise the nanoseconds to wait before asking again."""
        name = subnet_of(address)
        subnet = self._subnets.get(name)
        if subnet is None:
            subnet = self._subnets[name] = _Bucket(self._subnet_rate, burst_of(self._subnet_rate), 1.0, now_ns)
        self._site.refill(now_ns)
        subnet.refill(now_ns)
        wait_ns = max(self._site.wait_ns(), subnet.wait_ns())
        if wait_ns == 0:
            self._site.tokens -= 1
            subnet.tokens -= 1
            self.packets += 1
        return wait_ns

    def site_wait_ns(self, now_ns: int) -> int:
        """How long until the site's bucket has a token, whatever the subnet."""
        self._site.refill(now_ns)
        return self._site.wait_ns()
