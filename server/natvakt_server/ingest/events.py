"""Events of a batch: rows of a log, taken out of the documents before those become states.

What an agent sends is held to the form again: one line, printable, bounded. A row that is none of ours is left out and counted.
"""

from collections.abc import Iterator, Sequence

from natvakt_server.domain.delivery import RejectedPoints
from natvakt_server.domain.estate import DocumentEffect, Row
from natvakt_server.domain.events import KIND, SEVERITIES, Event

KINDS = frozenset({"trap", "inform", "syslog"})
WORD_CHARACTERS, NAME_CHARACTERS, MESSAGE_CHARACTERS = 255, 96, 4096
LONGEST_AGE_NS = 7 * 86_400 * 1_000_000_000
MOST_COUNT = 2**31 - 1
REFUSED = "no event"


def events(documents: Sequence[DocumentEffect]) -> Sequence[Event]:
    return [event for document in documents if document.kind == KIND for event in _of(document)]


def without_events(documents: Sequence[DocumentEffect]) -> Sequence[DocumentEffect]:
    return [document for document in documents if document.kind != KIND]


def refused(documents: Sequence[DocumentEffect]) -> Sequence[RejectedPoints]:
    """How many rows of each document were none."""
    told = [(document, len(document.rows or ()) - len(list(_of(document)))) for document in documents if document.kind == KIND]
    return [RejectedPoints(KIND, document.agent_device, REFUSED, count) for document, count in told if count]


def _of(document: DocumentEffect) -> Iterator[Event]:
    for row in document.rows or ():
        event = _event(document, row)
        if event is not None:
            yield event


def _event(document: DocumentEffect, row: Row) -> Event | None:
    kind, name, source = _word(row, "kind"), _word(row, "name", NAME_CHARACTERS), _word(row, "source")
    severity, age_ns, count = (
        _number(row, *each) for each in (("severity", len(SEVERITIES) - 1), ("age_ns", LONGEST_AGE_NS), ("count", MOST_COUNT))
    )
    if kind not in KINDS or not source or severity is None or age_ns is None or count is None:
        return None
    return Event(
        agent_device=document.agent_device,
        at_ns=document.observed_ns - age_ns,
        kind=kind,
        name=name or kind,
        severity=severity,
        source=source,
        known=row.get("known") is True,
        facility=_word(row, "facility"),
        mnemonic=_word(row, "mnemonic"),
        message=_word(row, "message", MESSAGE_CHARACTERS),
        host=_word(row, "host"),
        told_at=_word(row, "told_at"),
        user=_word(row, "user"),
        origin=_word(row, "origin"),
        is_change=row.get("is_change") is True,
        count=max(1, count),
    )


def _number(row: Row, name: str, most: int) -> int | None:
    value = row.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most else None


def _word(row: Row, name: str, longest: int = WORD_CHARACTERS) -> str:
    value = row.get(name)
    if not isinstance(value, str):
        return ""
    return " ".join("".join(character if character.isprintable() else " " for character in value).split())[:longest]
