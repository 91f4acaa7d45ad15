"""So many in such a span for each key, counted over a sliding window."""

from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class SlidingLimit:
    """`allow` is true at most `count` times a `span_ns` for each key. Keys whose window is empty are forgotten."""

    count: int
    span_ns: int
    _seen: dict[str, deque[int]] = field(default_factory=dict)

    def allow(self, key: str, now_ns: int) -> bool:
        self._forget(now_ns)
        times = self._seen.setdefault(key, deque())
        if len(times) >= self.count:
            return False
        times.append(now_ns)
        return True

    def _forget(self, now_ns: int) -> None:
        for key, times in [*self._seen.items()]:
            while times and times[0] <= now_ns - self.span_ns:
                times.popleft()
            if not times:
                del self._seen[key]
