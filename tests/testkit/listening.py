"""Senders of traps, syslog and flows, and the octets they send."""

import os
import shutil
import socket
import struct
import subprocess
from collections.abc import Callable, Sequence

import pytest
from natvakt_agent.listeners.messages import Counts, Heard, Pushed, Settings, TrapUser, packed, unpacked
from natvakt_agent.listeners.service import ListenService

LINK_DOWN, LINK_UP, COLD_START = "1.3.6.1.6.3.1.1.5.3", "1.3.6.1.6.3.1.1.5.4", "1.3.6.1.6.3.1.1.5.1"
PORT_DOWN = ("1.3.6.1.2.1.2.2.1.1.3", "i", "3", "1.3.6.1.2.1.2.2.1.2.3", "s", "Gi1/0/3", "1.3.6.1.2.1.2.2.1.8.3", "i", "2")
AUTH_KEY, PRIVACY_KEY = "authentication", "privacy-key"
ENGINE = bytes.fromhex("80007ed905") + bytes(range(16))
HERE = "127.0.0.1"


def settings(**changes: object) -> Settings:
    """Listens on loopback to loopback, on ports that the system chooses."""
    values: dict[str, object] = {
        "addresses": [HERE],
        "trap_port": 0,
        "syslog_udp_port": 0,
        "syslog_tcp_port": 0,
        "flow_port": 0,
        "sources": [HERE],
        "communities": [b"trap-word"],
        "users": [TrapUser("watcher", "sha", AUTH_KEY, "aes128", PRIVACY_KEY), TrapUser("open", "", "", "", "")],
        "engine_id": ENGINE,
        "engine_boots": 7,
        "flow_key": b"k" * 32,
    }
    return Settings(**(values | changes))  # type: ignore[arg-type]


class Listening:
    """A `ListenService` in this process with real sockets; what it pushed is looked at when it has stopped."""

    def __init__(self, **changes: object) -> None:
        self._pushed: list[bytes] = []
        self.service = ListenService()
        self.service.start(self._pushed.append)
        self.ports = unpacked(self.service.handle("listen", packed(settings(**changes))), Counts).ports

    def port(self, name: str) -> int:
        return self.ports[f"{name} {HERE}"]

    def counts(self) -> dict[str, int]:
        return dict(unpacked(self.service.handle("counts", b""), Counts).counts)

    def heard_in_the_end(self) -> list[Heard]:
        self.service.stop()
        return [event for body in self._pushed for event in unpacked(body, Pushed).events]

    def pushed_in_the_end(self) -> list[Pushed]:
        self.service.stop()
        return [unpacked(body, Pushed) for body in self._pushed]

    def until(self, name: str, count: int) -> dict[str, int]:
        """Its counts, once one of them is there; datagrams on loopback are not lost but take a moment."""
        for _ in range(200):
            counts = self.counts()
            if counts.get(name, 0) >= count:
                return counts
            self.service._is_over.wait(0.02)
        raise AssertionError(f"{name} did not become {count}: {self.counts()}")


def net_snmp(program: str) -> Callable[..., int]:
    """`snmptrap` or `snmpinform` of net-snmp; answers its exit code."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed (Debian: snmp)")

    def run(*arguments: str) -> int:
        return subprocess.run([path, *arguments], capture_output=True, env=os.environ | {"MIBS": ""}, timeout=60, check=False).returncode

    return run


def secured(user: str = "watcher", level: str = "authPriv") -> Sequence[str]:
    keys = ("-a", "SHA", "-A", AUTH_KEY, *(("-x", "AES", "-X", PRIVACY_KEY) if level == "authPriv" else ()))
    return ("-v3", "-u", user, "-l", level, *(keys if level != "noAuthNoPriv" else ()))


def send(port: int, *datagrams: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for datagram in datagrams:
            sender.sendto(datagram, (HERE, port))


def netflow_5(*flows: Sequence[int], sampling: int = 0) -> bytes:
    """Flows: (source, target, input, output, packets, octets, source port, target port, protocol)."""
    records = b"".join(
        struct.pack(
            ">IIIHHIIIIHHBBBBHHBBH", source, target, 0, in_, out, packets, octets, 0, 0, sport, dport, 0, 0, protocol, 0, 0, 0, 0, 0, 0
        )
        for source, target, in_, out, packets, octets, sport, dport, protocol in flows
    )
    return struct.pack(">HHIIIIBBH", 5, len(flows), 0, 0, 0, 0, 0, 0, sampling) + records


def flow_set(number: int, body: bytes) -> bytes:
    return struct.pack(">HH", number, 4 + len(body)) + body


def netflow_9(*sets: bytes, domain: int = 1) -> bytes:
    return struct.pack(">HHIIII", 9, len(sets), 0, 0, 0, domain) + b"".join(sets)


def ipfix(*sets: bytes, domain: int = 1) -> bytes:
    body = b"".join(sets)
    return struct.pack(">HHIII", 10, 16 + len(body), 0, 0, domain) + body


def template(number: int, *fields: tuple[int, int]) -> bytes:
    return struct.pack(">HH", number, len(fields)) + b"".join(struct.pack(">HH", *field) for field in fields)
