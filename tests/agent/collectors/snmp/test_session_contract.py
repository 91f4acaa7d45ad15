"""What every SNMP engine must do: one suite over the fake, over gufo against a small responder, and over gufo against a real snmpd."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from natvakt_agent.collectors.snmp.gufo_session import GufoSession
from natvakt_agent.collectors.snmp.session import NoAnswer, Session, Varbind
from natvakt_agent.model.target import Secret, SnmpCredential, Target
from testkit.snmp import Answers, FakeSession, honest, responder, v2c_target

NAMES = Answers.parse(
    """
    1.3.6.1.2.1.1.1.0|4|a test device
    1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.8072.3.2.10
    1.3.6.1.2.1.1.3.0|67|1234
    1.3.6.1.2.1.1.4.0|4|root
    1.3.6.1.2.1.1.5.0|4|sw1
    1.3.6.1.2.1.1.6.0|4|attic
    1.3.6.1.2.1.2.1.0|2|1
    """
)
SYSTEM = "1.3.6.1.2.1.1"
CONTACT, NAME, MISSING = f"{SYSTEM}.4.0", f"{SYSTEM}.5.0", f"{SYSTEM}.99.0"
ENGINES = ("fake", "gufo-v1", "gufo-v2c", pytest.param("snmpd-v2c", marks=pytest.mark.service("snmpd")),
           pytest.param("snmpd-v3", marks=pytest.mark.service("snmpd")))  # fmt: skip


@pytest.fixture(params=ENGINES)
def session(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Session]:
    kind, _, version = request.param.partition("-")
    if kind == "fake":
        yield FakeSession(NAMES)
    elif kind == "gufo":
        with responder(honest(NAMES)) as device:
            yield GufoSession(v2c_target(device.port, version=version), 1.0)
    else:
        with real_snmpd(tmp_path, version) as target:
            yield GufoSession(target, 2.0)


def all_steps(session: Session, base: str, repetitions: int) -> list[Varbind]:
    walk, found = session.walk(base, repetitions), []
    while True:
        step = walk.step()
        found.extend(step.varbinds)
        if step.ended or not step.varbinds:
            return found


def test_get_answers_what_is_there_and_leaves_out_what_is_not(session: Session) -> None:
    assert session.get_many([NAME, MISSING, CONTACT]) == {NAME: b"sw1", CONTACT: b"root"}


def test_a_walk_gives_everything_below_its_base_in_order_and_nothing_else(session: Session) -> None:
    for repetitions in (1, 2, 50):
        oids = [oid for oid, _ in all_steps(session, SYSTEM, repetitions) if oid.startswith(SYSTEM + ".")]
        assert oids[:6] == [f"{SYSTEM}.{column}.0" for column in range(1, 7)]
        assert "1.3.6.1.2.1.2.1.0" not in oids


def test_types_arrive_as_their_python_types(session: Session) -> None:
    values = dict(all_steps(session, SYSTEM, 10))
    assert isinstance(values[f"{SYSTEM}.1.0"], bytes)
    assert isinstance(values[f"{SYSTEM}.2.0"], str)
    assert isinstance(values[f"{SYSTEM}.3.0"], int)


def test_a_table_that_is_not_there_ends_at_once(session: Session) -> None:
    assert not [oid for oid, _ in all_steps(session, "1.3.6.1.4.1.99999", 10) if oid.startswith("1.3.6.1.4.1.99999.")]


def test_silence_is_no_answer() -> None:
    with responder(lambda _: None) as device, pytest.raises(NoAnswer):
        GufoSession(v2c_target(device.port), 0.05).get_many([NAME])


def real_snmpd(folder: Path, version: str) -> "RealSnmpd":
    program = shutil.which("snmpd") or shutil.which("snmpd", path="/usr/sbin")
    if program is None:
        pytest.skip("snmpd is not installed: apt-get install snmpd")
    return RealSnmpd(program, folder, version)


class RealSnmpd:
    """net-snmp's agent on a free loopback port, with its whole state in `folder`."""

    def __init__(self, program: str, folder: Path, version: str) -> None:
        self._program, self._folder, self._version = program, folder, version

    def __enter__(self) -> Target:
        with responder(lambda _: None) as free:
            port = free.port
        settings = self._folder / "snmpd.conf"
        settings.write_text(
            "rocommunity tester 127.0.0.1\n"
            'createUser watcher SHA-256 "authentication" AES "privacy-key"\nrouser watcher priv\n'
            "sysContact root\nsysName sw1\nsysLocation attic\n[snmp] persistentDir " + str(self._folder) + "\n"
        )
        self._process = subprocess.Popen(
            [
                self._program,
                "-f",
                "-Lf",
                str(self._folder / "log"),
                "-C",
                "-c",
                str(settings),
                "-p",
                str(self._folder / "pid"),
                f"udp:127.0.0.1:{port}",
            ],
            env={"SNMP_PERSISTENT_DIR": str(self._folder), "PATH": "/usr/bin:/usr/sbin", "MIBS": ""},
        )
        credential = SnmpCredential("test", "v2c", community=Secret("tester"))
        if self._version == "v3":
            credential = SnmpCredential("test", "v3", None, "watcher", "sha256", Secret("authentication"), "aes128", Secret("privacy-key"))
        target = Target("device-1", "snmpd", "127.0.0.1", credential, snmp_port=port)
        self._wait_for(Target("device-1", "snmpd", "127.0.0.1", SnmpCredential("test", "v2c", community=Secret("tester")), snmp_port=port))
        return target

    def _wait_for(self, target: Target) -> None:
        for _ in range(100):
            try:
                GufoSession(target, 0.2).get_many([NAME])
            except NoAnswer:
                time.sleep(0.05)  # a refused datagram comes back at once: leave the daemon time to start
                continue
            return
        self.__exit__()
        pytest.fail(f"snmpd did not answer: {(self._folder / 'log').read_text()[-500:]}")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)
