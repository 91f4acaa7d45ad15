"""core.config.unsaved: the running configuration was changed and not saved."""

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Failure, Judgement, Rule, Text, decide, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WHILE_STARTING_SECONDS = 300  # reading its startup configuration counts as a change
MAY_BE_OPEN_SECONDS = 3_600


def judge(device: Device, evidence: Evidence) -> Judgement:
    """All moments are sysUpTime; a save is a write of the startup configuration or a copy of the running one elsewhere.

    Only the startup configuration is there after a restart, so a copy elsewhere alone is no save."""
    row, table = next(iter(device.table("configchange").rows), {}), device.table("configchange")
    changed, saved = number(row, "ccmHistoryRunningLastChanged"), number(row, "ccmHistoryStartupLastChanged")
    system = next(iter(device.table("device").rows), {})
    uptime = number(system, "sysUpTime")
    if changed is None or saved is None or uptime is None:
        return unknown(Reason.NOT_PROVIDED)
    age = uptime - changed
    if changed <= max(saved, WHILE_STARTING_SECONDS) or age < MAY_BE_OPEN_SECONDS:
        return decide([], 1)
    facts = (
        Fact("running configuration changed", round(age / 3600, 1), "h ago", table.observed_ns),
        Fact(
            "startup configuration saved",
            round((uptime - saved) / 3600, 1) if saved else "not since the restart",
            "h ago" if saved else None,
            table.observed_ns,
        ),
    )
    return decide([Failure(None, Severity.MEDIUM, facts, ("copy running-config startup-config",))], 1)


RULE = Rule(
    id="core.config.unsaved",
    title=Text("Changes are not saved", "Ändringar är inte sparade"),
    impact=Text(
        "At the next power failure the device comes back as it was before, and nobody remembers what the change was.",
        "Vid nästa strömavbrott kommer enheten tillbaka som den var före ändringen, och ingen minns vad den bestod av.",
    ),
    recommendation=Text("Look at what differs, then save.", "Titta på vad som skiljer och spara sedan."),
    severities=(Severity.MEDIUM,),
    applies_to=network_device,
    tables=("configchange", "device"),
    judge=judge,
    effort_minutes=2,
    references=("CISCO-CONFIG-MAN-MIB",),
)
