"""core.env.fan: a fan has failed or is gone."""

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, not_applicable
from natvakt_server.analysis.sensors import is_good, name, watches, word
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity


def judge(device: Device, evidence: Evidence) -> Judgement:
    table = device.table("sensor")
    fans = [row for row in table.rows if row.get("kind") == "state" and watches(row, "fan") and word(row)]
    if not fans:
        return not_applicable("no-fan-told")
    failures = [
        Failure(name(row), Severity.HIGH, (Fact(f"{name(row)} state", word(row), None, table.observed_ns),), ("show environment fan",))
        for row in fans
        if not is_good(row)
    ]
    return decide(failures, len(fans))


RULE = Rule(
    id="core.env.fan",
    title=Text("Fan failed or missing", "Fläkt trasig eller saknas"),
    impact=Text(
        "Without the fan the device overheats; the next one to fail stops it.", "Utan fläkten blir enheten för varm; nästa fel stoppar den."
    ),
    recommendation=Text("Replace the fan or fan tray.", "Byt fläkten eller fläktmodulen."),
    severities=(Severity.HIGH,),
    applies_to=network_device,
    tables=("sensor",),
    judge=judge,
    effort_minutes=60,
    change=Change.ON_SITE,
    references=("CISCO-ENVMON-MIB",),
)
