"""Promise 57: a thief of everything the stores hold, without the key files, has nothing to enrol, mint or open with."""

from dataclasses import asdict

import pytest
from natvakt_server.identity.enrolment import DeskParts, DeskSettings, EnrolmentDesk
from natvakt_wire.enrolment_token import EnrolmentToken
from natvakt_wire.errors import NotAdmitted
from testkit.identity import Applicant, IdentityHouse


@pytest.fixture
def house():
    house = IdentityHouse()
    house.issued = house.desk.issue_token("acme", "hq")
    house.desk.enrol(Applicant().enrolment(house.desk.issue_token("acme", "hq")))
    return house


def dump(house):
    agents = house.registry.agents()
    rows = [*agents, *(key for agent in agents for key in house.registry.identity_keys(agent.id)), *house.tokens.rows.values()]
    rows += [*house.keys.recipient_keys("acme"), *house.audit.entries()]
    return [value for row in rows for value in asdict(row).values()]


def test_promise_56_no_key_file_and_no_token_is_in_the_dump(house):
    values = dump(house)
    flat = b"\0".join(value if isinstance(value, bytes) else str(value).encode() for value in values)
    secrets = [content for name, content in house.files.content.items() if name != "ca.pem"]
    secrets += [EnrolmentToken.from_text(house.issued).secret, EnrolmentToken.from_text(house.issued).secret_text.encode()]
    for secret in secrets:
        assert secret not in flat
        assert secret.hex().encode() not in flat
    assert b"PRIVATE KEY" not in flat


def test_promise_57_no_value_of_the_dump_serves_as_a_token(house):
    for value in dump(house):
        if isinstance(value, bytes) and len(value) == 32:
            stolen = EnrolmentToken(value, "a:1", b"", bytes(32), 0)
            with pytest.raises(NotAdmitted):
                house.desk.enrol(Applicant().enrolment(stolen.to_text()))


def test_promise_57_a_server_built_from_the_dump_mints_for_a_ca_nobody_pinned(house):
    thief = IdentityHouse()
    parts = DeskParts(
        house.registry, house.tokens, house.audit, thief.authority, thief.tenants, thief.recipients, house.clock, house.random
    )
    token = EnrolmentToken.from_text(EnrolmentDesk(parts, DeskSettings("a:1", "a:2")).issue_token("acme", "hq"))
    pinned = EnrolmentToken.from_text(house.issued)
    assert token.ca_certificate != pinned.ca_certificate
    assert token.tenant_root_fingerprint != pinned.tenant_root_fingerprint
