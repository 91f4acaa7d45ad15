"""Tables of findings, verdicts and each customer's newest assessment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from natvakt_server.domain.acceptance import AcceptedFinding
from natvakt_server.domain.schedule import next_due
from natvakt_server.reports.model import ReportDocument
from natvakt_server.web import tables
from natvakt_server.web.speech import SECOND_NS
from natvakt_server.web.states import FRESH_NS, SEVERITIES
from natvakt_server.web.tables import Cell, Column, Filter, Row, Table, arrange
from natvakt_server.web.visit import Visit

LEVELS = ("core", "security", "voice")
FINDING_COLUMNS = (
    Column("severity", "severity"),
    Column("title", "finding"),
    Column("device", "device"),
    Column("where", "where"),
    Column("site", "site", optional=True),
    Column("level", "level", optional=True),
    Column("state", "finding-state"),
    Column("effort", "effort", numeric=True, optional=True),
)
VERDICT_COLUMNS = (
    Column("rule", "rule"),
    Column("device", "device"),
    Column("verdict", "verdict"),
    Column("reason", "reason"),
)
NEWEST_COLUMNS = (
    Column("customer", "customer"),
    Column("made", "assessed"),
    *(Column(level, f"level.{level}", numeric=True) for level in ("overall", *LEVELS)),
    Column("coverage", "coverage", numeric=True, optional=True),
    *(Column(severity, f"severity.{severity}", numeric=True) for severity in SEVERITIES[:2]),
    Column("due", "next-due"),
)
FINDINGS_A_PAGE = 25
PROPOSED_DAYS = 180


@dataclass(frozen=True, slots=True)
class Acceptable:
    """Where a finding may be accepted, and what is accepted now, whatever the report of that day says."""

    tenant: str
    assessment_id: str
    lived_with: Mapping[str, AcceptedFinding]
    now_ns: int

    @property
    def proposed(self) -> str:
        """A day to look again."""
        return (datetime.fromtimestamp(self.now_ns // SECOND_NS, UTC).date() + timedelta(days=PROPOSED_DAYS)).isoformat()


def findings_table(visit: Visit, report: ReportDocument) -> Table:
    speech = visit.speech
    rows = []
    for finding in report.findings:
        cells = {
            "severity": tables.severity(visit, finding.severity),
            "title": Cell(speech.pick(finding.title), href=f"#finding-{finding.id}"),
            "device": tables.plain(finding.device, visit.url("devices.show", tenant=report.tenant, device_id=finding.device_id)),
            "where": tables.plain(finding.object or finding.address),
            "site": tables.plain(finding.site),
            "level": tables.plain(speech(f"level.{finding.level}")),
            "state": tables.plain(speech.known("finding-state", finding.state)),
            "effort": Cell(speech.duration(60 * finding.effort_minutes), order=finding.effort_minutes),
            "rule": tables.plain(finding.rule),
        }
        facets = {"severity": finding.severity, "level": finding.level, "site": finding.site, "state": finding.state, "id": finding.id}
        rows.append(Row(cells, facets))
    filters = (
        Filter("severity", "severity", [(each, speech(f"severity.{each}")) for each in SEVERITIES]),
        Filter("level", "level", [(each, speech(f"level.{each}")) for each in LEVELS]),
        Filter("site", "site", [(each, each) for each in report.sites]),
    )
    return arrange(visit, "findings", FINDING_COLUMNS, rows, "severity", filters, FINDINGS_A_PAGE)


def verdicts_table(visit: Visit, report: ReportDocument) -> Table:
    """Thousands of rows of few different cells: each cell is made once."""
    words = visit.report_words()
    titles = {rule.id: visit.speech.pick(rule.title) for rule in report.rules}
    plain = cache(tables.plain)
    verdict, reason = cache(words.verdict), cache(words.reason)
    rows = [
        Row(
            {
                "rule": plain(f"{titles.get(each.rule, each.rule)} ({each.rule})"),
                "device": plain(each.device),
                "verdict": plain(verdict(each.verdict)),
                "reason": plain(reason(each.reason) if each.reason else "", quiet=True),
            },
            {"verdict": each.verdict},
        )
        for each in report.verdicts
    ]
    kinds = ("fail", "pass", "unknown", "not-applicable", "manual")
    return arrange(
        visit, "verdicts", VERDICT_COLUMNS, rows, "rule", (Filter("verdict", "verdict", [(kind, words.verdict(kind)) for kind in kinds]),)
    )


def newest_table(visit: Visit) -> Table:
    """One row a customer: the newest assessment and when the next is due."""
    rows = []
    for each in visit.ports.overview.customers_overview(visit.now_ns - FRESH_NS):
        tenant = each.customer.tenant
        due_ns = next_due(each.customer.schedule, each.assessed_ns, each.customer.created_ns)
        href = visit.url("assessments.show", tenant=tenant, assessment_id=each.assessment_id) if each.assessment_id else None
        cells = {
            "customer": tables.plain(each.customer.name, visit.url("customers.assessments", tenant=tenant)),
            "made": tables.moment(each.assessed_ns, href=href),
            **{level: tables.number(visit, each.scores.get(level), 1) for level in ("overall", *LEVELS)},
            "coverage": tables.number(visit, each.coverage.get("overall"), 1),
            **{severity: tables.number(visit, each.counts.get(severity)) for severity in SEVERITIES[:2]},
            "due": tables.moment(due_ns) if due_ns else tables.plain(visit.speech("schedule.on-demand"), quiet=True),
        }
        rows.append(Row(cells))
    return arrange(visit, "newest", NEWEST_COLUMNS, rows, "-made")
