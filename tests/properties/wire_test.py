"""Any batch and any header come back as they went; any damage is refused with a typed error."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from natvakt_wire.batch import Batch, ClockNote, Document, Table, decode, encode
from natvakt_wire.columns import decode_integers, encode_integers
from natvakt_wire.envelope import Compression, Envelope, Header, LaneClass
from natvakt_wire.errors import WireError
from natvakt_wire.gap import GapRecord
from natvakt_wire.ids import AgentName, parse_spiffe_id, uuid7
from natvakt_wire.seal import open_sealed, verify
from testkit.wire import identity_key, recipient_key, sample_batch, sample_envelope

PUBLIC = identity_key().public_key().public_bytes_raw()
ENVELOPE = sample_envelope(encode(sample_batch(rows=50)))

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
signed = st.integers(-(2**63), 2**63 - 1)
unsigned = st.integers(0, 2**64 - 1)
small = st.integers(-3, 3)
slugs = st.from_regex(r"[a-z0-9][a-z0-9-]{0,39}", fullmatch=True)
agents = st.builds(lambda at, noise: uuid7(at, lambda _: noise), st.integers(0, 2**62), st.binary(min_size=10, max_size=10))
digests = st.binary(min_size=32, max_size=32)
ids = st.binary(min_size=16, max_size=16)
extensions = st.dictionaries(st.integers(1, 65_535), st.binary(max_size=20), max_size=4).map(lambda found: tuple(sorted(found.items())))


def columns(rows: int):
    kinds = [signed, unsigned, small, st.floats(allow_nan=False), st.booleans(), texts, st.just(0)]
    return st.one_of([st.lists(st.one_of(st.none(), kind), min_size=rows, max_size=rows) for kind in kinds])


@st.composite
def tables(draw):
    rows = draw(st.integers(0, 60))
    words = st.lists(texts, min_size=rows, max_size=rows)
    return Table(
        measurement=draw(texts),
        devices=draw(words),
        times_ns=draw(st.lists(signed, min_size=rows, max_size=rows)),
        tags=draw(st.dictionaries(texts, words, max_size=3)),
        fields=draw(st.dictionaries(texts, columns(rows), max_size=5)),
    )


@st.composite
def documents(draw):
    unchanged = draw(st.booleans())
    parts = draw(st.integers(1, 2**32 - 1))
    body = b"" if unchanged else draw(st.binary(max_size=50))
    return Document(draw(texts), draw(texts), draw(signed), draw(digests), body, unchanged, draw(st.integers(0, parts - 1)), parts)


batches = st.builds(
    lambda found, states, clock: Batch(tuple(found), tuple(states), clock),
    st.lists(tables(), max_size=3),
    st.lists(documents(), max_size=3),
    st.builds(ClockNote, ids, signed, signed),
)
headers = st.builds(
    Header,
    tenant=slugs,
    site=slugs,
    agent=agents,
    epoch=ids,
    lane=st.integers(0, 2**32 - 1),
    lane_class=st.sampled_from(LaneClass),
    seq=st.integers(1, 2**64 - 1),
    previous=digests,
    clock_trusted=st.booleans(),
    boot_id=ids,
    closed_wall_ns=signed,
    closed_monotonic_ns=signed,
    schema=st.integers(0, 2**32 - 1),
    version=st.integers(1, 65_535),
    suite=st.integers(0, 65_535),
    recipient_key_id=ids,
    signer=digests,
    compression=st.sampled_from(Compression),
    plain_length=st.integers(0, 2**32 - 1),
    extensions=extensions,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(batches)
def test_any_batch_comes_back_as_it_went(batch):
    back = decode(encode(batch))
    assert back == batch
    kinds = [[type(cell) for cell in column] for table in batch.tables for column in table.fields.values()]
    assert [[type(cell) for cell in column] for table in back.tables for column in table.fields.values()] == kinds


@given(st.one_of(st.lists(signed, max_size=100), st.lists(unsigned, max_size=100), st.lists(small, min_size=40, max_size=200)))
def test_any_integers_come_back_in_whatever_form_was_smallest(values):
    assert decode_integers(encode_integers(values), len(values)) == values


@given(headers)
def test_any_header_has_one_spelling(header):
    assert Header.decode(header.encode()) == header


@given(headers, st.data())
def test_any_other_spelling_of_a_header_is_refused_or_means_something_else(header, data):
    encoded = header.encode()
    position = data.draw(st.integers(0, len(encoded) - 1))
    other = encoded[:position] + bytes([encoded[position] ^ data.draw(st.integers(1, 255))]) + encoded[position + 1 :]
    try:
        decoded = Header.decode(other)
    except WireError:
        return
    assert decoded != header
    assert decoded.encode() == other


@given(st.data())
def test_an_envelope_with_any_byte_changed_is_refused(data):
    whole = ENVELOPE.to_bytes()
    position = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:position] + bytes([whole[position] ^ data.draw(st.integers(1, 255))]) + whole[position + 1 :]
    try:
        verify(Envelope.from_bytes(changed), PUBLIC)
    except WireError:
        return
    raise AssertionError(f"a changed byte at {position} was let through")


@given(st.binary(max_size=400))
def test_no_bytes_make_a_reader_raise_anything_but_wire_errors(noise):
    attempts = (
        lambda: decode(noise),
        lambda: Header.decode(noise),
        lambda: GapRecord.decode(noise),
        lambda: verify(Envelope.from_bytes(noise), PUBLIC),
        lambda: open_sealed(replace(ENVELOPE, ciphertext=noise), recipient_key()),
    )
    for attempt in attempts:
        try:
            attempt()
        except WireError:
            continue


@settings(max_examples=200)
@given(st.data())
def test_no_damage_to_a_batch_makes_its_reader_raise_anything_but_wire_errors(data):
    plain = bytearray(encode(sample_batch(rows=data.draw(st.integers(0, 40)))))
    for _ in range(data.draw(st.integers(1, 3))):
        plain[data.draw(st.integers(0, len(plain) - 1))] = data.draw(st.integers(0, 255))
    try:
        decode(bytes(plain))
    except WireError:
        return


@given(slugs, slugs, agents)
def test_any_agent_is_found_again_in_its_spiffe_id(tenant, site, agent):
    assert parse_spiffe_id(AgentName(tenant, site, agent).spiffe_id) == AgentName(tenant, site, agent)
