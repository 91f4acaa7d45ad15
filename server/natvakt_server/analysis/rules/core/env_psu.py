"""core.env.psu: a fitted power supply has failed or is not fed; an empty second bay counts only on the heaviest roles."""

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, not_applicable
from natvakt_server.analysis.sensors import is_absent, is_good, name, watches, word
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

HEAVY_ROLE = 4


def judge(device: Device, evidence: Evidence) -> Judgement:
    table = device.table("sensor")
    supplies = [row for row in table.rows if row.get("kind") == "state" and watches(row, "power-supply") and word(row)]
    fitted = [row for row in supplies if not is_absent(row) or device.role.weight == HEAVY_ROLE]
    if not fitted:
        return not_applicable("no-power-supply-told")
    failures = [
        Failure(name(row), Severity.HIGH, (Fact(f"{name(row)} state", word(row), None, table.observed_ns),), ("show environment power",))
        for row in fitted
        if not is_good(row)
    ]
    return decide(failures, len(fitted))


RULE = Rule(
    id="core.env.psu",
    title=Text("Power supply failed or not fed", "Nätaggregat trasigt eller utan matning"),
    impact=Text(
        "The device stands on one leg: the next power fault switches off all behind it.",
        "Enheten står på ett ben: nästa strömfel släcker allt bakom den.",
    ),
    recommendation=Text(
        "Check feed and cable of the supply named, on another phase or UPS; replace it if it stays dark.",
        "Kontrollera matning och kabel till aggregatet, på annan fas eller UPS; byt det om det förblir mörkt.",
    ),
    severities=(Severity.HIGH,),
    applies_to=network_device,
    tables=("sensor",),
    judge=judge,
    effort_minutes=60,
    change=Change.ON_SITE,
    references=("CISCO-ENVMON-MIB ciscoEnvMonSupplyState",),
)
