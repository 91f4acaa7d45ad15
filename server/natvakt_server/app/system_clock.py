"""The host's clock and randomness: the only place where the server reads them."""

import os
import time

from natvakt_wire.ids import uuid7


class SystemClock:
    def wall_ns(self) -> int:
        return time.time_ns()

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()


def new_id() -> str:
    """A UUIDv7."""
    return uuid7(time.time_ns(), os.urandom)
