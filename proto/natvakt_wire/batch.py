"""The columnar batch: what an agent saw in one span of time, as both ends know it.

`encode` and `decode` turn a `Batch` into the protobuf plain text that is compressed, sealed and signed, and back.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from google.protobuf.message import DecodeError

from natvakt_wire.columns import Cell, decode_column, decode_integers, encode_column, encode_integers, texts
from natvakt_wire.errors import LimitExceeded, Malformed, NotEncodable
from natvakt_wire.field_counts import check_field_counts
from natvakt_wire.limits import (
    BOOT_ID_BYTES,
    DIGEST_BYTES,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_DICTIONARY_ENTRIES,
    MAX_DOCUMENTS,
    MAX_PLAIN_BYTES,
    MAX_ROWS,
    MAX_STRING_BYTES,
    MAX_TABLE_FIELDS,
    MAX_TABLES,
)
from natvakt_wire.v1 import batch_pb2

__all__ = ["Batch", "Cell", "ClockNote", "Document", "Table", "decode", "encode"]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one measurement of one or more devices. All columns have the length of `times_ns`."""

    measurement: str
    devices: Sequence[str]
    times_ns: Sequence[int]
    tags: Mapping[str, Sequence[str]]
    fields: Mapping[str, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Document:
    """State of one table of one device; `body` is canonical JSON, empty when `unchanged`."""

    kind: str
    device: str
    observed_ns: int
    digest: bytes
    body: bytes = b""
    unchanged: bool = False
    part: int = 0
    parts: int = 1


@dataclass(frozen=True, slots=True)
class ClockNote:
    boot_id: bytes
    wall_ns: int
    monotonic_ns: int


@dataclass(frozen=True, slots=True)
class Batch:
    tables: Sequence[Table]
    documents: Sequence[Document]
    clock: ClockNote


def encode(batch: Batch) -> bytes:
    """The protobuf plain text of a batch.

    NotEncodable when columns differ in length or a value cannot be carried, LimitExceeded when the batch is over a limit: split it.
    """
    dictionary: dict[str, int] = {"": 0}

    def position_of(text: str) -> int:
        return dictionary.setdefault(text, len(dictionary))

    _check_size([(len(table.times_ns), len(table.tags) + len(table.fields)) for table in batch.tables], len(batch.documents))
    message = batch_pb2.Batch(
        tables=[_encode_table(table, position_of) for table in batch.tables],
        documents=[_encode_document(document, position_of) for document in batch.documents],
        clock=batch_pb2.ClockNote(boot_id=batch.clock.boot_id, wall_ns=batch.clock.wall_ns, monotonic_ns=batch.clock.monotonic_ns),
    )
    _check_texts(dictionary)
    message.dictionary.extend(dictionary)
    plain = message.SerializeToString()
    if len(plain) > MAX_PLAIN_BYTES:
        raise LimitExceeded(f"batch of {len(plain)} bytes is over the limit of {MAX_PLAIN_BYTES}; split it")
    return plain


def decode(plain: bytes) -> Batch:
    """The batch in `plain`. Raises Malformed or LimitExceeded; declared sizes are checked before rows are made of them."""
    if len(plain) > MAX_PLAIN_BYTES:
        raise LimitExceeded(f"batch of {len(plain)} bytes is over the limit of {MAX_PLAIN_BYTES}")
    check_field_counts(plain)
    try:
        message = batch_pb2.Batch.FromString(plain)
    except DecodeError as error:
        raise Malformed("the opened bytes are not a protobuf message of natvakt.v1.Batch") from error
    _check_size([(table.rows, len(table.tags) + len(table.fields)) for table in message.tables], len(message.documents))
    if not message.dictionary or message.dictionary[0] or len(message.dictionary) > MAX_DICTIONARY_ENTRIES:
        raise Malformed(
            f"a dictionary of {len(message.dictionary)} entries, expected 1 to {MAX_DICTIONARY_ENTRIES} with an empty first one"
        )
    dictionary = [*message.dictionary]
    return Batch(
        tables=tuple(_decode_table(table, dictionary) for table in message.tables),
        documents=tuple(_decode_document(document, dictionary) for document in message.documents),
        clock=ClockNote(_exactly(message.clock.boot_id, BOOT_ID_BYTES, "clock boot_id"), message.clock.wall_ns, message.clock.monotonic_ns),
    )


def _check_texts(dictionary: Iterable[str]) -> None:
    for text in dictionary:
        try:
            size = len(text.encode())
        except UnicodeEncodeError as error:
            raise NotEncodable(f"a text holds half a surrogate pair, which UTF-8 cannot carry: {text[:40]!r}") from error
        if size > MAX_STRING_BYTES:
            raise LimitExceeded(f"a text of {size} bytes is over the limit of {MAX_STRING_BYTES}: {text[:40]!r}...")


def _check_size(tables: Sequence[tuple[int, int]], documents: int) -> None:
    """`tables`: rows and named columns of each."""
    measured = (
        ("tables", len(tables), MAX_TABLES),
        ("documents", documents, MAX_DOCUMENTS),
        ("columns in all tables", sum(columns + 5 for _, columns in tables), MAX_TABLE_FIELDS),
        ("columns in a table", max((columns for _, columns in tables), default=0), MAX_COLUMNS),
        ("rows", sum(rows for rows, _ in tables), MAX_ROWS),
        ("cells", sum(rows * (columns + 2) for rows, columns in tables), MAX_CELLS),
    )
    for what, size, limit in measured:
        if size > limit:
            raise LimitExceeded(f"a batch of {size} {what} is over the limit of {limit}; split it")


def _encode_table(table: Table, position_of: Callable[[str], int]) -> batch_pb2.Table:
    rows = len(table.times_ns)
    named = {"devices": table.devices, **table.tags, **table.fields}
    for name, cells in named.items():
        if len(cells) != rows:
            raise NotEncodable(f"{table.measurement}.{name} has {len(cells)} cells, its times have {rows}")
    return batch_pb2.Table(
        measurement=position_of(table.measurement),
        rows=rows,
        device=_encode_named(table, "", table.devices, position_of),
        tags=[_encode_named(table, name, cells, position_of) for name, cells in table.tags.items()],
        time=batch_pb2.Column(integers=encode_integers(table.times_ns)),
        fields=[_encode_named(table, name, cells, position_of) for name, cells in table.fields.items()],
    )


def _encode_named(table: Table, name: str, cells: Sequence[Cell], position_of: Callable[[str], int]) -> batch_pb2.Column:
    try:
        return encode_column(position_of(name), cells, position_of)
    except NotEncodable as error:
        raise NotEncodable(f"{table.measurement}.{name}: {error}") from error


def _decode_table(message: batch_pb2.Table, dictionary: Sequence[str]) -> Table:
    rows = message.rows
    measurement = _text(message.measurement, dictionary)
    if message.time.absent or message.device.absent:
        raise Malformed(f"{measurement}: a row without a time or a device")
    return Table(
        measurement=measurement,
        devices=texts(message.device.strings, rows, dictionary),
        times_ns=decode_integers(message.time.integers, rows),
        tags={_text(column.name, dictionary): _tag(column, rows, dictionary) for column in message.tags},
        fields={_text(column.name, dictionary): decode_column(column, rows, dictionary) for column in message.fields},
    )


def _tag(column: batch_pb2.Column, rows: int, dictionary: Sequence[str]) -> list[str]:
    if column.absent:
        raise Malformed(f"tag {_text(column.name, dictionary)!r} has absent cells; an empty tag is an empty text")
    return texts(column.strings, rows, dictionary)


def _encode_document(document: Document, position_of: Callable[[str], int]) -> batch_pb2.Document:
    return batch_pb2.Document(
        kind=position_of(document.kind),
        device=position_of(document.device),
        observed_at=document.observed_ns,
        digest=document.digest,
        body=document.body,
        unchanged=document.unchanged,
        part=document.part,
        parts=document.parts,
    )


def _decode_document(message: batch_pb2.Document, dictionary: Sequence[str]) -> Document:
    kind = _text(message.kind, dictionary)
    if message.part >= message.parts:
        raise Malformed(f"document {kind!r} is part {message.part} of {message.parts}")
    if message.unchanged and message.body:
        raise Malformed(f"document {kind!r} is unchanged and yet has a body")
    return Document(
        kind=kind,
        device=_text(message.device, dictionary),
        observed_ns=message.observed_at,
        digest=_exactly(message.digest, DIGEST_BYTES, f"document {kind!r} digest"),
        body=message.body,
        unchanged=message.unchanged,
        part=message.part,
        parts=message.parts,
    )


def _text(position: int, dictionary: Sequence[str]) -> str:
    if position >= len(dictionary):
        raise Malformed(f"a name points to entry {position} of a dictionary of {len(dictionary)}")
    return dictionary[position]


def _exactly(value: bytes, size: int, what: str) -> bytes:
    if len(value) != size:
        raise Malformed(f"{what} has {len(value)} bytes, expected {size}")
    return value
