"""What an assessment judges: the frozen evidence of a customer's devices.

A rule sees nothing else. It cannot tell whether a row came from a store or from a scenario, and the same evidence gives
the same verdicts for ever. Evidence is made once per assessment (`jobs/assessment`), stored compressed beside the
report, and can be read back to repeat the judgement to the byte.
"""

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from natvakt_server.domain.neighbours import host_part
from natvakt_server.domain.registry import Role
from natvakt_server.knowledge.known import Known

NANOSECONDS = 1_000_000_000
DAY_NS = 86_400 * NANOSECONDS
Row = Mapping[str, object]
Derived = TypeVar("Derived")


class Reason(StrEnum):
    """Why a verdict is `unknown`."""

    UNREACHABLE = "unreachable"
    NO_ACCESS = "no-access"
    NOT_PROVIDED = "not-provided"
    STALE = "stale"
    SHORT_HISTORY = "short-history"
    PEER_NOT_SEEN = "peer-not-seen"
    NO_CONFIG = "no-config"
    NO_CONTRACT_LIST = "no-contract-list"
    CLI_NOT_ALLOWED = "cli-not-allowed"
    NOT_LISTED = "not-listed"


class Table(msgspec.Struct, frozen=True):
    """One table of one device: document rows joined with the newest value of each series of the same row.

    `missing` says why there is nothing to judge; it is None exactly when the table may be judged.
    """

    name: str
    rows: tuple[dict[str, object], ...] = ()
    observed_ns: int = 0
    missing: Reason | None = None


class History(msgspec.Struct, frozen=True):
    """What a series did over a window, as numbers a rule can judge. Made by `analysis.history.summarise`.

    Which of the fields are set depends on the kind: counters have `increase` and rates, gauges the statistics and the
    trend, states the changes. `days` counts the distinct days (in the customer's zone) with at least one sample.
    """

    table: str
    key: dict[str, str]
    field: str
    window_days: int
    samples: int
    days: int
    first_ns: int
    last_ns: int
    last: float | None = None
    # counters; `hours`: what was added in each hour (its number since 1970), only where a rule asks for it
    increase: float | None = None
    hours: tuple[tuple[int, float], ...] = ()
    daily_increase: tuple[float, ...] = ()
    rate_p95: float | None = None
    rate_max: float | None = None
    discontinuities: int = 0
    # gauges; `discontinuities` counts the steps down
    mean: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    median: float | None = None
    p01: float | None = None
    p05: float | None = None
    p95: float | None = None
    work_hours_p95: float | None = None
    highest_hour: float | None = None  # of the means of the hours
    lowest_hour: float | None = None
    slope_per_day: float | None = None
    r_squared: float | None = None
    # gauges, and daily p95 rates of counters over LONG_DAYS or more
    growth_per_day: float | None = None  # robust, with its 99 % interval; None: no trend (`analysis.forecast`)
    growth_low: float | None = None
    growth_high: float | None = None
    growth_level: float | None = None  # where the trend stands at the last sample
    unusual_hours: int = 0  # of the newest day, against the weekly profile (`analysis.weekly`)
    unusual_value: float | None = None
    usual_value: float | None = None
    # states
    changes: int = 0
    previous: float | None = None
    share: dict[str, float] = msgspec.field(default_factory=dict)

    @property
    def enough(self) -> bool:
        """A pass or a trend needs 0.8 of the window's days."""
        return self.days >= 0.8 * self.window_days


class Happening(msgspec.Struct, frozen=True):
    """What a device said by itself, as an agent heard it; `count` alike ones within a minute are one."""

    at_ns: int
    name: str
    message: str
    count: int = 1


class Frozen(msgspec.Struct, frozen=True, dict=True):
    """What many rules work out from the same frozen evidence is worked out once, by the function that does it."""

    def once(self, make: Callable[[Any], Derived]) -> Derived:
        """`make(self)`, remembered. `make` is pure and a function of a module: it is its own key."""
        memory = self.__dict__
        name = f"{make.__module__}.{make.__qualname__}"
        if name not in memory:
            memory[name] = make(self)
        known: Derived = memory[name]
        return known


