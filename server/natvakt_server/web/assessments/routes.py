"""Assessments: the newest of all customers, one in detail, its reports, and a new one now."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import abort
from werkzeug.wrappers import Response

from natvakt_server.domain.acceptance import AcceptedFinding, checked
from natvakt_server.domain.jobs import ASSESSMENT, Job
from natvakt_server.domain.rights import Permission
from natvakt_server.reports.model import ReportDocument, ReportFinding
from natvakt_server.reports.plan_export import plan_csv, plan_text
from natvakt_server.reports.rendering import html, pdf
from natvakt_server.reports.sarif import sarif
from natvakt_server.web import tables
from natvakt_server.web.assessments.queries import Acceptable, findings_table, newest_table, verdicts_table
from natvakt_server.web.assessments.words import WORDS
from natvakt_server.web.routing import Entry, Screen, get, post
from natvakt_server.web.speech import LANGUAGES, SECOND_NS
from natvakt_server.web.visit import Visit

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "sarif": "application/sarif+json",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
PLANS = ("txt", "csv")


def show_all(visit: Visit) -> Response:
    table = newest_table(visit)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, "assessments")
    return visit.page("assessments/assessments.html", table=table)


def show(visit: Visit, tenant: str, assessment_id: str) -> Response:
    report = find_report(visit, tenant, assessment_id)
    findings, verdicts = findings_table(visit, report), verdicts_table(visit, report)
    for table in (findings, verdicts):
        if tables.export_wanted(visit, table):
            return tables.export(visit, table, f"{tenant}-{table.name}")
    shown = {row.facets["id"] for row in findings.rows}
    details = [finding for finding in report.findings if finding.id in shown]
    return visit.page(
        "assessments/assessment.html",
        report=report,
        findings=findings,
        verdicts=verdicts,
        details=details,
        made_ns=made_ns(report),
        acceptable=acceptable(visit, report, assessment_id),
        mails=visit.ports.report_outbox.mails(tenant, assessment_id),
        problem=visit.argument("problem"),
    )


def acceptable(visit: Visit, report: ReportDocument, assessment_id: str) -> Acceptable:
    lived_with = {each.finding: each for each in visit.ports.acceptances.accepted(report.tenant)}
    return Acceptable(report.tenant, assessment_id, lived_with, visit.now_ns)


def accept(visit: Visit, tenant: str, assessment_id: str, finding_id: str) -> Response:
    """The customer lives with a finding from the next assessment on; who, why and until when is kept and audited."""
    customer, finding = visit.customer(tenant), find_finding(visit, tenant, assessment_id, finding_id)
    today = datetime.fromtimestamp(visit.now_ns // SECOND_NS, ZoneInfo(customer.time_zone)).date()
    try:
        until = date.fromisoformat(visit.field("until"))
        wanted = AcceptedFinding(
            tenant,
            finding.id,
            until,
            visit.field("reason").strip(),
            visit.field("by").strip(),
            visit.now_ns,
            finding.rule,
            finding.device,
            finding.object or "",
        )
        accepted = checked(wanted, today)
    except ValueError:  # a day that is none, or what NotAcceptable says
        return visit.go("assessments.show", tenant=tenant, assessment_id=assessment_id, problem="accept-problem")
    visit.ports.acceptances.accept(accepted)
    visit.audit("finding-accept", finding.id, detail=f"until {until} by {accepted.by}: {accepted.reason}", tenant=tenant)
    return visit.go("assessments.show", tenant=tenant, assessment_id=assessment_id, _anchor=f"finding-{finding.id}")


def unaccept(visit: Visit, tenant: str, assessment_id: str, finding_id: str) -> Response:
    finding = find_finding(visit, tenant, assessment_id, finding_id)
    if visit.ports.acceptances.withdraw(tenant, finding.id):
        visit.audit("finding-unaccept", finding.id, tenant=tenant)
    return visit.go("assessments.show", tenant=tenant, assessment_id=assessment_id, _anchor=f"finding-{finding.id}")


def find_finding(visit: Visit, tenant: str, assessment_id: str, finding_id: str) -> ReportFinding:
    report = find_report(visit, tenant, assessment_id)
    found = next((f for f in report.findings if f.id == finding_id), None)
    if found is None:
        abort(404)
    return found


def download(visit: Visit, tenant: str, assessment_id: str, format: str) -> Response:
    report = find_report(visit, tenant, assessment_id)
    language = visit.argument("language", report.language)
    if format not in MEDIA_TYPES or language not in LANGUAGES:
        abort(404)
    if format == "json":
        assessment = visit.ports.assessments.load(tenant, assessment_id)
        content = assessment.document if assessment else b""
    else:
        content = {"pdf": pdf, "html": html, "sarif": sarif, "txt": plan_text, "csv": plan_csv}[format](report, language)
    name = f"{tenant}-{report.made_at[:10]}" + ("-plan" if format in PLANS else "") + ("" if format == "json" else f"-{language}")
    return visit.download(content, MEDIA_TYPES[format], f"{name}.{format}")


def run(visit: Visit, tenant: str) -> Response:
    """Puts the work in the queue; a worker does it. A second press while one waits leads to that one."""
    visit.customer(tenant)
    wanted = visit.field("site")
    known = [site.site for site in visit.ports.estate.sites(tenant)]
    if not known or (wanted and wanted not in known):
        abort(404)
    sites = [wanted] if wanted else []
    for job in visit.ports.jobs.jobs(tenant):
        if job.kind == ASSESSMENT and job.state in ("waiting", "running") and job.arguments.get("sites") == sites:
            return visit.go("assessments.job", tenant=tenant, job_id=job.id)
    made = Job(visit.console.surroundings.new_id(), ASSESSMENT, tenant, {"sites": sites}, "waiting", created_ns=visit.now_ns)
    visit.ports.jobs.add_job(made)
    visit.audit("assessment-asked", f"{tenant}/{wanted or 'all'}", tenant=tenant)
    return visit.go("assessments.job", tenant=tenant, job_id=made.id)


def show_job(visit: Visit, tenant: str, job_id: str) -> Response:
    customer = visit.customer(tenant)
    job = visit.ports.jobs.job(job_id)
    if job is None or job.tenant != tenant:
        abort(404)
    template = "assessments/job_fragment.html" if visit.wants_fragment else "assessments/job.html"
    return visit.page(template, customer=customer, job=job)


def find_report(visit: Visit, tenant: str, assessment_id: str) -> ReportDocument:
    report = visit.reports.report(tenant, assessment_id)
    if report is None:
        abort(404)
    return report


def made_ns(report: ReportDocument) -> int:
    return int(datetime.fromisoformat(report.made_at).timestamp()) * SECOND_NS


FINDING = "/customers/<tenant>/assessments/<assessment_id>/findings/<finding_id>"
SCREEN = Screen(
    name="assessments",
    words=WORDS,
    routes=(
        get("assessments.list", "/assessments", show_all, permission=Permission.REPORTS),
        get("assessments.show", "/customers/<tenant>/assessments/<assessment_id>", show, permission=Permission.REPORTS),
        get(
            "assessments.report", "/customers/<tenant>/assessments/<assessment_id>/report.<format>", download, permission=Permission.REPORTS
        ),
        post("assessments.run", "/customers/<tenant>/assessments", run, permission=Permission.ASSESS),
        post("assessments.accept", f"{FINDING}/acceptance", accept, permission=Permission.ASSESS),
        post("assessments.unaccept", f"{FINDING}/withdrawal", unaccept, permission=Permission.ASSESS),
        get("assessments.job", "/customers/<tenant>/jobs/<job_id>", show_job, permission=Permission.REPORTS),
    ),
    navigation=(Entry("assessments", "assessments.list"),),
)
