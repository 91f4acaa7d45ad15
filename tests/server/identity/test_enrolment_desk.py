"""The enrolment desk: promises 60, 63 and 64, and what else may never happen at it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from natvakt_server.domain.identity import AgentState
from natvakt_server.identity.admission import RevocationReason
from natvakt_server.identity.enrolment import MAX_TOKEN_LIFE_NS, DeskSettings
from natvakt_wire.enrolment_token import EnrolmentToken
from natvakt_wire.errors import BadSignature, LimitExceeded, Malformed, NotAdmitted, TryLater
from natvakt_wire.ids import AgentName
from natvakt_wire.signing import fingerprint
from testkit.identity import Applicant, IdentityHouse

DAY = 86_400


@pytest.fixture
def house():
    return IdentityHouse()


def certificate_of(answer):
    return x509.load_pem_x509_certificate(answer.certificate_chain)


def names_in(certificate):
    return certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(
        x509.UniformResourceIdentifier
    )


def enrolled(house, site="hq"):
    applicant = Applicant()
    return applicant, house.desk.enrol(applicant.enrolment(house.desk.issue_token("acme", site))).name


def test_an_enrolled_agent_gets_a_certificate_for_the_tokens_site_and_everything_it_pins(house):
    applicant = Applicant()
    answer = house.desk.enrol(applicant.enrolment(house.desk.issue_token("acme", "hq")))
    certificate = certificate_of(answer)
    assert names_in(certificate) == [answer.name.spiffe_id]
    assert (answer.name.tenant, answer.name.site) == ("acme", "hq")
    assert certificate.public_key() == applicant.tls.public_key()
    assert fingerprint(answer.tenant_root) == house.tenants.root_fingerprint("acme")
    assert [key.fingerprint for key in house.registry.identity_keys(answer.name.agent)] == [fingerprint(applicant.public_raw)]
    assert {"token-issued", "enrolled"} <= {entry.action for entry in house.audit.entries(tenant="acme")}


def test_the_token_carries_the_pin_and_only_its_hash_is_stored(house):
    token = EnrolmentToken.from_text(house.desk.issue_token("acme", "hq"))
    assert token.ca_certificate == house.authority.certificate_der
    assert token.tenant_root_fingerprint == house.tenants.root_fingerprint("acme")
    assert token.secret not in b"".join(house.tokens.rows) + repr(house.tokens.rows).encode()
    assert token.secret_text not in repr(house.audit.rows)


@pytest.mark.parametrize("life_ns", [0, -1, MAX_TOKEN_LIFE_NS + 1])
def test_a_token_lives_for_a_day_at_most(house, life_ns):
    with pytest.raises(LimitExceeded, match="at most 24 h"):
        house.desk.issue_token("acme", "hq", life_ns=life_ns)


def test_promise_64_a_token_used_by_one_key_is_refused_to_any_other(house):
    text = house.desk.issue_token("acme", "hq")
    house.desk.enrol(Applicant().enrolment(text))
    with pytest.raises(NotAdmitted, match="unknown, used or too old"):
        house.desk.enrol(Applicant().enrolment(text), peer="192.0.2.7")
    assert [entry.subject for entry in house.refusals()] == ["192.0.2.7"]


def test_promise_64_an_expired_token_is_refused(house):
    text = house.desk.issue_token("acme", "hq")
    house.clock.advance(600)
    with pytest.raises(NotAdmitted):
        house.desk.enrol(Applicant().enrolment(text))
    assert not house.registry.agents()


def test_promise_64_of_100_clients_racing_for_a_token_one_is_enrolled(house):
    text = house.desk.issue_token("acme", "hq")
    rivals = [Applicant().enrolment(text) for _ in range(100)]

    def attempt(request):
        try:
            return house.desk.enrol(request)
        except NotAdmitted:
            return None

    with ThreadPoolExecutor(16) as pool:
        winners = [answer for answer in pool.map(attempt, rivals) if answer]
    assert len(winners) == 1
    assert [record.id for record in house.registry.agents()] == [winners[0].name.agent]


def test_promise_64_a_repeat_after_a_lost_answer_gets_the_same_certificate(house):
    text, applicant = house.desk.issue_token("acme", "hq"), Applicant()
    first = house.desk.enrol(applicant.enrolment(text))
    house.clock.advance(3600)
    again = house.desk.enrol(applicant.enrolment(text))
    assert again.certificate_chain == first.certificate_chain
    assert again.name == first.name
    assert len(house.registry.agents()) == 1


def test_promise_64_a_crash_between_token_and_registration_is_mended_by_the_repeat(house):
    text, applicant = house.desk.issue_token("acme", "hq"), Applicant()
    healthy = house.registry.enrol
    house.registry.enrol = lambda *_: (_ for _ in ()).throw(OSError("database away"))
    with pytest.raises(OSError):
        house.desk.enrol(applicant.enrolment(text))
    house.registry.enrol = healthy
    answer = house.desk.enrol(applicant.enrolment(text))
    assert [row.agent for row in house.tokens.rows.values()] == [answer.name.agent]


def test_promise_64_what_a_request_asks_for_itself_is_ignored(house):
    applicant = Applicant()
    greedy = applicant.csr(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "other"), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "natvakt")]),
        [
            x509.BasicConstraints(ca=True, path_length=None),
            x509.SubjectAlternativeName([x509.UniformResourceIdentifier("spiffe://natvakt/other/hq/01a0c450-6c00-76c5-a522-4a58b791f1d8")]),
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE]),
        ],
    )
    answer = house.desk.enrol(applicant.enrolment(house.desk.issue_token("acme", "hq"), greedy))
    certificate = certificate_of(answer)
    extensions = certificate.extensions
    assert names_in(certificate) == [f"spiffe://natvakt/acme/hq/{answer.name.agent}"]
    assert not certificate.subject.rdns
    assert extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    assert [*extensions.get_extension_for_class(x509.ExtendedKeyUsage).value] == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert not extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign


def test_a_stolen_token_without_the_proof_of_a_key_is_worth_nothing(house):
    text = house.desk.issue_token("acme", "hq")
    honest, thief = Applicant().enrolment(text), Applicant()
    with pytest.raises(BadSignature):
        house.desk.enrol(replace(honest, csr=thief.csr()))
    with pytest.raises(BadSignature):
        house.desk.enrol(replace(honest, identity_public_key=thief.public_raw))
    assert house.desk.enrol(honest).certificate_chain


@pytest.mark.parametrize("csr", [b"", b"no request", bytes(5000)])
def test_what_is_no_request_is_refused_before_the_token_is_touched(house, csr):
    text, applicant = house.desk.issue_token("acme", "hq"), Applicant()
    with pytest.raises((Malformed, LimitExceeded)):
        house.desk.enrol(applicant.enrolment(text, csr))
    assert house.desk.enrol(applicant.enrolment(text)).certificate_chain


@pytest.mark.parametrize(("key", "algorithm"), [(generate_private_key(SECP384R1()), SHA256()), (Ed25519PrivateKey.generate(), None)])
def test_other_kinds_of_tls_keys_are_refused(house, key, algorithm):
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, algorithm)
    with pytest.raises(Malformed, match="ECDSA P-256"):
        house.desk.enrol(Applicant().enrolment(house.desk.issue_token("acme", "hq"), request.public_bytes(Encoding.DER)))


def test_a_request_signed_by_another_key_is_refused(house):
    der = bytearray(Applicant().csr())
    der[-1] ^= 1
    with pytest.raises(Malformed):
        house.desk.enrol(Applicant().enrolment(house.desk.issue_token("acme", "hq"), bytes(der)))


def test_an_agent_that_must_be_approved_gets_no_certificate_before():
    house = IdentityHouse(DeskSettings("a:1", "a:2", approval_required=True))
    text, applicant = house.desk.issue_token("acme", "hq"), Applicant()
    waiting = house.desk.enrol(applicant.enrolment(text))
    assert (waiting.awaiting_approval, waiting.certificate_chain) == (True, b"")
    with pytest.raises(NotAdmitted, match="awaiting approval"):
        house.desk.renew(waiting.name, *applicant.renewal())
    house.desk.approve(waiting.name.agent, "user:anna")
    house.clock.advance(2 * DAY)
    assert names_in(certificate_of(house.desk.enrol(applicant.enrolment(text)))) == [waiting.name.spiffe_id]
    with pytest.raises(NotAdmitted, match="does not wait"):
        house.desk.approve(waiting.name.agent, "user:anna")


def test_a_renewal_gives_a_fresh_key_a_fresh_day(house):
    applicant, name = enrolled(house)
    house.clock.advance(DAY / 2)
    issued = house.desk.renew(name, *applicant.renewal())
    assert issued.not_after_ns == house.clock.now_ns + DAY * 10**9
    assert x509.load_pem_x509_certificate(issued.chain_pem).public_key() == applicant.tls.public_key()
    assert house.registry.agent(name.agent).certificate_not_after_ns == issued.not_after_ns


def test_a_renewal_needs_the_identity_key_not_only_the_certificate(house):
    _, name = enrolled(house)
    with pytest.raises(BadSignature):
        house.desk.renew(name, *Applicant().renewal())


def test_promise_40_a_renewal_for_another_tenant_is_refused(house):
    applicant, name = enrolled(house)
    with pytest.raises(NotAdmitted):
        house.desk.renew(AgentName("other", "hq", name.agent), *applicant.renewal())
    assert house.refusals()[0].action == "renew"


@pytest.mark.parametrize("reason", RevocationReason)
def test_promise_60_a_revoked_agent_is_not_renewed_even_if_due(house, reason):
    applicant, name = enrolled(house)
    house.desk.revoke(name.agent, "user:anna", reason, "laptop lost")
    house.clock.advance(DAY / 2)
    with pytest.raises(NotAdmitted, match=f"revoked: {reason.value}: laptop lost"):
        house.desk.renew(name, *applicant.renewal())
    with pytest.raises(NotAdmitted):
        house.desk.return_after_absence(applicant.coming_back(name.agent, house.clock.now_ns))
    with pytest.raises(NotAdmitted, match="registered with this identity key and revoked"):
        house.desk.enrol(applicant.enrolment(house.desk.issue_token("acme", "hq")))
    assert [entry.action for entry in house.refusals()] == ["enrol", "return", "renew"]


def test_a_fenced_agent_is_not_renewed(house):
    applicant, name = enrolled(house)
    house.registry.update(replace(house.registry.agent(name.agent), state=AgentState.FENCED, detail="clone"))
    with pytest.raises(NotAdmitted, match="fenced: clone"):
        house.desk.renew(name, *applicant.renewal())


def test_only_a_registered_agent_can_be_revoked(house):
    with pytest.raises(NotAdmitted, match="agent list"):
        house.desk.revoke("01a0c450-6c00-76c5-a522-4a58b791f1d8", "cli")


def test_promise_63_an_agent_away_for_weeks_comes_back_by_its_registered_key(house):
    applicant, name = enrolled(house)
    house.clock.advance(40 * DAY)
    answer = house.desk.return_after_absence(applicant.coming_back(name.agent, house.clock.now_ns))
    assert answer.name == name
    assert names_in(certificate_of(answer)) == [name.spiffe_id]
    with pytest.raises(BadSignature):
        house.desk.return_after_absence(Applicant().coming_back(name.agent, house.clock.now_ns + 1))


def test_promise_63_enrolling_again_with_the_same_identity_keeps_the_agent_and_so_its_spool(house):
    applicant, name = enrolled(house)
    house.clock.advance(400 * DAY)
    again = house.desk.enrol(applicant.enrolment(house.desk.issue_token("acme", "hq")))
    assert again.name == name
    assert len(house.registry.agents()) == 1


def test_promise_63_an_identity_of_one_site_cannot_enrol_at_another(house):
    applicant, _ = enrolled(house)
    with pytest.raises(NotAdmitted, match="belongs to acme/hq, the token is for acme/north"):
        house.desk.enrol(applicant.enrolment(house.desk.issue_token("acme", "north")))


def test_promise_63_returns_are_limited_for_each_site():
    house = IdentityHouse(DeskSettings("a:1", "a:2", returns_per_site=2))
    crowd = [enrolled(house) for _ in range(3)]
    elsewhere = enrolled(house, "north")

    def come_back(who):
        return house.desk.return_after_absence(who[0].coming_back(who[1].agent, house.clock.now_ns))

    come_back(crowd[0])
    come_back(crowd[1])
    with pytest.raises(TryLater, match="site acme/hq has had 2 returns"):
        come_back(crowd[2])
    come_back(elsewhere)
    house.clock.advance(3600)
    assert come_back(crowd[2]).certificate_chain


def test_promise_48_a_replayed_return_has_no_new_effect(house):
    applicant, name = enrolled(house)
    captured = applicant.coming_back(name.agent, house.clock.now_ns)
    house.desk.return_after_absence(captured)
    with pytest.raises(NotAdmitted, match="answered already"):
        house.desk.return_after_absence(captured)
    house.clock.advance(3601)
    with pytest.raises(NotAdmitted, match="more than an hour from now"):
        house.desk.return_after_absence(captured)


def test_promise_48_a_replayed_enrolment_gives_the_thief_nothing_it_has_the_key_for(house):
    applicant = Applicant()
    captured = applicant.enrolment(house.desk.issue_token("acme", "hq"))
    first = house.desk.enrol(captured)
    assert house.desk.enrol(captured).certificate_chain == first.certificate_chain


@pytest.mark.parametrize("changes", [{"nonce": b"short"}, {"signed_at_ns": 2**70}, {"agent": "nobody"}])
def test_returns_of_another_shape_are_refused(house, changes):
    applicant, name = enrolled(house)
    request = replace(applicant.coming_back(name.agent, house.clock.now_ns), **changes)
    with pytest.raises((Malformed, NotAdmitted)):
        house.desk.return_after_absence(request)


def test_the_audit_trail_holds_together(house):
    enrolled(house)
    assert house.audit.verify() == len(house.audit.rows) > 2


def test_a_stranger_without_a_token_cannot_make_the_server_search_its_agents(house):
    enrolled(house)
    stranger = Applicant().enrolment(IdentityHouse().desk.issue_token("acme", "hq"))
    house.registry.agents = lambda tenant=None: pytest.fail("all agents were read for a stranger")
    with pytest.raises(NotAdmitted):
        house.desk.enrol(stranger)
