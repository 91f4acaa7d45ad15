"""Whole processes over real sockets: the simulated site, a server in one role or several, an agent; and ways to hurt them.

`Line` is one customer line in a folder: configuration, state, the processes running on it. Everything is waited for by looking
(`until`), never by sleeping a time that should be enough.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import demo.site
from demo.control import ControlClient

T = TypeVar("T")
TENANT, SITE = "acme", "hq"
PLACE = f"{TENANT}/{SITE}"
DEVICES = ("hq-rtr", "hq-acc3", "br-rtr")
DEADLINE_SECONDS = 180.0  # longer than a killed worker's lease
LOOK_SECONDS = 0.05
TESTS_FOLDER = Path(__file__).resolve().parents[1]
PYTHON_PATH = os.pathsep.join(
    [str(TESTS_FOLDER), str(Path(demo.site.__file__).resolve().parents[1]), os.environ.get("PYTHONPATH", "")]
).rstrip(os.pathsep)


class Waited(AssertionError):
    """What was waited for did not come; the text holds the end of the logs."""


def until(wanted: Callable[[], T | None], what: str, seconds: float = DEADLINE_SECONDS) -> T:
    """The first answer that is true. Raises Waited."""
    deadline = time.monotonic() + seconds
    while True:
        found = wanted()
        if found:
            return found
        if time.monotonic() > deadline:
            raise Waited(f"{what}: not within {seconds:.0f} s")
        time.sleep(LOOK_SECONDS)


def free_ports(count: int) -> list[int]:
    """TCP ports of loopback that nobody uses now, all different."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def tool(name: str) -> str:
    """A command of this installation, beside the running Python."""
    return str(Path(sys.executable).with_name(name))


