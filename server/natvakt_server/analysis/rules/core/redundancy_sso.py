"""core.redundancy.sso: the second supervisor or controller is not in hot standby; a lone controller has no other to fall back on."""

from natvakt_server.analysis.applicability import controller, switch
from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.features import configures, missing
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text, decide, not_applicable
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 30
STANDBY_HOT = 9
STATES = {
    1: "not known", 2: "disabled", 3: "initialising", 4: "negotiating", 5: "standby cold", 6: "standby cold, configuration",
    7: "standby cold, files", 8: "standby cold, bulk", 9: "standby hot", 14: "active",
}  # fmt: skip
FALL_BACK = r"(?:ap )?capwap backup|capwap backup|redun-management|chassis redundancy"


def switch_or_controller(device: Device) -> bool:
    return switch(device) or controller(device)


def judge(device: Device, evidence: Evidence) -> Judgement:
    absent = missing(device, "redundancy", "redundancy")
    if absent is not None:
        return absent
    at_ns = device.table("redundancy").observed_ns
    unit = next((row for row in device.table("redundancy").rows if row.get("kind") == "unit"), None)
    if unit is None:
        return not_applicable("no-redundancy-unit")
    state = int(number(unit, "peer_state") or 0)
    history = next(iter(device.history("redundancy", "peer_state", WINDOW_DAYS, kind="unit")), None)
    had_standby = history is not None and str(STANDBY_HOT) in history.share
    if state == STANDBY_HOT:
        return decide([], 1)
    if unit.get("duplex") is True or had_standby:
        facts = [Fact("second unit", STATES.get(state, "unknown"), None, at_ns), Fact("wanted", STATES[STANDBY_HOT], None, None)]
        if unit.get("last_switch_reason"):
            facts.append(Fact("last changeover", str(unit["last_switch_reason"]), None, at_ns))
        return decide([Failure("second unit", Severity.HIGH, tuple(facts), ("redundancy", " mode sso", "show redundancy"))], 1)
    if controller(device) and configures(device, FALL_BACK) is False:
        others = [other.name for other in evidence.devices if controller(other) and other.id != device.id]
        facts = [Fact("second controller", "none", None, at_ns), Fact("other controllers", ", ".join(sorted(others)) or "none", None, None)]
        return decide([Failure("controller", Severity.MEDIUM, tuple(facts), ("ap capwap backup primary <controller> <address>",))], 1)
    return not_applicable("single-unit")


RULE = Rule(
    id="core.redundancy.sso",
    title=Text("The second unit would not take over at once", "Den andra enheten skulle inte ta över direkt"),
    impact=Text(
        "When the active one fails, everything restarts instead of going on: minutes without network, calls and wireless.",
        "När den aktiva faller startar allt om i stället för att fortsätta: minuter utan nät, samtal och trådlöst.",
    ),
    recommendation=Text(
        "Bring the second unit to hot standby: same software, mode SSO; give access points a controller to fall back on.",
        "Få den andra enheten till varm reserv: samma programvara, läge SSO; ge accesspunkterna en kontroller att falla tillbaka på.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM),
    applies_to=switch_or_controller,
    tables=(),
    beside=("redundancy", "configuration"),
    needs=(Need("redundancy", ("peer_state",), WINDOW_DAYS),),
    judge=judge,
    effort_minutes=60,
    change=Change.RESTART,
    references=("CISCO-RF-MIB cRFStatusPeerUnitState",),
)
