"""The arithmetic of sending: when to try again, and how much may be under way. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from natvakt_wire.limits import MAX_SEALED_BYTES, WINDOW_BATCHES, WINDOW_BYTES

SECOND_NS = 1_000_000_000

_START_BYTES = 1024 * 1024
_LEAST_BYTES = 16 * 1024
_GOOD_ACK_NS = 2 * SECOND_NS
_SLOW_ACK_NS = 10 * SECOND_NS


class Backoff:
    """Exponential, jittered over the upper half, so that a thousand agents do not come back together. Never below the first step."""

    def __init__(self, random: Callable[[], float], first_ns: int = SECOND_NS, longest_ns: int = 300 * SECOND_NS) -> None:
        self._random = random
        self._first_ns = first_ns
        self._longest_ns = longest_ns
        self._failures = 0

    def next_ns(self) -> int:
        """How long to wait after another failure."""
        ceiling = min(self._longest_ns, self._first_ns << min(self._failures + 1, 40))
        self._failures += 1
        return max(self._first_ns, int(ceiling * (0.5 + 0.5 * self._random())))

    def succeeded(self) -> None:
        self._failures = 0


@dataclass(slots=True)
class FlowWindow:
    """How many bytes may wait for their ack. Doubles while acks come quickly, halves when they take long: 64 kbit/s lines drain too."""

    batches: int = WINDOW_BATCHES
    most_bytes: int = WINDOW_BYTES
    bytes_now: int = _START_BYTES

    def granted(self, batches: int, octets: int) -> None:
        """What the server's Welcome allows; never more than the protocol's own limits."""
        self.batches = max(1, min(batches, WINDOW_BATCHES)) if batches else WINDOW_BATCHES
        self.most_bytes = max(MAX_SEALED_BYTES, min(octets, WINDOW_BYTES)) if octets else WINDOW_BYTES
        self.bytes_now = min(self.bytes_now, self.most_bytes)

    def acked(self, octets: int, took_ns: int) -> None:
        if took_ns <= _GOOD_ACK_NS:
            self.bytes_now = min(self.most_bytes, self.bytes_now + octets)
        elif took_ns >= _SLOW_ACK_NS:
            self.bytes_now = max(_LEAST_BYTES, self.bytes_now // 2)

    def timed_out(self) -> None:
        self.bytes_now = max(_LEAST_BYTES, self.bytes_now // 4)

    @property
    def batch_bytes(self) -> int:
        """How large a new batch is best made on this line."""
        return max(_LEAST_BYTES, min(MAX_SEALED_BYTES, self.bytes_now // 4))
