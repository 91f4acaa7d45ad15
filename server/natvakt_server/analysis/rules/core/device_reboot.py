"""core.device.reboot: the device restarted. The SNMP engine decides; sysUpTime wraps after 497 days (RFC 3411)."""

import re

from natvakt_server.analysis.applicability import any_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text, decide, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 30
WRAP_SECONDS = 2**32 / 100  # TimeTicks are hundredths in 32 bits
NEAR_WRAP = 0.9 * WRAP_SECONDS
# What whyReload (OLD-CISCO-SYS-MIB) says: of the newest restart only
PLANNED = re.compile(
    r"^(?:reload reason: *)?reload(?: command| requested\b.*| by .*|ed by .*)?$|image install|install activate", re.IGNORECASE
)
CRASHED = re.compile(r"exception|watchdog|bus error|crash|segmentation|address error|illegal|stack overflow|parity", re.I)


def restarts(device: Device) -> tuple[int, int] | None:
    """Restarts within the window and when the newest value was read; None where nothing tells."""
    by_field = {f: next(iter(device.history("device", f, WINDOW_DAYS)), None) for f in ("snmpEngineBoots", "snmpEngineTime", "sysUpTime")}
    boots = by_field["snmpEngineBoots"]
    if boots is not None and boots.maximum is not None and boots.minimum is not None:
        return int(boots.maximum - boots.minimum), boots.last_ns
    engine = by_field["snmpEngineTime"]
    if engine is not None:
        return engine.discontinuities, engine.last_ns
    uptime = by_field["sysUpTime"]
    if uptime is None:
        return None
    wrapped = 1 if (uptime.maximum or 0.0) > NEAR_WRAP else 0
    return max(0, uptime.discontinuities - wrapped), uptime.last_ns


def judge(device: Device, evidence: Evidence) -> Judgement:
    """One restart that somebody asked for is no finding; a second in the window is."""
    found = restarts(device)
    if found is None:
        return unknown(Reason.NOT_PROVIDED)
    count, at_ns = found
    why = str(next(iter(device.table("device").rows), {}).get("whyReload") or "")
    if count > 1 or (count and not PLANNED.search(why)):
        severity = Severity.HIGH if count > 1 or CRASHED.search(why) else Severity.MEDIUM
        facts = (Fact("restarts", count, "restarts/30 d", at_ns), *((Fact("reason", why, None, at_ns),) if why else ()))
        return decide([Failure(None, severity, facts, ("show version | include reason", "dir crashinfo:"))], 1)
    enough = any(h.enough for f in ("snmpEngineBoots", "snmpEngineTime", "sysUpTime") for h in device.history("device", f, WINDOW_DAYS))
    return decide([], 1, undecided=None if enough else Reason.SHORT_HISTORY)


RULE = Rule(
    id="core.device.reboot",
    title=Text("Device restarted unexpectedly", "Enheten har startat om oväntat"),
    impact=Text(
        "Every restart is an outage for all behind the device, and the next one comes unless the cause is found.",
        "Varje omstart är ett avbrott för alla bakom enheten, och nästa kommer om orsaken inte hittas.",
    ),
    recommendation=Text(
        "Read the reason for the restart and the crash file; open a case with them if it is software.",
        "Läs omstartsorsaken och kraschfilen; öppna ett ärende med dem om det är programvaran.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM),
    applies_to=any_device,
    tables=("device",),
    needs=(Need("device", ("snmpEngineBoots", "snmpEngineTime", "sysUpTime"), WINDOW_DAYS),),
    judge=judge,
    effort_minutes=60,
    change=Change.RESTART,
    references=("RFC 3411",),
)
