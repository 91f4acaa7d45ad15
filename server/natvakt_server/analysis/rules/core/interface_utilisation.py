"""core.interface.utilisation: the 95th percentile of traffic against the speed of the port, and when its trend gets there.

    7 days of 5-minute rates ── p95 over 70 % (85 %)          90 days of hourly rates ── trend of each day's p95 ── 80 % within 180 days

The trend is asked of devices that a plan is made for; a port of an access switch is moved, not planned.
"""

from collections.abc import Mapping

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence, History, Reason
from natvakt_server.analysis.interfaces import by_index, label, number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.registry import Role

WINDOW_DAYS = 7
MEDIUM_SHARE, HIGH_SHARE = 0.70, 0.85
TREND_DAYS, TREND_SHARE, HORIZON_DAYS, WORTH_SHARE = 90, 0.80, 180.0, 0.20
PLANNED = frozenset((Role.CORE, Role.DISTRIBUTION, Role.ROUTER, Role.WAN_EDGE, Role.VOICE_GATEWAY, Role.FIREWALL))
OCTETS = ("ifHCInOctets", "ifHCOutOctets")


def judge(device: Device, evidence: Evidence) -> Judgement:
    histories = {name: device.history_by("interface", name, WINDOW_DAYS, "ifIndex") for name in OCTETS}
    months = {name: device.history_by("interface", name, TREND_DAYS, "ifIndex") for name in OCTETS}
    failures, judged, short = [], 0, False
    for index, row in by_index(device).items():
        speed = number(row, "ifHighSpeed")
        found = [(name, h) for name in OCTETS if (h := histories[name].get(str(index))) is not None and h.rate_p95 is not None]
        if not speed or not found:
            continue
        name, busiest = max(found, key=lambda item: item[1].rate_p95 or 0.0)
        share = (busiest.rate_p95 or 0.0) * 8 / (speed * 1e6)
        if share > MEDIUM_SHARE:
            failures.append(_failure(label(row), name, busiest, share, speed, months[name].get(str(index))))
        elif told := _growing(device, label(row), {name: found.get(str(index)) for name, found in months.items()}, speed):
            failures.append(told)
        elif not busiest.enough:
            short = True
            continue
        judged += 1
    return decide(failures, judged, undecided=Reason.SHORT_HISTORY if short and not judged else None)


def _growing(device: Device, name: str, months: Mapping[str, History | None], speed: float) -> Failure | None:
    """The direction whose trend is first at the limit, where that is within the horizon."""
    if device.role not in PLANNED:
        return None
    limit = TREND_SHARE * speed * 1e6 / 8
    found = [(_until(month, limit), field, month) for field, month in months.items() if month is not None]
    reached = [(days, field, month) for days, field, month in found if days is not None and days[0] <= HORIZON_DAYS]
    if not reached:
        return None
    (days, earliest), field, month = min(reached, key=lambda each: each[0])
    facts = (
        Fact(f"{name} {field} daily p95", round((month.growth_level or 0.0) * 8 / 1e6, 1), "Mbit/s", month.last_ns),
        Fact(f"{name} speed", speed, "Mbit/s", None),
        Fact(f"{name} growth", round((month.growth_per_day or 0.0) * 8 / 1e6, 2), "Mbit/s/d", month.last_ns),
        Fact(f"{name} reaches 80 % in", round(days), "d", month.last_ns),
        Fact(f"{name} at the earliest, 99 % sure", round(earliest), "d", month.last_ns),
    )
    return Failure(name, Severity.LOW, facts, (f"show interfaces {name}",))


def _until(month: History, limit: float) -> tuple[float, float] | None:
    """Days until the trend is at the limit, and the fewest that the trend's interval allows."""
    level, growth, steepest = month.growth_level, month.growth_per_day, month.growth_high
    if not month.enough or level is None or growth is None or steepest is None or growth <= 0:
        return None
    left = max(limit - level, 0.0)
    return left / growth, left / steepest


def _could_fill(week: History, newest: Mapping[str, float]) -> bool:
    """A line that starts at nothing 72 days ago (0.8 of the window) and is at 80 % in 180 days is over a fifth today."""
    speed = newest.get("ifHighSpeed") or 0.0
    return (week.rate_p95 or 0.0) * 8 > WORTH_SHARE * speed * 1e6 > 0


def _stray(name: str, month: History | None) -> tuple[Fact, ...]:
    """Whether the newest day is as ever or unlike the weeks before: a plan is made for what stays."""
    if month is None or not month.unusual_hours or month.unusual_value is None or month.usual_value is None:
        return ()
    return (
        Fact(f"{name} hours of the last day unlike its week", month.unusual_hours, "h", month.last_ns),
        Fact(f"{name} in those hours", round(month.unusual_value * 8 / 1e6, 1), "Mbit/s", month.last_ns),
        Fact(f"{name} in those hours as a rule", round(month.usual_value * 8 / 1e6, 1), "Mbit/s", month.last_ns),
    )


def _failure(name: str, field: str, history: History, share: float, speed: float, month: History | None) -> Failure:
    return Failure(
        name,
        Severity.HIGH if share > HIGH_SHARE else Severity.MEDIUM,
        (
            Fact(f"{name} {field} p95", round((history.rate_p95 or 0.0) * 8 / 1e6, 1), "Mbit/s", history.last_ns),
            Fact(f"{name} speed", speed, "Mbit/s", None),
            Fact(f"{name} utilisation p95", round(share * 100, 1), "%", history.last_ns),
            *_stray(name, month),
        ),
        (f"show interfaces {name}",),
    )


RULE = Rule(
    id="core.interface.utilisation",
    title=Text("Interface is close to its capacity", "Gränssnitt nära sin kapacitet"),
    impact=Text(
        "A link this full has no room for a busy day: everything over it becomes slow at the same time.",
        "En så full länk saknar utrymme för en intensiv dag: allt över den blir långsamt samtidigt.",
    ),
    recommendation=Text(
        "Find the top talkers, then bundle a second link, raise the speed, or shape and prioritise.",
        "Hitta de största användarna; lägg sedan till en länk i bunt, höj hastigheten eller forma och prioritera.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM, Severity.LOW),
    applies_to=network_device,
    tables=("interface",),
    needs=(Need("interface", OCTETS, WINDOW_DAYS), Need("interface", OCTETS, TREND_DAYS, roles=PLANNED, worth=_could_fill)),
    judge=judge,
    effort_minutes=60,
    change=Change.INTERRUPTION,
    references=("IF-MIB",),
)
