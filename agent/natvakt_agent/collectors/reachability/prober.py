"""The port to "is it there?": one probe by one method."""

from typing import Protocol

from natvakt_agent.model.clock import Clock
from natvakt_agent.model.target import Target


class ProbeImpossible(Exception):
    """This method cannot be used here at all (no right, no port configured): tells nothing about the device."""


class Prober(Protocol):
    @property
    def method(self) -> str:
        """The row's key: `icmp`, `tcp`."""
        ...

    def probe(self, target: Target, sequence: int, timeout_seconds: float, clock: Clock) -> float | None:
        """Round trip in seconds, None without an answer. Raises ProbeImpossible."""
        ...
