"""Escalation: who is told next as long as nobody acknowledges, and who is on call when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Protocol

MOST_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is on call, and where that person hears of it."""

    name: str
    destinations: Sequence[str]


@dataclass(frozen=True, slots=True)
class StandIn:
    """`name` has the turn instead of whoever has it, from one moment to the other."""

    from_ns: int
    until_ns: int
    name: str


@dataclass(frozen=True, slots=True)
class OnCallCalendar:
    """The people have turns of `turn_days` days in their order, the first one from `first_day`, handed over at `handover` ("08:00") in
    `time_zone`.
    """

    id: str  # UUIDv7
    name: str
    time_zone: str
    first_day: date
    turn_days: int
    handover: str
    people: Sequence[Person]
    stand_ins: Sequence[StandIn] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """`after_minutes`: since the step before, for the first since the incident opened. Told are destinations, and whoever is on call."""

    after_minutes: int
    destinations: Sequence[str] = ()
    calendars: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """`repeat_minutes`: after the last step it begins again after so long; 0: it ends."""

    id: str  # UUIDv7
    name: str
    steps: Sequence[Step]
    repeat_minutes: int = 0


class Standing(Enum):
    RUNNING = "running"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"
    ENDED = "ended"  # every step was taken, or the chain is gone


@dataclass(frozen=True, slots=True)
class Escalation:
    """Of one incident by one chain. `step` is the next one, due at `due_ns`. `occasion`: the one that began it; a later one begins anew."""

    incident: str
    chain: str
    occasion: int
    step: int = 0
    round: int = 0
    due_ns: int = 0
    standing: Standing = Standing.RUNNING


@dataclass(frozen=True, slots=True)
class Begin:
    """The chain begins, unless this occasion or a later one has begun it."""

    escalation: Escalation


@dataclass(frozen=True, slots=True)
class End:
    """Every chain that runs for the incident ends."""

    incident: str
    standing: Standing


Change = Begin | End


class EscalationSettings(Protocol):
    """Raises StoreUnavailable, as every port here."""

    def chains(self) -> Sequence[Chain]:
        """By name."""
        ...

    def put_chain(self, chain: Chain) -> None: ...
    def remove_chain(self, chain_id: str) -> bool: ...
    def calendars(self) -> Sequence[OnCallCalendar]:
        """By name."""
        ...

    def put_calendar(self, calendar: OnCallCalendar) -> None: ...
    def remove_calendar(self, calendar_id: str) -> bool: ...
