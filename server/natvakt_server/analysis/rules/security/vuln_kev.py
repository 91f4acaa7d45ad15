"""security.vuln.kev: the version is affected by a vulnerability that is exploited, and nothing shows the feature off."""

from natvakt_server.analysis.applicability import any_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, unknown
from natvakt_server.analysis.vulnerabilities import failure_of, statements_of
from natvakt_server.domain.assessment import Severity
from natvakt_server.knowledge.exposure import AFFECTED


def judge(device: Device, evidence: Evidence) -> Judgement:
    """A version of which nothing is said is unknown, and so is one while the catalogue of exploited vulnerabilities is not there."""
    statements = statements_of(device, evidence)
    if statements is None or not evidence.knowledge.holds("exploited"):
        return unknown(Reason.NOT_LISTED)
    failures: list[Failure] = [
        failure_of(each, Severity.CRITICAL, device, evidence) for each in statements if each.kev and each.verdict == AFFECTED
    ]
    return decide(failures, len(statements))


RULE = Rule(
    id="security.vuln.kev",
    title=Text("The software has a vulnerability that is exploited", "Programvaran har en sårbarhet som utnyttjas"),
    impact=Text(
        "Attackers use this vulnerability today; whoever reaches the feature may take over the device.",
        "Angripare använder sårbarheten i dag; den som når funktionen kan ta över enheten.",
    ),
    recommendation=Text(
        "Stop the feature now where it is not needed, and upgrade to a release with the correction; then look for signs of intrusion.",
        "Stäng av funktionen nu där den inte behövs och uppgradera till en version med rättelsen; leta sedan efter spår av intrång.",
    ),
    severities=(Severity.CRITICAL,),
    applies_to=any_device,
    tables=(),
    beside=("configuration",),
    judge=judge,
    effort_minutes=90,
    references=("CISA KEV",),
    change=Change.RESTART,
)
