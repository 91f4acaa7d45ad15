"""How many different series one agent may have, in memory that does not grow with what it sends.

A Bloom filter sized for the quota: a series that was met is always met again; once the quota is used up, new ones are refused. One new
series in some ten thousand is mistaken for a known one and let in.
"""

from collections.abc import Sequence
from hashlib import blake2b

_BITS_A_VALUE = 24
_HASHES = 8
_HASH_BYTES = 4
LATELY = 50_000
"""Series let in lately are known without hashing: most batches repeat the ones before."""


class DistinctQuota:
    """Lets in `quota` different texts and refuses further new ones; 3 bytes a text, taken at birth."""

    def __init__(self, quota: int) -> None:
        self._left = quota
        self._size = quota * _BITS_A_VALUE
        self._bits = bytearray(self._size // 8 + 1)

    def admit(self, value: str) -> bool:
        digest = blake2b(value.encode("utf-8", "surrogatepass"), digest_size=_HASHES * _HASH_BYTES).digest()
        places = [int.from_bytes(digest[start : start + _HASH_BYTES], "big") % self._size for start in range(0, len(digest), _HASH_BYTES)]
        if all(self._bits[place >> 3] >> (place & 7) & 1 for place in places):
            return True
        if self._left == 0:
            return False
        self._left -= 1
        for place in places:
            self._bits[place >> 3] |= 1 << (place & 7)
        return True


class SeriesQuota:
    """One counter an agent, at most `agents` of them; the one that was quiet longest is forgotten."""

    def __init__(self, series: int, fields: int, agents: int = 2_000) -> None:
        self._series = series
        self._fields = fields
        self._agents = agents
        self._counters: dict[str, tuple[DistinctQuota, DistinctQuota]] = {}
        self._lately: set[tuple[object, ...]] = set()

    def admit_series(self, agent: str, measurement: str, device: str, tags: Sequence[tuple[str, str]]) -> bool:
        place = (agent, measurement, device, *tags)
        if place in self._lately:
            return True
        key = "\x00".join((measurement, device, *(f"{name}\x01{value}" for name, value in tags)))
        admitted = self._of(agent)[0].admit(key)
        if admitted:
            if len(self._lately) >= LATELY:
                self._lately.clear()
            self._lately.add(place)
        return admitted

    def admit_field(self, agent: str, measurement: str, field: str) -> bool:
        return self._of(agent)[1].admit(f"{measurement}\x00{field}")

    def _of(self, agent: str) -> tuple[DistinctQuota, DistinctQuota]:
        counters = self._counters.pop(agent, None)
        if counters is None:
            if len(self._counters) >= self._agents:
                del self._counters[next(iter(self._counters))]
            counters = DistinctQuota(self._series), DistinctQuota(self._fields)
        self._counters[agent] = counters
        return counters
