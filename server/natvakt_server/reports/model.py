"""The report model, `natvakt.report/1`: everything a report says. PDF, HTML and SARIF are views of it and add nothing.

Times are RFC 3339 in UTC, shares are percent, texts are by language code. The document is signed as a whole: Ed25519 by
the server's report key over the canonical JSON of the document with an empty `signature`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec

SCHEMA = "natvakt.report/1"
Text = dict[str, str]


class Fact(msgspec.Struct, frozen=True):
    what: str
    value: str | int | float | bool | None
    unit: str | None = None
    at: str | None = None


class ReportFinding(msgspec.Struct, frozen=True):
    id: str
    rule: str
    level: str
    verdict: str
    severity: str
    state: str
    device: str
    device_id: str
    address: str
    site: str
    object: str | None
    line: int | None
    title: Text
    impact: Text
    recommendation: Text
    evidence: tuple[Fact, ...]
    remediation: tuple[str, ...]
    effort_minutes: int
    references: tuple[str, ...]


class ReportVerdict(msgspec.Struct, frozen=True):
    rule: str
    device: str
    verdict: str
    reason: str | None


class Action(msgspec.Struct, frozen=True):
    """One piece of work that closes one or many findings. `risk` is the role-weighted penalty it removes."""

    id: str
    rule: str
    level: str
    severity: str
    title: Text
    recommendation: Text
    devices: tuple[str, ...]
    findings: tuple[str, ...]
    effort_minutes: int
    risk: float
    commands: tuple[str, ...]


class InventoryDevice(msgspec.Struct, frozen=True):
    name: str
    address: str
    site: str
    role: str
    os: str | None
    version: str | None
    model: str | None
    serial: str | None
    findings: int
    last_seen: str | None


class LinkLoad(msgspec.Struct, frozen=True):
    """A busy port: 95th percentile of the busier direction over seven days."""

    device: str
    port: str
    peer: str
    p95_mbits: float
    speed_mbits: float
    share: float


class Trend(msgspec.Struct, frozen=True):
    """What grows towards a limit: percent of the whole now and a day; `days` to full where the growth is steady."""

    device: str
    what: str
    used: float
    slope: float
    r_squared: float
    days: float | None
    enough: bool


class Load(msgspec.Struct, frozen=True):
    """Processor in percent: 95th percentile in work hours and mean, seven days."""

    device: str
    what: str
    p95: float
    mean: float


class Performance(msgspec.Struct, frozen=True):
    links: tuple[LinkLoad, ...] = ()
    trends: tuple[Trend, ...] = ()
    processors: tuple[Load, ...] = ()


class RuleNote(msgspec.Struct, frozen=True):
    """What was judged by: the rule with its version and titles, and how its verdicts fell."""

    id: str
    version: int
    title: Text
    verdicts: dict[str, int]


class Previous(msgspec.Struct, frozen=True):
    id: str
    made_at: str
    scores: dict[str, float | None]


class Fixed(msgspec.Struct, frozen=True):
    """A finding of last time that is gone (`fixed`, with the verdict that shows it) or could not be judged now."""

    id: str
    rule: str
    device: str
    object: str | None
    severity: str
    title: Text
    state: str
    proof: str


class Level(msgspec.Struct, frozen=True):
    score: float | None
    coverage: float | None
    provisional: bool
    applies: bool


class ReportDocument(msgspec.Struct, frozen=True):
    """One assessment, whole. Field order is the order of the JSON."""

    id: str
    tenant: str
    customer: str
    partner: str
    sites: tuple[str, ...]
    language: str
    time_zone: str
    made_at: str
    cycle: int
    planned_at: str | None
    scores: dict[str, float | None]
    coverage: dict[str, float | None]
    levels: dict[str, Level]
    counts: dict[str, dict[str, int]]  # "severity" and "state"
    previous: Previous | None
    findings: tuple[ReportFinding, ...]
    since_last: tuple[Fixed, ...]
    actions: tuple[Action, ...]
    verdicts: tuple[ReportVerdict, ...]
    performance: Performance
    inventory: tuple[InventoryDevice, ...]
    rules: tuple[RuleNote, ...]
    knowledge: dict[str, str | int | None]
    inputs_digest: str
    formula_version: int
    public_key: str
    signature: str = ""
    schema: str = SCHEMA


def iso(time_ns: int) -> str:
    """RFC 3339 in UTC, whole seconds."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time_ns // 1000)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def canonical(document: ReportDocument) -> bytes:
    """Bytes that are signed and stored: equal documents give equal bytes."""
    return msgspec.json.encode(document, order="deterministic")


def read(data: bytes) -> ReportDocument:
    """Raises ValueError naming the place of what does not fit."""
    try:
        document = msgspec.json.decode(data, type=ReportDocument)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise ValueError(f"not a report of schema {SCHEMA}: {error}") from None
    if document.schema != SCHEMA:
        raise ValueError(f"schema is {document.schema!r}, this program reads {SCHEMA}")
    return document


def text(words: Mapping[str, str], language: str) -> str:
    return words.get(language) or words.get("en", "")
