"""The header has one spelling; the envelope has limits that are checked by size alone."""

from dataclasses import fields, replace

import pytest
from natvakt_wire.envelope import Compression, Envelope, Header, LaneClass
from natvakt_wire.errors import LimitExceeded, Malformed, NotEncodable
from natvakt_wire.limits import MAX_HEADER_BYTES, MAX_MESSAGE_BYTES, MAX_SEALED_BYTES
from natvakt_wire.v1 import uplink_pb2
from testkit.wire import sample_envelope, sample_header

FULL = sample_header(
    suite=1,
    lane_class=LaneClass.STATE,
    seq=2**64 - 1,
    lane=2**32 - 1,
    compression=Compression.ZSTD,
    plain_length=12345,
    clock_trusted=False,
    closed_wall_ns=-1,
    extensions=((1, b"one"), (700, b"")),
)


@pytest.mark.parametrize("header", [FULL, sample_header()])
def test_a_header_comes_back_as_it_went(header):
    assert Header.decode(header.encode()) == header


@pytest.mark.parametrize("lane_class", LaneClass)
def test_every_lane_class_is_carried(lane_class):
    assert Header.decode(sample_header(lane_class=lane_class).encode()).lane_class is lane_class


def test_a_header_cut_anywhere_is_refused():
    encoded = FULL.encode()
    for length in range(len(encoded)):
        with pytest.raises(Malformed):
            Header.decode(encoded[:length])


def test_bytes_after_the_end_are_refused():
    with pytest.raises(Malformed, match="after its end"):
        Header.decode(FULL.encode() + b"\0")


def test_an_older_reader_keeps_the_extensions_of_a_newer_writer_and_their_bytes():
    newer = replace(FULL, version=7, extensions=((9, b"second signature"),)).encode()
    assert Header.decode(newer).extensions == ((9, b"second signature"),)
    assert Header.decode(newer).encode() == newer


@pytest.mark.parametrize("area", [b"\0\2\0\0\0\1\0\0", b"\0\1\0\0\0\1\0\0", b"\0\0\0\0", b"\0", b"\0\1", b"\0\1\0\5x"])
def test_extensions_rise_and_end_where_they_say(area):
    encoded = sample_header().encode()
    with pytest.raises(Malformed):
        Header.decode(encoded[:-2] + len(area).to_bytes(2, "big") + area)


@pytest.mark.parametrize("tags", [(2, 1), (1, 1), (0,), (65_536,)])
def test_the_writer_cannot_spell_extensions_otherwise(tags):
    with pytest.raises(NotEncodable):
        sample_header(extensions=tuple((tag, b"") for tag in tags)).encode()


@pytest.mark.parametrize(
    "changes",
    [
        {"tenant": "Acme"},
        {"site": ""},
        {"agent": "someone"},
        {"seq": 0},
        {"version": 0},
        {"epoch": b"short"},
        {"previous": b""},
        {"signer": bytes(31)},
        {"recipient_key_id": bytes(17)},
        {"boot_id": bytes(15)},
    ],
)
def test_values_no_honest_agent_writes_are_refused(changes):
    with pytest.raises(Malformed):
        Header.decode(sample_header(**changes).encode())


@pytest.mark.parametrize("changes", [{"seq": 2**64}, {"seq": -1}, {"lane": 2**32}, {"plain_length": 2**32}, {"closed_wall_ns": 2**63}])
def test_numbers_that_do_not_fit_are_refused_by_the_writer(changes):
    with pytest.raises(NotEncodable, match="does not fit"):
        sample_header(**changes).encode()


@pytest.mark.parametrize(("name", "code"), [("lane_class", b"\0\1\3"), ("clock_trusted", b"\0\1\1")])
def test_codes_that_mean_nothing_today_are_refused(name, code):
    header = sample_header(boot_id=bytes(16), closed_wall_ns=0, lane=0, epoch=bytes(16)).encode()
    assert header.count(code) == 1
    with pytest.raises(Malformed, match=name):
        Header.decode(header.replace(code, b"\0\1\x09"))


OTHER_VALUES = {
    "tenant": "other",
    "site": "other",
    "agent": "01a20fd3-44dc-740e-ad61-7bb866edac05",
    "lane_class": LaneClass.EVENTS,
    "compression": Compression.ZSTD,
    "clock_trusted": False,
    "extensions": ((1, b""),),
}


@pytest.mark.parametrize("name", [field.name for field in fields(Header)])
def test_every_field_of_a_header_is_in_its_bytes(name):
    value = getattr(sample_header(), name)
    other = OTHER_VALUES.get(name, bytes([7]) * len(value) if isinstance(value, bytes) else 99)
    changed = sample_header(**{name: other})
    assert changed.encode() != sample_header().encode()
    assert getattr(Header.decode(changed.encode()), name) == other


def test_an_envelope_comes_back_as_it_went():
    envelope = sample_envelope()
    assert Envelope.from_bytes(envelope.to_bytes()) == envelope
    assert Envelope.from_bytes(envelope.to_bytes()).digest == envelope.digest


def test_promise_44_an_envelope_over_its_limits_is_refused_by_size_alone():
    honest = sample_envelope()
    with pytest.raises(LimitExceeded, match="split the batch"):
        replace(honest, ciphertext=bytes(MAX_SEALED_BYTES)).check_limits()
    with pytest.raises(LimitExceeded, match="header"):
        replace(honest, header=bytes(MAX_HEADER_BYTES + 1)).check_limits()
    with pytest.raises(LimitExceeded, match="envelope"):
        Envelope.from_bytes(bytes(MAX_MESSAGE_BYTES + 1))


@pytest.mark.parametrize("data", [b"", b"\xff", uplink_pb2.Envelope(header=b"x", ciphertext=b"y").SerializeToString()])
def test_bytes_that_are_no_envelope_are_refused(data):
    with pytest.raises(Malformed):
        Envelope.from_bytes(data)
