"""The site's own time: the wall clock, or a clock that is moved by hand so that thirty days pass in a minute."""

from collections.abc import Callable


class SiteClock:
    """Nanoseconds since 1970. Follows `wall_ns` until it is set to an instant; then it stands until it is moved or let go."""

    def __init__(self, wall_ns: Callable[[], int]) -> None:
        self._wall_ns = wall_ns
        self._standing_at: int | None = None

    def now_ns(self) -> int:
        return self._wall_ns() if self._standing_at is None else self._standing_at

    def stand_at(self, instant_ns: int) -> None:
        self._standing_at = instant_ns

    def run(self) -> None:
        """Follow the wall clock again."""
        self._standing_at = None
