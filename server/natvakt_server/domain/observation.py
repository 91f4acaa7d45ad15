"""What monitoring reads of a batch: small figures by device and time, taken out of its columns before they become series."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Aspect(StrEnum):
    """What was looked at. `part` of an observation is the method, the index of the processor or store; nothing for ports."""

    ANSWER = "answer"  # 1: the device answered this method, 0: it did not
    LOSS = "loss"  # share of probes without an answer
    DELAY = "delay"  # seconds there and back
    CPU = "cpu"  # share used
    MEMORY = "memory"
    STORAGE = "storage"
    PORTS = "ports"  # `part`: ifIndexes that are switched on and down, by commas; the value is their number


@dataclass(frozen=True, slots=True)
class Observed:
    """`times_ns` and `values` have one length; times are UTC, corrected, in the order they were read."""

    agent_device: str
    aspect: Aspect
    part: str
    times_ns: Sequence[int]
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Landed:
    """What one batch brought. `mark` grows from batch to batch."""

    mark: int
    tenant: str
    site: str
    received_ns: int
    observed: Sequence[Observed]
