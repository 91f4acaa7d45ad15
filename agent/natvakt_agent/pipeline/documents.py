"""State documents: whole when they are new, changed or a day old, else only the word that they are still the same.

What the server has is judged by what reached the spool, so a document counts as sent only when its batch was appended
(`confirm`). The memory is in RAM: after a restart everything is sent whole once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

import msgspec
from natvakt_wire.batch import Document

from natvakt_agent.model.observation import TableObservation, Value

PART_BYTES = 128 * 1024
"""Of a body that does not fit one batch; incompressible text of this size still does."""


def body_of(rows: Sequence[Mapping[str, Value]]) -> bytes:
    """Canonical JSON: an array of rows, keys sorted, no blanks, UTF-8."""
    return msgspec.json.encode(rows, order="deterministic")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One document on its way. `monotonic_ns` is when it was observed; the document's own time is set at closing."""

    document: Document
    monotonic_ns: int

    def dated(self, wall_offset_ns: int) -> Document:
        return replace(self.document, observed_ns=self.monotonic_ns + wall_offset_ns)

    @property
    def place(self) -> tuple[str, str]:
        return self.document.device, self.document.kind


@dataclass(slots=True)
class _Sent:
    digest: bytes
    whole_ns: int


@dataclass(slots=True)
class DocumentMemory:
    """Digest of every document that reached the spool, and when it last went whole."""

    whole_again_ns: int
    _sent: dict[tuple[str, str], _Sent] = field(default_factory=dict)
    _read: dict[tuple[str, str], tuple[TableObservation, bytes]] = field(default_factory=dict)

    def has(self, device: str, kind: str) -> bool:
        return (device, kind) in self._sent

    def repeated(self, device: str, table: TableObservation, monotonic_ns: int) -> Snapshot | None:
        """The word that a document is still the same, where the very same object was read before and has reached the spool."""
        read, sent = self._read.get((device, table.name)), self._sent.get((device, table.name))
        if read is None or read[0] is not table or sent is None or sent.digest != read[1]:
            return None
        if monotonic_ns - sent.whole_ns >= self.whole_again_ns:
            return None
        return Snapshot(Document(table.name, device, 0, sent.digest, b"", unchanged=True), monotonic_ns)

    def remember(self, device: str, table: TableObservation, snapshot: Snapshot) -> None:
        """For `repeated`: this object gave that document."""
        self._read[device, table.name] = table, snapshot.document.digest

    def snapshot(self, device: str, kind: str, rows: Sequence[Mapping[str, Value]], monotonic_ns: int) -> Snapshot:
        body = body_of(rows)
        digest = sha256(body).digest()
        sent = self._sent.get((device, kind))
        is_same = sent is not None and sent.digest == digest and monotonic_ns - sent.whole_ns < self.whole_again_ns
        document = Document(kind, device, 0, digest, b"" if is_same else body, unchanged=is_same)
        return Snapshot(document, monotonic_ns)

    def confirm(self, snapshots: Sequence[Snapshot]) -> None:
        """These reached the spool, in this order."""
        for snapshot in snapshots:
            if not snapshot.document.unchanged:
                self._sent[snapshot.place] = _Sent(snapshot.document.digest, snapshot.monotonic_ns)


@dataclass(slots=True)
class SnapshotCollection:
    """The documents of an open state batch. One that did not change while the batch was open is told once, at its newest time."""

    _snapshots: list[Snapshot] = field(default_factory=list)
    _newest: dict[tuple[str, str], int] = field(default_factory=dict)
    body_bytes: int = 0

    def __len__(self) -> int:
        return len(self._snapshots)

    def add(self, snapshot: Snapshot) -> None:
        position = self._newest.get(snapshot.place)
        earlier = self._snapshots[position] if position is not None else None
        if earlier is not None and position is not None and earlier.document.digest == snapshot.document.digest:
            kept = earlier.document if snapshot.document.unchanged or not earlier.document.unchanged else snapshot.document
            self.body_bytes += len(kept.body) - len(earlier.document.body)
            self._snapshots[position] = Snapshot(kept, snapshot.monotonic_ns)
            return
        self._newest[snapshot.place] = len(self._snapshots)
        self._snapshots.append(snapshot)
        self.body_bytes += len(snapshot.document.body)

    def snapshots(self) -> list[Snapshot]:
        return list(self._snapshots)


def parts_of(document: Document) -> list[Document]:
    """The document, in numbered parts where its body is too large for one batch; the digest stays that of the whole."""
    if len(document.body) <= PART_BYTES:
        return [document]
    pieces = [document.body[start : start + PART_BYTES] for start in range(0, len(document.body), PART_BYTES)]
    return [replace(document, body=piece, part=number, parts=len(pieces)) for number, piece in enumerate(pieces)]
