"""voice.phone.poe: there is not power enough for one phone more."""

from natvakt_server.analysis.applicability import switch
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.phones import phone_ports
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
        wanted = largest_class(device, str(row.get("group")))
        if budget - used < wanted:
            group = f"group {row.get('group')}"
            facts = (
                Fact(f"{group} budget", round(budget), "W", table.observed_ns),
                Fact(f"{group} in use", round(used), "W", table.observed_ns),
                Fact(f"{group} left", round(budget - used, 1), "W", table.observed_ns),
                Fact("one more of the largest needs", wanted, "W", None),
            )
            failures.append(Failure(group, Severity.MEDIUM, facts, ("show power inline",)))
    return decide(failures, judged, undecided=None if judged else Reason.NOT_PROVIDED)


def largest_class(device: Device, group: str) -> float:
    """What the hungriest powered device of that group may take; a class 3 where none tells its class."""
    classes = [str(row.get("power_class")) for row in device.table("poe_port").rows if str(row.get("group")) == group]
    return max((CLASS_WATTS[word] for word in classes if word in CLASS_WATTS), default=ASSUMED_WATTS)


RULE = Rule(
    id="voice.phone.poe",
    title=Text(
        "No power for one more phone",
        "Ingen ström för en telefon till",
    ),
    impact=Text(
        "The next phone stays dark, and after a power failure some of those that work today do too.",
        "Nästa telefon förblir släckt, och efter ett strömavbrott även några av dem som fungerar i dag.",
    ),
    recommendation=Text(
        "Add a power supply, or spread phones over switches with power left.",
        "Sätt i ett nätaggregat till eller sprid telefonerna över switchar med ström kvar.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=switch,
    tables=("poe",),
    beside=("poe_port", "neighbour", "interface", "port"),
    judge=judge,
    effort_minutes=60,
    change=Change.ON_SITE,
    references=("802.3at", "RFC 3621"),
)
