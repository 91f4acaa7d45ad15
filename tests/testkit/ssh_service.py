"""The SSH service with less patience, for devices on the loopback."""

from natvakt_agent.collectors.ssh.conversation import Patience
from natvakt_agent.collectors.ssh.service import SshService


def make() -> SshService:
    return SshService(Patience(quiet_seconds=0.05, unfinished_seconds=1.0))
