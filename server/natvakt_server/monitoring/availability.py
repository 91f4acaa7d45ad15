"""Availability against an agreement, exact to the second, with the evidence that makes the same number again.

    agreed    = period within service hours, without maintenance
    observed  = agreed while somebody looked
    down      = observed while it did not answer
    availability = (observed - down) / observed        confidence = observed / agreed

What nobody observed is neither up nor down: it is shown, and as bounds: `least` counts it as down, `most` as up. An answer stands until the
next one, for at most `hold_ns`; after that nobody knows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from natvakt_server.domain.incidents import Maintenance
from natvakt_server.monitoring.spans import Span, Spans, both, joined, length, without

SECOND_NS = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Part(StrEnum):
    DOWN = "down"
    NOT_OBSERVED = "not-observed"
    MAINTENANCE = "maintenance"


class Needs(StrEnum):
    """What a service needs of its members: each of them, or one that stands in for the others."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Record:
    """What was observed of one thing. `up` and `down` do not overlap; what is in neither was not observed."""

    name: str
    up: Spans
    down: Spans


@dataclass(frozen=True, slots=True)
class Proof:
    """A span that counts: within service hours. The lengths of all of one part add up to the figure."""

    part: Part
    start_ns: int
    end_ns: int

    @property
    def length_ns(self) -> int:
        return self.end_ns - self.start_ns


@dataclass(frozen=True, slots=True)
class Availability:
    """Of one thing in one period; lengths in ns. `target` is a share, such as 0.999; None: nothing was agreed."""

    name: str
    start_ns: int
    end_ns: int
    agreed_ns: int
    observed_ns: int
    down_ns: int
    maintenance_ns: int
    target: float | None = None
    proofs: Sequence[Proof] = ()

    @property
    def availability(self) -> float | None:
        return 1 - self.down_ns / self.observed_ns if self.observed_ns else None

    @property
    def confidence(self) -> float | None:
        return self.observed_ns / self.agreed_ns if self.agreed_ns else None

    @property
    def not_observed_ns(self) -> int:
        return self.agreed_ns - self.observed_ns

    @property
    def least(self) -> float | None:
        return (self.observed_ns - self.down_ns) / self.agreed_ns if self.agreed_ns else None

    @property
    def most(self) -> float | None:
        return 1 - self.down_ns / self.agreed_ns if self.agreed_ns else None

    @property
    def budget_ns(self) -> int | None:
        """How long it may be down in the whole of the agreed time."""
        return None if self.target is None else round((1 - self.target) * self.agreed_ns)

    @property
    def budget_left_ns(self) -> int | None:
        """Negative where the agreement is broken, whatever nobody observed."""
        budget = self.budget_ns
        return None if budget is None else budget - self.down_ns

    @property
    def is_kept(self) -> bool | None:
        """None: nothing was agreed, or it depends on what nobody observed."""
        left = self.budget_left_ns
        if left is None:
            return None
        if left < 0:
            return False
        return True if self.not_observed_ns <= left else None


def record_of(name: str, answers: Iterable[tuple[int, bool]], hold_ns: int, end_ns: int) -> Record:
    """From answers (time, did it answer) in any order; of several at one moment one that answered is enough."""
    states: dict[int, bool] = {}
    for at_ns, answered in answers:
        states[at_ns] = states.get(at_ns, False) or answered
    up: list[Span] = []
    down: list[Span] = []
    times = sorted(states)
    for at_ns, following_ns in pairwise([*times, end_ns]):
        (up if states[at_ns] else down).append((at_ns, min(following_ns, at_ns + hold_ns)))
    return Record(name, joined(up), joined(down))


def either(name: str, records: Sequence[Record]) -> Record:
    """Of one thing that is asked in several ways: it is up while one of them says so, down while one says so and none says otherwise."""
    up = joined(span for record in records for span in record.up)
    return Record(name, up, without(joined(span for record in records for span in record.down), up))


def service_of(name: str, members: Sequence[Record], needs: Needs) -> Record:
    """ALL: down while one is down, up while all are up. ANY: up while one is up, down while all are down. Else it is not observed."""
    if not members:
        return Record(name, (), ())
    one_up = joined(span for member in members for span in member.up)
    one_down = joined(span for member in members for span in member.down)
    if needs is Needs.ALL:
        return Record(name, without(_all(member.up for member in members), one_down), one_down)
    return Record(name, one_up, without(_all(member.down for member in members), one_up))


def measure(record: Record, hours: Spans, maintenance: Spans, start_ns: int, end_ns: int, target: float | None = None) -> Availability:
    """`hours`: of the service, within the period."""
    within = both(hours, [(start_ns, end_ns)])
    agreed = without(within, maintenance)
    up, down = both(agreed, record.up), both(agreed, record.down)
    unknown, kept = without(without(agreed, record.up), record.down), both(within, maintenance)
    proofs = [
        Proof(part, *span) for part, spans in ((Part.DOWN, down), (Part.NOT_OBSERVED, unknown), (Part.MAINTENANCE, kept)) for span in spans
    ]
    return Availability(
        name=record.name,
        start_ns=start_ns,
        end_ns=end_ns,
        agreed_ns=length(agreed),
        observed_ns=length(up) + length(down),
        down_ns=length(down),
        maintenance_ns=length(kept),
        target=target,
        proofs=sorted(proofs, key=lambda each: (each.start_ns, each.part)),
    )


def pooled(name: str, parts: Sequence[Availability], target: float | None = None) -> Availability:
    """Of a customer: the time of all its sites together. Raises ValueError where there is none."""
    return Availability(
        name=name,
        start_ns=min(each.start_ns for each in parts),
        end_ns=max(each.end_ns for each in parts),
        agreed_ns=sum(each.agreed_ns for each in parts),
        observed_ns=sum(each.observed_ns for each in parts),
        down_ns=sum(each.down_ns for each in parts),
        maintenance_ns=sum(each.maintenance_ns for each in parts),
        target=target,
    )


def maintenance_spans(planned: Iterable[Maintenance], site: str, device: str, start_ns: int, end_ns: int) -> list[Span]:
    """Of this device, or of the site where `device` is empty. Only what was announced before it began is taken out: of one that was
    planned afterwards, what came after its planning."""
    return joined(
        (max(first, start_ns, each.created_ns), min(after, end_ns))
        for each in planned
        if each.site in ("", site) and each.device in ("", device)
        for first, after in _windows(each, start_ns, end_ns)
    )


def _windows(planned: Maintenance, start_ns: int, end_ns: int) -> list[Span]:
    last_ns = min(planned.end_ns, planned.ended_ns) if planned.ended_ns else planned.end_ns
    if not planned.is_recurring:
        return [(planned.start_ns, last_ns)]
    zone = ZoneInfo(planned.time_zone)
    day = (_EPOCH + timedelta(seconds=max(start_ns, planned.start_ns) // SECOND_NS)).astimezone(zone).date() - timedelta(days=1)
    found: list[Span] = []
    while True:
        hour, minute = divmod(planned.start_minute, 60)
        begins = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)
        first = (begins - _EPOCH) // timedelta(seconds=1) * SECOND_NS
        if first >= min(end_ns, last_ns):
            return found
        if day.weekday() in planned.weekdays:
            found.append((max(first, planned.start_ns), min(first + planned.minutes * 60 * SECOND_NS, last_ns)))
        day += timedelta(days=1)


def _all(each: Iterable[Spans]) -> Spans:
    spans = iter(each)
    found: Spans = next(spans)
    for one in spans:
        found = both(found, one)
    return found
