"""core.capacity.poe: the power budget for phones and access points is nearly spent, or a port was denied power."""

from collections.abc import Iterator

from natvakt_server.analysis.applicability import switch
from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.interfaces import by_index, label, number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

LIMIT_SHARE = 0.85
WINDOW_DAYS = 7


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
    return decide([*failures, *_denied(device)], judged)


def _denied(device: Device) -> Iterator[Failure]:
    """Ports that asked for power in the last week and were told that there is none (RFC 3621 pethPsePortPowerDeniedCounter)."""
    interfaces, ports = by_index(device), {(str(row.get("group")), str(row.get("port"))): row for row in device.table("poe_port").rows}
    for history in device.history("poe_port", "denied", WINDOW_DAYS):
        if history.increase:
            place = (history.key.get("group", ""), history.key.get("port", ""))
            interface = interfaces.get(str(ports.get(place, {}).get("ifIndex")))
            name = label(interface) if interface is not None else f"group {place[0]} port {place[1]}"
            facts = (Fact(f"{name} denied power", round(history.increase), "times/7 d", history.last_ns),)
            yield Failure(name, Severity.MEDIUM, facts, (f"show power inline {name}",))


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
    beside=("poe_port", "interface"),
    needs=(Need("poe_port", ("denied",), WINDOW_DAYS, hourly=True),),
    judge=judge,
    effort_minutes=60,
    change=Change.ON_SITE,
    references=("RFC 3621",),
)
