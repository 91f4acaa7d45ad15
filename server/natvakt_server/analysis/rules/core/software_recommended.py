"""core.software.recommended: the release is older than what the vendor suggests for this product."""

from natvakt_server.analysis.applicability import network_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, unknown
from natvakt_server.analysis.software import compared
from natvakt_server.analysis.vulnerabilities import age_of
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity


def judge(device: Device, evidence: Evidence) -> Judgement:
    found = compared(device, evidence)
    if found is None or (found.is_older is None and not found.is_deferred):
        return unknown(Reason.NOT_LISTED)
    if not found.is_older and not found.is_deferred:
        return decide([], 1)
    facts = (
        Fact("running release", device.version, None, device.last_seen_ns or None),
        Fact("suggested release", found.target),
        *((Fact("withdrawn by the vendor", device.version),) if found.is_deferred else ()),
        Fact(f"{found.told.suggestion.pid} told by", f"{found.told.source} {found.told.as_of}"),
        *age_of(found.told.as_of, evidence),
    )
    severity = Severity.HIGH if found.is_deferred else Severity.MEDIUM
    return decide([Failure(None, severity, facts, (f"! upgrade to {found.target}",))], 1)


RULE = Rule(
    id="core.software.recommended",
    title=Text("Software older than the vendor suggests", "Programvara äldre än leverantören rekommenderar"),
    impact=Text(
        "Faults that others have met and the vendor has corrected are still in this release.",
        "Fel som andra har råkat ut för och leverantören har rättat finns kvar i versionen.",
    ),
    recommendation=Text("Upgrade to the suggested release.", "Uppgradera till den rekommenderade versionen."),
    severities=(Severity.HIGH, Severity.MEDIUM),
    applies_to=network_device,
    tables=(),
    beside=("component",),
    judge=judge,
    effort_minutes=90,
    references=("Software Suggestion",),
    change=Change.RESTART,
)
