"""What the collector needs of the agent around it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from natvakt_agent.collectors.ssh.messages import HostKey
from natvakt_agent.model.target import SnmpCredential, Target


class ServiceLost(Exception):
    """The child process did not answer; the text says why."""


class Caller(Protocol):
    """The child process "ssh"."""

    def call(self, method: str, argument: bytes, timeout_seconds: float) -> bytes:
        """Raises ServiceLost."""
        ...


@dataclass(frozen=True, slots=True)
class KnownKey:
    """What is known of one device's host key. `offered`: the device showed this one instead, and nobody accepted it yet."""

    trusted: HostKey
    first_seen: str
    offered: HostKey | None = None


class HostKeys(Protocol):
    """Host keys of the site's devices, kept over restarts."""

    def known(self, device: str) -> KnownKey | None: ...
    def pin(self, device: str, name: str, key: HostKey) -> None:
        """Trust `key` from now on. Raises OSError."""
        ...

    def report_change(self, device: str, offered: HostKey) -> None:
        """Nothing is sent to the device any more until a person accepts this key. Raises OSError."""
        ...


@dataclass(frozen=True, slots=True)
class Cleared:
    """A text that may leave the site, or None and why not."""

    text: str | None
    reason: str | None = None


class Gate(Protocol):
    """The last place at the site: scrubs a text, shows it to the site, and holds back what must not leave."""

    def clear(self, target: Target, what: str, text: str, system: str) -> Cleared: ...


Logins = Callable[[str], SnmpCredential | None]
"""A credential of the vault by name."""

Systems = Callable[[str], str | None]
"""The os word of a device by its id, where it told one."""
