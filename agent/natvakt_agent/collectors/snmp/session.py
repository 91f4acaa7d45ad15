"""The port to an SNMP engine: what a collector needs of a device, and nothing more.

An engine sends one request at a time and hands back what came, without judging it: `checked.py` holds every answer
against the question (promises 28-30 and 33), so that two engines cannot differ in what they let through. The types
of SMIv2 arrive as Python types: INTEGER, counters, gauges and ticks as `int`, OCTET STRING as `bytes`,
OBJECT IDENTIFIER and IpAddress as dotted `str`, Opaque floats as `float`, NULL as `None`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

SnmpValue = int | float | str | bytes | None
Varbind = tuple[str, SnmpValue]


class SnmpFault(Exception):
    """Something kept an answer from us; the subclasses say what the caller should do."""


class NoAnswer(SnmpFault):
    """Nothing came within the time: ask again, with less, then give the device up."""


class AccessRefused(SnmpFault):
    """The device answers, but not to this credential: asking again does not help."""


class AnswerRefused(SnmpFault):
    """What came back was not an answer to the question: give up this table, go on with the next."""


class DeadlinePassed(SnmpFault):
    """The device has had its time: stop."""


@dataclass(frozen=True, slots=True)
class Step:
    """One answer of a walk. `ended` means that the device had nothing more below the walk's base."""

    varbinds: Sequence[Varbind]
    ended: bool


class ColumnWalk(Protocol):
    """A walk below one OID. A step that raised `NoAnswer` may be repeated: the walk has not moved."""

    def step(self) -> Step: ...


class Session(Protocol):
    """One device, one credential, one outstanding request. OIDs are dotted text without a leading dot."""

    def get_many(self, oids: Sequence[str]) -> Mapping[str, SnmpValue]:
        """One GET. Objects the device does not have are missing from the answer."""
        ...

    def walk(self, base: str, repetitions: int) -> ColumnWalk:
        """Begin a walk below `base`, asking for `repetitions` rows a step (one at a time in SNMPv1)."""
        ...

    @property
    def engine_id(self) -> bytes | None:
        """The authoritative engine id that SNMPv3 discovered; None in v1 and v2c."""
        ...

    def remarks(self) -> Sequence[str]:
        """What was odd about the conversation so far, for people: answers from elsewhere, an engine that went back in time."""
        ...
