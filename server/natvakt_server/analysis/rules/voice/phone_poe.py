"""voice.phone.poe: there is not power enough for one phone more, or for those there are when a supply is lost."""

from collections.abc import Sequence

from natvakt_server.analysis.applicability import switch
from natvakt_server.analysis.evidence import Device, Evidence, Reason, Row
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.phones import phone_ports
from natvakt_server.analysis.power_supplies import Supply, left_without_one, supplies
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, not_applicable
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

CLASS_WATTS = {"class0": 15.4, "class1": 4.0, "class2": 7.0, "class3": 15.4, "class4": 30.0}  # IEEE 802.3at, at the switch
ASSUMED_WATTS = 15.4


def judge(device: Device, evidence: Evidence) -> Judgement:
    if not device.once(phone_ports):
        return not_applicable("no-phones")
    table, failures, judged = device.table("poe"), [], 0
    for row in table.rows:
        budget, used = number(row, "budget_watts"), number(row, "consumption_watts")
        if not budget or used is None:
            continue
        judged += 1
        facts = [*_full(device, row, budget, used), *_without_one(device, row, budget, used)]
        if facts:
            group = f"group {row.get('group')}"
            told = (
                Fact(f"{group} budget", round(budget), "W", table.observed_ns),
                Fact(f"{group} in use", round(used), "W", table.observed_ns),
            )
            failures.append(Failure(group, Severity.MEDIUM, (*told, *facts), ("show power inline", "show environment power")))
    return decide(failures, judged, undecided=None if judged else Reason.NOT_PROVIDED)


def _full(device: Device, row: Row, budget: float, used: float) -> list[Fact]:
    """Too little for one more; a supply that is lost now is why."""
    group, at_ns = str(row.get("group")), device.table("poe").observed_ns
    wanted = largest_class(device, group)
    if budget - used >= wanted:
        return []
    facts = [
        Fact(f"group {group} left", round(budget - used, 1), "W", at_ns),
        Fact("one more of the largest needs", wanted, "W", None),
    ]
    return facts + [
        Fact(f"{each.name} lost", each.pid, None, device.table("sensor").observed_ns) for each in _of(device, group) if each.lost
    ]


def _without_one(device: Device, row: Row, budget: float, used: float) -> list[Fact]:
    """Enough today, too little the day a supply is lost."""
    group = str(row.get("group"))
    working = [each for each in _of(device, group) if not each.lost]
    left = left_without_one(budget, working)
    if left is None or used <= left:
        return []
    largest = max(working, key=lambda each: each.watts or 0.0)
    return [
        Fact(f"{largest.name} gives", largest.watts, "W", None),
        Fact(f"group {group} budget without it", round(left), "W", device.table("poe").observed_ns),
        Fact(f"group {group} short without it", round(used - left), "W", device.table("poe").observed_ns),
    ]


def _of(device: Device, group: str) -> Sequence[Supply]:
    """Cisco counts groups by stack member; where nothing is numbered and there is one group, all supplies feed it."""
    fitted = device.once(supplies)
    if len(device.table("poe").rows) == 1:
        return fitted
    return [each for each in fitted if each.member == group]


def largest_class(device: Device, group: str) -> float:
    """What the hungriest powered device of that group may take; a class 3 where none tells its class."""
    classes = [str(row.get("power_class")) for row in device.table("poe_port").rows if str(row.get("group")) == group]
    return max((CLASS_WATTS[word] for word in classes if word in CLASS_WATTS), default=ASSUMED_WATTS)


RULE = Rule(
    id="voice.phone.poe",
    title=Text(
        "Too little power for the phones",
        "För lite ström till telefonerna",
    ),
    impact=Text(
        "The next phone stays dark, or some of those that work today do when a power supply is lost.",
        "Nästa telefon förblir släckt, eller några av dem som fungerar i dag när ett nätaggregat går sönder.",
    ),
    recommendation=Text(
        "Add a power supply, or spread phones over switches with power left.",
        "Sätt i ett nätaggregat till eller sprid telefonerna över switchar med ström kvar.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=switch,
    tables=("poe",),
    beside=("poe_port", "neighbour", "interface", "port", "sensor", "component"),
    judge=judge,
    effort_minutes=60,
    change=Change.ON_SITE,
    references=("802.3at", "RFC 3621"),
)
