"""Things of the wire that tests start from: keys that are always the same, a header, a small batch."""

import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from natvakt_wire.batch import Batch, ClockNote, Document, Table, encode
from natvakt_wire.envelope import FIRST_PREVIOUS, Envelope, Header, LaneClass
from natvakt_wire.ids import uuid7
from natvakt_wire.seal import RecipientPrivateKey, seal

NOW_NS = 1_790_000_000_000_000_000
EPOCH = bytes(range(16))
BOOT_ID = bytes(range(100, 116))


def seeded_random(seed: int) -> Callable[[int], bytes]:
    """`random(count)` as the wire takes it, the same bytes for the same seed."""
    return random.Random(seed).randbytes


AGENT = uuid7(NOW_NS, seeded_random(1))


@cache
def identity_key(seed: int = 1) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seeded_random(seed)(32))


@cache
def recipient_key(seed: int = 1) -> RecipientPrivateKey:
    return RecipientPrivateKey.from_bytes(seeded_random(1000 + seed)(96))


def sample_header(**changes: object) -> Header:
    header = Header(
        tenant="acme",
        site="hq",
        agent=AGENT,
        epoch=EPOCH,
        lane=1,
        lane_class=LaneClass.METRICS,
        seq=1,
        previous=FIRST_PREVIOUS,
        clock_trusted=True,
        boot_id=BOOT_ID,
        closed_wall_ns=NOW_NS,
        closed_monotonic_ns=5_000_000_000,
    )
    return replace(header, **changes)  # type: ignore[arg-type]


def sample_batch(rows: int = 3) -> Batch:
    return Batch(
        tables=(
            Table(
                measurement="interface",
                devices=["dev-1"] * rows,
                times_ns=[NOW_NS + row for row in range(rows)],
                tags={"ifIndex": [str(row) for row in range(rows)]},
                fields={"ifHCInOctets": [10**12 + row * 997 for row in range(rows)], "ifOperStatus": [1] * rows},
            ),
        ),
        documents=(Document("device", "dev-1", NOW_NS, bytes(32), b'{"sysName":"hq-acc1"}'),),
        clock=ClockNote(BOOT_ID, NOW_NS, 5_000_000_000),
    )


def sample_envelope(plain: bytes | None = None, signer: int = 1, recipient: int = 1, **changes: object) -> Envelope:
    return seal(
        sample_header(**changes), encode(sample_batch()) if plain is None else plain, recipient_key(recipient).public, identity_key(signer)
    )
