"""core.redundancy.failover: the second firewall would not take over, or two of a kind stand side by side without failover."""

from natvakt_server.analysis.applicability import firewall
from natvakt_server.analysis.evidence import Device, Evidence, Row
from natvakt_server.analysis.features import missing
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, not_applicable
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

STATES = {
    1: "other", 2: "up", 3: "down", 4: "error", 5: "over temperature", 6: "busy", 7: "no media", 8: "backup", 9: "active", 10: "standby",
}  # fmt: skip
READY = frozenset({"active", "standby", "backup"})
UNITS = ("primary", "secondary")
OFF = ("not configured", "failover off")


def judge(device: Device, evidence: Evidence) -> Judgement:
    absent = missing(device, "redundancy", "failover(?: |$)")
    if absent is not None:
        return absent
    units = [row for row in device.table("redundancy").rows if row.get("kind") == "failover" and row.get("unit") in UNITS]
    if not units:
        return not_applicable("no-failover-unit")
    if all(any(word in str(row.get("detail") or "").casefold() for word in OFF) for row in units):
        twin = next((other for other in evidence.devices if _is_twin(other, device)), None)
        return decide([_unused(device, twin)], 1) if twin is not None else not_applicable("failover-not-configured")
    failures = [_not_ready(device, row) for row in units if _state(row) not in READY]
    return decide(failures, len(units))


def _state(row: Row) -> str:
    return STATES.get(int(number(row, "failover_state") or 0), "unknown")


def _is_twin(other: Device, device: Device) -> bool:
    return firewall(other) and other.id != device.id and other.site == device.site and bool(device.model) and other.model == device.model


def _not_ready(device: Device, row: Row) -> Failure:
    unit, at_ns = str(row.get("unit")), device.table("redundancy").observed_ns
    facts = [Fact(f"{unit} unit", _state(row), None, at_ns)]
    facts += [Fact(f"{unit} unit {field}", str(row[field]), None, at_ns) for field in ("description", "detail") if row.get(field)]
    return Failure(f"{unit} unit", Severity.HIGH, tuple(facts), ("show failover", "show failover history"))


def _unused(device: Device, twin: Device) -> Failure:
    facts = (
        Fact(f"{device.name} {device.address}", f"{device.model}, failover off", None, device.table("redundancy").observed_ns),
        Fact(f"{twin.name} {twin.address}", str(twin.model), None, None),
    )
    return Failure(twin.name, Severity.HIGH, facts, ("failover",))


RULE = Rule(
    id="core.redundancy.failover",
    title=Text("Firewall failover would not work", "Brandväggens failover skulle inte fungera"),
    impact=Text(
        "The pair was bought so that one may fail; now the next fault takes down the internet, the VPN and everything between zones.",
        "Paret köptes för att en ska få gå sönder; nu tar nästa fel ner internet, VPN och allt mellan zonerna.",
    ),
    recommendation=Text(
        "Repair or replace the failed unit, let it synchronise, and test the changeover.",
        "Reparera eller byt den trasiga enheten, låt den synkronisera och prova omkopplingen.",
    ),
    severities=(Severity.HIGH,),
    applies_to=firewall,
    tables=(),
    beside=("redundancy", "configuration"),
    judge=judge,
    effort_minutes=60,
    change=Change.ON_SITE,
    references=("CISCO-FIREWALL-MIB cfwHardwareStatusValue",),
)
