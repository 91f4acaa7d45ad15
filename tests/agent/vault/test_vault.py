"""The vault: what goes in comes out only with the right key and in the right place; nothing prints a secret."""

import contextlib
import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from natvakt_agent.model.target import Secret, SnmpCredential
from natvakt_agent.vault.errors import KeyUnavailable, UnknownCredential, VaultDamaged, VaultError, WrongKey
from natvakt_agent.vault.files import read_private, write_atomically
from natvakt_agent.vault.keys import KeyFile, Passphrase, SystemdCredential, choose_source
from natvakt_agent.vault.store import Vault
from natvakt_agent.vault.well_known import is_well_known
from testkit.agent import CountedBytes

CANARY = "c4nary-community"
V2C = SnmpCredential("monitoring", "v2c", community=Secret(CANARY))
V3 = SnmpCredential(
    "core",
    "v3",
    user="nms",
    auth_protocol="sha256",
    auth_key=Secret("c4nary-auth"),
    privacy_protocol="aes128",
    privacy_key=Secret("c4nary-priv"),
)


def key_file(folder, content=bytes(range(32)), mode=0o600):
    path = folder / "vault.key"
    path.write_bytes(content)
    path.chmod(mode)
    return KeyFile(path)


@pytest.fixture
def vault(tmp_path):
    return Vault.open(tmp_path / "vault.json", key_file(tmp_path), CountedBytes())


def reopened(folder):
    return Vault.open(folder / "vault.json", KeyFile(folder / "vault.key"), CountedBytes(calls=1000))


def test_credentials_come_back_whole_after_a_restart(vault, tmp_path):
    vault.put(V2C)
    vault.put(V3)
    again = reopened(tmp_path)
    assert again.names() == ["core", "monitoring"]
    assert again.get("monitoring") == V2C
    assert again.get("core") == V3


def test_a_replaced_credential_leaves_nothing_of_the_old_one(vault, tmp_path):
    vault.put(SnmpCredential("core", "v2c", community=Secret("old")))
    vault.put(V3)
    assert reopened(tmp_path).get("core") == V3


def test_a_removed_credential_is_unknown_and_the_error_says_what_to_do(vault):
    vault.put(V2C)
    vault.remove("monitoring")
    with pytest.raises(UnknownCredential, match="credentials add monitoring"):
        vault.get("monitoring")
    with pytest.raises(UnknownCredential):
        vault.remove("monitoring")


def test_promise_58_no_secret_in_file_summary_repr_or_error(vault, tmp_path):
    vault.put(V2C)
    vault.put(V3)
    shown = [(tmp_path / "vault.json").read_text(), repr(vault.summary("core")), repr(vault.get("core")), repr(vars(vault)), str(V2C)]
    assert not any("c4nary" in text for text in shown)


def test_the_wrong_key_opens_nothing_and_says_so(vault, tmp_path):
    vault.put(V2C)
    (tmp_path / "vault.key").write_bytes(bytes(32))
    with pytest.raises(WrongKey, match="the one it was made with"):
        reopened(tmp_path)


def test_a_record_moved_to_another_credential_field_or_version_does_not_open(vault, tmp_path):
    vault.put(V2C)
    vault.put(SnmpCredential("other", "v2c", community=Secret("another")))
    path = tmp_path / "vault.json"
    content = json.loads(path.read_text())
    boxes = {(record["credential"], record["field"]): record for record in content["records"]}
    boxes["other", "community"]["box"] = boxes["monitoring", "community"]["box"]
    path.write_text(json.dumps(content))
    with pytest.raises(VaultDamaged, match="'other', field 'community'"):
        reopened(tmp_path).get("other")
    assert reopened(tmp_path).get("monitoring") == V2C


def test_an_older_record_put_back_beside_newer_ones_is_noticed(vault, tmp_path):
    path = tmp_path / "vault.json"
    vault.put(V3)
    old = json.loads(path.read_text())["records"]
    vault.put(V3)
    content = json.loads(path.read_text())
    content["records"] = [record for record in content["records"] if record["field"] != "auth_key"] + [
        record for record in old if record["field"] == "auth_key"
    ]
    path.write_text(json.dumps(content))
    with pytest.raises(VaultDamaged, match="several versions"):
        reopened(tmp_path).get("core")


