"""security.vuln.affected: the version is said to be affected by vulnerabilities that are not known to be exploited."""

from natvakt_server.analysis.applicability import any_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.rule import Change, Judgement, Rule, Text, decide, unknown
from natvakt_server.analysis.vulnerabilities import MOST_SHOWN, failure_of, statements_of
from natvakt_server.domain.assessment import Severity
from natvakt_server.knowledge.exposure import AFFECTED, NOT_EXPOSED, Statement

CRITICAL_CVSS, HIGH_CVSS = 9.0, 7.0
LOWER = {Severity.CRITICAL: Severity.HIGH, Severity.HIGH: Severity.MEDIUM, Severity.MEDIUM: Severity.LOW}


def severity_of(statement: Statement) -> Severity:
    """By CVSS, or by the vendor's word where there is no score; one lower where the feature is proved off."""
    score = statement.cvss
    if score is None:
        score = {"critical": CRITICAL_CVSS, "high": HIGH_CVSS}.get(statement.severity or "", 0.0)
    severity = Severity.CRITICAL if score >= CRITICAL_CVSS else Severity.HIGH if score >= HIGH_CVSS else Severity.MEDIUM
    return LOWER[severity] if statement.verdict == NOT_EXPOSED else severity


def judge(device: Device, evidence: Evidence) -> Judgement:
    """What is exploited and affects stands under security.vuln.kev; what is exploited and proved off stands here, one lower."""
    statements = statements_of(device, evidence)
    if statements is None:
        return unknown(Reason.NOT_LISTED)
    told = [each for each in statements if (each.verdict == AFFECTED and not each.kev) or each.verdict == NOT_EXPOSED]
    told.sort(key=lambda each: -(each.cvss or 0.0))
    failures = [failure_of(each, severity_of(each), device, evidence, place < MOST_SHOWN) for place, each in enumerate(told)]
    return decide(failures, len(statements))


RULE = Rule(
    id="security.vuln.affected",
    title=Text("The software has known vulnerabilities", "Programvaran har kända sårbarheter"),
    impact=Text(
        "The vendor lists this release as vulnerable; descriptions are public, and attacks follow them.",
        "Leverantören anger versionen som sårbar; beskrivningarna är offentliga och angrepp följer på dem.",
    ),
    recommendation=Text(
        "Upgrade to a release with the corrections, the devices with the highest scores first.",
        "Uppgradera till en version med rättelserna, enheterna med högst poäng först.",
    ),
    severities=(Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW),
    applies_to=any_device,
    tables=(),
    beside=("configuration",),
    judge=judge,
    effort_minutes=90,
    references=("CSAF", "openVuln"),
    change=Change.RESTART,
)
