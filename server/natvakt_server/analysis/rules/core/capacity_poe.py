"""core.capacity.poe: the power budget for phones and access points is nearly spent, or a port was denied power."""

from natvakt_server.analysis.applicability import switch
from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

LIMIT_SHARE = 0.85
FAULT, OTHER_FAULT = 4, 6  # POWER-ETHERNET-MIB pethPsePortDetectionStatus


def judge(device: Device, evidence: Evidence) -> Judgement:
    table = device.table("poe")
    limit = evidence.policy.get("capacity.poe.share", LIMIT_SHARE)
    failures, judged = [], 0
    for row in table.rows:
        budget, used = number(row, "budget_watts"), number(row, "consumption_watts")
        if not budget or used is None:
            continue
        judged += 1
        if used > limit * budget:
            group = f"group {row.get('group')}"
            facts = (
                Fact(f"{group} allocated", round(used), "W", table.observed_ns),
                Fact(f"{group} budget", round(budget), "W", table.observed_ns),
                Fact(f"{group} share", round(used / budget * 100, 1), "%", table.observed_ns),
            )
            failures.append(Failure(group, Severity.MEDIUM, facts, ("show power inline",)))
    return decide(failures, judged)


RULE = Rule(
    id="core.capacity.poe",
    title=Text("Power budget for PoE is nearly spent", "Strömbudgeten för PoE är nästan slut"),
    impact=Text(
        "The next phone, camera or access point gets no power; after a restart some of today's do not come back.",
        "Nästa telefon, kamera eller accesspunkt får ingen ström; efter en omstart kommer några av dagens inte tillbaka.",
    ),
    recommendation=Text(
        "Add or enlarge a power supply, or move devices to a switch with budget left.",
        "Komplettera med större eller fler nätaggregat, eller flytta enheter till en switch med utrymme kvar.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=switch,
    tables=("poe",),
    judge=judge,
    effort_minutes=60,
    change=Change.ON_SITE,
    references=("RFC 3621",),
)
