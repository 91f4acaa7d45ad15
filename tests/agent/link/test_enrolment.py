"""The agent's side of enrolment: nothing is believed that token and pinned keys do not vouch for, and nothing lost is fatal."""

import os
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from natvakt_agent.link.enrolment import Enrolment
from natvakt_agent.link.identity_files import IdentityFiles, IdentityUnavailable
from natvakt_server.identity.admission import RevocationReason
from natvakt_server.identity.enrolment import DeskSettings
from natvakt_wire.enrolment_token import EnrolmentToken
from natvakt_wire.errors import BadSignature, Malformed, NotAdmitted, WireError
from natvakt_wire.recipients import SignedAnnouncement, verify_announcement
from testkit.identity import DeskCalls, IdentityHouse
from testkit.wire import seeded_random

DAY = 86_400


@pytest.fixture
def house():
    return IdentityHouse()


def an_agent(house, folder, calls=None):
    files = IdentityFiles(folder / "identity", seeded_random(1))
    return Enrolment(files, (calls or DeskCalls(house)).connect, house.clock, seeded_random(2), "0.1.0"), files


class ChangedAnswer(DeskCalls):
    """A hostile server: the desk's answer with one thing changed."""

    def __init__(self, house, change):
        super().__init__(house)
        self._change = change

    def _on_the_way_back(self, response):
        self._change(response)
        return response


def test_an_agent_enrols_and_keeps_what_it_pinned(house, tmp_path):
    calls = DeskCalls(house)
    agent, files = an_agent(house, tmp_path, calls)
    result = agent.enrol(house.desk.issue_token("acme", "hq"))
    assert (result.membership.name.tenant, result.membership.name.site) == ("acme", "hq")
    assert files.membership() == result.membership
    assert calls.connected == [("127.0.0.1:7444", house.authority.certificate_pem)]
    assert verify_announcement(files.recipients(), result.membership.tenant_root, "acme").keys
    tls = files.tls()
    assert x509.load_pem_x509_certificate(tls.chain_pem).public_key() == load_pem_private_key(tls.key_pem, None).public_key()
    assert house.registry.agent(result.membership.name.agent).version == "0.1.0"


def test_promise_64_after_a_lost_answer_or_a_restart_the_same_request_is_made_again(house, tmp_path):
    text = house.desk.issue_token("acme", "hq")
    agent, _ = an_agent(house, tmp_path, DeskCalls(house, lose_answers=1))
    with pytest.raises(ConnectionResetError):
        agent.enrol(text)
    restarted, files = an_agent(house, tmp_path)
    result = restarted.enrol(text)
    assert [record.id for record in house.registry.agents()] == [result.membership.name.agent]
    assert files.tls() is not None


@pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")
def test_identity_files_are_for_their_owner_alone(house, tmp_path):
    agent, files = an_agent(house, tmp_path)
    agent.enrol(house.desk.issue_token("acme", "hq"))
    folder = tmp_path / "identity"
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == dict.fromkeys(
        ["identity.key", "tls.pem", "membership.json", "recipients.json"], 0o600
    )
    assert folder.stat().st_mode & 0o777 == 0o700
    (folder / "identity.key").chmod(0o644)
    with pytest.raises(IdentityUnavailable, match="chmod 0600"):
        files.identity_key()


def set_root(response):
    response.tenant_root = bytes(32)


def set_policy_key(response):
    response.policy_key = bytes(32)


def set_recipients(response):
    response.recipients.body = response.recipients.body.replace(b'"serial":2', b'"serial":3')


def set_name(response):
    response.site = "north"


def set_tenant(response):
    response.tenant = "other"


def set_certificate(response):
    response.certificate_chain = IdentityHouse().authority.certificate_pem


def set_no_certificate(response):
    response.certificate_chain = b""


@pytest.mark.parametrize("change", [set_root, set_policy_key, set_recipients, set_name, set_tenant, set_certificate, set_no_certificate])
def test_an_answer_that_the_token_does_not_vouch_for_is_refused_and_changes_nothing(house, tmp_path, change):
    agent, files = an_agent(house, tmp_path, ChangedAnswer(house, change))
    with pytest.raises(WireError):
        agent.enrol(house.desk.issue_token("acme", "hq"))
    assert files.membership() is None
    assert files.tls() is None
    assert files.recipients() is None


def test_a_certificate_for_another_key_is_refused(house, tmp_path):
    other, other_files = an_agent(house, tmp_path / "other")
    other.enrol(house.desk.issue_token("acme", "hq"))

    def swap(response):
        response.certificate_chain = other_files.tls().chain_pem

    agent, _ = an_agent(house, tmp_path, ChangedAnswer(house, swap))
    with pytest.raises(NotAdmitted, match="for another key or another agent"):
        agent.enrol(house.desk.issue_token("acme", "hq"))


def test_the_ca_is_pinned_from_the_token_whatever_the_server_sends(house, tmp_path):
    def swap(response):
        response.ca_certificates = IdentityHouse().authority.certificate_pem

    agent, files = an_agent(house, tmp_path, ChangedAnswer(house, swap))
    agent.enrol(house.desk.issue_token("acme", "hq"))
    assert files.membership().ca_certificates == house.authority.certificate_pem


def test_a_mistyped_token_and_one_without_a_ca_are_refused_before_any_call(house, tmp_path):
    calls = DeskCalls(house)
    agent, _ = an_agent(house, tmp_path, calls)
    text = house.desk.issue_token("acme", "hq")
    without_ca = replace(EnrolmentToken.from_text(text), ca_certificate=b"").to_text()
    for wrong in (text[:-3], without_ca, ""):
        with pytest.raises(Malformed):
            agent.enrol(wrong)
    assert not calls.connected


