"""Sealing: who can open, who must have signed, and what is refused before room is taken."""

from dataclasses import fields, replace
from hashlib import sha256

import pytest
import zstandard
from natvakt_wire.batch import encode
from natvakt_wire.envelope import Compression, Envelope, Header, LaneClass
from natvakt_wire.errors import BadSignature, CannotOpen, LimitExceeded, Malformed, WireError
from natvakt_wire.limits import MAX_PLAIN_BYTES
from natvakt_wire.seal import SUITES, RecipientPrivateKey, RecipientPublicKey, open_sealed, seal, verify
from natvakt_wire.signing import Domain, fingerprint, sign
from testkit.wire import identity_key, recipient_key, sample_batch, sample_envelope, sample_header, seeded_random

PUBLIC = identity_key().public_key().public_bytes_raw()


def seal_by_hand(packed: bytes, header: Header) -> Envelope:
    """What a hostile agent with honest keys can make: any header over any bytes."""
    recipient = recipient_key()
    full = replace(header, suite=1, recipient_key_id=recipient.public.id, signer=fingerprint(PUBLIC)).encode()
    ciphertext = SUITES[1].encrypt(packed, recipient.public.hpke_key(), info=full)
    return Envelope(full, ciphertext, sign(Domain.BATCH, identity_key(), sha256(full).digest(), sha256(ciphertext).digest()))


def receive(envelope: Envelope) -> bytes:
    verify(envelope, PUBLIC)
    return open_sealed(envelope, recipient_key())


def test_what_was_sealed_opens_and_names_its_signer():
    plain = encode(sample_batch())
    envelope = sample_envelope(plain)
    header = verify(envelope, PUBLIC)
    assert (header.signer, header.recipient_key_id, header.plain_length) == (fingerprint(PUBLIC), recipient_key().public.id, len(plain))
    assert open_sealed(envelope, recipient_key()) == plain


@pytest.mark.parametrize("plain", [b"", b"x", b"\0" * 50_000, seeded_random(3)(1000)])
def test_bytes_that_zstd_would_not_help_or_help_too_much_are_sealed_as_they_are(plain):
    envelope = sample_envelope(plain)
    assert verify(envelope, PUBLIC).compression is Compression.NONE
    assert receive(envelope) == plain


def test_a_batch_too_large_is_given_back_to_be_split():
    with pytest.raises(LimitExceeded, match="split the batch"):
        sample_envelope(bytes(MAX_PLAIN_BYTES + 1))
    with pytest.raises(LimitExceeded, match="split the batch"):
        sample_envelope(seeded_random(4)(300_000))


def test_another_tenants_key_does_not_open():
    with pytest.raises(CannotOpen, match="is sealed to key"):
        open_sealed(sample_envelope(), recipient_key(2))


def test_promise_45_a_signature_by_another_agents_key_is_refused():
    with pytest.raises(BadSignature, match="not by this agent's key"):
        verify(sample_envelope(signer=2), PUBLIC)
    stolen = sample_envelope()
    resigned = replace(stolen, signature=sample_envelope(signer=2).signature)
    with pytest.raises(BadSignature):
        verify(resigned, PUBLIC)


def test_promise_45_a_stripped_signature_is_refused():
    for signature in (b"", bytes(64)):
        with pytest.raises(WireError):
            verify(replace(sample_envelope(), signature=signature), PUBLIC)


OTHER = {
    "tenant": "other",
    "site": "other",
    "agent": "01a20fd3-44dc-740e-ad61-7bb866edac05",
    "epoch": bytes(16),
    "lane": 2,
    "lane_class": LaneClass.EVENTS,
    "seq": 2,
    "previous": b"\1" * 32,
    "clock_trusted": False,
    "boot_id": bytes(16),
    "closed_wall_ns": 1,
    "closed_monotonic_ns": 1,
    "schema": 2,
    "version": 2,
    "suite": 2,
    "recipient_key_id": bytes(16),
    "signer": bytes(32),
    "compression": Compression.NONE,
    "plain_length": 1,
    "extensions": ((1, b""),),
}


@pytest.mark.parametrize("field", [field.name for field in fields(Header)])
def test_promise_45_a_swapped_header_field_neither_verifies_nor_opens(field):
    envelope = sample_envelope()
    swapped = replace(Header.decode(envelope.header), **{field: OTHER[field]}).encode()
    with pytest.raises(BadSignature):
        verify(replace(envelope, header=swapped), PUBLIC)
    resigned_by_the_agent_itself = replace(
        envelope,
        header=swapped,
        signature=sign(Domain.BATCH, identity_key(), sha256(swapped).digest(), sha256(envelope.ciphertext).digest()),
    )
    with pytest.raises((CannotOpen, Malformed)):
        open_sealed(resigned_by_the_agent_itself, recipient_key())


