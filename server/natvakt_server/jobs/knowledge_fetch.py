"""Asks sources of knowledge, one question after the other, inside what they allow, and takes in what they answer.

Written as a generator that yields the seconds to wait: a command sleeps them, the running server does something else meanwhile and can be
stopped. A question with all its pages is taken in whole or not at all; a run that breaks off has taken in the questions before it, and the
next one goes on behind them.
"""

import io
import logging
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from natvakt_server.jobs.knowledge_calling import SECOND_NS, Caller, FetchParts, RunDeferred, RunEnded
from natvakt_server.knowledge.asking.inventory import Inventory
from natvakt_server.knowledge.asking.ports import AskedStore, SourceState
from natvakt_server.knowledge.asking.services import Service
from natvakt_server.knowledge.asking.source import FIRST, MOST_PAGES, AnswerRefused, Asking, Page, Remembered, Source, due, questions
from natvakt_server.knowledge.asking.verdict import backoff_seconds
from natvakt_server.knowledge.facts import Fact
from natvakt_server.knowledge.formats.reading import FileRefused
from natvakt_server.knowledge.importing import open_source

_log = logging.getLogger(__name__)
TURN_NS = 15 * 60 * SECOND_NS
REMEMBER_NS = 60 * 86_400 * SECOND_NS
MOST_READINGS = 3
LONGEST_VALIDATOR = 200
MOST_UNANSWERED_NAMED = 3


@dataclass(slots=True)
class FetchReport:
    """What one run did. `complete`: every question was asked. `deferred`: the rest is asked later by itself.

    `unanswered`: subjects that the source could not answer, with the reason.
    """

    source: str
    subjects: int = 0
    due: int = 0
    asked: int = 0
    calls: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    complete: bool = False
    deferred: bool = False
    error: str = ""
    unanswered: dict[str, str] = field(default_factory=dict)

    @property
    def left(self) -> int:
        return self.due - self.asked


