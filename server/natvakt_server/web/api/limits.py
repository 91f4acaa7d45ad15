"""How often one token may call, and how often one address may knock without a good one: buckets that fill with time."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

SECOND_NS = 1_000_000_000
BUCKETS_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Allowance:
    """`burst` calls at once, and `per_second` new ones."""

    burst: int
    per_second: float


CALLS = Allowance(burst=120, per_second=20.0)
KNOCKS = Allowance(burst=20, per_second=0.5)


class RateLimit:
    """One bucket a name. The buckets least lately used are forgotten, which fills them: memory has an end, whoever calls."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._buckets: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_seconds(self, name: str, monotonic_ns: int, takes: int = 1) -> float:
        """0.0: come in, it is counted. Else how long until there is room; nothing is counted. `takes` 0 only looks."""
        with self._lock:
            level, since_ns = self._buckets.pop(name, (float(self._allowance.burst), monotonic_ns))
            gained = max(0, monotonic_ns - since_ns) / SECOND_NS * self._allowance.per_second
            level = min(float(self._allowance.burst), level + gained)
            admitted = level >= 1.0
            self._buckets[name] = (level - takes if admitted else level, monotonic_ns)
            while len(self._buckets) > BUCKETS_KEPT:
                self._buckets.popitem(last=False)
        return 0.0 if admitted else (1.0 - level) / self._allowance.per_second
