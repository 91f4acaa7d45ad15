"""net-snmp's agent as a private server on a free loopback port: users of every pair of protocols it has, its whole state in a folder."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from natvakt_agent.collectors.snmp.gufo_session import GufoSession
from natvakt_agent.collectors.snmp.session import SnmpFault
from natvakt_agent.model.target import Secret, SnmpCredential, Target
from testkit.snmp import responder, v2c_target

AUTH_NAMES = {"md5": "MD5", "sha": "SHA", "sha224": "SHA-224", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
PRIVACY_NAMES = {"des": "DES", "aes128": "AES", "aes192": "AES-192", "aes256": "AES-256", "aes192c": "AES-192-C", "aes256c": "AES-256-C"}
NAME = "1.3.6.1.2.1.1.5.0"
AUTH_KEY, PRIVACY_KEY = "authentication", "privacy-key"
SETTINGS = """rocommunity tester 127.0.0.1
rocommunity second 127.0.0.1
sysContact root
sysName sw1
sysLocation attic
rouser open noauth
createUser open
"""


@dataclass(frozen=True, slots=True)
class Snmpd:
    """A running agent. `log` is where it says what it makes of its settings."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    def target(self, credential: SnmpCredential) -> Target:
        return Target("device-1", "snmpd", "127.0.0.1", credential, snmp_port=self.port)

    def user(self, auth: str | None, privacy: str | None = None, **changed: object) -> Target:
        """The target with the user of this pair of protocols."""
        given: dict[str, object] = {
            "name": "test",
            "version": "v3",
            "user": user_name(auth, privacy),
            "auth_protocol": auth,
            "auth_key": Secret(AUTH_KEY) if auth else None,
            "privacy_protocol": privacy,
            "privacy_key": Secret(PRIVACY_KEY) if privacy else None,
        }
        return self.target(SnmpCredential(**(given | changed)))  # type: ignore[arg-type]

    def offers(self, auth: str | None, privacy: str | None) -> bool:
        """Whether this build of net-snmp knows the pair: it tells the lines of its settings that it does not."""
        told = (self.folder / "log").read_text()
        refused = {int(found) for found in re.findall(r"line (\d+): Error: unknown (?:auth|priv)Protocol", told)}
        lines = (self.folder / "snmpd.conf").read_text().splitlines()
        wanted = f"createUser {user_name(auth, privacy)} "
        return all(number not in refused for number, line in enumerate(lines, 1) if line.startswith(wanted))


def user_name(auth: str | None, privacy: str | None) -> str:
    return "-".join(part for part in (auth, privacy) if part) or "open"


def users() -> Mapping[str, str]:
    """The line that makes each user."""
    lines = {}
    for auth, auth_name in AUTH_NAMES.items():
        lines[user_name(auth, None)] = f'createUser {auth} {auth_name} "{AUTH_KEY}"\nrouser {auth} auth\n'
        for privacy, privacy_name in PRIVACY_NAMES.items():
            name = user_name(auth, privacy)
            lines[name] = f'createUser {name} {auth_name} "{AUTH_KEY}" {privacy_name} "{PRIVACY_KEY}"\nrouser {name} priv\n'
    return lines


def program() -> str:
    found = shutil.which("snmpd") or shutil.which("snmpd", path="/usr/sbin")
    if found is None:
        pytest.skip("snmpd is not installed: apt-get install snmpd")
    return found


@contextmanager
def snmpd(folder: Path, settings: str = "") -> Iterator[Snmpd]:
    with responder(lambda _: None) as free:
        port = free.port
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "snmpd.conf").write_text(SETTINGS + "".join(users().values()) + settings + f"[snmp] persistentDir {folder}\n")
    command = [program(), "-f", "-Lf", str(folder / "log"), "-C", "-c", str(folder / "snmpd.conf"), "-p", str(folder / "pid")]
    environment = {"SNMP_PERSISTENT_DIR": str(folder), "PATH": "/usr/bin:/usr/sbin", "MIBS": ""}
    process = subprocess.Popen([*command, f"udp:127.0.0.1:{port}"], env=environment)
    try:
        _wait_for(port, folder)
        yield Snmpd(port, folder, process)
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int, folder: Path) -> None:
    for _ in range(200):
        try:
            GufoSession(v2c_target(port), 0.2).get_many([NAME])
        except SnmpFault:
            time.sleep(0.05)  # a refused datagram comes back at once: leave the daemon time to start
            continue
        return
    pytest.fail(f"snmpd did not answer: {(folder / 'log').read_text()[-500:]}")
