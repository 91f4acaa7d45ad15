"""How long to wait after wrong guesses: a delay that doubles, never a door that stays shut.

Three counters, so that guessing is slow and nobody can keep somebody else out for long (promise 51):

- the *account*, in the database, for strangers' browsers: from the fifth failure on, 1, 2, 4 ... at most 60 seconds;
- the *source address*, in memory: from the tenth on, at most 15 minutes;
- a *known browser* (one in which this person has signed in before, told by a signed cookie) has a counter of its own instead of the
  account's: whatever strangers do, the owner of the account gets in from there.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from natvakt_server.domain.clock import Clock

SECOND_NS = 1_000_000_000
KEPT_COUNTERS = 10_000


@dataclass(frozen=True, slots=True)
class Policy:
    free_failures: int
    longest_seconds: int

    def wait_ns(self, failures: int) -> int:
        """After that many failures in a row."""
        beyond = failures - self.free_failures
        return 0 if beyond < 0 else min(2 ** min(beyond, 30), self.longest_seconds) * SECOND_NS


ACCOUNT = Policy(free_failures=5, longest_seconds=60)
SOURCE = Policy(free_failures=10, longest_seconds=900)
KNOWN_BROWSER = Policy(free_failures=5, longest_seconds=300)


class Delays:
    """Failures by key, the oldest forgotten when there are too many keys. Time is monotonic."""

    def __init__(self, policy: Policy, clock: Clock) -> None:
        self._policy, self._clock = policy, clock
        self._failures: OrderedDict[str, tuple[int, int]] = OrderedDict()  # count, not before (monotonic ns)
        self._lock = threading.Lock()

    def wait_ns(self, key: str) -> int:
        with self._lock:
            _, not_before = self._failures.get(key, (0, 0))
        return max(0, not_before - self._clock.monotonic_ns())

    def failed(self, key: str) -> None:
        with self._lock:
            count = self._failures.pop(key, (0, 0))[0] + 1
            self._failures[key] = (count, self._clock.monotonic_ns() + self._policy.wait_ns(count))
            while len(self._failures) > KEPT_COUNTERS:
                self._failures.popitem(last=False)

    def succeeded(self, key: str) -> None:
        with self._lock:
            self._failures.pop(key, None)
