"""What a batch carries, and which bytes are refused before rows are made of them."""

import math
import struct

import pytest
from natvakt_wire.batch import Batch, ClockNote, Document, Table, decode, encode
from natvakt_wire.errors import LimitExceeded, Malformed, NotEncodable
from natvakt_wire.limits import MAX_COLUMNS, MAX_PLAIN_BYTES, MAX_ROWS, MAX_STRING_BYTES
from natvakt_wire.v1 import batch_pb2
from testkit.wire import BOOT_ID, NOW_NS, sample_batch

CLOCK = ClockNote(BOOT_ID, NOW_NS, 1)


def one_column(*cells):
    table = Table("t", ["d"] * len(cells), list(range(len(cells))), {}, {"f": list(cells)})
    return Batch((table,), (), CLOCK)


def carried(*cells):
    return decode(encode(one_column(*cells))).tables[0].fields["f"]


def test_a_batch_comes_back_as_it_went():
    assert decode(encode(sample_batch())) == sample_batch()


@pytest.mark.parametrize(
    "cells",
    [
        (0, 2**64 - 1, 2**63),
        (-(2**63), 2**63 - 1, 0),
        (2**63 - 1, -(2**63)),
        (5, 5, 5),
        (2**64 - 1,) * 2,
        (-1,),
        (True, False, True, True, False, False, True, False, True),
        ("up", "down", "", "up"),
        (0.1, -0.0, math.inf, 5e-324),
        (None, None),
        (None, 1, None),
        (None, "x"),
        (False, None),
        (),
    ],
)
def test_every_kind_of_column_keeps_values_and_kinds(cells):
    back = carried(*cells)
    assert back == list(cells)
    assert [type(cell) for cell in back] == [type(cell) for cell in cells]


def test_nan_keeps_its_bits():
    assert struct.pack("<d", carried(math.nan)[0]) == struct.pack("<d", math.nan)


def test_integers_beside_floats_become_floats_when_nothing_is_lost():
    assert carried(1, 0.5, None, 2**53) == [1.0, 0.5, None, float(2**53)]
    assert all(isinstance(cell, float) for cell in carried(1, 0.5))


@pytest.mark.parametrize("cells", [(2**53 + 1, 0.5), (10**400, 0.5)])
def test_integers_that_a_float_cannot_hold_are_refused_with_place_and_reason(cells):
    with pytest.raises(NotEncodable, match=r"t\.f: a column of integers and floats has an integer that a float cannot hold exactly"):
        encode(one_column(*cells))


@pytest.mark.parametrize("cells", [(1, "x"), (True, 1), (0.5, False), (2**64,), (-1, 2**63), (-(2**63) - 1,), (b"x",)])
def test_other_mixtures_and_too_large_integers_are_refused(cells):
    with pytest.raises(NotEncodable, match=r"t\.f: "):
        encode(one_column(*cells))


def test_columns_of_other_lengths_are_refused():
    table = Table("t", ["d"], [1], {}, {"f": [1, 2]})
    with pytest.raises(NotEncodable, match=r"t\.f has 2 cells, its times have 1"):
        encode(Batch((table,), (), CLOCK))


def test_an_unused_port_costs_next_to_nothing():
    counters = [(row * 7_919_777_777) % 2**41 if row % 3 else 0 for row in range(3000)]
    sparse = len(encode(one_column(*counters)))
    dense = len(encode(one_column(*(value or 1 + row for row, value in enumerate(counters)))))
    assert sparse < dense * 0.75
    assert carried(*counters) == counters


def test_steady_counters_are_written_as_small_steps():
    assert len(encode(one_column(*range(10**15, 10**15 + 5000)))) < 11_000


@pytest.mark.parametrize(
    ("batch", "what"),
    [
        (Batch((Table("t", ["d"] * (MAX_ROWS + 1), [0] * (MAX_ROWS + 1), {}, {}),), (), CLOCK), "rows"),
        (Batch((Table("t", ["d"], [0], {}, {str(n): [1] for n in range(MAX_COLUMNS + 1)}),), (), CLOCK), "columns in a table"),
        (Batch((Table("t", ["d"] * 50_000, [0] * 50_000, {}, {str(n): [1] * 50_000 for n in range(40)}),), (), CLOCK), "cells"),
        (Batch((Table("t", [], [], {}, {}),) * 5000, (), CLOCK), "tables"),
        (Batch((), (Document("k", "d", 1, bytes(32)),) * 20_000, CLOCK), "documents"),
    ],
)
def test_the_writer_is_told_to_split_what_a_reader_would_refuse(batch, what):
    with pytest.raises(LimitExceeded, match=f"{what} is over the limit of .*; split it"):
        encode(batch)


def test_long_texts_and_long_batches_are_refused():
    with pytest.raises(LimitExceeded, match="text of 65537 bytes"):
        encode(one_column("x" * (MAX_STRING_BYTES + 1)))
    with pytest.raises(LimitExceeded, match="split it"):
        encode(Batch((), (Document("k", "d", 1, bytes(32), bytes(MAX_PLAIN_BYTES)),), CLOCK))
    with pytest.raises(LimitExceeded):
        decode(bytes(MAX_PLAIN_BYTES + 1))


def test_half_a_surrogate_pair_is_refused_with_the_text():
    with pytest.raises(NotEncodable, match=r"half a surrogate pair.*udc3"):
        encode(one_column("hq-\udc3f"))


