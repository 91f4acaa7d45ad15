"""What tests of the time series start from: a clock that stands, batches, tables, short names for times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from natvakt_server.domain.series import BatchKey, Line, Number, Query, SeriesKey, SeriesTable, Tier
from natvakt_server.domain.tiers import HOUR_NS, MINUTE_NS

T0 = 1_790_000_000_000_000_000 // HOUR_NS * HOUR_NS
"""A full hour."""

NOW = T0 + 3 * HOUR_NS


@dataclass(slots=True)
class StandingClock:
    """Stands still until a test moves it."""

    now_ns: int = NOW

    def wall_ns(self) -> int:
        return self.now_ns

    def monotonic_ns(self) -> int:
        return self.now_ns


def minutes(count: float) -> int:
    """A moment that many minutes after T0."""
    return T0 + round(count * MINUTE_NS)


def batch(seq: int = 1, tenant: str = "acme", site: str = "hq") -> BatchKey:
    return BatchKey(tenant, site, "agent-1", "00" * 16, 1, seq)


def interface_table(times_ns: Sequence[int], device: str = "device-1", index: str = "1", **fields: Sequence[Number | None]) -> SeriesTable:
    """One interface of one device at these times."""
    return SeriesTable("interface", device, {"ifIndex": [index] * len(times_ns)}, times_ns, fields)


def counter_line(times_ns: Sequence[int], values: Sequence[float], name: str = "ifHCInOctets") -> Line:
    return Line(SeriesKey("interface", "device-1", (("ifIndex", "1"),), name), times_ns, values)


@dataclass(frozen=True, slots=True)
class Ask:
    """A query with everything that most tests do not care about filled in."""

    fields: Sequence[str] = ("ifHCInOctets",)
    measurement: str = "interface"
    devices: Sequence[str] = ("device-1",)
    start_ns: int = T0
    end_ns: int = NOW
    tags: Mapping[str, str] = field(default_factory=dict)
    tier: Tier = Tier.RAW

    def query(self) -> Query:
        return Query(self.measurement, self.fields, self.devices, self.start_ns, self.end_ns, self.tags, self.tier)


def points(line: Line) -> list[tuple[float, float]]:
    """(minutes after T0, value)"""
    return [((moment - T0) / MINUTE_NS, value) for moment, value in zip(line.times_ns, line.values, strict=True)]
