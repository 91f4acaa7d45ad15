"""Sealing in the simulator: the real thing, or a cheap stand-in behind the same callables.

The stand-in keeps what delivery depends on: header and plain text travel unchanged, a changed byte or another signer is refused, digests
differ with content. It keeps nothing secret; a share of the seeds runs with the real suite. Gateway and worker read headers themselves.
"""

import marshal
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from natvakt_agent.spool.writer import Gap
from natvakt_server.ingest.opening import Crypto
from natvakt_wire import gap as wire_gap
from natvakt_wire import seal as wire_seal
from natvakt_wire.batch import Batch, ClockNote, Table, encode
from natvakt_wire.envelope import Envelope, Header
from natvakt_wire.errors import BadSignature
from natvakt_wire.gap import GapRecord, SignedGap
from natvakt_wire.seal import RecipientPrivateKey
from natvakt_wire.signing import fingerprint
from natvakt_wire.v1 import uplink_pb2
from testkit.wire import recipient_key


@dataclass(frozen=True, slots=True)
class Suite:
    """The operations of both ends."""

    seal: Callable[[Header, Batch, Ed25519PrivateKey, bytes], Envelope]
    """The last argument is padding, so that sizes vary; the real suite leaves it out."""

    sign_gap: Callable[[GapRecord, Ed25519PrivateKey], SignedGap]
    verify: Callable[[Envelope, bytes], Header]
    verify_gap: Callable[[SignedGap, bytes], GapRecord]
    worker: Crypto
    recipient: RecipientPrivateKey
    recipient_id: bytes


def real_suite() -> Suite:
    recipient = recipient_key()
    return Suite(
        seal=lambda header, batch, key, _padding: wire_seal.seal(header, encode(batch), recipient.public, key),
        sign_gap=wire_gap.sign_gap,
        verify=wire_seal.verify,
        verify_gap=wire_gap.verify_gap,
        worker=Crypto(),
        recipient=recipient,
        recipient_id=recipient.public.id,
    )


def cheap_suite() -> Suite:
    """One for each world: it remembers what it has worked out."""
    standin = _StandIn()
    return Suite(
        seal=standin.seal,
        sign_gap=standin.sign_gap,
        verify=standin.verify,
        verify_gap=standin.verify_gap,
        worker=Crypto(standin.verify, lambda envelope, _key: _plain(envelope), _decode),
        recipient=recipient_key(),
        recipient_id=bytes(16),
    )


def _encode(batch: Batch) -> bytes:
    """Without documents, which the simulator's batches do not have."""
    tables = [(table.measurement, table.devices, table.times_ns, table.tags, table.fields) for table in batch.tables]
    return marshal.dumps((tables, batch.clock.boot_id, batch.clock.wall_ns, batch.clock.monotonic_ns))


def _decode(plain: bytes) -> Batch:
    tables, *clock = marshal.loads(plain)  # written by `_encode`: its mark was verified before
    return Batch([Table(*table) for table in tables], [], ClockNote(*clock))


def _plain(envelope: Envelope) -> bytes:
    length = int.from_bytes(envelope.ciphertext[:4], "big")
    return envelope.ciphertext[4 : 4 + length]


def _mark(public: bytes, first: bytes, second: bytes) -> bytes:
    half = sha256(b"%s%d:%s%s" % (public, len(first), first, second)).digest()
    return half + half


class _StandIn:
    """What is the same every time (public keys, fingerprints, headers that were written or read) is worked out once."""

    def __init__(self) -> None:
        self._publics: dict[Ed25519PrivateKey, bytes] = {}
        self._fingerprints: dict[bytes, bytes] = {}
        self._headers: dict[bytes, Header] = {}

    def seal(self, header: Header, batch: Batch, key: Ed25519PrivateKey, padding: bytes) -> Envelope:
        public = self._public(key)
        plain = _encode(batch)
        ciphertext = len(plain).to_bytes(4, "big") + plain + padding
        signed = replace(header, signer=self._fingerprint(public), plain_length=len(plain))
        header_bytes = signed.encode()
        self._headers[header_bytes] = signed
        return Envelope(header_bytes, ciphertext, _mark(public, header_bytes, ciphertext))

    def verify(self, envelope: Envelope, public: bytes) -> Header:
        header = self._headers.get(envelope.header)
        if header is None:
            header = self._headers[envelope.header] = Header.decode(envelope.header)
        if header.signer != self._fingerprint(public) or envelope.signature != _mark(public, envelope.header, envelope.ciphertext):
            raise BadSignature("not this agent's")
        return header

    def sign_gap(self, record: GapRecord, key: Ed25519PrivateKey) -> SignedGap:
        body = record.encode()
        return SignedGap(body, _mark(self._public(key), body, b""))

    def verify_gap(self, gap: SignedGap, public: bytes) -> GapRecord:
        record = GapRecord.decode(gap.body)
        if record.signer != self._fingerprint(public) or gap.signature != _mark(public, gap.body, b""):
            raise BadSignature("not this agent's")
        return record

    def _public(self, key: Ed25519PrivateKey) -> bytes:
        public = self._publics.get(key)
        if public is None:
            public = self._publics[key] = key.public_key().public_bytes_raw()
        return public

    def _fingerprint(self, public: bytes) -> bytes:
        mark = self._fingerprints.get(public)
        if mark is None:
            mark = self._fingerprints[public] = fingerprint(public)
        return mark


def gap_signer(suite: Suite, name: tuple[str, str, str], key: Ed25519PrivateKey) -> Callable[[Gap], bytes]:
    """The spool's callback."""
    signer = fingerprint(key.public_key().public_bytes_raw())

    def sign(gap: Gap) -> bytes:
        record = GapRecord(
            tenant=name[0],
            site=name[1],
            agent=name[2],
            signer=signer,
            epoch=gap.epoch,
            lane=gap.lane,
            first_seq=gap.first_seq,
            last_seq=gap.last_seq,
            previous=gap.previous,
            last_digest=gap.last_digest,
            reason=gap.reason,
            batches=gap.batches,
            dropped_at=gap.dropped_wall_ns,
        )
        signed = suite.sign_gap(record, key)
        return uplink_pb2.SignedGap(body=signed.body, signature=signed.signature).SerializeToString()

    return sign