def raw(*tables, documents=(), dictionary=("", "t", "d", "f")):
    clock = batch_pb2.ClockNote(boot_id=BOOT_ID)
    return batch_pb2.Batch(dictionary=dictionary, tables=tables, documents=documents, clock=clock).SerializeToString()


def raw_table(rows, field, **changes):
    constant = batch_pb2.Integers(constant=2, is_unsigned=True)
    parts = {"device": batch_pb2.Column(strings=constant), "time": batch_pb2.Column(integers=constant), "measurement": 1, **changes}
    return batch_pb2.Table(rows=rows, fields=[batch_pb2.Column(name=3, **field)], **parts)


LIES = {
    "a bare million of rows": raw_table(10**6, {"integers": batch_pb2.Integers(constant=1)}),
    "fewer deltas than rows": raw_table(3, {"integers": batch_pb2.Integers(deltas=[1])}),
    "planes of another width": raw_table(3, {"integers": batch_pb2.Integers(planes=bytes(7), width=2)}),
    "planes wider than a word": raw_table(3, {"integers": batch_pb2.Integers(planes=bytes(27), width=9)}),
    "exceptions of another length": raw_table(3, {"integers": batch_pb2.Integers(constant=1, exceptions=b"\1\1", deltas=[1])}),
    "exceptions beyond the rows": raw_table(3, {"integers": batch_pb2.Integers(constant=1, exceptions=b"\x08", deltas=[1])}),
    "more exceptions than values": raw_table(3, {"integers": batch_pb2.Integers(constant=1, exceptions=b"\7", deltas=[1])}),
    "floats cut short": raw_table(3, {"floats": bytes(23)}),
    "booleans of another length": raw_table(9, {"booleans": b"\1"}),
    "a text outside the dictionary": raw_table(1, {"strings": batch_pb2.Integers(constant=4, is_unsigned=True)}),
    "a text before the dictionary": raw_table(1, {"strings": batch_pb2.Integers(constant=-1)}),
    "an absent map of another length": raw_table(1, {"absent": b"\1\1", "floats": b""}),
    "cells that nothing is said about": raw_table(1, {}),
    "a row without a time": raw_table(1, {"booleans": b"\1"}, time=batch_pb2.Column(absent=b"\1")),
    "a row without a device": raw_table(1, {"booleans": b"\1"}, device=batch_pb2.Column(absent=b"\1")),
    "an absent tag": raw_table(1, {"booleans": b"\1"}, tags=[batch_pb2.Column(name=3, absent=b"\1")]),
    "a measurement outside the dictionary": raw_table(0, {}, measurement=9),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_table_that_lies_is_refused(lie):
    with pytest.raises((Malformed, LimitExceeded)):
        decode(raw(LIES[lie]))


def test_tables_that_only_together_are_too_many_rows_are_refused():
    table = raw_table(MAX_ROWS // 2 + 1, {"integers": batch_pb2.Integers(constant=1)})
    with pytest.raises(LimitExceeded, match="rows"):
        decode(raw(table, table))


@pytest.mark.parametrize("dictionary", [(), ("t", "d", "f")])
def test_a_dictionary_begins_with_the_empty_text(dictionary):
    with pytest.raises(Malformed, match="dictionary"):
        decode(raw(dictionary=dictionary))


@pytest.mark.parametrize(
    "changes", [{"digest": b"short"}, {"part": 1, "parts": 1}, {"parts": 0}, {"unchanged": True, "body": b"{}"}, {"kind": 7}, {"device": 7}]
)
def test_a_document_that_lies_is_refused(changes):
    document = batch_pb2.Document(**{"kind": 1, "device": 2, "digest": bytes(32), "parts": 1, **changes})
    with pytest.raises(Malformed):
        decode(raw(documents=[document]))


@pytest.mark.parametrize("two_bytes", [b"\x0a\x00", b"\x12\x00", b"\x1a\x00", b"\x2a\x00", b"\x28\x00"])
def test_promise_44_millions_of_empty_parts_are_refused_before_they_are_parsed(two_bytes, monkeypatch):
    monkeypatch.setattr("natvakt_wire.batch.batch_pb2", None)
    with pytest.raises(LimitExceeded, match="over the limit"):
        decode(two_bytes * (MAX_PLAIN_BYTES // 2))


def test_promise_44_millions_of_empty_columns_are_refused_before_they_are_parsed(monkeypatch):
    table = b"\x22\x00" * 70_000
    length = bytes([len(table) & 127 | 128, len(table) >> 7 & 127 | 128, len(table) >> 14])
    monkeypatch.setattr("natvakt_wire.batch.batch_pb2", None)
    with pytest.raises(LimitExceeded, match="columns in all"):
        decode(b"\x12" + length + table)


@pytest.mark.parametrize("data", [b"\x0b", b"\x0a\x05x", b"\x0a", b"\x80" * 11, b"\x09\x00", b"\x12\x02\x22\x05"])
def test_fields_that_do_not_add_up_are_refused(data):
    with pytest.raises(Malformed, match="of the batch"):
        decode(data)


def test_bytes_that_are_no_message_are_refused():
    with pytest.raises(Malformed, match="not a protobuf message"):
        decode(b"\x0a\x01\xff")


def test_an_older_reader_passes_over_what_a_newer_writer_added():
    newer = encode(sample_batch()) + b"\xfa\x06\x03new"  # field 111, not known today
    assert decode(newer) == sample_batch()
