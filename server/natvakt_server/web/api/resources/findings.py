"""What assessments found, and how everything was judged."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from natvakt_server.domain.assessment import FindingState, Level, Severity, Verdict
from natvakt_server.domain.listing import Comparison, Condition, Page, Value, Wish
from natvakt_server.domain.rights import Permission
from natvakt_server.domain.sifting import sift
from natvakt_server.reports.model import AcceptedRisk, Fact, ReportDocument, ReportFinding, ReportVerdict
from natvakt_server.web.api.call import Call
from natvakt_server.web.api.operation import Field, Kind, Operation, Parameter
from natvakt_server.web.api.problem import Refused, not_found
from natvakt_server.web.api.resources.assessments import assessment_named, report_of

LOOK_BACK = 10


class FindingAnswer(msgspec.Struct, frozen=True):
    """Texts by language code. `assessment` is the one that found it last."""

    id: str
    assessment: str
    customer: str
    site: str
    device: str
    device_id: str
    address: str
    rule: str
    level: str
    severity: str
    state: str
    object: str | None
    line: int | None
    title: dict[str, str]
    impact: dict[str, str]
    recommendation: dict[str, str]
    evidence: list[Fact]
    remediation: list[str]
    effort_minutes: int
    references: list[str]
    acceptance: AcceptedRisk | None


class VerdictAnswer(msgspec.Struct, frozen=True):
    rule: str
    device: str
    device_id: str
    verdict: str
    reason: str | None
    severity: str | None
    failing: int
    judged: int


def list_findings_of(call: Call) -> Page[FindingAnswer]:
    report = report_of(call, assessment_named(call))
    return sift([finding_answer(report, each) for each in report.findings], call.wish, FINDING_READINGS, FINDING_TEXTS)


def list_verdicts(call: Call) -> Page[VerdictAnswer]:
    report = report_of(call, assessment_named(call))
    rows = [_verdict(each) for each in report.verdicts]
    return sift(rows, call.wish, _VERDICT_READINGS, ("rule", "device", "reason"))


def list_findings(call: Call) -> Page[FindingAnswer]:
    """Of each site as its newest assessment found it."""
    tenant = _customer_meant(call)
    covered: set[str] = set()
    rows: list[FindingAnswer] = []
    newest = Wish((Condition("customer", Comparison.IS, (tenant,)),), limit=LOOK_BACK)
    for each in call.listing.list_assessments(call.scope, newest).items:
        new_sites = set(each.sites) - covered
        if new_sites:
            covered |= new_sites
            report = report_of(call, each)
            rows += [finding_answer(report, finding) for finding in report.findings if finding.site in new_sites]
    return sift(rows, call.wish, FINDING_READINGS, FINDING_TEXTS)


def finding_answer(report: ReportDocument, each: ReportFinding) -> FindingAnswer:
    return FindingAnswer(
        id=each.id,
        assessment=report.id,
        customer=report.tenant,
        site=each.site,
        device=each.device,
        device_id=each.device_id,
        address=each.address,
        rule=each.rule,
        level=each.level,
        severity=each.severity,
        state=each.state,
        object=each.object,
        line=each.line,
        title=each.title,
        impact=each.impact,
        recommendation=each.recommendation,
        evidence=list(each.evidence),
        remediation=list(each.remediation),
        effort_minutes=each.effort_minutes,
        references=list(each.references),
        acceptance=each.acceptance,
    )


def _verdict(each: ReportVerdict) -> VerdictAnswer:
    return VerdictAnswer(each.rule, each.device, each.device_id, each.verdict, each.reason, each.severity, each.failing, each.judged)


def _customer_meant(call: Call) -> str:
    """Findings are read customer by customer: the filter names one, or the token sees one only."""
    named = call.text("customer") or (next(iter(call.scope.touched)) if len(call.scope.touched) == 1 else "")
    if not named:
        raise Refused(400, "missing-argument", "customer is not given; this token sees several, and findings are listed for one of them")
    if not call.scope.touches(named) or call.ports.estate.customer(named) is None:
        raise not_found(f"customer {named[:64]!r}")
    return named


def _field_of(name: str) -> Callable[[FindingAnswer], Value | None]:
    def read(row: FindingAnswer) -> Value | None:
        value: Value | None = row.title.get("en") if name == "title" else getattr(row, name)
        return value

    return read


_FINDING_FIELDS: Sequence[Field] = (
    Field("severity", Kind.CHOICE, tuple(each.value for each in Severity)),
    Field("level", Kind.CHOICE, tuple(each.value for each in Level)),
    Field("state", Kind.CHOICE, tuple(each.value for each in FindingState)),
    Field("rule"),
    Field("site"),
    Field("device"),
    Field("device_id"),
    Field("address"),
    Field("title"),
    Field("effort_minutes", Kind.NUMBER),
)
FINDING_READINGS = {each.name: _field_of(each.name) for each in _FINDING_FIELDS}
FINDING_TEXTS = ("title", "rule", "device", "address")
_VERDICT_FIELDS = (
    Field("rule"),
    Field("device"),
    Field("device_id"),
    Field("verdict", Kind.CHOICE, tuple(each.value for each in Verdict)),
    Field("reason"),
)
_VERDICT_READINGS: Mapping[str, Callable[[VerdictAnswer], Value | None]] = {
    "rule": lambda row: row.rule,
    "device": lambda row: row.device,
    "device_id": lambda row: row.device_id,
    "verdict": lambda row: row.verdict,
    "reason": lambda row: row.reason,
}
OPERATIONS = (
    Operation(
        "findings.list",
        "GET",
        "/findings",
        "What is open at a customer, as its newest assessments found it",
        Permission.REPORTS,
        list_findings,
        FindingAnswer,
        fields=tuple(_FINDING_FIELDS),
        parameters=(Parameter("customer", "whose; needed where the token sees more than one customer"),),
    ),
    Operation(
        "assessments.findings",
        "GET",
        "/assessments/{assessment}/findings",
        "What one assessment found",
        Permission.REPORTS,
        list_findings_of,
        FindingAnswer,
        fields=tuple(_FINDING_FIELDS),
    ),
    Operation(
        "assessments.verdicts",
        "GET",
        "/assessments/{assessment}/verdicts",
        "Every rule on every device, whatever came out",
        Permission.REPORTS,
        list_verdicts,
        VerdictAnswer,
        fields=_VERDICT_FIELDS,
    ),
)
