"""What is polled, and the one interface every collector offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from natvakt_agent.model.clock import Clock
from natvakt_agent.model.observation import Observation


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that prints as `***` wherever it lands."""

    _value: str

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class SnmpCredential:
    """How to speak to a device. v1, v2c: `community`. v3: `user` with optional keys. `login`: `user` with the password as `auth_key`, or
    with a `private_key`; `enable_password` where the device asks for one."""

    name: str
    version: str  # "v1" | "v2c" | "v3" | "login"
    community: Secret | None = None
    user: str | None = None
    auth_protocol: str | None = None  # md5 | sha | sha224 | sha256 | sha384 | sha512 | any
    auth_key: Secret | None = None
    privacy_protocol: str | None = None  # des | aes128 | aes192 | aes256 | aes192c | aes256c | any
    privacy_key: Secret | None = None
    context_name: str | None = None
    enable_password: Secret | None = None
    private_key: Secret | None = None  # OpenSSH or PEM text, without a passphrase: the vault is its protection


@dataclass(frozen=True, slots=True)
class Target:
    """One device as the agent knows it. `device` is the id the agent gave it when it first met it (UUIDv7 text)."""

    device: str
    name: str
    address: str
    snmp: SnmpCredential | None = None
    snmp_port: int = 161
    reachability_port: int | None = None  # TCP fall-back where ICMP tells nothing
    deadline_seconds: float = 30.0
    snmp_engine: str | None = None  # "gufo" | "pysnmp"; None: as the settings say
    login: str | None = None  # name of the login in the vault: with it configurations are fetched over SSH
    ssh_port: int = 22
    system: str | None = None  # os word that decides how it is spoken to over SSH; None: as it tells by SNMP
    host_key: str | None = None  # fingerprint `SHA256:...` that its SSH key must have; None: the one of the first contact


class Collector(Protocol):
    """Asks one target once. Never raises for what a device does: that is told in the observation."""

    name: str

    def collect(self, target: Target, tables: Sequence[str] | None, clock: Clock, snapshot: bool = True) -> Observation:
        """Ask for `tables` (None: everything the collector knows that applies), within the target's deadline.

        Without `snapshot` only what is kept over time needs to be read.
        """
        ...
