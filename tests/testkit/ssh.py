"""What SSH tests share: the real service behind a real child, a login, and the parts of the agent around the collector."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from natvakt_agent.app.ssh import MEMORY_BYTES, ChildCaller
from natvakt_agent.collectors.ssh import messages
from natvakt_agent.collectors.ssh.messages import Fetch, Fetched, Greet, Greeting, HostKey, Login
from natvakt_agent.collectors.ssh.ports import Caller, Cleared, KnownKey
from natvakt_agent.isolation.child import Child
from natvakt_agent.isolation.limits import Limits
from natvakt_agent.model.target import Secret, SnmpCredential, Target
from testkit.ssh_device import ENABLE, PASSWORDS, SshDevice

LOOPBACK = "127.0.0.1"
USER, PASSWORD = next(iter(PASSWORDS.items()))
LOGIN = Login(USER, PASSWORD, ENABLE, "")
CREDENTIAL = SnmpCredential("switches", "login", user=USER, auth_key=Secret(PASSWORD), enable_password=Secret(ENABLE))
PATIENCE_SECONDS = 60.0


@contextmanager
def service() -> Iterator[Child]:
    child = Child(
        "ssh", "testkit.ssh_service:make", Limits(MEMORY_BYTES, threads=4), {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    )
    try:
        yield child
    finally:
        child.close()


def greeting(caller: Caller, port: int, deadline_seconds: float = PATIENCE_SECONDS) -> Greeting:
    body = messages.encode(Greet(LOOPBACK, port, deadline_seconds))
    return messages.decode_greeting(caller.call(messages.GREET, body, deadline_seconds + PATIENCE_SECONDS))


def fetched(
    child: Child,
    device: SshDevice,
    dialect: str,
    commands: list[str],
    login: Login = LOGIN,
    pinned: HostKey | None = None,
    deadline_seconds: float = PATIENCE_SECONDS,
) -> Fetched:
    wanted = Fetch(LOOPBACK, device.port, dialect, login, pinned or key_of(device), commands, [], deadline_seconds)
    return messages.decode_fetched(child.call(messages.FETCH, messages.encode(wanted), deadline_seconds + PATIENCE_SECONDS))


def key_of(device: SshDevice) -> HostKey:
    return HostKey(device.key.get_algorithm(), device.key.public_data)


def target(device: SshDevice, **changes: object) -> Target:
    settings: dict[str, object] = {
        "device": "dev-1", "name": "hq-acc1", "address": LOOPBACK, "login": "switches", "ssh_port": device.port, "system": "ios",
        "deadline_seconds": PATIENCE_SECONDS,
    }  # fmt: skip
    return Target(**{**settings, **changes})  # type: ignore[arg-type]


@dataclass
class HeldKeys:
    """`HostKeys` in memory."""

    keys: dict[str, KnownKey] = field(default_factory=dict)

    def known(self, device: str) -> KnownKey | None:
        return self.keys.get(device)

    def pin(self, device: str, name: str, key: HostKey) -> None:
        self.keys[device] = KnownKey(key, "2026-11-25T00:00:00Z")

    def report_change(self, device: str, offered: HostKey) -> None:
        kept = self.keys[device]
        self.keys[device] = KnownKey(kept.trusted, kept.first_seen, offered)


@dataclass
class OpenGate:
    """A `Gate` that takes one known canary out and lets the rest pass."""

    cleared: list[str] = field(default_factory=list)
    closed: Mapping[str, str] = field(default_factory=dict)

    def clear(self, target: Target, what: str, text: str, system: str) -> Cleared:
        if what in self.closed:
            return Cleared(None, self.closed[what])
        self.cleared.append(what)
        return Cleared(text.replace("canary-Community-9K", "(removed)"))


def caller(child: Child) -> ChildCaller:
    return ChildCaller(child)
