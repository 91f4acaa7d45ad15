"""The report model, part 8: what is busy, what grows, what damages frames. Shares are percent."""

import msgspec


class LinkLoad(msgspec.Struct, frozen=True):
    """A busy port: 95th percentile of the busier direction over seven days."""

    device: str
    port: str
    peer: str
    p95_mbits: float
    speed_mbits: float
    share: float


class Trend(msgspec.Struct, frozen=True):
    """What grows towards a limit: percent of the whole now and a day; `days` to full, and the date, where growth is steady."""

    device: str
    what: str
    used: float
    slope: float
    r_squared: float
    days: float | None
    enough: bool
    full_on: str | None = None


class Load(msgspec.Struct, frozen=True):
    """Processor in percent: 95th percentile in work hours and mean, seven days."""

    device: str
    what: str
    p95: float
    mean: float


class PortErrors(msgspec.Struct, frozen=True):
    """Damaged frames that a port received in seven days, and their share of all in percent."""

    device: str
    port: str
    errors: int
    packets: int
    share: float


class Performance(msgspec.Struct, frozen=True):
    links: tuple[LinkLoad, ...] = ()
    trends: tuple[Trend, ...] = ()
    processors: tuple[Load, ...] = ()
    errors: tuple[PortErrors, ...] = ()
