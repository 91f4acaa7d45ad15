"""What devices said by themselves, on its way: documents of kind `event` that are rows of a log, not states.

A document holds events of one device in the order they were heard. Its time is that of the newest; every row says how much older it is
(`age_ns`), so that one corrected clock corrects them all, and its own monotonic time within the batch's boot.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from natvakt_wire.batch import Document

from natvakt_agent.model.observation import Value
from natvakt_agent.pipeline.documents import body_of

KIND = "event"
MOST_ROWS, MOST_BYTES = 64, 48 * 1024
"""Of one document: a batch that turns out too large is halved between documents."""
FULL_BYTES = 240 * 1024


@dataclass(frozen=True, slots=True)
class EventRow:
    """`device`: the one it is of, or the agent's own machine for a sender that is no target."""

    device: str
    monotonic_ns: int
    row: Mapping[str, Value]


@dataclass(slots=True)
class OpenEvents:
    opened_ns: int
    _rows: dict[str, list[EventRow]] = field(default_factory=dict)
    _bytes: int = 0

    def add(self, event: EventRow) -> None:
        self._rows.setdefault(event.device, []).append(event)
        self._bytes += len(body_of([event.row]))

    @property
    def is_full(self) -> bool:
        return self._bytes >= FULL_BYTES

    def documents(self, wall_offset_ns: int) -> list[Document]:
        return [_document(piece, wall_offset_ns) for rows in self._rows.values() for piece in _pieces(rows)]


def _pieces(rows: list[EventRow]) -> Iterator[list[EventRow]]:
    piece: list[EventRow] = []
    size = 0
    for row in sorted(rows, key=lambda each: each.monotonic_ns):
        own = len(body_of([row.row]))
        if piece and (len(piece) >= MOST_ROWS or size + own > MOST_BYTES):
            yield piece
            piece, size = [], 0
        piece.append(row)
        size += own
    if piece:
        yield piece


def _document(rows: list[EventRow], wall_offset_ns: int) -> Document:
    newest_ns = rows[-1].monotonic_ns
    body = body_of([{**each.row, "age_ns": newest_ns - each.monotonic_ns, "monotonic_ns": each.monotonic_ns} for each in rows])
    return Document(KIND, rows[0].device, newest_ns + wall_offset_ns, sha256(body).digest(), body)
