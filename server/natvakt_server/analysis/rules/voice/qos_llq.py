"""voice.qos.llq: the priority class drops voice, is a larger part of the line than it may be, or smaller than the calls need."""

from natvakt_server.analysis.applicability import router
from natvakt_server.analysis.evidence import DAY_NS, Device, Evidence, History, Reason, Row
from natvakt_server.analysis.features import missing
from natvakt_server.analysis.priority_rates import PriorityRate, bits_per_second_a_call, most_calls, priority_rate
from natvakt_server.analysis.rule import Failure, Judgement, Need, Rule, Text, decide, not_applicable
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
MOST_DROPPED = 0.001
MOST_SHARE = 33
LEAST_PACKETS = 1000  # an hour with fewer holds no call of a minute: a share of it says nothing
HOUR_NS = DAY_NS // 24
FIELDS = ("cbQosCMDropPkt64", "cbQosCMPrePolicyPkt64")


def judge(device: Device, evidence: Evidence) -> Judgement:
    absent = missing(device, "qos", "service-policy output")
    if absent is not None:
        return absent
    classes = [row for row in device.table("qos").rows if row.get("is_priority") is True]
    if not classes:
        return not_applicable("no-priority-class")
    failures, judged, short = [], 0, False
    calls = most_calls(device, WINDOW_DAYS) if len({row.get("ifIndex") or row.get("interface") for row in classes}) == 1 else None
    for row in classes:
        place = {"policy": str(row.get("policy")), "object": str(row.get("object"))}
        drops, offered = (next(iter(device.history("qos", field, WINDOW_DAYS, **place)), None) for field in FIELDS)
        dropped, rate = _dropped(row, drops, offered), priority_rate(device, row)
        facts = [*dropped, *_too_large(device, row, rate), *_too_small(device, row, rate, calls)]
        if facts:
            severity = Severity.HIGH if dropped else Severity.MEDIUM
            commands = (f"policy-map {row.get('policy_map')}", f" class {row.get('class')}", "  priority percent <n>")
            failures.append(Failure(_name(row), severity, tuple(facts), commands))
        elif drops is None or not drops.enough:
            short = True
            continue
        judged += 1
    return decide(failures, judged, undecided=Reason.SHORT_HISTORY if short and not judged else None)


def _name(row: Row) -> str:
    return f"{row.get('interface')} {row.get('policy_map')} {row.get('class')}"


def _dropped(row: Row, drops: History | None, offered: History | None) -> list[Fact]:
    """The worst hour of the week, of those in which more than a handful was offered."""
    if drops is None or offered is None:
        return []
    sent = dict(offered.hours)
    shares = [(lost / sent[hour], hour) for hour, lost in drops.hours if sent.get(hour, 0.0) >= LEAST_PACKETS]
    share, hour = max(shares, default=(0.0, 0))
    if share <= MOST_DROPPED:
        return []
    at_ns = (hour + 1) * HOUR_NS
    return [
        Fact(f"{_name(row)} dropped in its worst hour", round(share * 100, 3), "%", at_ns),
        Fact("limit", MOST_DROPPED * 100, "%", None),
    ]


def _too_large(device: Device, row: Row, rate: PriorityRate) -> list[Fact]:
    if rate.share is None or rate.share * 100 <= MOST_SHARE:
        return []
    at_ns = device.table("qos").observed_ns
    whole = [Fact(f"{_name(row)} shaped to", round(rate.whole / 1000), "kbit/s", at_ns)] if rate.shaped and rate.whole else []
    return [Fact(f"{_name(row)} share", round(rate.share * 100), "%", at_ns), *whole, Fact("at most", MOST_SHARE, "%", None)]


def _too_small(device: Device, row: Row, rate: PriorityRate, calls: int | None) -> list[Fact]:
    """`calls` None: unknown, or there are several ways out and nobody tells which way calls go."""
    if not calls or rate.rate is None:
        return []
    needed = calls * bits_per_second_a_call(device)
    if needed <= rate.rate:
        return []
    return [
        Fact(f"{_name(row)} rate", round(rate.rate / 1000), "kbit/s", device.table("qos").observed_ns),
        Fact("calls at once, at least", calls, "calls", None),
        Fact("they need", round(needed / 1000), "kbit/s", None),
    ]


RULE = Rule(
    id="voice.qos.llq",
    title=Text(
        "Priority class drops voice or has the wrong size",
        "Prioritetsklassen kastar röst eller har fel storlek",
    ),
    impact=Text(
        "One call too many, and all calls lose words; too large a class starves everything else.",
        "Ett samtal för mycket och alla samtal tappar ord; en för stor klass svälter allt annat.",
    ),
    recommendation=Text(
        "Size the class for the most calls at once, and limit calls by admission control.",
        "Dimensionera klassen för flest samtidiga samtal och begränsa antalet samtal.",
    ),
    severities=(
        Severity.HIGH,
        Severity.MEDIUM,
    ),
    applies_to=router,
    tables=(),
    beside=("qos", "configuration", "interface"),
    needs=(
        Need("qos", FIELDS, WINDOW_DAYS, hourly=True, by_hour=True),
        Need("voice", ("value",), WINDOW_DAYS),
    ),
    judge=judge,
    effort_minutes=30,
    references=("CISCO-CLASS-BASED-QOS-MIB cbQosCMDropPkt64",),
)
