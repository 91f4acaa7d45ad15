"""voice.cme.limits: CME has nearly as many phones as it may have."""

from natvakt_server.analysis.applicability import gateway
from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.features import missing
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, not_applicable
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

MOST_SHARE = 0.90


def judge(device: Device, evidence: Evidence) -> Judgement:
    absent = missing(device, "voice", "telephony-service")
    if absent is not None:
        return absent
    row = next((row for row in device.table("voice").rows if row.get("kind") == "ephones-configured"), None)
    used, limit = (number(row, "value"), number(row, "limit")) if row is not None else (None, None)
    if used is None or not limit:
        return not_applicable("no-cme")
    if used <= MOST_SHARE * limit:
        return decide([], 1)
    at_ns = device.table("voice").observed_ns
    facts = (Fact("phones", round(used), "phones", at_ns), Fact("max-ephones", round(limit), "phones", at_ns))
    return decide([Failure(None, Severity.MEDIUM, facts, ("telephony-service", f" max-ephones {round(used * 1.25) + 1}"))], 1)


RULE = Rule(
    id="voice.cme.limits",
    title=Text(
        "CME has room for few more phones",
        "CME har plats för få telefoner till",
    ),
    impact=Text(
        "The next phone that is plugged in does not register.",
        "Nästa telefon som kopplas in registrerar sig inte.",
    ),
    recommendation=Text(
        "Raise the limit within the licence; the change needs the service to start again on old releases.",
        "Höj gränsen inom licensen; på gamla versioner måste tjänsten startas om.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=gateway,
    tables=(),
    beside=("voice", "configuration"),
    judge=judge,
    effort_minutes=15,
    change=Change.RESTART,
    references=("CISCO-CCME-MIB",),
)
