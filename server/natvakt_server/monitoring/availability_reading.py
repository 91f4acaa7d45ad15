"""What was observed of devices over a month, from the time series.

Hours that were up from end to end are known from their roll-up; only the others are read as they were polled. Beyond the life of polled
values five-minute windows stand for them: of a window with answers and silences the share is right, its place within it is not known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from natvakt_server.domain.estate import Device
from natvakt_server.domain.series import Line, Query, SeriesReader, Tier
from natvakt_server.domain.tiers import HOUR_NS, MINUTE_NS, RETENTION_NS
from natvakt_server.monitoring.availability import Record, either, record_of
from natvakt_server.monitoring.spans import Span, Spans, both, joined, without

TABLE, FIELD = "reachability", "up"
USUAL_NS, HOLD_INTERVALS = MINUTE_NS, 2
FRESH_NS = 3 * HOUR_NS  # younger hours may not be rolled up yet
WINDOW_NS = 5 * MINUTE_NS
FULL_SHARE = 0.98


@dataclass(frozen=True, slots=True)
class Known:
    """Of one of the agents' devices: spans that were up from end to end, spans that have to be read, and how long an answer stands."""

    up: Spans
    unclear: Spans
    hold_ns: int


@dataclass(frozen=True, slots=True)
class Month:
    """Reads one customer's answers of a span; `last_ns` is not beyond now."""

    series: SeriesReader
    tenant: str
    start_ns: int
    last_ns: int
    now_ns: int

    def records(self, devices: Sequence[Device]) -> Mapping[str, Record]:
        """By the estate's id. Raises SeriesUnavailable."""
        names = sorted({name for device in devices for name in device.agent_devices})
        if not names or self.last_ns <= self.start_ns:
            return {device.id: Record(device.name, (), ()) for device in devices}
        known = self._known(names)
        read = self._read(known)
        return {device.id: either(device.name, [each for name in device.agent_devices for each in read[name]]) for device in devices}

    def _known(self, names: Sequence[str]) -> Mapping[str, Known]:
        """One statement for all of them."""
        query = Query(TABLE, (f"{FIELD}_min", f"{FIELD}_count"), names, self._first_hour, self.last_ns, tier=Tier.HOUR)
        rows: dict[str, dict[tuple[tuple[str, str], ...], dict[str, Line]]] = {}
        for line in self.series.lines(self.tenant, query):
            rows.setdefault(line.key.device, {}).setdefault(line.key.tags, {})[line.key.field] = line
        return {name: self._known_of(list(rows.get(name, {}).values())) for name in names}

    def _known_of(self, ways: Sequence[Mapping[str, Line]]) -> Known:
        counts = [value for way in ways for value in way[f"{FIELD}_count"].values if value] if ways else []
        interval_ns = round(HOUR_NS / median(counts)) if counts else USUAL_NS
        full: set[int] = set()
        for way in ways:
            least = dict(zip(way[f"{FIELD}_min"].times_ns, way[f"{FIELD}_min"].values, strict=True))
            many = dict(zip(way[f"{FIELD}_count"].times_ns, way[f"{FIELD}_count"].values, strict=True))
            full |= {hour for hour, value in least.items() if value >= 1 and many.get(hour, 0) >= FULL_SHARE * HOUR_NS / interval_ns}
        hours = range(self._first_hour, self.last_ns, HOUR_NS)
        rest = [hour for hour in hours if hour not in full or hour + HOUR_NS > self.now_ns - FRESH_NS]
        # An answer reaches into the hour after it, so the neighbours of an hour in doubt are read too.
        whole: Spans = [(self.start_ns, self.last_ns)]
        unclear = both(joined((hour - HOUR_NS, hour + 2 * HOUR_NS) for hour in rest), whole)
        return Known(without(whole, unclear), unclear, HOLD_INTERVALS * interval_ns)

    @property
    def _first_hour(self) -> int:
        return self.start_ns - self.start_ns % HOUR_NS

    def _read(self, known: Mapping[str, Known]) -> Mapping[str, list[Record]]:
        found = {name: [Record(name, each.up, ())] for name, each in known.items()}
        polled_from_ns = self.now_ns - RETENTION_NS[Tier.RAW]
        polled: dict[str, dict[tuple[tuple[str, str], ...], list[tuple[int, bool]]]] = {}
        for start_ns, end_ns in joined(span for each in known.values() for span in each.unclear):
            names = [name for name, each in known.items() if both(each.unclear, [(start_ns, end_ns)])]
            if end_ns > polled_from_ns:
                longest_ns = max(known[name].hold_ns for name in names)
                for line in self._lines(names, max(start_ns - longest_ns, polled_from_ns), end_ns, Tier.RAW):
                    answers = zip(line.times_ns, (value > 0 for value in line.values), strict=True)
                    polled.setdefault(line.key.device, {}).setdefault(line.key.tags, []).extend(answers)
            if start_ns < polled_from_ns:
                for line in self._lines(names, start_ns, min(end_ns, polled_from_ns), Tier.FIVE_MINUTES):
                    found[line.key.device].append(_clipped(_shares(line), known[line.key.device].unclear))
        for name, ways in polled.items():
            each = known[name]
            found[name].extend(_clipped(record_of(name, answers, each.hold_ns, self.last_ns), each.unclear) for answers in ways.values())
        return found

    def _lines(self, names: Sequence[str], start_ns: int, end_ns: int, tier: Tier) -> Sequence[Line]:
        return self.series.lines(self.tenant, Query(TABLE, (FIELD,), names, start_ns, end_ns, tier=tier))


def _shares(line: Line) -> Record:
    """Of five-minute windows by their mean: what was down is put at the window's end."""
    up: list[Span] = []
    down: list[Span] = []
    for start_ns, share in zip(line.times_ns, line.values, strict=True):
        turn_ns = start_ns + round(min(1.0, max(0.0, share)) * WINDOW_NS)
        up.append((start_ns, turn_ns))
        down.append((turn_ns, start_ns + WINDOW_NS))
    return Record(line.key.device, joined(up), joined(down))


def _clipped(record: Record, spans: Spans) -> Record:
    return Record(record.name, both(record.up, spans), both(record.down, spans))
