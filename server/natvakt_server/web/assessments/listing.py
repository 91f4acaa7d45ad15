"""Assessments as other pages show them: a customer's history, and what was found on each device last."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from natvakt_server.domain.assessment import Assessment
from natvakt_server.reports.model import ReportFinding
from natvakt_server.web import tables
from natvakt_server.web.states import SEVERITIES
from natvakt_server.web.tables import Column, Row, Table, arrange
from natvakt_server.web.visit import Visit

LEVELS = ("overall", "core", "security", "voice")
HISTORY_COLUMNS = (
    Column("made", "assessed"),
    Column("sites", "sites", optional=True),
    *(Column(level, f"level.{level}", numeric=True) for level in LEVELS),
    Column("coverage", "coverage", numeric=True, optional=True),
    *(Column(severity, f"severity.{severity}", numeric=True, optional=severity not in ("critical", "high")) for severity in SEVERITIES[:4]),
)
SPARK_WIDTH, SPARK_HEIGHT = 200, 44
LOOK_BACK = 10


@dataclass(frozen=True, slots=True)
class DeviceFindings:
    assessment_id: str
    findings: tuple[ReportFinding, ...]


@dataclass(frozen=True, slots=True)
class ScoreLine:
    level: str
    newest: float | None
    points: str  # of an SVG polyline


def history_table(visit: Visit, tenant: str, history: Sequence[Assessment]) -> Table:
    rows = []
    for each in history:
        href = visit.url("assessments.show", tenant=tenant, assessment_id=each.id)
        cells = {
            "made": tables.moment(each.made_ns, href=href),
            "sites": tables.plain(", ".join(each.sites)),
            **{level: tables.number(visit, each.scores.get(level), 1) for level in LEVELS},
            "coverage": tables.number(visit, each.coverage.get("overall"), 1),
            **{severity: tables.number(visit, each.counts.get(severity, 0)) for severity in SEVERITIES[:4]},
        }
        rows.append(Row(cells))
    return arrange(visit, "assessments", HISTORY_COLUMNS, rows, "-made")


def score_lines(history: Sequence[Assessment]) -> Sequence[ScoreLine]:
    """Scores of the newest assessment's sites over time: only those can be compared."""
    if not history:
        return []
    alike = [each for each in reversed(history) if set(each.sites) == set(history[0].sites)]
    return [ScoreLine(level, history[0].scores.get(level), _polyline([each.scores.get(level) for each in alike])) for level in LEVELS]


def newest_findings(visit: Visit, tenant: str) -> Mapping[str, DeviceFindings]:
    """By device id, from the newest assessment of the device's site."""
    found: dict[str, DeviceFindings] = {}
    for assessment_id, device_id, findings in _by_device(visit, tenant):
        found.setdefault(device_id, DeviceFindings(assessment_id, findings))
    return found


def _by_device(visit: Visit, tenant: str) -> Iterator[tuple[str, str, tuple[ReportFinding, ...]]]:
    covered: set[str] = set()
    for each in visit.ports.assessments.history(tenant, LOOK_BACK):
        new_sites = set(each.sites) - covered
        if not new_sites:
            continue
        covered |= new_sites
        report = visit.reports.report(tenant, each.id)
        by_device: dict[str, list[ReportFinding]] = {}
        for finding in report.findings if report else ():
            if finding.site in new_sites:
                by_device.setdefault(finding.device_id, []).append(finding)
        for device_id, findings in by_device.items():
            yield each.id, device_id, tuple(findings)


def _polyline(values: Sequence[float | None]) -> str:
    """Scores 0 to 100 from left to right; an assessment without a score has no point."""
    last = max(1, len(values) - 1)
    points = (
        (place / last * SPARK_WIDTH, 2 + (100 - value) / 100 * SPARK_HEIGHT) for place, value in enumerate(values) if value is not None
    )
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
