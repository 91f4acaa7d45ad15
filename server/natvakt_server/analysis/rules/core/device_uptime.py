"""core.device.uptime: up for more than two years, so never patched in that time."""

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

LIMIT_DAYS = 730
DAY_SECONDS = 86_400


def judge(device: Device, evidence: Evidence) -> Judgement:
    """snmpEngineTime where the device has it: sysUpTime starts over after 497 days."""
    table = device.table("device")
    for row in table.rows:
        seconds = number(row, "snmpEngineTime") or number(row, "sysUpTime")
        if seconds is None:
            continue
        days = seconds / DAY_SECONDS
        if days > evidence.policy.get("device.uptime.days", LIMIT_DAYS):
            return decide([Failure(None, Severity.LOW, (Fact("uptime", round(days), "d", table.observed_ns),))], 1)
        return decide([], 1)
    return unknown(Reason.NOT_PROVIDED)


RULE = Rule(
    id="core.device.uptime",
    title=Text("Device has run for over two years without restart", "Enheten har gått över två år utan omstart"),
    impact=Text(
        "No security fix of the last two years is in use, and nobody knows whether it starts again.",
        "Inga säkerhetsrättningar från de senaste två åren används, och ingen vet om den startar igen.",
    ),
    recommendation=Text("Plan an upgrade in a maintenance window.", "Planera en uppgradering i ett underhållsfönster."),
    severities=(Severity.LOW,),
    applies_to=network_device,
    tables=("device",),
    judge=judge,
    effort_minutes=60,
    change=Change.RESTART,
)
