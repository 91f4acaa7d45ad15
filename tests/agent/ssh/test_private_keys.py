"""A key that the vault took is read by the SSH library, whatever its numbers are.

Paramiko reads an OpenSSH file without a comment wrongly where its length needs no padding: one ECDSA key in eight.
"""

import asyncssh
import pytest
from natvakt_agent.app.commands.credentials import _checked_key
from natvakt_agent.app.context import CommandFailed
from natvakt_agent.collectors.ssh.conversation import SessionFailed
from natvakt_agent.collectors.ssh.netmiko_line import _private_key


@pytest.mark.parametrize("algorithm", ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384"])
def test_every_key_that_was_taken_is_read(algorithm):
    for _ in range(40):
        made = asyncssh.generate_private_key(algorithm)
        read = _private_key(_checked_key(made.export_private_key().decode()))
        assert read.asbytes() == made.public_data


def test_what_is_no_key_is_refused_without_a_word_of_it():
    with pytest.raises(CommandFailed) as told:
        _checked_key("-----BEGIN OPENSSH PRIVATE KEY-----\ncanary\n-----END OPENSSH PRIVATE KEY-----\n")
    assert "canary" not in str(told.value)
    with pytest.raises(SessionFailed, match="of no kind that is known"):
        _private_key("canary")