@settings(max_examples=60, deadline=None)
@given(position=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_any_flipped_bit_is_refused_or_harmless_but_never_another_secret(tmp_path_factory, position, bit):
    folder = tmp_path_factory.mktemp("vault")
    vault = Vault.open(folder / "vault.json", key_file(folder), CountedBytes())
    vault.put(V2C)
    content = bytearray((folder / "vault.json").read_bytes())
    content[position % len(content)] ^= 1 << bit
    (folder / "vault.json").write_bytes(content)
    with contextlib.suppress(VaultError):
        again = reopened(folder)
        assert [again.get(name) for name in again.names()] in ([V2C], [])


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"format": "natvakt.vault/1"}'])
def test_what_is_no_vault_is_refused_and_left_alone(tmp_path, content):
    (tmp_path / "vault.json").write_bytes(content)
    with pytest.raises(VaultDamaged):
        Vault.open(tmp_path / "vault.json", key_file(tmp_path), CountedBytes())
    assert (tmp_path / "vault.json").read_bytes() == content


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_file_others_can_read_is_refused_with_the_remedy(tmp_path, mode):
    with pytest.raises(KeyUnavailable, match="chmod 0600"):
        key_file(tmp_path, mode=mode).key(b"")


@pytest.mark.skipif(os.name != "posix", reason="symbolic links")
def test_a_key_file_behind_a_link_or_a_folder_is_refused(tmp_path):
    key_file(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "vault.key")
    with pytest.raises(KeyUnavailable):
        KeyFile(tmp_path / "link").key(b"")
    with pytest.raises(KeyUnavailable):
        KeyFile(tmp_path).key(b"")


@pytest.mark.parametrize("content", [b"", b"short", bytes(33), b"zz" * 32])
def test_a_key_of_the_wrong_size_is_refused_without_being_repeated(tmp_path, content):
    with pytest.raises(KeyUnavailable, match="32 random bytes"):
        key_file(tmp_path, content).key(b"")


def test_a_key_may_be_written_as_hex(tmp_path):
    assert key_file(tmp_path, bytes(range(32)).hex().encode() + b"\n").key(b"") == bytes(range(32))


def test_a_passphrase_opens_what_it_closed_and_another_does_not(tmp_path):
    Vault.open(tmp_path / "v.json", Passphrase(lambda: "correct horse battery"), CountedBytes()).put(V2C)
    assert Vault.open(tmp_path / "v.json", Passphrase(lambda: "correct horse battery"), CountedBytes()).get("monitoring") == V2C
    with pytest.raises(WrongKey):
        Vault.open(tmp_path / "v.json", Passphrase(lambda: "wrong horse battery!"), CountedBytes())
    with pytest.raises(KeyUnavailable, match="shorter"):
        Passphrase(lambda: "short").key(bytes(16))


def test_the_source_is_systemds_credential_where_there_is_one(tmp_path):
    (tmp_path / "natvakt-vault-key").write_bytes(bytes(32))
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert choose_source("auto", tmp_path / "k", str, environment) == SystemdCredential(tmp_path)
    assert choose_source("auto", tmp_path / "k", str, {}) == KeyFile(tmp_path / "k")
    with pytest.raises(KeyUnavailable, match="LoadCredentialEncrypted"):
        choose_source("systemd", tmp_path / "k", str, {}).key(b"")


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "file"
    write_atomically(path, b"old")
    with pytest.raises(TypeError):
        write_atomically(path, "not bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_a_secret_file_may_come_through_a_descriptor(tmp_path):
    reading, writing = os.pipe()
    os.write(writing, b"through a pipe")
    os.close(writing)
    with os.fdopen(reading) as pipe:
        content = read_private(type(tmp_path)(f"/dev/fd/{pipe.fileno()}"), "token")
    assert content == b"through a pipe"


@pytest.mark.parametrize(
    ("credential", "known"),
    [
        (SnmpCredential("a", "v2c", community=Secret("public")), True),
        (SnmpCredential("a", "v2c", community=Secret("PRIVATE")), True),
        (SnmpCredential("a", "v1", community=Secret("cisco")), True),
        (SnmpCredential("a", "v2c", community=Secret("k8#fQz-site-hq")), False),
        (SnmpCredential("a", "v3", user="admin", auth_protocol="sha", auth_key=Secret("Admin1234")), True),
        (SnmpCredential("a", "v3", user="monitoring", auth_protocol="sha", auth_key=Secret("monitoring")), True),
        (SnmpCredential("a", "v3", user="nms", auth_protocol="sha", auth_key=Secret("q9-Lm2-xv77")), False),
    ],
)
def test_well_known_credentials_are_marked_at_the_site(credential, known):
    assert is_well_known(credential) is known
