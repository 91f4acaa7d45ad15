"""State documents of a batch: parts are put together, bodies checked against their digest, and everything becomes effects."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from natvakt_wire.batch import Document

from natvakt_server.domain.delivery import DocumentPart, Effects, Incoming, RejectedPoints
from natvakt_server.domain.estate import DocumentEffect, Row
from natvakt_server.ingest.limits import IngestLimits
from natvakt_server.ingest.shaping import BAD_NAME, is_device, is_name, shown


@dataclass(slots=True)
class Opened:
    """What the documents of one batch come to."""

    effects: list[DocumentEffect] = field(default_factory=list)
    rejected: list[RejectedPoints] = field(default_factory=list)
    parts: list[DocumentPart] = field(default_factory=list)
    completed: list[bytes] = field(default_factory=list)


class DocumentOpener:
    """Reads earlier parts through `effects`; what it answers is stored in the transaction that marks the batch applied."""

    def __init__(self, effects: Effects, limits: IngestLimits) -> None:
        self._effects = effects
        self._limits = limits

    def open(self, documents: Sequence[Document], incoming: Incoming, offset_ns: int) -> Opened:
        opened = Opened()
        waiting: dict[tuple[str, str, bytes], dict[int, DocumentPart]] = {}
        for document in documents:
            observed_ns = document.observed_ns + offset_ns
            if not is_name(document.kind) or not is_device(document.device):
                self._reject(opened, document, BAD_NAME)
            elif observed_ns > incoming.received_ns + self._limits.future_ns:
                self._reject(opened, document, "observed in the future")
            elif document.unchanged:
                opened.effects.append(DocumentEffect(document.device, document.kind, observed_ns, document.digest.hex(), None))
            elif document.parts <= 1:
                self._whole(opened, document, document.body, observed_ns)
            else:
                self._part(opened, waiting, document, incoming.agent, observed_ns)
        opened.parts = [part for parts in waiting.values() for part in parts.values()]
        return opened

    def _whole(self, opened: Opened, document: Document, body: bytes, observed_ns: int) -> None:
        try:
            rows = rows_of(body, document.digest)
        except ValueError as error:
            self._reject(opened, document, str(error))
            return
        opened.effects.append(DocumentEffect(document.device, document.kind, observed_ns, document.digest.hex(), rows))

    def _part(
        self,
        opened: Opened,
        waiting: dict[tuple[str, str, bytes], dict[int, DocumentPart]],
        document: Document,
        agent: str,
        observed_ns: int,
    ) -> None:
        if document.parts > self._limits.document_parts or not 0 <= document.part < document.parts:
            self._reject(opened, document, f"part {document.part} of {document.parts} is not possible")
            return
        place = (document.device, document.kind, document.digest)
        if place not in waiting:
            earlier = self._effects.parts(agent, *place)
            waiting[place] = {part.part: part for part in earlier if part.parts == document.parts}
        waiting[place][document.part] = DocumentPart(
            agent, document.device, document.kind, observed_ns, document.digest, document.part, document.parts, document.body
        )
        if len(waiting[place]) == document.parts:
            self._complete(opened, waiting.pop(place), document)

    def _complete(self, opened: Opened, parts: Mapping[int, DocumentPart], document: Document) -> None:
        opened.completed.append(document.digest)
        body = b"".join(parts[number].body for number in range(document.parts))
        if len(body) > self._limits.document_bytes:
            self._reject(opened, document, f"a document of {len(body)} bytes is over the limit of {self._limits.document_bytes}")
            return
        self._whole(opened, document, body, max(part.observed_ns for part in parts.values()))

    def _reject(self, opened: Opened, document: Document, reason: str) -> None:
        opened.rejected.append(RejectedPoints(shown(document.kind), shown(document.device), reason, 1))


def rows_of(body: bytes, digest: bytes) -> Sequence[Row]:
    """The rows of a body: a JSON array of objects that hashes to `digest`. Raises ValueError with the reason."""
    if sha256(body).digest() != digest:
        raise ValueError("the body does not have the digest it is sent with")
    try:
        rows = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the body is not JSON: {error}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("the body is not an array of rows")
    return rows
