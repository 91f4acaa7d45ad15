"""UPS-MIB (RFC 1628) and the one object of PowerNet-MIB that APC adds to it: replace the battery."""

from dataclasses import dataclass

from demo.mib import MibBuilder, Number, gauge, integer, pointer, text, ticks

UPS = "1.3.6.1.2.1.33.1"
APC_REPLACE_BATTERY = "1.3.6.1.4.1.318.1.1.1.2.2.4"
WELL_KNOWN_BATTERY_BAD = "1.3.6.1.2.1.33.1.6.3.1"
BATTERY_NORMAL = 2
SOURCE_NORMAL = 3
REPLACE_NO, REPLACE_YES = 1, 2


@dataclass(frozen=True, slots=True)
class Ups:
    manufacturer: str
    model: str
    firmware: str
    minutes_remaining: int
    load_percent: Number
    battery_bad_since_ticks: int | None = None


def ups(mib: MibBuilder, facts: Ups) -> None:
    bad = facts.battery_bad_since_ticks is not None
    for column, words in ((1, facts.manufacturer), (2, facts.model), (3, facts.firmware), (4, "AP9641 v2.5.2.1"), (5, "hq-ups")):
        mib.scalar(f"{UPS}.1.{column}", text(words))
    for column, value in ((1, BATTERY_NORMAL), (2, 0), (3, facts.minutes_remaining), (4, 100), (5, 546), (7, 27)):
        mib.scalar(f"{UPS}.2.{column}", integer(value))
    mib.scalar(f"{UPS}.3.2", integer(1))
    mib.row(f"{UPS}.3.3.1", (1,), {2: integer(500), 3: integer(231)})
    mib.scalar(f"{UPS}.4.1", integer(SOURCE_NORMAL))
    mib.scalar(f"{UPS}.4.2", integer(500))
    mib.scalar(f"{UPS}.4.3", integer(1))
    mib.row(f"{UPS}.4.4.1", (1,), {2: integer(230), 5: integer(facts.load_percent)})
    mib.scalar(f"{UPS}.6.1", gauge(1 if bad else 0))
    if facts.battery_bad_since_ticks is not None:
        mib.row(f"{UPS}.6.2.1", (1,), {2: pointer(WELL_KNOWN_BATTERY_BAD), 3: ticks(facts.battery_bad_since_ticks)})
    mib.scalar(APC_REPLACE_BATTERY, integer(REPLACE_YES if bad else REPLACE_NO))