def test_any_changed_byte_of_an_envelope_is_refused():
    data = sample_envelope().to_bytes()
    for position in range(len(data)):
        changed = data[:position] + bytes([data[position] ^ 1 << position % 8]) + data[position + 1 :]
        with pytest.raises(WireError):
            verify(Envelope.from_bytes(changed), PUBLIC)


def test_promise_44_a_thousand_to_one_bomb_is_refused_before_it_is_opened():
    packed = zstandard.compress(bytes(MAX_PLAIN_BYTES))
    assert 1000 * len(packed) < MAX_PLAIN_BYTES
    bomb = seal_by_hand(packed, sample_header(compression=Compression.ZSTD, plain_length=MAX_PLAIN_BYTES))
    with pytest.raises(LimitExceeded, match="over 100 times"):
        verify(bomb, PUBLIC)
    with pytest.raises(LimitExceeded, match="over 100 times"):
        open_sealed(bomb, recipient_key())


def test_promise_44_four_mebibytes_and_one_are_refused():
    packed = seeded_random(5)(100_000)
    with pytest.raises(LimitExceeded, match="over the limit of 4194304"):
        verify(seal_by_hand(packed, sample_header(compression=Compression.ZSTD, plain_length=MAX_PLAIN_BYTES + 1)), PUBLIC)


@pytest.mark.parametrize("declared", [0, 1, 4999, 5001, 9000])
def test_promise_44_a_wrong_declared_length_is_refused(declared):
    plain = bytes(range(250)) * 20
    packed = zstandard.compress(plain)
    with pytest.raises((Malformed, LimitExceeded)):
        receive(seal_by_hand(packed, sample_header(compression=Compression.ZSTD, plain_length=declared)))
    with pytest.raises(Malformed):
        receive(seal_by_hand(plain, sample_header(plain_length=declared)))


def frame_that_hides_its_size(plain: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_content_size=False).compress(plain)


@pytest.mark.parametrize(
    "packed",
    [
        frame_that_hides_its_size(bytes(10_000)),
        zstandard.compress(bytes(5000)) + b"behind",
        zstandard.compress(bytes(5000)) * 2,
        b"no zstd at all",
        zstandard.compress(bytes(range(250)) * 20)[:-9],
        b"",
    ],
)
def test_promise_44_what_is_not_exactly_one_frame_of_the_declared_length_is_refused(packed):
    with pytest.raises((Malformed, LimitExceeded)):
        receive(seal_by_hand(packed, sample_header(compression=Compression.ZSTD, plain_length=5000)))


def test_a_window_larger_than_any_batch_is_refused():
    frame = b"\x28\xb5\x2f\xfd" + b"\x80" + b"\x70" + (5000).to_bytes(4, "little") + b"\0" * 60
    with pytest.raises(LimitExceeded, match="window"):
        receive(seal_by_hand(frame, sample_header(compression=Compression.ZSTD, plain_length=5000)))


def test_a_suite_outside_the_allow_list_is_refused():
    envelope = sample_envelope()
    other = replace(Header.decode(envelope.header), suite=7).encode()
    resigned = Envelope(
        other, envelope.ciphertext, sign(Domain.BATCH, identity_key(), sha256(other).digest(), sha256(envelope.ciphertext).digest())
    )
    with pytest.raises(Malformed, match="suite 7 is none of"):
        verify(resigned, PUBLIC)


def test_recipient_keys_come_back_from_their_bytes_and_never_print():
    key = RecipientPrivateKey.generate()
    assert RecipientPrivateKey.from_bytes(key.to_bytes()).public == key.public
    assert key.to_bytes().hex()[:16] not in repr(key)
    assert key.public.id.hex() in repr(key)


def test_recipient_keys_of_other_sizes_or_suites_are_refused():
    raw = recipient_key().public.raw
    for attempt in (
        lambda: RecipientPublicKey(raw[:-1]),
        lambda: RecipientPublicKey(raw, suite=2),
        lambda: RecipientPrivateKey.from_bytes(b"x"),
    ):
        with pytest.raises(Malformed):
            attempt()
    with pytest.raises(Malformed, match="not a valid"):
        seal(sample_header(), b"x", RecipientPublicKey(b"\xff" * len(raw)), identity_key())
