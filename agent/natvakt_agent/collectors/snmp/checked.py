"""Every question to a device goes through here, and every answer is held against its question.

Promises 28-30 and 33: an answer with another OID, extra or missing varbinds, OIDs that do not grow, an endless table or
an oversized value ends that question with a typed fault or a flaw, never with a crash, a loop or a false row. One
request is outstanding at a time; repetitions follow what the device manages; a hard deadline ends the poll.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from natvakt_agent.collectors.snmp.oids import Index, dotted
from natvakt_agent.collectors.snmp.session import AnswerRefused, DeadlinePassed, NoAnswer, Session, SnmpValue, Varbind
from natvakt_agent.collectors.snmp.shape import NO_ROWS, IndexCache, Shape
from natvakt_agent.model.clock import Clock
from natvakt_agent.model.observation import Cost

Column = Mapping[Index, SnmpValue]
Answer = TypeVar("Answer")

FIRST_REPETITIONS = 25
MOST_REPETITIONS = 60  # 60 counters fill one Ethernet frame; more would only be cut by the device
FEWEST_REPETITIONS = 1
FEWEST_EXPECTED = 4  # so that a table that was small or empty last time may grow without a request for every row
MOST_ROWS = 20_000  # of one column: far above any table of a site of 105 devices
MOST_VARBINDS = 400_000  # of one poll
OIDS_PER_GET = 32  # of numbers; their answer fills one Ethernet frame
ATTEMPTS = 3
VARBIND_OVERHEAD_OCTETS = 6
NUMBER_OCTETS = 5


@dataclass(slots=True)
class Tally:
    """What a poll has cost so far. Octets are an estimate of the BER of OIDs and values, both ways."""

    requests: int = 0
    varbinds: int = 0
    octets: int = 0
    timeouts: int = 0
    flaws: Counter[str] = field(default_factory=Counter)

    @property
    def answered(self) -> bool:
        """Whether the device said anything yet: only then is silence a matter of how much was asked."""
        return self.requests > self.timeouts

    def cost(self, seconds: float) -> Cost:
        return Cost(self.requests, self.varbinds, self.octets, seconds, self.timeouts)


class Deadline:
    """A moment of the monotonic clock after which nothing more is asked."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._ends_ns = clock.monotonic_ns() + int(seconds * 1e9)
        self._seconds = seconds

    def check(self) -> None:
        if self._clock.monotonic_ns() >= self._ends_ns:
            raise DeadlinePassed(f"the device's deadline of {self._seconds:g} s has passed")


