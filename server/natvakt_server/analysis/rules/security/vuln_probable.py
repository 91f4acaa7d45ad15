"""security.vuln.probable: the version is in no list, but lies between two that are, in the same train."""

from natvakt_server.analysis.applicability import any_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.rule import Change, Judgement, Rule, Text, decide, unknown
from natvakt_server.analysis.vulnerabilities import MOST_SHOWN, failure_of, statements_of
from natvakt_server.domain.assessment import Severity
from natvakt_server.knowledge.exposure import PROBABLY_AFFECTED


def judge(device: Device, evidence: Evidence) -> Judgement:
    statements = statements_of(device, evidence)
    if statements is None:
        return unknown(Reason.NOT_LISTED)
    told = [each for each in statements if each.verdict == PROBABLY_AFFECTED]
    failures = [failure_of(each, Severity.MEDIUM, device, evidence, place < MOST_SHOWN) for place, each in enumerate(told)]
    return decide(failures, len(statements))


RULE = Rule(
    id="security.vuln.probable",
    title=Text("The software is probably vulnerable", "Programvaran är troligen sårbar"),
    impact=Text(
        "Releases before and after it are listed as vulnerable; lists have gaps, and this one is likely to be a gap.",
        "Versioner före och efter anges som sårbara; listor har luckor, och den här är sannolikt en sådan.",
    ),
    recommendation=Text(
        "Verify with the vendor's software checker, and plan the upgrade as if it were listed.",
        "Kontrollera med leverantörens verktyg och planera uppgraderingen som om den vore listad.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=any_device,
    tables=(),
    beside=("configuration",),
    judge=judge,
    effort_minutes=60,
    change=Change.RESTART,
)
