"""Key files on a real disk: whole, private, and gone when destroyed."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from natvakt_server.identity.key_files import KeyDirectory, KeyFileError

posix_only = pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "keys"


def test_a_key_comes_back_as_it_was_written(folder):
    keys = KeyDirectory(folder)
    assert keys.read("ca.pem") is None
    assert keys.names() == []
    keys.write("ca.pem", b"one")
    keys.write("ca.pem", b"two")
    assert keys.read("ca.pem") == b"two"
    assert keys.names() == ["ca.pem"]


@posix_only
def test_folder_and_files_are_for_their_owner_alone(folder):
    KeyDirectory(folder).write("ca.pem", b"secret")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600]


@posix_only
def test_a_key_that_others_can_read_is_refused_with_the_way_out(folder):
    keys = KeyDirectory(folder)
    keys.write("ca.pem", b"secret")
    (folder / "ca.pem").chmod(0o640)
    with pytest.raises(KeyFileError, match="mode 0640 lets others read it; chmod 0600"):
        keys.read("ca.pem")


def test_of_many_who_create_at_once_all_end_with_the_same_key(folder):
    keys = KeyDirectory(folder)
    with ThreadPoolExecutor(8) as pool:
        answers = {*pool.map(lambda number: keys.create("root", b"%d" % number), range(30))}
    assert len(answers) == 1
    assert {keys.read("root")} == answers
    assert [path.name for path in folder.iterdir()] == ["root"]


def test_a_destroyed_key_is_gone_and_its_bytes_are_overwritten(folder):
    keys = KeyDirectory(folder)
    keys.write("recipient.1", b"secret")
    os.link(folder / "recipient.1", folder / "seen")
    assert keys.destroy("recipient.1")
    assert keys.read("recipient.1") is None
    assert (folder / "seen").read_bytes() == bytes(6)
    assert not keys.destroy("recipient.1")


@pytest.mark.parametrize("name", ["", "../x", "a/b", "A", ".hidden", "a" * 130])
def test_names_that_leave_the_folder_are_refused(folder, name):
    with pytest.raises(KeyFileError, match="no name of a key file"):
        KeyDirectory(folder).read(name)


def test_what_cannot_be_written_is_said_with_place_and_way_out(tmp_path):
    (tmp_path / "keys").write_text("a file where the folder should be")
    with pytest.raises(KeyFileError, match="keys"):
        KeyDirectory(tmp_path / "keys").write("ca.pem", b"x")
