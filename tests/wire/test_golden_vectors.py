"""Bytes written by version 1 open for ever. The vectors come from `write_vectors.py`."""

import importlib.util
import json
from pathlib import Path

import pytest
from natvakt_wire.batch import decode
from natvakt_wire.envelope import Envelope
from natvakt_wire.gap import SignedGap, verify_gap
from natvakt_wire.recipients import SignedAnnouncement, verify_announcement
from natvakt_wire.seal import RecipientPrivateKey, open_sealed, verify
from testkit.wire import sample_header

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def written():
    """The script's own description of what it wrote."""
    spec = importlib.util.spec_from_file_location("write_vectors", HERE / "write_vectors.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def vector(name):
    return json.loads((HERE / "vectors" / name).read_text(encoding="utf-8"))


def test_the_envelope_of_version_1_verifies_opens_and_decodes(written):
    golden = vector("envelope-v1.json")
    envelope = Envelope.from_bytes(bytes.fromhex(golden["envelope"]))
    header = verify(envelope, bytes.fromhex(golden["identity_public"]))
    plain = open_sealed(envelope, RecipientPrivateKey.from_bytes(bytes.fromhex(golden["recipient_private"])))
    assert envelope.digest.hex() == golden["digest"]
    assert (header.tenant, header.agent, header.seq, header.epoch) == ("acme", sample_header().agent, 7, sample_header().epoch)
    assert decode(plain) == written.golden_batch()


def test_the_gap_record_of_version_1_verifies(written):
    golden = vector("gap-v1.json")
    gap = SignedGap(bytes.fromhex(golden["body"]), bytes.fromhex(golden["signature"]))
    assert gap.digest.hex() == golden["digest"]
    assert verify_gap(gap, bytes.fromhex(golden["identity_public"])) == written.golden_gap()
    assert written.golden_gap().encode() == gap.body


def test_the_recipient_keys_of_version_1_verify(written):
    golden = vector("recipients-v1.json")
    signed = SignedAnnouncement(golden["body"].encode(), bytes.fromhex(golden["signature"]))
    assert verify_announcement(signed, bytes.fromhex(golden["tenant_root"]), "acme") == written.golden_announcement()
