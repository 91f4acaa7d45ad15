"""core.config.backup: there is no copy of the configuration, or only one from before the last change."""

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import DAY_NS, NANOSECONDS, Device, Evidence, Reason
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Failure, Judgement, Rule, Text, decide, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

OLDEST_DAYS = 7
GRACE_NS = DAY_NS  # a change is fetched with the next daily reading


FETCHED_SYSTEMS = frozenset(("ios", "ios-xe", "nx-os", "asa", "ios-xr", "aireos", "small-business"))


def applies(device: Device) -> bool:
    """A network device whose configuration an agent knows how to fetch; a UPS has none. Of one whose system nobody told it is asked."""
    return network_device(device) and (device.os is None or device.os in FETCHED_SYSTEMS)


def judge(device: Device, evidence: Evidence) -> Judgement:
    """Where no device of the customer has a copy, none are fetched yet and nothing is proved about this one."""
    table = device.table("configuration")
    if not table.observed_ns and (table.missing is not None or not table.rows):
        if not any(other.table("configuration").observed_ns for other in evidence.devices):
            return unknown(Reason.NO_CONFIG)
        others = sum(bool(other.table("configuration").observed_ns) for other in evidence.devices)
        never = (Fact("stored copy", "never", None, None), Fact("devices with a copy", others, "devices", None))
        return decide([Failure(None, Severity.HIGH, never)], 1)
    age_ns = evidence.as_of_ns - table.observed_ns
    changed_ns = last_change_ns(device, evidence)
    facts = [Fact("newest copy", round(age_ns / DAY_NS, 1), "days old", table.observed_ns)]
    if changed_ns is not None and changed_ns > table.observed_ns and evidence.as_of_ns - changed_ns > GRACE_NS:
        facts.append(Fact("changed since", round((evidence.as_of_ns - changed_ns) / DAY_NS, 1), "days ago", changed_ns))
    elif age_ns <= evidence.policy.get("config.backup.days", OLDEST_DAYS) * DAY_NS:
        return decide([], 1)
    return decide([Failure(None, Severity.MEDIUM, tuple(facts))], 1)


def last_change_ns(device: Device, evidence: Evidence) -> int | None:
    """When the running configuration was last changed, by the device's own account."""
    row, system = next(iter(device.table("configchange").rows), {}), next(iter(device.table("device").rows), {})
    changed, uptime = number(row, "ccmHistoryRunningLastChanged"), number(system, "sysUpTime")
    if not changed or uptime is None or changed > uptime:
        return None
    return device.table("device").observed_ns - round((uptime - changed) * NANOSECONDS)


RULE = Rule(
    id="core.config.backup",
    title=Text("No current copy of the configuration", "Ingen aktuell kopia av konfigurationen"),
    impact=Text(
        "When the device breaks, its replacement must be set up from memory; that takes a day instead of half an hour.",
        "När enheten går sönder måste ersättaren ställas in ur minnet; det tar en dag i stället för en halvtimme.",
    ),
    recommendation=Text(
        "Mend the fetching of the configuration, and let the device archive itself at every save.",
        "Laga hämtningen av konfigurationen och låt enheten arkivera sig själv vid varje sparning.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM),
    applies_to=applies,
    tables=(),
    beside=("configuration", "configchange", "device"),
    judge=judge,
    effort_minutes=15,
    references=("CISC-ND-001410", "CASA-ND-001350", "CSCO-NM-000330"),
)
