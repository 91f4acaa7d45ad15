"""What the page of papers shows: contracts, questions with their answers, limits as fields, accepted findings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from natvakt_server.domain.answers import GivenAnswer
from natvakt_server.domain.assessment import Verdict
from natvakt_server.domain.contracts import ContractList
from natvakt_server.domain.policy import PLACES, CustomerPolicy, Threshold
from natvakt_server.reports.model import ReportDocument
from natvakt_server.web import tables
from natvakt_server.web.tables import Column, Row, Table, arrange
from natvakt_server.web.visit import Visit

LOOK_BACK = 50
CONTRACT_COLUMNS = (
    Column("serial", "contract-serial"),
    Column("number", "contract-number"),
    Column("ends_on", "contract-ends"),
    Column("service", "contract-service", optional=True),
)
EXCEPTION_COLUMNS = (
    Column("rule", "exception-rule"),
    Column("device", "device"),
    Column("object", "exception-object", optional=True),
    Column("until", "exception-until"),
    Column("by", "exception-by", optional=True),
    Column("reason", "exception-reason"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """A rule that asks a person about a device; `title` as the newest report has it. `given` None: it waits."""

    rule: str
    device_id: str
    device: str
    title: str
    given: GivenAnswer | None = None

    @property
    def place(self) -> str:
        return f"{self.rule} {self.device_id}"


@dataclass(frozen=True, slots=True)
class Field:
    """A threshold with what is written for it: what a person typed, else what is set. Numbers as the reader writes them; `strict` empty:
    the same as the default."""

    threshold: Threshold
    written: str
    default: str
    strict: str


def contracts_table(visit: Visit, given: ContractList | None) -> Table:
    rows = [
        Row(
            {
                "serial": tables.plain(each.serial),
                "number": tables.plain(each.number),
                "ends_on": tables.plain(each.ends_on.isoformat() if each.ends_on else ""),
                "service": tables.plain(each.service),
            }
        )
        for each in (given.contracts if given else ())
    ]
    return arrange(visit, "contracts", CONTRACT_COLUMNS, rows, "ends_on")


def exceptions_table(visit: Visit, tenant: str) -> Table:
    rows = [
        Row(
            {
                "rule": tables.plain(each.rule),
                "device": tables.plain(each.device),
                "object": tables.plain(each.object),
                "until": _day(each.until),
                "by": tables.plain(each.by),
                "reason": tables.plain(each.reason),
            }
        )
        for each in visit.ports.acceptances.accepted(tenant)
    ]
    return arrange(visit, "exceptions", EXCEPTION_COLUMNS, rows, "until")


def _day(until: date) -> tables.Cell:
    return tables.plain(until.isoformat())


def newest_reports(visit: Visit, tenant: str) -> Iterator[ReportDocument]:
    """The newest report of each site, each report once."""
    covered: set[str] = set()
    for entry in visit.ports.assessments.history(tenant, LOOK_BACK):
        if set(entry.sites) - covered and (document := visit.reports.report(tenant, entry.id)) is not None:
            covered |= set(entry.sites)
            yield document


def questions(visit: Visit, tenant: str) -> Sequence[Question]:
    """What waits first, then what was answered; by rule and device."""
    given = {(each.rule, each.device): each for each in visit.ports.papers.answers(tenant)}
    names = {device.id: device.name for device in visit.ports.estate.devices(tenant)}
    titles: dict[str, str] = {}
    waiting: dict[tuple[str, str], str] = {}
    for document in newest_reports(visit, tenant):
        titles |= {note.id: visit.speech.pick(note.title) for note in document.rules}
        waiting |= {
            (note.rule, note.device_id): note.device for note in document.verdicts if note.verdict == Verdict.MANUAL and note.device_id
        }
    places = {**waiting, **{place: names.get(place[1], place[1]) for place in given}}
    found = [Question(*place, name, titles.get(place[0], place[0]), given.get(place)) for place, name in places.items()]
    return sorted(found, key=lambda each: (each.given is not None, each.rule, each.device))


def threshold_fields(visit: Visit, policy: CustomerPolicy | None, typed: Mapping[str, str]) -> Sequence[Field]:
    numbers = policy.numbers if policy is not None else {}

    def field(each: Threshold) -> Field:
        written = typed.get(each.name, written_number(visit, numbers[each.name]) if each.name in numbers else "")
        strict = written_number(visit, each.strict) if each.strict is not None else ""
        return Field(each, written, written_number(visit, each.default), strict)

    return [field(each) for each in visit.console.settings.thresholds]


def written_number(visit: Visit, value: float) -> str:
    """With as many decimals as it has, and no thousands apart: what the field takes back."""
    text = f"{value:g}"
    return text.replace(".", ",") if visit.speech.language == "sv" else text


def place_fields(policy: CustomerPolicy | None, typed: Mapping[str, str]) -> Mapping[str, str]:
    places = policy.places if policy is not None else {}
    return {kind: typed.get(kind, "\n".join(places.get(kind, ()))) for kind in PLACES}
