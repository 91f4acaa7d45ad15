"""When something that was not taken is tried again, and when it is given up."""

from collections.abc import Sequence
from dataclasses import dataclass

SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Retries:
    """`waits_seconds`: after the first attempt, the second, ...; the last one again and again. `life_seconds`: from when it was made."""

    waits_seconds: Sequence[float]
    life_seconds: float

    def next_ns(self, attempts: int, now_ns: int, asked_seconds: float = 0.0) -> int:
        """`asked_seconds`: how long the other side asked to be left alone."""
        wait = max(self.waits_seconds[min(attempts, len(self.waits_seconds)) - 1], asked_seconds)
        return now_ns + int(wait * SECOND_NS)

    def is_over(self, created_ns: int, now_ns: int) -> bool:
        return now_ns - created_ns >= self.life_seconds * SECOND_NS


NOTICES = Retries((10, 30, 60, 120, 300, 600, 1800), 24 * 3600)
