"""core.env.temperature: a temperature is not normal, or within 5 degrees of its threshold."""

from natvakt_server.analysis.applicability import any_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, unknown
from natvakt_server.analysis.sensors import is_absent, is_good, lowest_high_limit, name, word
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

MARGIN_CELSIUS = 5.0


def judge(device: Device, evidence: Evidence) -> Judgement:
    table = device.table("sensor")
    failures, judged = [], 0
    for row in table.rows:
        if row.get("kind") != "temperature" or is_absent(row):
            continue
        value, limit = number(row, "value"), lowest_high_limit(row)
        if value is None and not word(row):
            continue
        judged += 1
        bad_state = bool(word(row)) and not is_good(row)
        near = value is not None and limit is not None and limit > 0 and value > limit - MARGIN_CELSIUS
        if bad_state or near:
            facts = [Fact(f"{name(row)} temperature", value, "°C", table.observed_ns)]
            if limit is not None:
                facts.append(Fact(f"{name(row)} threshold", limit, "°C", None))
            if bad_state:
                facts.append(Fact(f"{name(row)} state", word(row), None, table.observed_ns))
            failures.append(Failure(name(row), Severity.HIGH, tuple(facts), ("show environment temperature",)))
    return decide(failures, judged) if judged else unknown(Reason.NOT_PROVIDED)


RULE = Rule(
    id="core.env.temperature",
    title=Text("Temperature too high", "För hög temperatur"),
    impact=Text(
        "Heat shortens the device's life and ends in a protective shutdown.",
        "Värme förkortar enhetens liv och slutar i en skyddsavstängning.",
    ),
    recommendation=Text(
        "Free the air paths, check the fans, lower the room's temperature.",
        "Frilägg luftvägarna, kontrollera fläktarna, sänk rummets temperatur.",
    ),
    severities=(Severity.HIGH,),
    applies_to=any_device,
    tables=("sensor",),
    judge=judge,
    effort_minutes=30,
    change=Change.ON_SITE,
    references=("CISCO-ENVMON-MIB", "ENTITY-SENSOR-MIB"),
)
