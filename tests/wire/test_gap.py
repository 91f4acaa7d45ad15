"""A gap record stands in the place of dropped batches, and the chain joins across it."""

from dataclasses import replace

import pytest
from natvakt_wire.envelope import FIRST_PREVIOUS
from natvakt_wire.errors import BadSignature, LimitExceeded, Malformed, NotEncodable
from natvakt_wire.gap import REASON_CAPACITY, GapRecord, SignedGap, sign_gap, verify_gap
from natvakt_wire.seal import verify
from natvakt_wire.signing import fingerprint
from testkit.wire import AGENT, EPOCH, NOW_NS, identity_key, sample_envelope

PUBLIC = identity_key().public_key().public_bytes_raw()


def record(**changes):
    gap = GapRecord(
        tenant="acme",
        site="hq",
        agent=AGENT,
        signer=fingerprint(PUBLIC),
        epoch=EPOCH,
        lane=1,
        first_seq=2,
        last_seq=3,
        previous=bytes(32),
        last_digest=b"\3" * 32,
        reason=REASON_CAPACITY,
        batches=2,
        dropped_at=NOW_NS,
    )
    return replace(gap, **changes)


def test_a_signed_gap_comes_back_as_it_went():
    assert verify_gap(sign_gap(record(), identity_key()), PUBLIC) == record()


def test_the_chain_joins_across_a_gap():
    chain, previous = [], FIRST_PREVIOUS
    for seq in range(1, 5):
        chain.append(sample_envelope(seq=seq, previous=previous))
        previous = chain[-1].digest
    gap = verify_gap(sign_gap(record(previous=chain[0].digest, last_digest=chain[2].digest), identity_key()), PUBLIC)
    after = verify(chain[3], PUBLIC)
    assert gap.previous == chain[0].digest
    assert (after.seq, after.previous) == (gap.last_seq + 1, gap.last_digest)


def test_a_gap_signed_by_another_agent_is_refused():
    with pytest.raises(BadSignature):
        verify_gap(sign_gap(record(signer=fingerprint(identity_key(2).public_key().public_bytes_raw())), identity_key(2)), PUBLIC)
    with pytest.raises(BadSignature, match="another signer"):
        sign_gap(record(), identity_key(2))


def test_any_changed_byte_of_a_gap_is_refused():
    signed = sign_gap(record(), identity_key())
    for position in range(len(signed.body)):
        changed = signed.body[:position] + bytes([signed.body[position] ^ 1]) + signed.body[position + 1 :]
        with pytest.raises((Malformed, BadSignature)):
            verify_gap(SignedGap(changed, signed.signature), PUBLIC)


def test_a_batch_signature_is_no_gap_signature():
    signed = sign_gap(record(), identity_key())
    with pytest.raises(BadSignature):
        verify_gap(SignedGap(signed.body, sample_envelope().signature), PUBLIC)


@pytest.mark.parametrize("changes", [{"first_seq": 0}, {"first_seq": 4}, {"batches": 0}, {"batches": 3}])
def test_a_gap_covers_at_least_one_batch_and_no_more_than_its_span(changes):
    with pytest.raises(Malformed):
        record(**changes)


def test_other_bytes_are_no_gap():
    for body in (b"", sample_envelope().header, record().encode() + b"\0", record().encode()[:-1]):
        with pytest.raises(Malformed):
            GapRecord.decode(body)
    with pytest.raises(LimitExceeded):
        GapRecord.decode(bytes(5000))
    with pytest.raises(NotEncodable):
        record(lane=2**32).encode()


def test_an_older_reader_keeps_what_a_newer_writer_added():
    newer = record(extensions=((5, b"new"),))
    assert verify_gap(sign_gap(newer, identity_key()), PUBLIC).extensions == ((5, b"new"),)