def environment(state: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NATVAKT_")}
    return clean | {"NATVAKT_STATE_DIR": str(state), "PYTHONPATH": PYTHON_PATH, "PYTHONUNBUFFERED": "1"}


@dataclass
class Running:
    """One process; its output goes to `log`."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @classmethod
    def start(cls, name: str, command: Sequence[str], state: Path, log: Path) -> "Running":
        with log.open("ab") as file:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, env=environment(state))
        return cls(name, process, log)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def text(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def says(self, words: str, seconds: float = DEADLINE_SECONDS) -> None:
        """Until `words` stand in its log."""
        until(lambda: words in self.text() or not self.alive, f"{self.name} says {words!r}", seconds)
        assert words in self.text(), f"{self.name} ended with {self.process.returncode}:\n{self.text()[-3000:]}"

    def kill(self) -> None:
        """As a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """As a supervisor does; answers the exit code."""
        if self.alive:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(DEADLINE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Waited(f"{self.name} did not stop:\n{self.text()[-3000:]}") from None


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


def run(command: Sequence[str], state: Path, secret: str | None = None) -> Ended:
    """A command to its end."""
    done = subprocess.run(
        command, input=secret, capture_output=True, text=True, check=False, env=environment(state), timeout=2 * DEADLINE_SECONDS
    )
    return Ended(done.returncode, done.stdout, done.stderr)


@dataclass(frozen=True)
class SimulatedSite:
    """The process `demo.site` and where its devices answer."""

    running: Running
    snmp_port: int
    probe_port: int
    control_port: int

    def control(self) -> ControlClient:
        return ControlClient(self.control_port)


def start_site(folder: Path, epoch_ns: int) -> SimulatedSite:
    command = [sys.executable, "-m", "demo.site", "--port", "0", "--probe-port", "0", "--control", "0", "--epoch", str(epoch_ns)]
    running = Running.start("site", command, folder, folder / "site.log")
    running.says("ready ")
    words = next(line for line in running.text().splitlines() if line.startswith("ready ")).split()[1:]
    ports = {name: int(port) for name, port in (word.split("=") for word in words)}
    return SimulatedSite(running, ports["snmp"], ports["probe"], ports["control"])


@dataclass(frozen=True)
class Backends:
    """What stands in server.toml besides addresses; empty: everything embedded. `secrets`: file name to content."""

    toml: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Line:
    """One partner, one customer, one site, one agent in `folder`. `uplink_port` is where agents are told to go."""

    folder: Path
    site: SimulatedSite
    uplink_port: int
    enrolment_port: int
    console_port: int
    backends: Backends = field(default_factory=Backends)
    gateway_settings: str = ""
    agent_settings: str = ""
    roles: Sequence[str] = ("all",)
    running: dict[str, Running] = field(default_factory=dict)

    # -- where things are ----------------------------------------------------------------------------------------------

    @property
    def server_toml(self) -> Path:
        return self.folder / "server.toml"

    @property
    def agent_toml(self) -> Path:
        return self.folder / "agent.toml"

    @property
    def server_state(self) -> Path:
        return self.folder / "centre"

    @property
    def agent_state(self) -> Path:
        return self.folder / "site"

    def state_of(self, role: str) -> Path:
        """A gateway has a state folder of its own, into which only the worker's folder `gateway` is carried."""
        return self.folder / "front" if role == "gateway" else self.server_state

    # -- the server ----------------------------------------------------------------------------------------------------

    def write_server_settings(self) -> None:
        for name, content in self.backends.secrets.items():
            (self.folder / name).write_text(content)
        self.server_toml.write_text(
            '[partner]\npublic_address = "127.0.0.1"\n'
            f'[gateway]\nlisten = "127.0.0.1:{self.uplink_port}"\nenrolment_listen = "127.0.0.1:{self.enrolment_port}"\n'
            f"{self.gateway_settings}\n"
            f'[console]\nlisten = "127.0.0.1:{self.console_port}"\n{self.backends.toml}\n'
        )

    def server(self, *words: str) -> Ended:
        return run([tool("natvakt-server"), *words, "--config", str(self.server_toml)], self.server_state)

    def server_json(self, *words: str) -> dict[str, Any]:
        ended = self.server(*words, "--json")
        assert ended.code == 0, ended.err
        return ended.document

    def found(self) -> None:
        """An initialised server with one customer and one site."""
        self.write_server_settings()
        self.server_json("init")
        self.server_json("customer", "add", TENANT, "--name", "Acme AB")
        self.server_json("site", "add", PLACE, "--name", "HQ")

    def start_server(self) -> None:
        for role in self.roles:
            self.start_role(role)
        for role in self.roles:
            self.running[role].says(f"serves as {role} ")

    def start_role(self, role: str) -> None:
        state = self.state_of(role)
        if role == "gateway":
            self._share_gateway_folder()
        log = self.folder / f"server-{role}-{len([*self.folder.glob('server-*.log')])}.log"
        command = [tool("natvakt-server"), "run", "--role", role, "--config", str(self.server_toml)]
        self.running[role] = Running.start(f"server {role}", command, state, log)

    def _share_gateway_folder(self) -> None:
        """As a volume that both containers mount."""
        shared = self.state_of("gateway") / "server" / "gateway"
        if not shared.exists():
            shared.parent.mkdir(parents=True, mode=0o700)
            shared.symlink_to(self.server_state / "server" / "gateway")

    def kill_server(self) -> None:
        for role in self.roles:
            self.running.pop(role).kill()

    def stop_server(self) -> None:
        for role in reversed(self.roles):
            running = self.running.pop(role)
            assert running.stop() == 0, running.text()[-3000:]

    def token(self, *words: str) -> str:
        return str(self.server_json("token", "issue", PLACE, *words)["token"])

    # -- the agent -----------------------------------------------------------------------------------------------------

    def write_agent_settings(self, *, polls: bool, settings: str = "") -> None:
        """`polls` false: the agent watches nothing and only delivers what its spool holds."""
        lines = [
            f'state_dir = "{self.agent_state}"',
            settings or self.agent_settings,
            "[host]",
            "enabled = false",
            "[spool]",
            'reserve = "4MiB"',
        ]
        for target in demo.site.targets(self.site.snmp_port, self.site.probe_port):
            if polls and target["name"] in DEVICES:
                lines += [
                    "[[target]]",
                    f'name = "{target["name"]}"',
                    f'address = "{target["address"]}"',
                    f'credential = "{target["name"]}"',
                    f"snmp_port = {target['snmp_port']}",
                    f"reachability_port = {target['probe_port']}",
                ]
        self.agent_toml.write_text("\n".join(lines) + "\n")

    def agent(self, *words: str, secret: str | None = None) -> Ended:
        return run([tool("natvakt-agent"), *words, "--config", str(self.agent_toml)], self.agent_state, secret)

    def enrol(self, token: str | None = None) -> None:
        """Enrol the agent and give its vault the devices' communities."""
        self.write_agent_settings(polls=True)
        key = self.agent_state / "agent" / "vault.key"
        key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        key.touch(mode=0o600)
        key.write_text("5a" * 32)
        enrolled = self.agent("enrol", "--token-file", "-", secret=token or self.token())
        assert enrolled.code == 0, enrolled.err
        for target in demo.site.targets(self.site.snmp_port, self.site.probe_port):
            if target["name"] in DEVICES:
                words = ("credentials", "add", target["name"], "--version", "v2c", "--from-file", "-")
                added = self.agent(*words, secret=target["community"])
                assert added.code == 0, added.err

    def start_agent(self, name: str = "agent", command: Sequence[str] = ()) -> Running:
        whole = [*(command or [tool("natvakt-agent"), "run"]), "--config", str(self.agent_toml)]
        log = self.folder / f"agent-{len([*self.folder.glob('agent-*.log')])}.log"
        self.running[name] = Running.start(name, whole, self.agent_state, log)
        return self.running[name]

    def stop_agent(self) -> None:
        running = self.running.pop("agent")
        assert running.stop() == 0, running.text()[-3000:]

    def kill_agent(self) -> None:
        self.running.pop("agent").kill()

    def agent_status(self) -> dict[str, Any]:
        """As the agent that runs now last wrote it; empty before that. What an earlier process wrote says nothing of this one."""
        path = self.agent_state / "agent" / "status.json"
        try:
            found: dict[str, Any] = json.loads(path.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        running = self.running.get("agent")
        return found if running is not None and found.get("pid") == running.process.pid else {}

    def connected(self) -> bool:
        """Whether the agent's stream is open, as it last said."""
        return bool(self.agent_status().get("link", {}).get("state") == "open")

    def pending(self) -> int:
        """Batches of the spool that are not acknowledged, as the agent last said."""
        return sum(int(lane["pending_batches"]) for lane in self.agent_status()["spool"]["lanes"])

    def redirect_agent(self, port: int) -> None:
        """As if the gateway stood behind another address: what the agent pinned at enrolment names `port` now."""
        path = self.agent_state / "agent" / "identity" / "membership.json"
        known = json.loads(path.read_text())
        path.write_text(json.dumps(known | {"uplink": f"127.0.0.1:{port}"}, sort_keys=True, separators=(",", ":")))

    # -- the end -------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """End whatever still runs."""
        for running in self.running.values():
            if running.alive:
                running.kill()
        self.running.clear()


def closing(line: Line) -> Iterator[Line]:
    try:
        yield line
    finally:
        line.close()
