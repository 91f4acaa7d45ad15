"""Only the tenant's pinned root can say which keys an agent seals to."""

from dataclasses import replace

import pytest
from natvakt_wire import canonical_json
from natvakt_wire.errors import BadSignature, LimitExceeded, Malformed, NotAdmitted, NotEncodable
from natvakt_wire.recipients import AnnouncedKey, Announcement, SignedAnnouncement, sign_announcement, verify_announcement
from natvakt_wire.signing import Domain, sign
from testkit.wire import identity_key, recipient_key

ROOT = identity_key(50)
PINNED = ROOT.public_key().public_bytes_raw()
FIRST, SECOND = recipient_key(1).public, recipient_key(2).public
ANNOUNCEMENT = Announcement("acme", 4, (AnnouncedKey(FIRST, 100, 200), AnnouncedKey(SECOND, 180, 300)))


def signed_by_root(document):
    body = canonical_json.write(document)
    return SignedAnnouncement(body, sign(Domain.RECIPIENTS, ROOT, body))


def test_what_the_root_signed_comes_back():
    assert verify_announcement(sign_announcement(ANNOUNCEMENT, ROOT), PINNED, "acme") == ANNOUNCEMENT


def test_keys_from_a_hostile_server_are_refused():
    with pytest.raises(BadSignature):
        verify_announcement(sign_announcement(ANNOUNCEMENT, identity_key(51)), PINNED, "acme")
    changed = replace(sign_announcement(ANNOUNCEMENT, ROOT), body=sign_announcement(replace(ANNOUNCEMENT, serial=9), ROOT).body)
    with pytest.raises(BadSignature):
        verify_announcement(changed, PINNED, "acme")


def test_keys_of_another_tenant_or_an_older_serial_are_refused():
    signed = sign_announcement(ANNOUNCEMENT, ROOT)
    with pytest.raises(NotAdmitted, match="for tenant acme, this agent belongs to other"):
        verify_announcement(signed, PINNED, "other")
    with pytest.raises(NotAdmitted, match="serial 4 are older than 5"):
        verify_announcement(signed, PINNED, "acme", oldest_serial=5)


@pytest.mark.parametrize(("at", "key"), [(0, FIRST), (100, FIRST), (179, FIRST), (180, SECOND), (299, SECOND), (10**19, SECOND)])
def test_the_newest_key_that_has_begun_is_sealed_to_and_late_beats_lost(at, key):
    assert ANNOUNCEMENT.key_at(at) == key


def test_without_any_key_nothing_is_sealed():
    with pytest.raises(NotAdmitted, match="no recipient key"):
        Announcement("acme", 1, ()).key_at(0)


KEY = {"suite": 1, "public_key": "AA==", "not_before_ns": 1, "not_after_ns": 2}


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "natvakt.recipient-keys/2"},
        {"serial": "4"},
        {"keys": {}},
        {"tenant": "Acme"},
        {"keys": [{}]},
        {"keys": [KEY]},
        {"keys": [{**KEY, "public_key": "?"}]},
        {"keys": [{**KEY, "suite": 9}]},
    ],
)
def test_documents_of_another_shape_are_refused(change):
    with pytest.raises(Malformed):
        verify_announcement(
            signed_by_root({"schema": "natvakt.recipient-keys/1", "tenant": "acme", "serial": 1, "keys": [], **change}), PINNED, "acme"
        )


def test_too_many_keys_or_too_long_a_document_are_refused():
    with pytest.raises(LimitExceeded):
        verify_announcement(sign_announcement(replace(ANNOUNCEMENT, keys=ANNOUNCEMENT.keys * 5), ROOT), PINNED, "acme")
    with pytest.raises(LimitExceeded):
        verify_announcement(SignedAnnouncement(bytes(40_000), b""), PINNED, "acme")


@pytest.mark.parametrize("data", [b"", b"[]", b'{"a": 1}', b'{"b":1,"a":2}', b'{"a":1,"a":1}', b'{"a":NaN}', b"\xff", b"[" * 100_000])
def test_json_that_is_signed_has_one_spelling(data):
    with pytest.raises(Malformed):
        canonical_json.read(data, "policy")


@pytest.mark.parametrize("value", [{"a": float("nan")}, {"a": b""}, {(1, 2): 1}])
def test_what_json_cannot_hold_is_refused(value):
    with pytest.raises(NotEncodable):
        canonical_json.write(value)