class Device(Frozen, frozen=True):
    """One device as it stood when the evidence was frozen."""

    id: str
    name: str
    address: str
    site: str
    role: Role
    os: str | None = None
    version: str | None = None
    model: str | None = None
    serial: str | None = None
    base_mac: str | None = None
    last_seen_ns: int = 0
    origin: str = ""  # id of the first device of those whose place this one took; empty: it took nobody's
    tables: dict[str, Table] = msgspec.field(default_factory=dict)
    histories: tuple[History, ...] = ()
    happenings: tuple[Happening, ...] = ()  # of the last week, those that some rule listens for, the oldest first

    @property
    def place(self) -> str:
        """What stays when the hardware is replaced: findings are known by it."""
        return self.origin or self.id

    def table(self, name: str) -> Table:
        return self.tables.get(name, Table(name, missing=Reason.NOT_PROVIDED))

    def history(self, table: str, field: str, window_days: int, **key: str) -> Sequence[History]:
        """All series of that table and field over that window whose tags include `key`."""
        return [
            h
            for h in self.histories
            if h.table == table and h.field == field and h.window_days == window_days and all(h.key.get(k) == v for k, v in key.items())
        ]

    def history_by(self, table: str, field: str, window_days: int, key: str) -> Mapping[str, History]:
        """The same, by the value of one tag: one pass for all rows of a device."""
        return {h.key[key]: h for h in self.history(table, field, window_days) if key in h.key}


class Contract(msgspec.Struct, frozen=True):
    """A service contract of one serial number; without `ends_on` it has no end that anybody told."""

    serial: str
    number: str
    ends_on: date | None = None


class Answer(msgspec.Struct, frozen=True):
    """What a person found out about a rule that only a person can answer."""

    rule: str
    device: str
    holds: bool
    given_ns: int
    by: str
    remark: str = ""


class ExpectedBackup(msgspec.Struct, frozen=True):
    """When a person expects a backup job to run, as `domain.backup_jobs` reads it."""

    device: str
    job: str
    schedule: str
    time_zone: str
    grace_seconds: int
    said_ns: int
    by: str


class MonthAvailability(msgspec.Struct, frozen=True):
    """Of the customer, a service or a site in one month, as `monitoring` measured it. `kept`: None where nobody can tell."""

    month: str
    is_over: bool
    kind: str
    name: str
    agreed_seconds: float
    observed_seconds: float
    down_seconds: float
    maintenance_seconds: float
    target: float | None = None
    kept: bool | None = None


class Acceptance(msgspec.Struct, frozen=True):
    """A finding that the customer lives with, through the day `until` in the customer's zone."""

    finding: str
    until: date
    reason: str
    by: str
    accepted_ns: int


class Evidence(Frozen, frozen=True):
    """Everything one assessment judges. `policy` holds the customer's thresholds where they differ from the defaults, `places` the
    addresses and networks its sites are known by (`domain.policy.PLACES`).

    `contracts` is None where nobody has given a list; an empty one says that there are none."""

    tenant: str
    customer: str
    sites: tuple[str, ...]
    as_of_ns: int
    time_zone: str
    devices: tuple[Device, ...]
    policy: dict[str, float] = msgspec.field(default_factory=dict)
    contracts: tuple[Contract, ...] | None = None
    answers: tuple[Answer, ...] = ()
    acceptances: tuple[Acceptance, ...] = ()
    expected_backups: tuple[ExpectedBackup, ...] = ()
    availability: tuple[MonthAvailability, ...] = ()
    knowledge: Known = Known()
    places: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)

    def device(self, device_id: str) -> Device | None:
        return self.once(devices_by_id).get(device_id)

    def named(self, name: str) -> Device | None:
        """By name as a neighbour tells it: host part of a domain name, without CDP's `(serial)`."""
        return self.once(devices_by_name).get(host_part(name))


def devices_by_id(evidence: Evidence) -> Mapping[str, Device]:
    return {device.id: device for device in reversed(evidence.devices)}


def devices_by_name(evidence: Evidence) -> Mapping[str, Device]:
    """By host part of the name and of what the device calls itself; the first of two wins."""
    return {host_part(name): device for device in reversed(evidence.devices) for name in (system_name(device), device.name)}


def system_name(device: Device) -> str:
    for row in device.table("device").rows:
        if row.get("sysName"):
            return str(row["sysName"])
    return device.name


def rows_by(rows: Iterable[Row], field: str) -> dict[object, Row]:
    return {row[field]: row for row in rows if row.get(field) is not None}


def accepted_now(evidence: Evidence) -> Mapping[str, Acceptance]:
    """Acceptances that have not ended, by finding."""
    today = datetime.fromtimestamp(evidence.as_of_ns // NANOSECONDS, ZoneInfo(evidence.time_zone)).date()
    return {each.finding: each for each in evidence.acceptances if each.until >= today}


def freeze(evidence: Evidence) -> bytes:
    """Compressed canonical JSON; equal evidence gives equal bytes."""
    return zlib.compress(msgspec.json.encode(evidence, order="deterministic"), 6)


def thaw(frozen: bytes) -> Evidence:
    return msgspec.json.decode(zlib.decompress(frozen), type=Evidence)
