"""How many different series one agent may have, in memory that does not grow with what it sends.

Linear counting (Whang 1990): a fixed bitmap, one bit a hash; the number of distinct values is estimated from the zero bits. A series that
was met is always met again; once the estimate is over the quota, only new ones are refused. A collision errs on letting in.
"""

from collections.abc import Sequence
from hashlib import blake2b
from math import log


class DistinctCounter:
    """`capacity` values are counted within a few per cent; memory is `capacity` bits."""

    def __init__(self, capacity: int) -> None:
        self._size = max(64, capacity)
        self._bits = bytearray(self._size // 8 + 1)
        self._set = 0

    def estimate(self) -> float:
        zero = self._size - self._set
        return self._size * log(self._size / zero) if zero else float("inf")

    def admit(self, value: str, quota: int) -> bool:
        """True and remembered, or False: it is new and the quota is used up."""
        place = int.from_bytes(blake2b(value.encode(), digest_size=8).digest(), "big") % self._size
        byte, bit = divmod(place, 8)
        if self._bits[byte] >> bit & 1:
            return True
        if self.estimate() >= quota:
            return False
        self._bits[byte] |= 1 << bit
        self._set += 1
        return True


class SeriesQuota:
    """One counter an agent, at most `agents` of them; the one that was quiet longest is forgotten."""

    def __init__(self, series: int, fields: int, agents: int = 2_000) -> None:
        self._series = series
        self._fields = fields
        self._agents = agents
        self._counters: dict[str, tuple[DistinctCounter, DistinctCounter]] = {}

    def admit_series(self, agent: str, measurement: str, device: str, tags: Sequence[tuple[str, str]]) -> bool:
        key = "\x00".join((measurement, device, *(f"{name}\x01{value}" for name, value in tags)))
        return self._of(agent)[0].admit(key, self._series)

    def admit_field(self, agent: str, measurement: str, field: str) -> bool:
        return self._of(agent)[1].admit(f"{measurement}\x00{field}", self._fields)

    def _of(self, agent: str) -> tuple[DistinctCounter, DistinctCounter]:
        counters = self._counters.pop(agent, None)
        if counters is None:
            if len(self._counters) >= self._agents:
                del self._counters[next(iter(self._counters))]
            counters = DistinctCounter(self._series * 2), DistinctCounter(self._fields * 2)
        self._counters[agent] = counters
        return counters
