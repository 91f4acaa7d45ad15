"""May the wall clock of this host be believed? Headers say so, and the server re-dates what was stamped while it may not (promises 19-21).

    before the build date, or unreadably far ahead ............ never
    stepped against the monotonic clock by over a minute ...... not until the server's clock agrees
    more than five minutes from the server's at a Welcome ..... not until it agrees
    otherwise ................................................. yes

Intervals and sequence never depend on it: they use the monotonic clock.
"""

import threading

from natvakt_agent.model.clock import Instant

STEP_NS = 60 * 1_000_000_000
SERVER_SKEW_NS = 300 * 1_000_000_000
_LONGEST_LIFE_NS = 40 * 365 * 86_400 * 1_000_000_000


class ClockTrust:
    """Ask `trusted` with every instant that is to be stamped. `build_wall_ns`: when this program was built, no clock is before it."""

    def __init__(self, build_wall_ns: int) -> None:
        self._build_wall_ns = build_wall_ns
        self._lock = threading.Lock()
        self._boot_id = b""
        self._offset_ns = 0
        self._stepped = False

    def trusted(self, instant: Instant) -> bool:
        with self._lock:
            self._watch(instant)
            return self._plausible(instant) and not self._stepped

    def confirm(self, server_wall_ns: int, instant: Instant) -> None:
        """The server told its time just now. Ours is not set by it, only judged."""
        with self._lock:
            self._watch(instant)
            self._stepped = abs(instant.wall_ns - server_wall_ns) > SERVER_SKEW_NS

    def _watch(self, instant: Instant) -> None:
        offset_ns = instant.wall_ns - instant.monotonic_ns
        if instant.boot_id != self._boot_id:
            self._boot_id, self._stepped = instant.boot_id, False
        elif abs(offset_ns - self._offset_ns) > STEP_NS:
            self._stepped = True
        self._offset_ns = offset_ns

    def _plausible(self, instant: Instant) -> bool:
        return self._build_wall_ns <= instant.wall_ns < self._build_wall_ns + _LONGEST_LIFE_NS
