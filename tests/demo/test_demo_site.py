"""The site as a process: ready, answering, moved by its control channel, gone when told."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from demo.control import ControlClient, ControlError, obey
from demo.simclock import SiteClock
from demo.site import build_devices, targets
from gufo.snmp import SnmpVersion
from gufo.snmp.sync import SnmpSession
from testkit.demo_site import EPOCH_NS

INSTALLER = Path(__file__).parents[2] / "installer"
SYS_UP_TIME = "1.3.6.1.2.1.1.3.0"


@dataclass(frozen=True)
class Running:
    process: subprocess.Popen[str]
    snmp: int
    probe: int
    control: int


def start(snmp: int = 0, probe: int = 0, control: int = 0, only: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    arguments = ["--port", str(snmp), "--probe-port", str(probe), "--control", str(control), "--epoch", str(EPOCH_NS), *only]
    command = [sys.executable, "-m", "demo.site", *arguments]
    return subprocess.Popen(command, cwd=INSTALLER, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    process = start()
    assert process.stdout is not None
    assert process.stderr is not None
    word, *ports = process.stdout.readline().split()
    assert word == "ready", process.stderr.read()
    numbers = {name: int(number) for name, number in (port.split("=") for port in ports)}
    yield Running(process, **numbers)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    process.stdout.close()
    process.stderr.close()


def test_every_target_answers_under_its_own_community_at_its_own_address(running: Running) -> None:
    for target in targets(running.snmp, running.probe):
        with SnmpSession(
            target["address"], port=target["snmp_port"], community=target["community"], version=SnmpVersion.v2c, timeout=10
        ) as device:
            assert device.get("1.3.6.1.2.1.1.5.0") == target["name"].encode()


def test_the_probe_port_tells_that_a_device_is_up(running: Running) -> None:
    for target in targets(running.snmp, running.probe):
        with socket.create_connection((target["address"], target["probe_port"]), timeout=10) as caller:
            assert caller.recv(100) == f"{target['name']} is up\r\n".encode()


def test_the_control_channel_moves_the_clock(running: Running) -> None:
    core = targets(running.snmp)[0]
    with (
        ControlClient(running.control) as control,
        SnmpSession(core["address"], port=core["snmp_port"], community=core["community"], version=SnmpVersion.v2c, timeout=10) as device,
    ):
        assert control.set_time(EPOCH_NS) == EPOCH_NS
        first = device.get(SYS_UP_TIME)
        assert device.get(SYS_UP_TIME) == first
        control.set_time(EPOCH_NS + 3_600_000_000_000)
        assert device.get(SYS_UP_TIME) == first + 360_000
        assert control.time() == EPOCH_NS + 3_600_000_000_000


def test_a_taken_port_is_said_with_the_way_out(running: Running) -> None:
    second = start(running.snmp, running.probe, running.control)
    _, errors = second.communicate(timeout=60)
    assert second.returncode == 1
    assert f"127.1.0.1 port {running.snmp}: Address already in use; end the other simulated site or choose another port" in errors


def test_a_site_of_the_customer_may_run_alone_with_a_clock_of_its_own() -> None:
    process = start(only=("--only", "branch"))
    assert process.stdout is not None
    ports = dict(word.split("=") for word in process.stdout.readline().split()[1:])
    with ControlClient(int(ports["control"])) as control:
        assert control.set_time(EPOCH_NS) == EPOCH_NS
    found = {target["name"]: _answers(target["address"], int(ports["snmp"]), target["community"]) for target in targets()}
    assert {name for name, answers in found.items() if answers} == {target["name"] for target in targets() if target["site"] == "branch"}
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)


def _answers(address: str, port: int, community: str) -> bool:
    with SnmpSession(address, port=port, community=community, version=SnmpVersion.v2c, timeout=0.5) as device:
        try:
            return bool(device.get("1.3.6.1.2.1.1.5.0"))
        except (OSError, TimeoutError):
            return False


def test_the_agent_of_a_device_hangs_until_it_is_told_to_speak(running: Running) -> None:
    (core, router) = targets(running.snmp)[:2]
    with ControlClient(running.control) as control:
        control.mute(core["name"])
        assert not _answers(core["address"], running.snmp, core["community"])
        assert _answers(router["address"], running.snmp, router["community"])
        with socket.create_connection((core["address"], running.probe), timeout=10) as caller:
            assert caller.recv(100) == f"{core['name']} is up\r\n".encode()
        control.speak(core["name"])
        assert _answers(core["address"], running.snmp, core["community"])
        with pytest.raises(ControlError, match="'nobody' is no device here"):
            control.mute("nobody")


def test_garbage_leaves_the_site_answering(running: Running) -> None:
    core = targets(running.snmp)[0]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for octets in (b"", b"\x30\x82\xff\xff", b"\x00" * 2_000):
            stranger.sendto(octets, (core["address"], running.snmp))
    with SnmpSession(core["address"], port=running.snmp, community=core["community"], version=SnmpVersion.v2c, timeout=10) as device:
        assert device.get("1.3.6.1.2.1.1.5.0") == b"hq-core"


@pytest.mark.parametrize("command", [b"set-time tomorrow", b"set-time 99999999999999999999", b"set-time -1", b"reboot", b"", b"\xff\xfe"])
def test_a_command_it_does_not_know_changes_nothing(command: bytes) -> None:
    clock = SiteClock(lambda: 7)
    assert obey(command, clock, {}).startswith(b"error ")
    assert clock.now_ns() == 7


def test_run_follows_the_wall_clock_again() -> None:
    clock = SiteClock(lambda: 7)
    assert obey(b"set-time 5", clock, {}) == b"ok 5"
    assert obey(b"run", clock, {}) == b"ok 7"


def test_a_silent_control_port_is_an_error_that_says_what_to_do() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        with (
            ControlClient(silent.getsockname()[1], timeout_seconds=0.01) as control,
            pytest.raises(ControlError, match=r"is demo\.site running"),
        ):
            control.time()


def test_targets_and_devices_are_the_same_fourteen() -> None:
    listed = targets()
    assert [target["name"] for target in listed] == list(build_devices(EPOCH_NS))
    assert len({target["address"] for target in listed}) == len({target["community"] for target in listed}) == 14
    assert {target["site"] for target in listed} == {"hq", "branch"}
    assert [target["name"] for target in listed if target["community"] in ("public", "private", "cisco")] == ["hq-rtr"]
