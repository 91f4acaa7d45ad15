"""The report model, `natvakt.report/1`: everything a report says. PDF, HTML and SARIF are views of it and add nothing.

Times are RFC 3339 in UTC, shares are percent, texts are by language code. The document is signed as a whole: Ed25519 by
the server's report key over the canonical JSON of the document with an empty `signature`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from natvakt_server.reports.availability_model import AvailabilityNote
from natvakt_server.reports.backup_model import BackupJob, ConfigurationBackup
from natvakt_server.reports.outlook_model import Outlook
from natvakt_server.reports.performance_model import Performance

SCHEMA = "natvakt.report/1"
Text = dict[str, str]


class Fact(msgspec.Struct, frozen=True):
    what: str
    value: str | int | float | bool | None
    unit: str | None = None
    at: str | None = None


class AcceptedRisk(msgspec.Struct, frozen=True):
    """Who lives with a finding, why, and through which day (in the customer's zone). `ended`: that day has passed."""

    reason: str
    by: str
    until: str
    accepted_at: str
    ended: bool = False


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
    acceptance: AcceptedRisk | None = None


class ReportVerdict(msgspec.Struct, frozen=True):
    """One rule on one device. `severity` was reached (fail only); `failing` of `judged` objects (ports, lines, peers) fail,
    `accepted` of which the customer lives with."""

    rule: str
    device: str
    verdict: str
    reason: str | None
    device_id: str = ""
    severity: str | None = None
    failing: int = 0
    judged: int = 1
    accepted: int = 0


class ActionDevice(msgspec.Struct, frozen=True):
    """`contract`: whether a service contract covers it that day; None where no list of contracts was given."""

    name: str
    address: str
    site: str
    findings: int
    effort_minutes: int
    contract: bool | None = None


class Action(msgspec.Struct, frozen=True):
    """One piece of work that closes one or many findings. `risk` is the role-weighted penalty it removes.

    `change` says what it asks of the network: live, interruption, restart, on-site; `change_risk` what may go wrong: low, medium, high.
    `commands` and `rollback` name the devices in comment lines; devices with the same commands share them. `uniform`: the commands are
    the same on every device. `undo` says how the work is taken back: commands (`rollback` holds them), configuration (the stored one),
    image (start the former one), part (the old one goes back in). `after`: ids of actions that come first. `draws_minutes`: of prepaid
    hours, in half hours begun.
    """

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
    change: str = "live"
    uniform: bool = False
    rules: tuple[str, ...] = ()
    table: tuple[ActionDevice, ...] = ()
    rollback: tuple[str, ...] = ()
    undo: str = "configuration"
    after: tuple[str, ...] = ()
    change_risk: str = "low"
    draws_minutes: int = 0

    @property
    def risk_per_hour(self) -> float:
        return self.risk * 60 / max(1, self.effort_minutes)

    @property
    def restart(self) -> bool:
        return self.change == "restart"


class Module(msgspec.Struct, frozen=True):
    """Replaceable parts of one model in one device."""

    model: str
    count: int
    serials: tuple[str, ...]


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
    id: str = ""
    modules: tuple[Module, ...] = ()
    origin: str = ""  # whose place it took first: the id its findings are known by
    contract: bool | None = None  # None: no list of contracts was given
    last_support: str | None = None  # ISO day; None: not known


class NotObserved(msgspec.Struct, frozen=True):
    """A device of which nothing could be judged, with the commonest reason."""

    device: str
    address: str
    site: str
    reason: str


class RuleNote(msgspec.Struct, frozen=True):
    """What was judged by: the rule with its version and titles, and how its verdicts fell."""

    id: str
    version: int
    title: Text
    verdicts: dict[str, int]


class Previous(msgspec.Struct, frozen=True):
    """Last time. `change`: score now minus then over what was decided both times; no other difference is a trend."""

    id: str
    made_at: str
    scores: dict[str, float | None]
    change: dict[str, float | None] = msgspec.field(default_factory=dict)


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
    device_id: str = ""
    proved_at: str | None = None


class Cost(msgspec.Struct, frozen=True):
    """What all actions and the first five take. `hardware`: None where no prices are known, never a made-up sum.

    `units`: how many devices reach their last day of support within 24 months; None where no dates are known.
    """

    minutes: int
    first_minutes: int
    hardware: float | None = None
    units: int | None = None


class Mark(msgspec.Struct, frozen=True):
    """An image that was checked (`reports.marks`): type, and the file's bytes (base64 in JSON)."""

    media_type: str
    content: bytes


class Level(msgspec.Struct, frozen=True):
    score: float | None
    coverage: float | None
    provisional: bool
    applies: bool
    decided: bool = True


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
    schedule: str | None = None  # weekly, monthly, quarterly; None: on demand only
    planned_cycle: int | None = None  # place of a planned assessment among the `cycles` of its year
    cycles: int | None = None
    planned_cycles: int = 0  # planned assessments so far, this one among them
    cost: Cost = Cost(0, 0)
    not_observed: tuple[NotObserved, ...] = ()
    raw_scores: dict[str, float | None] = msgspec.field(default_factory=dict)  # as if nothing were accepted
    first: tuple[str, ...] = ()  # ids of the five actions that remove most risk per hour, the most first
    outlook: Outlook | None = None
    backups: tuple[ConfigurationBackup, ...] = ()  # empty where no configuration was ever fetched at these sites
    backup_jobs: tuple[BackupJob, ...] = ()
    availability: tuple[AvailabilityNote, ...] = ()  # of the month before and of this one so far
    fixed_earlier: tuple[str, ...] = ()  # ids of findings that were fixed before last time and stayed away
    marks: dict[str, Mark] = msgspec.field(default_factory=dict)  # "partner", "customer"
    signature: str = ""
    schema: str = SCHEMA


def iso(time_ns: int) -> str:
    """RFC 3339 in UTC, whole seconds."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time_ns // 1000)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def nanoseconds(moment: str) -> int:
    """Of what `iso` wrote."""
    return (datetime.fromisoformat(moment) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1) * 1_000_000_000


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
