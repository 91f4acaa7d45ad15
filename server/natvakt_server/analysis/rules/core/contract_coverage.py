"""core.contract.coverage: a serial number stands in no service contract, or its contract ends soon."""

from datetime import UTC, date, datetime

from natvakt_server.analysis.applicability import any_device
from natvakt_server.analysis.evidence import NANOSECONDS, Device, Evidence, Reason
from natvakt_server.analysis.rule import Failure, Judgement, Rule, Text, decide, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

SOON_DAYS = 90
HEAVIEST_ROLE = 4


def judge(device: Device, evidence: Evidence) -> Judgement:
    """Serial numbers of the chassis: one a member of a stack. Modules and supplies are covered by the chassis they sit in."""
    if evidence.contracts is None:
        return unknown(Reason.NO_CONTRACT_LIST)
    serials = chassis_serials(device)
    if not serials:
        return unknown(Reason.NOT_PROVIDED)
    ends = {contract.serial.upper(): contract for contract in evidence.contracts}
    today = datetime.fromtimestamp(evidence.as_of_ns // NANOSECONDS, UTC).date()
    failures = []
    for serial, model in sorted(serials.items()):
        contract = ends.get(serial)
        if contract is None or (contract.ends_on is not None and contract.ends_on < today):
            word = "in no contract" if contract is None else f"contract {contract.number} ended {contract.ends_on}"
            severity = Severity.HIGH if device.role.weight == HEAVIEST_ROLE else Severity.MEDIUM
            failures.append(Failure(serial, severity, (Fact(f"{model} {serial}", word, None, None),)))
        elif contract.ends_on is not None and _days(today, contract.ends_on) < SOON_DAYS:
            left = Fact(f"{model} {serial} contract {contract.number} ends in", _days(today, contract.ends_on), "days", None)
            failures.append(Failure(serial, Severity.LOW, (left,)))
    return decide(failures, len(serials))


def _days(today: date, day: date) -> int:
    return (day - today).days


def chassis_serials(device: Device) -> dict[str, str]:
    """Serial numbers in capitals, with the model of each."""
    found = {
        str(row["serial"]).upper(): str(row.get("model") or device.model or "chassis")
        for row in device.table("component").rows
        if row.get("class") == "chassis" and row.get("serial")
    }
    return found or ({device.serial.upper(): device.model or "device"} if device.serial else {})


RULE = Rule(
    id="core.contract.coverage",
    title=Text("No service contract", "Serviceavtal saknas"),
    impact=Text(
        "When it breaks there is no spare the next day, no software with the correction, and nobody at the maker to ask.",
        "När den går sönder finns ingen reserv nästa dag, ingen programvara med rättelsen och ingen hos tillverkaren att fråga.",
    ),
    recommendation=Text(
        "Ask for a quote and renew together with what else ends this year.",
        "Begär offert och förnya tillsammans med annat som löper ut i år.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM, Severity.LOW),
    applies_to=any_device,
    tables=(),
    beside=("component",),
    judge=judge,
    effort_minutes=15,
)
