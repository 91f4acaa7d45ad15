"""Whether the wall clock may be believed (promises 19 and 20).

Not before this release was made; not while the server, which told the time when the session began, sees it more than five minutes off;
and not after it was set by more than two minutes against monotonic time, until the server has agreed again.
"""

from natvakt_agent.model.clock import Clock

EARLIEST_WALL_NS = 1_748_736_000 * 1_000_000_000  # 2025-06-01 UTC
LARGEST_OFFSET_NS = 300 * 1_000_000_000
LARGEST_STEP_NS = 120 * 1_000_000_000


class ClockTrust:
    """Asked at the closing of every batch. Any thread may tell the server's time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._agreed_ns: int | None = None  # wall minus monotonic when it was last believed
        self._is_off = False

    def note_server_time(self, server_wall_ns: int) -> None:
        """What the server's clock said just now."""
        wall_ns = self._clock.wall_ns()
        self._is_off = abs(server_wall_ns - wall_ns) > LARGEST_OFFSET_NS
        self._agreed_ns = None if self._is_off else wall_ns - self._clock.monotonic_ns()

    def is_trusted(self) -> bool:
        wall_ns = self._clock.wall_ns()
        if wall_ns < EARLIEST_WALL_NS or self._is_off:
            return False
        now_ns = wall_ns - self._clock.monotonic_ns()
        if self._agreed_ns is None:
            self._agreed_ns = now_ns
        return abs(now_ns - self._agreed_ns) <= LARGEST_STEP_NS
