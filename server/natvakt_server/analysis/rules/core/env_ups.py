"""core.env.ups: the UPS runs on battery, asks for a new one, would not last ten minutes or carries too much."""

from natvakt_server.analysis.applicability import ups
from natvakt_server.analysis.evidence import Device, Evidence, Reason, Row
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

ON_BATTERY = 5  # UPS-MIB upsOutputSource
BATTERY_LOW = 3  # UPS-MIB upsBatteryStatus: batteryLow, then batteryDepleted
LEAST_RUNTIME_SECONDS = 600
MOST_LOAD = 0.80
TOLD = ("output_source", "battery_status", "runtime_seconds", "load_ratio", "replace_battery")


def judge(device: Device, evidence: Evidence) -> Judgement:
    table = device.table("ups")
    least = evidence.policy.get("env.ups.runtime-seconds", LEAST_RUNTIME_SECONDS)
    most = evidence.policy.get("env.ups.load", MOST_LOAD)
    failures, judged = [], 0
    for row in table.rows:
        judged += any(number(row, field) is not None for field in TOLD)
        facts = _troubles(row, table.observed_ns, least, most)
        if facts:
            name = str(row.get("model") or "UPS")
            failures.append(Failure(name, Severity.HIGH, tuple(facts)))
    return decide(failures, judged, undecided=None if judged else Reason.NOT_PROVIDED)


def _troubles(row: Row, at_ns: int, least_seconds: float, most_load: float) -> list[Fact]:
    facts: list[Fact] = []
    runtime, load, status = number(row, "runtime_seconds"), number(row, "load_ratio"), number(row, "battery_status")
    if number(row, "output_source") == ON_BATTERY:
        facts.append(Fact("output source", "battery", None, at_ns))
    if number(row, "replace_battery") == 1:
        facts.append(Fact("battery", "replace", None, at_ns))
    if status is not None and status >= BATTERY_LOW:
        facts.append(Fact("battery status", "low" if status == BATTERY_LOW else "depleted", None, at_ns))
    if runtime is not None and runtime < least_seconds:
        facts += [
            Fact("runtime left", round(runtime / 60, 1), "min", at_ns),
            Fact("runtime wanted", round(least_seconds / 60), "min", None),
        ]
    if load is not None and load > most_load:
        facts += [Fact("load", round(load * 100), "%", at_ns), Fact("load limit", round(most_load * 100), "%", None)]
    return facts


RULE = Rule(
    id="core.env.ups",
    title=Text("UPS would not carry its load", "UPS:en skulle inte bära sin last"),
    impact=Text(
        "At the next power failure everything behind it goes dark at once, and disks and databases are not shut down in order.",
        "Vid nästa strömavbrott slocknar allt bakom den direkt, och diskar och databaser stängs inte ordnat.",
    ),
    recommendation=Text(
        "Replace the batteries, move load away, and test the changeover afterwards.",
        "Byt batterier, flytta last och prova omkopplingen efteråt.",
    ),
    severities=(Severity.HIGH,),
    applies_to=ups,
    tables=("ups",),
    judge=judge,
    effort_minutes=60,
    change=Change.ON_SITE,
    references=("RFC 1628",),
)
