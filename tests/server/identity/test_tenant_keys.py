"""Recipient keys turn over without losing a backlog, and destroyed ones open nothing."""

import pytest
from natvakt_server.identity.key_files import KeyFileError
from natvakt_server.identity.tenant_keys import DAY_NS
from natvakt_wire.errors import CannotOpen
from natvakt_wire.recipients import verify_announcement
from natvakt_wire.seal import open_sealed, seal, verify
from natvakt_wire.signing import Domain, verify_signature
from testkit.identity import IdentityHouse
from testkit.wire import identity_key, recipient_key, sample_header


@pytest.fixture
def house():
    return IdentityHouse()


def announced(house, tenant="acme"):
    return verify_announcement(house.recipients.announcement(tenant), house.tenants.root_public(tenant), tenant)


def test_this_periods_key_and_the_next_are_announced_ahead(house):
    first = announced(house)
    assert [(key.not_before_ns, key.not_after_ns) for key in first.keys] == [
        (house.clock.now_ns, house.clock.now_ns + 90 * DAY_NS),
        (house.clock.now_ns + 90 * DAY_NS, house.clock.now_ns + 180 * DAY_NS),
    ]
    assert announced(house) == first


def test_the_next_period_begins_with_the_announced_key_and_a_higher_serial(house):
    first = announced(house)
    house.clock.advance(90 * 86_400)
    second = announced(house)
    assert second.serial > first.serial
    assert second.keys[0].key.id == first.keys[1].key.id
    assert len(second.keys) == 2


def test_a_server_that_was_off_for_years_begins_a_new_period_now(house):
    announced(house)
    house.clock.advance(900 * 86_400)
    later = announced(house)
    assert later.key_at(house.clock.now_ns).id == later.keys[0].key.id
    assert later.keys[0].not_before_ns == house.clock.now_ns


def test_tenants_share_no_key(house):
    ours, theirs = announced(house, "acme"), announced(house, "other")
    assert not {key.key.id for key in ours.keys} & {key.key.id for key in theirs.keys}
    assert house.tenants.root_public("acme") != house.tenants.root_public("other")
    assert house.recipients.opening_key("other", ours.keys[0].key.id) is None


def test_the_policy_key_is_vouched_for_by_the_root_for_its_tenant(house):
    signed = house.tenants.signed_policy_key("acme")
    verify_signature(Domain.POLICY_KEY, house.tenants.root_public("acme"), signed.signature, b"acme", signed.public_raw)
    assert signed == house.tenants.signed_policy_key("acme")


def test_promise_62_thirty_days_of_backlog_to_the_old_key_all_open_after_rotation(house):
    old = announced(house).keys[0].key
    backlog = []
    for day in range(60, 90):
        backlog.append(seal(sample_header(seq=day), b"day %d" % day, old, identity_key()))
    house.clock.advance(95 * 86_400)
    assert announced(house).key_at(house.clock.now_ns).id != old.id
    house.recipients.destroy_expired("acme")
    for envelope, day in zip(backlog, range(60, 90), strict=True):
        header = verify(envelope, identity_key().public_key().public_bytes_raw())
        assert open_sealed(envelope, house.recipients.opening_key("acme", header.recipient_key_id)) == b"day %d" % day


def test_promise_62_after_retention_the_old_key_is_destroyed_and_opens_nothing(house):
    old = announced(house).keys[0].key
    envelope = seal(sample_header(), b"late", old, identity_key())
    house.clock.advance((90 + 90 + 7) * 86_400 - 1)
    assert not house.recipients.destroy_expired("acme")
    house.clock.advance(1)
    assert [key.id for key in house.recipients.destroy_expired("acme")] == [old.id]
    assert house.recipients.opening_key("acme", old.id) is None
    assert not any(old.id.hex() in name for name in house.files.names())
    for name in house.files.names():
        if name.startswith("recipient."):
            with pytest.raises(CannotOpen):
                open_sealed(envelope, house.recipients.opening_key("acme", bytes.fromhex(name.removeprefix("recipient."))))
    proof = next(entry for entry in house.audit.entries() if entry.action == "recipient-key-destroyed")
    assert (proof.subject, proof.outcome, proof.tenant) == (old.id.hex(), "ok", "acme")
    assert not house.recipients.destroy_expired("acme")


def test_promise_62_a_key_that_could_not_be_removed_is_not_called_destroyed(house):
    old = announced(house).keys[0].key
    house.clock.advance(200 * 86_400)
    house.files.destroy = lambda name: False
    assert not house.recipients.destroy_expired("acme")
    assert house.refusals()[0].subject == old.id.hex()
    assert all(key.destroyed_ns is None for key in house.keys.recipient_keys("acme"))


def test_a_key_nobody_made_opens_nothing(house):
    announced(house)
    assert house.recipients.opening_key("acme", recipient_key().public.id) is None


def test_a_damaged_key_file_is_said_with_the_way_out(house):
    house.files.content["policy.acme"] = b"short"
    with pytest.raises(KeyFileError, match=r"policy\.acme: is not an Ed25519 key"):
        house.tenants.policy_key("acme")
