"""The partner's CA: made once, kept as a file, and giving certificates of one shape only."""

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from natvakt_server.identity.authority import AGENT_LIFE_SECONDS, open_authority
from natvakt_server.identity.key_files import KeyFileError
from natvakt_wire.ids import SERVER_NAME, AgentName
from testkit.identity import Applicant, MemoryKeyFiles, SettableClock
from testkit.wire import AGENT, seeded_random

NAME = AgentName("acme", "hq", AGENT)


@pytest.fixture
def files():
    return MemoryKeyFiles()


def opened(files):
    return open_authority(files, SettableClock(), seeded_random(3))


def test_the_ca_is_made_once_and_found_again(files):
    assert opened(files).certificate_der == opened(files).certificate_der
    ca = x509.load_der_x509_certificate(opened(files).certificate_der)
    constraints = ca.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (constraints.critical, constraints.value.ca, constraints.value.path_length) == (True, True, 0)


def test_an_agents_certificate_lives_for_a_day_and_chains_to_the_ca(files):
    authority = opened(files)
    issued = authority.sign_agent(Applicant().csr(), NAME)
    certificate = x509.load_pem_x509_certificate(issued.chain_pem)
    certificate.verify_directly_issued_by(x509.load_der_x509_certificate(authority.certificate_der))
    assert issued.not_after_ns == SettableClock().now_ns + AGENT_LIFE_SECONDS * 10**9
    assert 0 < certificate.serial_number < 2**159


def test_equal_requests_get_equal_certificates_and_others_get_others(files):
    authority, applicant = opened(files), Applicant()
    first = authority.sign_agent(applicant.csr(), NAME, 10**18)
    assert authority.sign_agent(applicant.csr(), NAME, 10**18) == first
    others = [
        authority.sign_agent(applicant.csr(), NAME, 10**18 + 10**9),
        authority.sign_agent(Applicant().csr(), NAME, 10**18),
        authority.sign_agent(applicant.csr(), AgentName("acme", "north", AGENT), 10**18),
    ]
    assert len({x509.load_pem_x509_certificate(issued.chain_pem).serial_number for issued in [first, *others]}) == 4


def test_a_servers_certificate_serves_and_bears_the_fixed_name_beside_its_addresses(files):
    identity = opened(files).server_identity(["noc.example", "192.0.2.1", SERVER_NAME])
    extensions = x509.load_pem_x509_certificate(identity.chain_pem).extensions
    names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [SERVER_NAME, "noc.example"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["192.0.2.1"]
    assert [*extensions.get_extension_for_class(x509.ExtendedKeyUsage).value] == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert "PRIVATE" not in repr(identity)


def test_a_damaged_ca_file_is_said_with_the_way_out(files):
    opened(files)
    whole = files.content["ca.pem"]
    other = MemoryKeyFiles()
    opened(other)
    certificate_of_other = other.content["ca.pem"][other.content["ca.pem"].index(b"-----BEGIN CERT") :]
    for damaged in (b"", whole[:100], whole[: whole.index(b"-----BEGIN CERT")] + certificate_of_other):
        files.content["ca.pem"] = damaged
        with pytest.raises(KeyFileError, match="restore it from the backup"):
            opened(files)
