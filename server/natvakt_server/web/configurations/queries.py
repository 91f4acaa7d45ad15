"""What the pages of a device's configurations show: versions, the verdict on a text, and what differs between two of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import abort

from natvakt_server.backups.configurations.authorship import Author, authors, heard
from natvakt_server.backups.configurations.difference import Change, What, difference
from natvakt_server.backups.configurations.restorable import Remark, Told, Verdict, judge
from natvakt_server.backups.configurations.standing import Standing, predecessors, standing, told_of, with_standing
from natvakt_server.domain.configuration.history import ConfigurationVersion, Source
from natvakt_server.domain.configuration.model import split_lines
from natvakt_server.domain.configuration.parser import parse
from natvakt_server.domain.estate import Device
from natvakt_server.web import tables
from natvakt_server.web.devices.queries import find_device
from natvakt_server.web.states import Condition, Reason, State, condition
from natvakt_server.web.tables import Cell, Column, Filter, Row, Table, arrange
from natvakt_server.web.visit import Visit

LINES_SHOWN = 10_000
CHANGES_SHOWN = 3_000
COLUMNS = (
    Column("first", "configuration-first"),
    Column("last", "configuration-last"),
    Column("source", "configuration-source"),
    Column("state", "configuration-read"),
    Column("by", "configuration-by"),
    Column("at", "configuration-at", optional=True),
    Column("lines", "configuration-lines", numeric=True, optional=True),
    Column("difference", "configuration-difference", sortable=False),
)
_REMARK_STATES: Mapping[Remark, State] = {
    Remark.SECRETS: State.OK,
    Remark.NO_NAME: State.WARNING,
    Remark.NO_STARTUP: State.WARNING,
    Remark.UNSAVED: State.WARNING,
}


@dataclass(frozen=True, slots=True)
class History:
    device: Device
    customer_name: str
    versions: Sequence[ConfigurationVersion]
    authors: Mapping[int, Author]
    before: Mapping[int, ConfigurationVersion]  # by id, the one whose place it took
    now: Standing

    def version(self, number: str) -> ConfigurationVersion:
        """By its id in the address; 404 where this device has none such."""
        wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
        found = next((each for each in self.versions if each.id == wanted), None)
        return found if found is not None else abort(404)


@dataclass(frozen=True, slots=True)
class Section:
    """Changes below one head. A row is a change and how deep it stands below the first line of a block that came or went whole."""

    path: tuple[str, ...]
    rows: Sequence[tuple[int, Change]]


@dataclass(frozen=True, slots=True)
class Comparison:
    sections: Sequence[Section]
    counts: Mapping[str, int]
    left_out: int


def look(visit: Visit, tenant: str, device_id: str) -> History:
    device = find_device(visit, tenant, device_id)
    versions = visit.ports.configurations.configurations(tenant, device_id)
    known = authors(versions, heard(visit.ports.events.changes(tenant, device_id)))
    return History(device, visit.customer(tenant).name, versions, known, predecessors(versions), standing(versions))


def text_of(visit: Visit, history: History, version: ConfigurationVersion) -> str:
    text = visit.ports.configurations.configuration_text(history.device.tenant, history.device.id, version.id)
    return text if text is not None else abort(404)


def verdict_on(visit: Visit, history: History, version: ConfigurationVersion, text: str) -> Verdict:
    verdict = judge(parse(text), _told(visit, history.device), version.facts.complete, version.facts.incomplete_reason)
    return with_standing(verdict, history.now) if version == history.now.running else verdict


def _told(visit: Visit, device: Device) -> Told:
    snapshots = {each.kind: each.rows for each in visit.ports.estate.snapshots(device.tenant, device.id)}
    return told_of(device, snapshots, visit.ports.device_history.versions(device.tenant, device.id, "device"))


def verdict_condition(verdict: Verdict) -> Condition:
    """As states with their sentences: the reason, or that it can be restored, then what a person has to know besides."""
    return condition(_verdict_reasons(verdict))


def _verdict_reasons(verdict: Verdict) -> Iterator[Reason]:
    values = (("detail", verdict.detail), ("number", verdict.number or ""))
    if verdict.reason is not None:
        yield Reason(State.CRITICAL, f"not-restorable.{verdict.reason}", values)
    for remark, detail in verdict.remarks:
        yield Reason(_REMARK_STATES[remark], f"restorable-remark.{remark}", (("detail", detail),))


def versions_table(visit: Visit, history: History) -> Table:
    rows = [_row(visit, history, version) for version in history.versions]
    sources = [(each.value, visit.speech(f"configuration-source.{each}")) for each in Source]
    return arrange(visit, "configurations", COLUMNS, rows, "-first", (Filter("source", "configuration-source", sources),))


def _row(visit: Visit, history: History, version: ConfigurationVersion) -> Row:
    somebody, before = history.authors.get(version.id), history.before.get(version.id)
    place = {"tenant": history.device.tenant, "device_id": history.device.id, "version": version.id}
    compare = visit.url("configurations.difference", **place) if before is not None and version.is_whole else None
    read = State.OK if version.is_whole else State.WARNING
    cells = {
        "first": tables.moment(version.first_observed_ns, href=visit.url("configurations.show", **place)),
        "last": tables.moment(version.last_observed_ns),
        "source": tables.plain(visit.speech(f"configuration-source.{version.source}")),
        "state": Cell(visit.speech("configuration-whole" if version.is_whole else "configuration-cut"), order=read.rank, state=read),
        "by": tables.plain(somebody.by if somebody else ""),
        "at": tables.moment(somebody.at_ns) if somebody and somebody.at_ns else tables.plain(somebody.at if somebody else "", quiet=True),
        "lines": tables.number(visit, version.facts.lines),
        "difference": tables.plain(visit.speech("configuration-compare") if compare else "", href=compare),
    }
    return Row(cells, {"source": version.source.value})


def compared(old: str, new: str) -> Comparison:
    changes = difference(parse(old), parse(new))
    counts = {what.value: sum(each.what is what for each in changes) for what in What}
    shown = changes[:CHANGES_SHOWN]
    sections = [
        Section(path, [(len(change.path) - len(path), change) for _, change in below])
        for path, below in groupby(_under_heads(shown), key=lambda each: each[0])
    ]
    return Comparison(sections, counts, len(changes) - len(shown))


def _under_heads(changes: Sequence[Change]) -> Iterator[tuple[tuple[str, ...], Change]]:
    """Each change with the head it is shown under: a block that is on one side only stays together under the head of its first line."""
    first: Change | None = None
    for change in changes:
        if first is None or not _is_within(change, first):
            first = change
        yield first.path, change


def _is_within(change: Change, first: Change) -> bool:
    line = first.after or first.before
    assert line is not None
    return change.what is first.what and change.path[: len(first.path) + 1] == (*first.path, line.text)


def numbered(text: str) -> tuple[Sequence[str], int]:
    """The first lines, and how many there are."""
    lines = split_lines(text)
    return lines[:LINES_SHOWN], len(lines)
