"""Words of the assessment that every layer shares: verdicts, findings, scores, the stored assessment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Level(StrEnum):
    CORE = "core"
    SECURITY = "security"
    VOICE = "voice"


class Severity(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Verdict(StrEnum):
    FAIL = "fail"
    PASS = "pass"  # noqa: S105 - a verdict, not a password
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"
    MANUAL = "manual"


class FindingState(StrEnum):
    NEW = "new"
    OPEN = "open"
    FIXED = "fixed"
    REGRESSED = "regressed"
    ACCEPTED = "accepted"
    NOT_VERIFIED = "not-verified"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One measured or read fact. `at_ns`: when it was observed."""

    what: str
    value: object
    unit: str | None = None
    at_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One per rule and device (a link rule: one per link). Titles and texts by language code."""

    id: str
    rule: str
    severity: Severity
    state: FindingState
    device: str  # device name
    device_id: str
    address: str
    object: str | None
    line: int | None
    title: Mapping[str, str]
    recommendation: Mapping[str, str]
    impact: Mapping[str, str]
    evidence: Sequence[Evidence]
    remediation: Sequence[str]
    effort_minutes: int
    references: Sequence[str]


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One rule judged on one device, whatever came out."""

    rule: str
    device: str
    device_id: str
    verdict: Verdict
    reason: str | None
    failing: int = 0
    judged: int = 1


@dataclass(frozen=True, slots=True)
class Assessment:
    """A finished assessment. `document` is the report JSON (natvakt.report/1) as signed; the rest is for lists."""

    id: str
    tenant: str
    sites: tuple[str, ...]
    made_ns: int
    scores: Mapping[str, float | None]
    coverage: Mapping[str, float | None]
    counts: Mapping[str, int]  # findings by severity
    document: bytes = b""
    inputs: bytes = field(default=b"", repr=False)  # frozen inputs, compressed JSON


class AssessmentStore(Protocol):
    def save(self, assessment: Assessment) -> None: ...
    def load(self, tenant: str, assessment_id: str) -> Assessment | None: ...
    def find(self, assessment_id: str) -> Assessment | None:
        """For the command line, where the operator names an id only."""
        ...

    def history(self, tenant: str, limit: int = 50) -> Sequence[Assessment]:
        """Newest first, without `document` and `inputs`."""
        ...
