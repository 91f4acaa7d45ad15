"""Assessments and their reports."""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from natvakt_server.domain.assessment import Assessment
from natvakt_server.domain.listing import Comparison, Condition, Page, Wish
from natvakt_server.domain.rights import Permission
from natvakt_server.reports.model import ReportDocument
from natvakt_server.reports.plan_export import plan_csv, plan_text
from natvakt_server.reports.rendering import html, pdf
from natvakt_server.reports.sarif import sarif
from natvakt_server.web.api.call import Call
from natvakt_server.web.api.operation import PREFIX, Field, File, Kind, Operation, Parameter
from natvakt_server.web.api.problem import not_found
from natvakt_server.web.api.resources.times import certain

LANGUAGES = ("sv", "en")
MEDIA_TYPES = {
    "json": "application/json",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "sarif": "application/sarif+json",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
_WRITERS: Mapping[str, Callable[[ReportDocument, str], bytes]] = {
    "pdf": pdf, "html": html, "sarif": sarif, "txt": plan_text, "csv": plan_csv,
}  # fmt: skip


class AssessmentAnswer(msgspec.Struct, frozen=True):
    """Scores and coverage by level, in percent; `findings` counts them by severity."""

    id: str
    customer: str
    sites: list[str]
    made: datetime
    scores: dict[str, float | None]
    coverage: dict[str, float | None]
    findings: dict[str, int]
    url: str


def answer_of(each: Assessment) -> AssessmentAnswer:
    url = f"{PREFIX}/assessments/{each.id}"
    return AssessmentAnswer(
        each.id, each.tenant, list(each.sites), certain(each.made_ns), dict(each.scores), dict(each.coverage), dict(each.counts), url
    )


def list_assessments(call: Call) -> Page[AssessmentAnswer]:
    found = call.listing.list_assessments(call.scope, call.wish)
    return Page(found.count, [answer_of(each) for each in found.items])


def show_assessment(call: Call) -> AssessmentAnswer:
    return answer_of(assessment_named(call))


def download(call: Call) -> File:
    assessment, format = assessment_named(call), call.path["format"]
    if format not in MEDIA_TYPES:
        raise not_found(f"report as {format[:16]!r}; there is {', '.join(MEDIA_TYPES)}")
    report = report_of(call, assessment)
    language = call.text("language", report.language)
    if format == "json":
        whole = call.ports.assessments.load(assessment.tenant, assessment.id)
        content = whole.document if whole else b""
    else:
        content = _WRITERS[format](report, language)
    return File(content, MEDIA_TYPES[format], f"{assessment.tenant}-{report.made_at[:10]}.{format}")


def assessment_named(call: Call) -> Assessment:
    wanted = Wish((Condition("id", Comparison.IS, (call.path["assessment"],)),), limit=1)
    found = next(iter(call.listing.list_assessments(call.scope, wanted).items), None)
    if found is None:
        raise not_found(f"assessment {call.path['assessment'][:64]!r}")
    return found


def report_of(call: Call, assessment: Assessment) -> ReportDocument:
    report = call.reports.report(assessment.tenant, assessment.id)
    if report is None:
        raise not_found(f"assessment {assessment.id!r}")
    return report


OPERATIONS = (
    Operation(
        "assessments.list",
        "GET",
        "/assessments",
        "Assessments, the newest first",
        Permission.REPORTS,
        list_assessments,
        AssessmentAnswer,
        fields=(Field("id"), Field("customer"), Field("made", Kind.MOMENT)),
    ),
    Operation(
        "assessments.show", "GET", "/assessments/{assessment}", "One assessment", Permission.REPORTS, show_assessment, AssessmentAnswer
    ),
    Operation(
        "assessments.report",
        "GET",
        "/assessments/{assessment}/report.{format}",
        f"The report as {', '.join(MEDIA_TYPES)}; json is as it was signed",
        Permission.REPORTS,
        download,
        None,
        parameters=(Parameter("language", "the customer's where it is not said", Kind.CHOICE, LANGUAGES),),
        media_types=tuple(MEDIA_TYPES.values()),
    ),
)
