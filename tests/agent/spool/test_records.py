"""Records are recognised and trusted by themselves; what cannot be trusted is never taken for one."""

from dataclasses import replace
from pathlib import Path

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as some
from natvakt_agent.model.delivery import BatchHead, RecordKind
from natvakt_agent.spool.records import (
    HEAD_BYTES,
    BatchRecord,
    DamagedRecord,
    LaneNote,
    SessionNote,
    decode_batch,
    decode_head,
    decode_note,
    encode_batch,
    encode_lane,
    encode_session,
)
from natvakt_agent.spool.salvage import PAGE_BYTES, WAL_FRAME_BYTES, WAL_HEADER_BYTES, carve, committed_part
from natvakt_wire.envelope import LaneClass

_digests = some.binary(min_size=32, max_size=32)
_epochs = some.binary(min_size=16, max_size=16)
_seqs = some.integers(1, 2**63)
_notes = some.one_of(
    some.builds(
        LaneNote,
        some.integers(0, 2**32 - 1),
        some.sampled_from(LaneClass),
        _epochs,
        _seqs,
        _digests,
        _seqs,
        _digests,
        some.integers(-(2**62), 2**62),
    ),
    some.builds(SessionNote, _epochs, some.integers(0, 2**63), some.binary(max_size=63)),
)


@some.composite
def _records(draw: some.DrawFn, most_bytes: int = 400) -> BatchRecord:
    sealed = draw(some.binary(max_size=most_bytes))
    head = draw(
        some.builds(
            BatchHead,
            some.sampled_from(RecordKind),
            some.sampled_from(LaneClass),
            _epochs,
            some.integers(0, 2**32 - 1),
            _seqs,
            _seqs,
            _digests,
            _digests,
            some.integers(-(2**62), 2**62),
            some.just(len(sealed)),
        )
    )
    return BatchRecord(head, sealed)


@given(_records())
def test_a_batch_record_comes_back_as_it_was(record: BatchRecord) -> None:
    encoded = encode_batch(record)
    assert decode_batch(encoded) == record
    assert decode_head(encoded[:HEAD_BYTES]) == record.head


@given(_notes)
def test_a_note_comes_back_as_it_was_whatever_follows_it(note: LaneNote | SessionNote) -> None:
    encoded = encode_lane(note) if isinstance(note, LaneNote) else encode_session(note)
    assert decode_note(encoded + b"anything") == note


@given(_records(), some.data())
def test_promise_3_any_flipped_bit_of_a_record_is_noticed(record: BatchRecord, data: some.DataObject) -> None:
    encoded = bytearray(encode_batch(record))
    bit = data.draw(some.integers(0, len(encoded) * 8 - 1))
    encoded[bit // 8] ^= 1 << bit % 8
    with pytest.raises(DamagedRecord):
        decode_batch(bytes(encoded))


@given(_notes, some.data())
def test_promise_3_any_flipped_bit_of_a_note_is_noticed(note: LaneNote | SessionNote, data: some.DataObject) -> None:
    encoded = bytearray(encode_lane(note) if isinstance(note, LaneNote) else encode_session(note))
    bit = data.draw(some.integers(0, len(encoded) * 8 - 1))
    encoded[bit // 8] ^= 1 << bit % 8
    with pytest.raises(DamagedRecord):
        decode_note(bytes(encoded))


@given(some.binary(max_size=300))
def test_noise_is_no_record(noise: bytes) -> None:
    with pytest.raises(DamagedRecord):
        decode_head(noise)
    with pytest.raises(DamagedRecord):
        decode_note(noise)


def test_an_overlong_nonce_is_refused_when_it_is_to_be_kept() -> None:
    with pytest.raises(ValueError, match="at most 63 bytes"):
        encode_session(SessionNote(bytes(16), 1, bytes(64)))


def _filled(folder: Path, sizes: list[int], checkpoint: bool) -> tuple[bytes, bytes, list[BatchRecord]]:
    """A database of real SQLite with a record of each size, as (database, log, records)."""
    connection = apsw.Connection(str(folder / "filled.db"))
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    connection.wal_autocheckpoint(0)
    connection.pragma("journal_mode", "wal")
    connection.execute("CREATE TABLE batch(id INTEGER PRIMARY KEY, record BLOB NOT NULL)")
    records = []
    for seq, size in enumerate(sizes, 1):
        head = BatchHead(
            RecordKind.BATCH, LaneClass.METRICS, bytes(16), 3, seq, seq, bytes([seq - 1]) * 32, bytes([seq]) * 32, 1_790_000_000, size
        )
        records.append(BatchRecord(head, bytes([seq]) * size))
        connection.execute("INSERT INTO batch(record) VALUES (?)", (encode_batch(records[-1]),))
    if checkpoint:
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    connection.close()
    return (folder / "filled.db").read_bytes(), (folder / "filled.db-wal").read_bytes(), records


# around every border of the file format: fits a leaf page, local part at its least and most, one and several overflow pages
_SIZES = [0, 1, 300, 3_870, 3_880, 3_881, 3_882, 3_883, 3_890, 4_100, 4_370, 4_380, 7_800, 7_970, 7_990, 8_190, 20_000, 262_144]


@pytest.mark.parametrize("checkpoint", [False, True], ids=["log", "database"])
def test_everything_is_carved_out_of_a_file_whose_structure_is_gone(tmp_path: Path, checkpoint: bool) -> None:
    database, wal, records = _filled(tmp_path, _SIZES, checkpoint)
    blinded = bytes(100) + database[100:] if checkpoint else database
    found = [item for item in carve(blinded, wal) if isinstance(item, BatchRecord)]
    assert {item.head.seq for item in found} == {record.head.seq for record in records}
    assert all(item in records for item in found)


def test_a_torn_record_is_not_carved_and_the_others_are(tmp_path: Path) -> None:
    database, _, records = _filled(tmp_path, _SIZES, True)
    torn = database[: len(database) - 3 * PAGE_BYTES]
    found = {item.head.seq for item in carve(torn, b"") if isinstance(item, BatchRecord)}
    assert found == {record.head.seq for record in records[:-1]}


def test_what_follows_the_last_commit_mark_of_a_log_is_not_committed(tmp_path: Path) -> None:
    _, wal, _ = _filled(tmp_path, [10, 10], False)
    torn_frame = (7).to_bytes(4, "big") + bytes(4) + bytes(WAL_FRAME_BYTES - 8)
    assert committed_part(wal + torn_frame) == wal
    assert committed_part(wal[:WAL_HEADER_BYTES]) == b""


def test_a_record_whose_head_says_another_length_is_refused() -> None:
    record = BatchRecord(BatchHead(RecordKind.BATCH, LaneClass.STATE, bytes(16), 2, 1, 1, bytes(32), bytes(32), 0, 4), b"four")
    with pytest.raises(DamagedRecord):
        decode_batch(encode_batch(record) + b"x")
    assert decode_batch(encode_batch(replace(record, head=replace(record.head, length=99)))).head.length == 4
