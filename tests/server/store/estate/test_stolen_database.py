"""Somebody has a copy of the whole database. What can he do with it?"""

from base64 import b64encode, urlsafe_b64encode

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from natvakt_server.identity.enrolment import DeskParts, DeskSettings, EnrolmentDesk
from natvakt_server.identity.tenant_keys import RecipientKeyring
from natvakt_server.store.estate.agents import SqlAgentRegistry
from natvakt_server.store.estate.audit import SqlAuditLog
from natvakt_server.store.estate.recipient_keys import SqlRecipientKeyStore
from natvakt_server.store.estate.tables import metadata
from natvakt_server.store.estate.tokens import SqlTokenStore
from natvakt_wire.enrolment_token import EnrolmentToken
from natvakt_wire.errors import NotAdmitted, WireError
from sqlalchemy import Engine, select
from testkit.identity import Applicant, IdentityHouse


def dump(engine: Engine) -> bytes:
    """Every cell of every table, as text and as bytes."""
    cells: list[bytes] = []
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                cells += [bytes(cell) if isinstance(cell, (bytes, memoryview)) else str(cell).encode() for cell in row]
    return b"\n".join(cells)


def spellings(secret: bytes) -> set[bytes]:
    return {secret, secret.hex().encode(), b64encode(secret).rstrip(b"="), urlsafe_b64encode(secret).rstrip(b"=")}


@pytest.fixture
def house() -> IdentityHouse:
    return IdentityHouse()


@pytest.fixture
def desk(house: IdentityHouse, engine: Engine) -> EnrolmentDesk:
    """The house's desk, but over SQL."""
    audit, keys = SqlAuditLog(engine), SqlRecipientKeyStore(engine)
    recipients = RecipientKeyring(house.files, keys, house.tenants, audit, house.clock, house.rotation)
    registry, tokens = SqlAgentRegistry(engine), SqlTokenStore(engine)
    parts = DeskParts(registry, tokens, audit, house.authority, house.tenants, recipients, house.clock, house.random)
    return EnrolmentDesk(parts, DeskSettings("127.0.0.1:7444", "127.0.0.1:7443"))


def test_promise_56_no_private_key_and_no_usable_token_is_in_it(house: IdentityHouse, desk: EnrolmentDesk, engine: Engine) -> None:
    unused, used = (EnrolmentToken.from_text(desk.issue_token("acme", "hq")) for _ in range(2))
    applicant = Applicant()
    desk.enrol(applicant.enrolment(used.to_text()))
    stolen = dump(engine)
    assert house.files.content, "the keys are files"
    for content in house.files.content.values():
        assert content not in stolen
    private = applicant.identity.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    for secret in (unused.secret, used.secret, private):
        assert not [spelling for spelling in spellings(secret) if spelling in stolen]
    assert spellings(applicant.public_raw) & {spelling for spelling in spellings(applicant.public_raw) if spelling in stolen}


def test_promise_57_what_the_dump_holds_of_a_token_enrols_nobody(house: IdentityHouse, desk: EnrolmentDesk, engine: Engine) -> None:
    token = EnrolmentToken.from_text(desk.issue_token("acme", "hq"))
    with engine.connect() as connection:
        stored = connection.execute(select(metadata.tables["token"].c.token_hash)).scalar_one()
    forged = EnrolmentToken(bytes(stored), token.server, token.ca_certificate, token.tenant_root_fingerprint, token.expires_ns)
    with pytest.raises((NotAdmitted, WireError)):
        desk.enrol(Applicant().enrolment(forged.to_text()))
    assert list(SqlAgentRegistry(engine).agents()) == []


def test_promise_56_no_column_is_made_for_a_secret() -> None:
    words = ("secret", "private", "community", "passphrase", "plaintext", "seed")
    columns = {f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.columns}
    assert not [name for name in columns if any(word in name for word in words)]
    assert {name for name in columns if "password" in name or "totp" in name} == {
        "user_account.password_hash",
        "user_account.totp_sealed",
        "user_account.totp_last_step",
    }