def test_an_agent_that_waits_for_approval_enrols_again_with_the_same_token(tmp_path):
    house = IdentityHouse(DeskSettings("a:1", "a:2", approval_required=True))
    agent, files = an_agent(house, tmp_path)
    text = house.desk.issue_token("acme", "hq")
    waiting = agent.enrol(text)
    assert waiting.awaiting_approval
    assert files.tls() is None
    [key] = house.registry.identity_keys(waiting.membership.name.agent)
    assert key.fingerprint == waiting.identity_fingerprint
    house.desk.approve(waiting.membership.name.agent, "user:anna")
    assert not agent.enrol(text).awaiting_approval
    assert files.tls() is not None


def test_a_certificate_is_renewed_at_half_its_life_with_a_fresh_key(house, tmp_path):
    agent, files = an_agent(house, tmp_path)
    name = agent.enrol(house.desk.issue_token("acme", "hq")).membership.name
    before = files.tls()
    due_seconds = (agent.renewal_due_ns() - house.clock.now_ns) / 10**9
    assert 0.39 * DAY < due_seconds < 0.61 * DAY
    house.clock.advance(due_seconds)
    request = agent.renewal_request()
    assert agent.renewal_request() == request
    agent.accept_renewal(house.desk.renew(name, request.csr, request.signature).chain_pem)
    assert files.tls().key_pem != before.key_pem
    assert agent.renewal_due_ns() > house.clock.now_ns


def test_renewals_of_many_agents_are_spread(house, tmp_path):
    due = set()
    for number in range(8):
        agent, _ = an_agent(house, tmp_path / str(number))
        agent.enrol(house.desk.issue_token("acme", "hq"))
        due.add(agent.renewal_due_ns())
    assert len(due) == 8


def test_a_renewal_that_is_not_ours_leaves_the_old_certificate_in_use(house, tmp_path):
    agent, files = an_agent(house, tmp_path)
    agent.enrol(house.desk.issue_token("acme", "hq"))
    before = files.tls()
    agent.renewal_request()
    for chain in (before.chain_pem, IdentityHouse().authority.certificate_pem, b""):
        with pytest.raises((NotAdmitted, Malformed)):
            agent.accept_renewal(chain)
    assert files.tls() == before


def test_promise_63_an_agent_away_past_expiry_comes_back_without_a_human(house, tmp_path):
    agent, _ = an_agent(house, tmp_path)
    first = agent.enrol(house.desk.issue_token("acme", "hq"))
    assert not agent.certificate_expired()
    house.clock.advance(40 * DAY)
    restarted, _ = an_agent(house, tmp_path)
    assert restarted.certificate_expired()
    assert restarted.come_back().membership.name == first.membership.name
    assert not restarted.certificate_expired()


def test_promise_63_a_clean_enrolment_keeps_agent_and_identity_key_and_so_the_spool(house, tmp_path):
    agent, files = an_agent(house, tmp_path)
    first = agent.enrol(house.desk.issue_token("acme", "hq"))
    key = files.identity_key().private_bytes_raw()
    house.clock.advance(40 * DAY)
    assert agent.enrol(house.desk.issue_token("acme", "hq")).membership.name == first.membership.name
    assert files.identity_key().private_bytes_raw() == key


def test_promise_60_a_revoked_agent_does_not_come_back(house, tmp_path):
    agent, _ = an_agent(house, tmp_path)
    name = agent.enrol(house.desk.issue_token("acme", "hq")).membership.name
    house.desk.revoke(name.agent, "user:anna", RevocationReason.RETIRED)
    with pytest.raises(NotAdmitted, match="revoked"):
        agent.come_back()


@pytest.mark.parametrize("change", [set_root, set_name])
def test_on_coming_back_another_root_or_name_is_refused(house, tmp_path, change):
    an_agent(house, tmp_path)[0].enrol(house.desk.issue_token("acme", "hq"))
    agent, _ = an_agent(house, tmp_path, ChangedAnswer(house, change))
    with pytest.raises((BadSignature, NotAdmitted)):
        agent.come_back()


def test_new_recipient_keys_are_kept_only_from_the_pinned_root_and_never_older_ones(house, tmp_path):
    agent, files = an_agent(house, tmp_path)
    agent.enrol(house.desk.issue_token("acme", "hq"))
    old = files.recipients()
    house.clock.advance(91 * DAY)
    new = house.recipients.announcement("acme")
    agent.accept_recipients(new)
    assert files.recipients() == new
    with pytest.raises(NotAdmitted, match="older"):
        agent.accept_recipients(old)
    with pytest.raises(BadSignature):
        agent.accept_recipients(SignedAnnouncement(new.body, bytes(64)))
    assert files.recipients() == new


def test_an_agent_that_never_enrolled_says_so(house, tmp_path):
    agent, files = an_agent(house, tmp_path)
    for attempt in (agent.come_back, agent.renewal_due_ns, lambda: agent.accept_renewal(b"")):
        with pytest.raises(NotAdmitted, match="enrol"):
            attempt()
    assert not agent.certificate_expired()
    assert files.membership() is None


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("identity.key", lambda files: files.identity_key()),
        ("tls-pending.key", lambda files: files.pending_tls_key()),
        ("tls.pem", lambda files: files.tls()),
        ("membership.json", lambda files: files.membership()),
        ("recipients.json", lambda files: files.recipients()),
    ],
)
def test_a_damaged_file_is_said_with_the_way_out(house, tmp_path, name, read):
    agent, files = an_agent(house, tmp_path)
    agent.enrol(house.desk.issue_token("acme", "hq"))
    agent.renewal_request()
    (tmp_path / "identity" / name).write_bytes(b"{}")
    with pytest.raises(IdentityUnavailable, match="restore it from a backup, or remove the file and enrol again"):
        read(files)