@dataclass(slots=True)
class _Told:
    """The pages of an answer so far: facts with the day they are of, and the last page with its validators."""

    facts: list[tuple[str, Fact]] = field(default_factory=list)
    last: Page | None = None
    validators: Mapping[str, str] = field(default_factory=dict)
    unanswered: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would ask."""

    source: str
    subjects: Sequence[str]
    due: Sequence[str]
    questions: Sequence[Sequence[str]]


def plan(source: Source, service: Service, inventory: Inventory, asked: AskedStore, now_ns: int) -> Plan:
    """Raises StoreUnavailable."""
    subjects = source.subjects(inventory)
    waiting = due(subjects, asked.remembered(service.name), service.fresh_seconds, now_ns)
    return Plan(service.name, subjects, waiting, questions(source, waiting))


class Fetch:
    """One run of one source. `service` may allow more than the source's own (NVD with a key)."""

    def __init__(self, source: Source, service: Service, parts: FetchParts) -> None:
        self._source, self._service, self._parts = source, service, parts
        self._caller = Caller(parts)
        self.report = FetchReport(service.name)

    def run(self, inventory: Inventory) -> Generator[float, None, FetchReport]:
        """Raises StoreUnavailable."""
        parts, name, report = self._parts, self._service.name, self.report
        began_ns = parts.clock.wall_ns()
        if not parts.asked.take_turn(name, parts.holder, began_ns, began_ns + TURN_NS):
            report.error, report.deferred = f"{name} is being asked by another process of this server; wait for it", True
            return report
        try:
            yield from self._questions(inventory)
            report.complete = True
        except RunEnded as error:
            report.error, report.deferred = str(error), isinstance(error, RunDeferred)
            _log.warning("event=knowledge-fetch-ended source=%s asked=%d left=%d reason=%s", name, report.asked, report.left, error)
        finally:
            self._end(began_ns)
        return report

    def _questions(self, inventory: Inventory) -> Generator[float, None, None]:
        parts, name, report = self._parts, self._service.name, self.report
        known = dict(parts.asked.remembered(name))
        planned = plan(self._source, self._service, inventory, parts.asked, parts.clock.wall_ns())
        report.subjects, report.due = len(planned.subjects), len(planned.due)
        for subject in planned.subjects:
            if subject in known:
                self._remind(known[subject])
        for number, subjects in enumerate(planned.questions, 1):
            now_ns = parts.clock.wall_ns()
            parts.asked.take_turn(name, parts.holder, now_ns, now_ns + TURN_NS)
            yield from self._question(subjects, known)
            parts.note(f"{name}: {number} of {len(planned.questions)} questions, {self._caller.calls} calls")

    def _remind(self, known: Remembered) -> None:
        try:
            self._source.remember(known)
        except AnswerRefused as error:
            _log.warning("event=knowledge-memory-unreadable source=%s subject=%s reason=%s", self._service.name, known.subject, error)

    def _question(self, subjects: Sequence[str], known: Mapping[str, Remembered]) -> Generator[float, None, None]:
        """All pages, then the facts, then the memory: whatever breaks off in between is asked again and changes nothing twice."""
        moment = datetime.fromtimestamp(self._parts.clock.wall_ns() // SECOND_NS, UTC).replace(tzinfo=None).isoformat()
        before = known.get(subjects[0]) if len(subjects) == 1 else None
        told = yield from self._pages(Asking(subjects, before, moment))
        self._take_in(told.facts)
        now_ns = self._parts.clock.wall_ns()
        if told.last is not None:
            tag, modified = (_validator(told.validators.get(name, "")) for name in ("etag", "last-modified"))
            blank = Remembered("", now_ns, tag, modified, told.last.until, told.last.kept)
        else:  # nothing is known, or nothing has changed: what is remembered still holds
            blank = replace(before, answered_ns=now_ns) if before is not None else Remembered("", now_ns)
        answered = [replace(blank, subject=each) for each in subjects if each not in told.unanswered]
        self._parts.asked.remember(self._service.name, answered)
        self.report.asked += len(answered)
        self.report.unanswered |= told.unanswered

    def _pages(self, asking: Asking) -> Generator[float, None, _Told]:
        """Raises RunEnded, also for an answer that has no end and for one that breaks off between two pages."""
        told, place = _Told(), FIRST
        for _ in range(MOST_PAGES):
            found = yield from self._page(asking, place)
            if found is None:
                if told.last is None:
                    return told
                break
            told.last, facts, told.validators = found
            told.facts += facts
            told.unanswered |= told.last.unanswered
            if told.last.following is None:
                return told
            place = told.last.following
        raise RunEnded(f"{self._service.host} does not bring an answer of several pages to its end; the next run asks again")

    def _page(self, asking: Asking, place: str) -> Generator[float, None, tuple[Page, list[tuple[str, Fact]], Mapping[str, str]] | None]:
        """None where the source knows nothing, or nothing new. An answer that cannot be read is asked for again. Raises RunEnded."""
        reason = ""
        for reading in range(MOST_READINGS):
            if reading:
                yield from self._caller.wait(int(backoff_seconds(reading, self._parts.jitter()) * SECOND_NS), reason)
            answer = yield from self._caller.call(self._service, self._source.request(asking, place))
            if answer is None:
                return None
            try:
                page = self._source.read(asking, place, answer.body)
                return page, self._read(page.document), answer.headers
            except (AnswerRefused, FileRefused) as error:
                reason = f"{self._service.host} answers what cannot be read: {error}"
        raise RunEnded(f"{reason}; if it stays so, bring the server up to date")

    def _read(self, document: bytes) -> list[tuple[str, Fact]]:
        """(day, fact). Through the same reading that files go through. Raises FileRefused."""
        if not document:
            return []
        opened = open_source(io.BytesIO(document))
        found: list[tuple[str, Fact]] = []
        for item in opened.items:
            if item.fact is None:
                self.report.rejected += 1
                _log.info("event=knowledge-record-refused source=%s reason=%s", self._service.name, item.refusal[:200])
            else:
                found.append((opened.as_of, item.fact))
        return found

    def _take_in(self, told: Sequence[tuple[str, Fact]]) -> None:
        now_ns = self._parts.clock.wall_ns()
        today = datetime.fromtimestamp(now_ns // SECOND_NS, UTC).date().isoformat()
        by_day = [(day, [fact for said, fact in told if said == day]) for day in sorted({day for day, _ in told})]
        counts = self._parts.knowledge.put_all([(self._service.name, day or today, facts) for day, facts in by_day], now_ns)
        self.report.new += counts.new
        self.report.changed += counts.changed
        self.report.unchanged += counts.unchanged

    def _end(self, began_ns: int) -> None:
        parts, report = self._parts, self.report
        report.calls, now_ns = self._caller.calls, parts.clock.wall_ns()
        before = parts.asked.states().get(report.source, SourceState(report.source))
        error = report.error or _unanswered(report.unanswered)
        succeeded_ns = now_ns if report.complete else before.succeeded_ns
        state = SourceState(report.source, began_ns, succeeded_ns, 0, report.calls, report.asked, report.left, error)
        parts.asked.end_turn(state, parts.holder)
        parts.asked.forget(report.source, now_ns - REMEMBER_NS)
        _log.info("event=knowledge-fetched source=%s calls=%d asked=%d new=%d", report.source, report.calls, report.asked, report.new)


def _validator(text: str) -> str:
    """One that can be sent back as it came; a strange one is none, and the whole is asked for again."""
    return text if text.isascii() and text.isprintable() and len(text) <= LONGEST_VALIDATOR else ""


def _unanswered(reasons: Mapping[str, str]) -> str:
    if not reasons:
        return ""
    named = "; ".join(f"{subject}: {reason}" for subject, reason in sorted(reasons.items())[:MOST_UNANSWERED_NAMED])
    return f"{len(reasons)} not answered: {named}"
