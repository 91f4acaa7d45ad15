"""Time is passed in: whoever needs it is given a `Clock`, so that tests and the simulator own every second."""

from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    """Wall time for people, monotonic time for intervals, boot id to tie the two together."""

    @property
    def boot_id(self) -> bytes:
        """16 bytes that change with every boot of the host."""
        ...

    def wall_ns(self) -> int:
        """Nanoseconds since 1970-01-01 UTC, as the host believes."""
        ...

    def monotonic_ns(self) -> int:
        """Nanoseconds since an arbitrary moment of this boot; never steps back."""
        ...


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment, read from all three faces of the clock at once."""

    wall_ns: int
    monotonic_ns: int
    boot_id: bytes

    @classmethod
    def of(cls, clock: Clock) -> "Instant":
        return cls(clock.wall_ns(), clock.monotonic_ns(), clock.boot_id)
