"""Keys of SNMPv3 against the vectors of the standards: no agent has to be at hand for them.

RFC 3414 A.3 (MD5, SHA-1), the same passphrase and engine id for RFC 7860's digests, draft-reeder-snmpv3-usm-3desede-00 B for the key
extension that Cisco uses, and the definition of draft-blumenthal-aes-usm-04, 3.1.2.1 for the other one.
"""

import hashlib

import pytest
from natvakt_agent.collectors.snmp.gufo_session import AUTH_KEYS, PRIVACY_KEYS
from natvakt_agent.collectors.snmp.pysnmp_users import AUTH, PRIVACY, user_named
from natvakt_agent.collectors.snmp.v3_protocols import AUTH_PROTOCOLS, PRIVACY_PROTOCOLS

PASSPHRASE = "maplesyrup"
ENGINE_ID = bytes.fromhex("000000000000000000000002")
LOCALISED = {
    "md5": "526f5eed9fcce26f8964c2930787d82b",
    "sha": "6695febc9288e36282235fc7151f128497b38f3f",
    "sha224": "0bd8827c6e29f8065e08e09237f177e410f69b90e1782be682075674",
    "sha256": "8982e0e549e866db361a6b625d84cccc11162d453ee8ce3a6445c2d6776f0f8b",
    "sha384": "3b298f16164a11184279d5432bf169e2d2a48307de02b3d3f7e2b4f36eb6f0455a53689a3937eea07319a633d2ccba78",
    "sha512": "22a5a36cedfcc085807a128d7bc6c2382167ad6c0dbc5fdff856740f3d84c099"
    "ad1ea87a8db096714d9788bd544047c9021e4229ce27e4c0a69250adfcffbb0b",
}
EXTENDED_BY_REEDER = {
    "md5": "526f5eed9fcce26f8964c2930787d82b79eff44a90650ee0a3a40abfac5acc12",
    "sha": "6695febc9288e36282235fc7151f128497b38f3f9b8b6d78936ba6e7d19dfd9cd2d5065547743fb5",
}
KEY_OCTETS = {"des": 16, "aes128": 16, "aes192": 24, "aes192c": 24, "aes256": 32, "aes256c": 32}


def keys(auth: str, privacy: str) -> tuple[bytes, bytes]:
    authentication, private = user_named("u", auth, PASSPHRASE, privacy, PASSPHRASE).keys(ENGINE_ID)
    assert authentication is not None
    assert private is not None
    return bytes(authentication), bytes(private)


@pytest.mark.parametrize("auth", AUTH_PROTOCOLS)
def test_authentication_keys_are_those_of_the_standard(auth: str) -> None:
    assert keys(auth, "aes128")[0].hex() == LOCALISED[auth]


@pytest.mark.parametrize("auth", AUTH_PROTOCOLS)
def test_a_privacy_key_that_is_long_enough_is_cut(auth: str) -> None:
    for privacy in ("des", "aes128"):
        assert keys(auth, privacy)[1].hex() == LOCALISED[auth][:32]


@pytest.mark.parametrize("auth", ["md5", "sha"])
@pytest.mark.parametrize("privacy", ["aes192c", "aes256c"])
def test_the_extension_that_cisco_uses_is_that_of_reeders_draft(auth: str, privacy: str) -> None:
    assert keys(auth, privacy)[1].hex() == EXTENDED_BY_REEDER[auth][: 2 * KEY_OCTETS[privacy]]


@pytest.mark.parametrize("auth", ["md5", "sha"])
@pytest.mark.parametrize("privacy", ["aes192", "aes256"])
def test_the_plain_extension_is_that_of_blumenthals_draft(auth: str, privacy: str) -> None:
    short = bytes.fromhex(LOCALISED[auth])
    extended = short + hashlib.new("md5" if auth == "md5" else "sha1", short).digest()
    assert keys(auth, privacy)[1] == extended[: KEY_OCTETS[privacy]]


def test_both_engines_know_the_same_protocols() -> None:
    assert set(AUTH) == set(AUTH_KEYS) == set(AUTH_PROTOCOLS)
    assert set(PRIVACY) == set(PRIVACY_KEYS) == set(PRIVACY_PROTOCOLS)


def test_a_user_keeps_its_passphrases_to_itself() -> None:
    assert "canary" not in repr(user_named("u", "sha", "canary-auth", "aes128", "canary-privacy"))