class CheckedSession:
    """Gets and column walks that hold what they promise. One object per poll; `repetitions` outlives it in the device's memory."""

    def __init__(
        self,
        opener: Callable[[], Session],
        deadline: Deadline,
        repetitions: int = FIRST_REPETITIONS,
        indexes: IndexCache | None = None,
    ) -> None:
        self._opener = opener
        self._opened: Session | None = None
        self._deadline = deadline
        self._indexes = indexes or IndexCache()
        self.repetitions = repetitions
        self.shape = NO_ROWS  # of the column that was walked last
        self.tally = Tally()

    @property
    def _session(self) -> Session:
        if self._opened is None:
            self._opened = self._opener()
        return self._opened

    @property
    def engine_id(self) -> bytes | None:
        return self._session.engine_id

    def remarks(self) -> Sequence[str]:
        """What was odd about the conversation, where there was one."""
        return self._opened.remarks() if self._opened is not None else ()

    def get(self, oids: Sequence[str], attempts: int = ATTEMPTS) -> dict[str, SnmpValue]:
        """Scalars by exact OID; those the device does not have are missing."""
        found: dict[str, SnmpValue] = {}
        for start in range(0, len(oids), OIDS_PER_GET):
            found.update(self._get_some(list(oids[start : start + OIDS_PER_GET]), attempts))
        return found

    def _get_some(self, oids: list[str], attempts: int) -> Mapping[str, SnmpValue]:
        try:
            answer = self._persist(lambda: self._session.get_many(oids), attempts)
        except AnswerRefused:
            if len(oids) == 1:
                raise
            half = len(oids) // 2
            return {**self._get_some(oids[:half], attempts), **self._get_some(oids[half:], attempts)}
        strangers = set(answer) - set(oids)
        if strangers:
            raise AnswerRefused(f"answer to {oids[0]} holds {min(strangers)}, which was not asked for")
        self._count(answer.keys(), answer.values())
        return {oid: value for oid, value in answer.items() if value is not None}

    def column(self, base: str, expected_rows: int | None = None, like: Shape | None = None) -> Column:
        """All instances below `base`, by index, in the device's order.

        `expected_rows` saves a request when it is right; `like`, the rows the column had before, saves reading their
        indexes (default: those of the column walked last).
        """
        repetitions = self.repetitions if expected_rows is None else min(max(expected_rows + 1, FEWEST_EXPECTED), MOST_REPETITIONS)
        shortened = False
        while True:
            asked = max(FEWEST_REPETITIONS, min(repetitions, self._ceiling()))
            try:
                found = self._walk(base, asked, like or self.shape)
            except (NoAnswer, AnswerRefused):
                if asked == FEWEST_REPETITIONS or not self.tally.answered:
                    raise
                repetitions = asked // 4
                shortened = True
                continue
            if shortened:
                self.repetitions = min(self.repetitions, asked)
            return found

    def _ceiling(self) -> int:
        """A device that once choked on a long answer is asked for short ones from then on."""
        return MOST_REPETITIONS if self.repetitions >= FIRST_REPETITIONS else self.repetitions

    def _walk(self, base: str, repetitions: int, like: Shape) -> Column:
        """Most columns have the rows of the column before: where an answer's OIDs are those, no index is read anew."""
        walk = self._session.walk(base, repetitions)
        rows: dict[Index, SnmpValue] = {}
        prefix, is_alike = base + ".", True
        while True:
            step = self._persist(walk.step, ATTEMPTS if repetitions == FEWEST_REPETITIONS else ATTEMPTS - 1)
            varbinds = step.varbinds
            if not varbinds:
                break
            oids, values = zip(*varbinds, strict=True)
            self._count(oids, values)
            if len(oids) > repetitions:
                raise AnswerRefused(f"{base}: {len(oids)} values where {repetitions} were asked for")
            known = like.following(prefix, len(rows), oids) if is_alike else None
            if known is not None:
                rows.update(zip(known, values, strict=True))
            else:
                is_alike = False
                if not self._take(prefix, rows, varbinds):
                    break
            if step.ended:
                break
            if len(rows) > MOST_ROWS:
                self.tally.flaws[f"{base}: more than {MOST_ROWS} rows; the walk ended there"] += 1
                break
        self.shape = like if is_alike and len(rows) == len(like) else Shape.of(rows)
        return rows

    def _take(self, prefix: str, rows: dict[Index, SnmpValue], varbinds: Sequence[Varbind]) -> bool:
        """Add what an answer tells; False where the walk ends with it."""
        cut, last, read = len(prefix), next(reversed(rows), ()), self._indexes.read
        for oid, value in varbinds:
            if not oid.startswith(prefix):
                return False
            try:
                index = read(oid[cut:])
            except ValueError as error:
                raise AnswerRefused(f"{prefix[:-1]}: index {oid[cut:][:40]!r} is not dotted decimal") from error
            if index <= last:
                self.tally.flaws[f"{prefix[:-1]}: OIDs do not grow at {dotted(index)}; the walk ended there"] += 1
                return False
            rows[index] = value
            last = index
        return True

    def _persist(self, request: Callable[[], Answer], attempts: int = ATTEMPTS) -> Answer:
        for attempt in range(1, attempts + 1):
            self._deadline.check()
            self.tally.requests += 1
            try:
                return request()
            except NoAnswer:
                self.tally.timeouts += 1
                if attempt == attempts:
                    raise
        raise NoAnswer("never asked")

    def _count(self, oids: Collection[str], values: Collection[SnmpValue]) -> None:
        tally, number = self.tally, len(oids)
        tally.varbinds += number
        tally.octets += sum(map(len, oids)) // 2 + number * VARBIND_OVERHEAD_OCTETS
        if set(map(type, values)) == {int}:
            tally.octets += number * NUMBER_OCTETS
        else:
            tally.octets += sum(len(value) if isinstance(value, bytes | str) else NUMBER_OCTETS for value in values)
        if tally.varbinds > MOST_VARBINDS:
            raise DeadlinePassed(f"more than {MOST_VARBINDS} values in one poll; the device is left alone until the next")
