"""Configuration texts of a batch: read, judged for what they mean and compressed here, so that the database's transaction has little to do.

The text leaves the document: snapshots keep only what is told about it, versions keep each text once.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from natvakt_server.backups.configurations.authorship import header
from natvakt_server.backups.configurations.semantics import semantics
from natvakt_server.domain.configuration.dialects import GENERIC
from natvakt_server.domain.configuration.history import KIND, ConfigurationReading, Source
from natvakt_server.domain.configuration.parser import parse
from natvakt_server.domain.configuration.timeline import TextFacts
from natvakt_server.domain.estate import DocumentEffect, Row

TEXT_FIELD = "text"
WORD_CHARACTERS = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def readings(documents: Sequence[DocumentEffect]) -> Sequence[ConfigurationReading]:
    """Of every full `configuration` document, one for each source that came with a text."""
    return [reading for document in documents if document.kind == KIND for reading in _of_document(document)]


def without_texts(documents: Sequence[DocumentEffect]) -> Sequence[DocumentEffect]:
    """The same documents; rows of configurations without their texts. Digests stay those of the whole."""
    return [
        replace(document, rows=[{name: value for name, value in row.items() if name != TEXT_FIELD} for row in document.rows])
        if document.kind == KIND and document.rows is not None
        else document
        for document in documents
    ]


def _of_document(document: DocumentEffect) -> Iterator[ConfigurationReading]:
    for row in document.rows or ():
        text, source = row.get(TEXT_FIELD), row.get("source")
        if isinstance(text, str) and isinstance(source, str) and source in set(Source):
            yield _reading(document, Source(source), text, row)


def _reading(document: DocumentEffect, source: Source, text: str, row: Row) -> ConfigurationReading:
    configuration = parse(text)
    encoded = text.encode("utf-8", "replace")
    complete, written = row.get("complete"), header(configuration)
    facts = TextFacts(
        digest=sha256(encoded).hexdigest(),
        document=document.digest,
        system="" if configuration.dialect == GENERIC.name else configuration.dialect,
        lines=configuration.line_count,
        octets=len(encoded),
        complete=complete if isinstance(complete, bool) else None,
        incomplete_reason=_word(row.get("incomplete_reason")),
    )
    return ConfigurationReading(
        agent_device=document.agent_device,
        source=source,
        observed_ns=document.observed_ns,
        meaning=semantics(configuration).digest.hex(),
        facts=facts,
        body=zlib.compress(encoded, 6),
        changed_at=_word(written.at if written else row.get("changed_at")),
        changed_by=_word((written.by if written else None) or row.get("changed_by")),
        changed_ns=(written.at_ns or 0) if written else _utc_ns(row.get("changed_at")),
    )


def _utc_ns(value: object) -> int:
    """Of an ISO 8601 moment in UTC, as the agent writes it where it knows; else 0."""
    try:
        when = datetime.fromisoformat(value) if isinstance(value, str) and value.endswith("Z") else None
    except ValueError:
        return 0
    return 0 if when is None else (when - _EPOCH) // timedelta(microseconds=1) * 1000


def _word(value: object) -> str:
    """A short text on one line; empty for none."""
    text = "" if value is None else str(value)
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())[:WORD_CHARACTERS]
