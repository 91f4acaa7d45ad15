"""A credential as a user of pysnmp's own engine, which receives traps and informs: the same keys as our asking side."""

import pytest
from natvakt_agent.collectors.snmp.pysnmp_trap_users import add_user
from natvakt_agent.collectors.snmp.pysnmp_users import user_named
from natvakt_agent.collectors.snmp.v3_protocols import AUTH_PROTOCOLS, PRIVACY_PROTOCOLS, CredentialUnusable
from natvakt_agent.model.target import Secret, SnmpCredential
from pysnmp.entity.engine import SnmpEngine

SENDER = bytes.fromhex("80001f8804") + b"sender"


@pytest.fixture(scope="module")
def engine() -> SnmpEngine:
    return SnmpEngine()


def credential(auth: str, privacy: str) -> SnmpCredential:
    return SnmpCredential("traps", "v3", None, f"{auth}-{privacy}", auth, Secret("authentication"), privacy, Secret("privacy-key"))


def keys_in(engine: SnmpEngine, user: str, engine_id: bytes) -> list[bytes]:
    """Authentication and privacy key as the engine's own table holds them (PYSNMP-USM-MIB)."""
    builder = engine.get_mib_builder()
    (users,) = builder.import_symbols("SNMP-USER-BASED-SM-MIB", "usmUserEntry")
    (keys,) = builder.import_symbols("PYSNMP-USM-MIB", "pysnmpUsmKeyEntry")
    index = users.getInstIdFromIndices(engine_id, user)
    return [bytes(keys.getNode((*keys.name, column, *index)).syntax) for column in (1, 2)]


@pytest.mark.parametrize("auth", AUTH_PROTOCOLS)
@pytest.mark.parametrize("privacy", PRIVACY_PROTOCOLS)
def test_a_senders_user_has_the_keys_that_we_ask_it_with(engine: SnmpEngine, auth: str, privacy: str) -> None:
    add_user(engine, credential(auth, privacy), SENDER)
    ours = user_named("u", auth, "authentication", privacy, "privacy-key").keys(SENDER)
    assert keys_in(engine, f"{auth}-{privacy}", SENDER) == [bytes(key or b"") for key in ours]


def test_protocols_must_be_known_for_traps(engine: SnmpEngine) -> None:
    with pytest.raises(CredentialUnusable, match="name its protocols"):
        add_user(engine, credential("any", "any"))
