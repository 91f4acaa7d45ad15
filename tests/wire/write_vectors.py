"""Write the golden vectors: `python tests/wire/write_vectors.py`. Done once for a version of the wire, never again for the same one.

HPKE is randomised, so a vector holds the keys beside the envelope: every later version must open it and find the same batch.
"""

import json
import sys
from pathlib import Path

from natvakt_wire.batch import Batch, ClockNote, Document, Table, encode
from natvakt_wire.gap import REASON_CAPACITY, GapRecord, sign_gap
from natvakt_wire.recipients import AnnouncedKey, Announcement, sign_announcement
from natvakt_wire.signing import fingerprint
from testkit.wire import AGENT, BOOT_ID, EPOCH, NOW_NS, identity_key, recipient_key, sample_envelope

FOLDER = Path(__file__).resolve().parent / "vectors"


def golden_batch() -> Batch:
    """Every kind of column and document there is in version 1."""
    rows = 40
    table = Table(
        measurement="interface",
        devices=["01a0c450-6c00-76c5-a522-4a58b791f1d8"] * rows,
        times_ns=[NOW_NS + row // 8 for row in range(rows)],
        tags={"ifIndex": [str(10_101 + row) for row in range(rows)], "empty": [""] * rows},
        fields={
            "constant": [1] * rows,
            "largest": [2**64 - 1 - row for row in range(rows)],
            "signed": [(-1) ** row * 7**row % 2**63 * (1 if row % 2 else -1) for row in range(rows)],
            "sparse": [0 if row % 3 else 10**12 + row * 7_654_321 for row in range(rows)],
            "steady": [10**15 + row * 3 for row in range(rows)],
            "ratio": [row / 7 for row in range(rows)],
            "up": [row % 5 != 0 for row in range(rows)],
            "text": [("up", "down", "åäö")[row % 3] for row in range(rows)],
            "gaps": [None if row % 4 == 0 else row for row in range(rows)],
            "absent": [None] * rows,
        },
    )
    documents = (
        Document("device", "01a0c450-6c00-76c5-a522-4a58b791f1d8", NOW_NS, bytes(range(32)), b'{"sysName":"hq-acc1"}'),
        Document("vlan", "", NOW_NS - 1, bytes(32), unchanged=True),
        Document("component", "dev", NOW_NS, bytes(32), b"half", part=1, parts=2),
    )
    return Batch((table,), documents, ClockNote(BOOT_ID, NOW_NS, 123))


def golden_gap() -> GapRecord:
    signer = fingerprint(identity_key().public_key().public_bytes_raw())
    return GapRecord(
        tenant="acme", site="hq", agent=AGENT, signer=signer, epoch=EPOCH, lane=2, first_seq=5, last_seq=9, previous=b"\5" * 32,
        last_digest=b"\x09" * 32, reason=REASON_CAPACITY, batches=5, dropped_at=NOW_NS,
    )  # fmt: skip


def golden_announcement() -> Announcement:
    return Announcement("acme", 3, (AnnouncedKey(recipient_key().public, NOW_NS, NOW_NS + 1), AnnouncedKey(recipient_key(2).public, 5, 6)))


def vectors() -> dict[str, dict[str, str]]:
    identity = identity_key().public_key().public_bytes_raw()
    envelope = sample_envelope(encode(golden_batch()), seq=7, previous=b"\6" * 32)
    gap = sign_gap(golden_gap(), identity_key())
    announcement = sign_announcement(golden_announcement(), identity_key(50))
    return {
        "envelope-v1.json": {
            "identity_public": identity.hex(),
            "recipient_private": recipient_key().to_bytes().hex(),
            "envelope": envelope.to_bytes().hex(),
            "digest": envelope.digest.hex(),
        },
        "gap-v1.json": {
            "identity_public": identity.hex(),
            "body": gap.body.hex(),
            "signature": gap.signature.hex(),
            "digest": gap.digest.hex(),
        },
        "recipients-v1.json": {
            "tenant_root": identity_key(50).public_key().public_bytes_raw().hex(),
            "body": announcement.body.decode(),
            "signature": announcement.signature.hex(),
        },
    }


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    for name, vector in vectors().items():
        path = FOLDER / name
        if path.exists():
            print(f"{path} is there already; a golden vector is never written anew", file=sys.stderr)
            return 1
        path.write_text(json.dumps(vector, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
