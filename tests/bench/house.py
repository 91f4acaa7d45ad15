"""A real server in a temporary folder, and agents enrolled with it: the processes a partner and a customer run, over the real protocol."""

import contextlib
import os
import secrets
import socket
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from demo.processes import Household, tool
from demo.runner import free_port

ROOT = Path(__file__).resolve().parents[2]
UNIT = ROOT / "installer" / "linux" / "natvakt-agent.service"
TENANT = "bench"
START_SECONDS = 60.0
PYTHON_PATH = {"PYTHONPATH": f"{ROOT / 'tests'}:{ROOT / 'installer'}"}
APPLIED = """select lane.lane, count(*), max(ledger.last_seq), sum(ledger.points) from ledger join lane on lane.id = ledger.lane_id
where ledger.applied and lane.site = ? group by lane.lane"""


@dataclass(frozen=True, slots=True)
class Applied:
    """What the server has worked off of one lane."""

    batches: int
    through_seq: int
    samples: int


class House:
    """Made by `open_house`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.household = Household(folder, {"NATVAKT_STATE_DIR": str(folder), **PYTHON_PATH})
        self._uplink, self._enrolment = free_port(), free_port()

    def begin(self) -> None:
        """Raises StepFailed."""
        listen = f'listen = "127.0.0.1:{self._uplink}"\nenrolment_listen = "127.0.0.1:{self._enrolment}"'
        (self.folder / "server.toml").write_text(f'[gateway]\n{listen}\n[console]\nlisten = "127.0.0.1:{free_port()}"\n')
        self.server("init")
        self.server("customer", "add", TENANT)
        self.household.start("server", [tool("natvakt-server"), "run", "--config", str(self.folder / "server.toml")])
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self.household.check()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._uplink)) == 0:
                    return
            time.sleep(0.1)
        raise TimeoutError(f"the server did not open port {self._uplink} within {START_SECONDS:.0f} s")

    def server(self, *words: str) -> Mapping[str, str]:
        return self.household.run_json("server-commands", [tool("natvakt-server"), *words, "--config", str(self.folder / "server.toml")])

    def enrol(self, site: str, settings: str, communities: Mapping[str, str] | None = None) -> Path:
        """A new site with one agent and these settings; answers its configuration file. `communities` go into its vault."""
        config, state = self.folder / f"{site}.toml", self.folder / f"state-{site}"
        config.write_text(f'state_dir = "{state}"\n{settings}')
        key = state / "agent" / "vault.key"
        key.parent.mkdir(parents=True, mode=0o700)
        key.touch(0o600)
        key.write_text(secrets.token_hex(32))
        self.server("site", "add", f"{TENANT}/{site}")
        token = self.server("token", "issue", f"{TENANT}/{site}")["token"]
        self.agent(config, "enrol", "--token-file", "-", secret=token)
        for name, community in (communities or {}).items():
            self.agent(config, "credentials", "add", name, "--version", "v2c", "--from-file", "-", secret=community)
        return config

    def agent(self, config: Path, *words: str, secret: str | None = None) -> None:
        command = [tool("natvakt-agent"), *words, "--config", str(config)]
        self.household.run("agent-commands", command, self.agent_environment(config), secret)

    @contextlib.contextmanager
    def guests(self) -> Iterator[Household]:
        """Processes beside the server for a while."""
        guests = Household(self.folder, PYTHON_PATH)
        try:
            yield guests
        finally:
            guests.stop()

    def agent_environment(self, config: Path) -> Mapping[str, str]:
        """Memory as the systemd unit sets it."""
        return {**unit_environment(), "NATVAKT_STATE_DIR": str(self.folder / f"state-{config.stem}")}

    def applied(self, site: str) -> Mapping[int, Applied]:
        """By lane, read from the server's database while it works."""
        with contextlib.closing(sqlite3.connect(f"file:{self.folder / 'server' / 'estate.sqlite'}?mode=ro", uri=True)) as database:
            return {lane: Applied(batches, seq, samples) for lane, batches, seq, samples in database.execute(APPLIED, (site,))}


def unit_environment() -> Mapping[str, str]:
    lines = UNIT.read_text(encoding="utf-8").splitlines()
    wanted = ("Environment=MALLOC_", "Environment=PYTHON", "Environment=RUST_")
    settings = [line.removeprefix("Environment=") for line in lines if line.startswith(wanted)]
    words = " ".join(settings).split()
    return {name: value for name, _, value in (word.partition("=") for word in words)}


@contextlib.contextmanager
def open_house() -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="natvakt-bench-") as name:
        house = House(Path(name))
        try:
            house.begin()
            yield house
        finally:
            house.household.stop()


def cpu_seconds(pid: int) -> float:
    """What a process has used of all cores so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_resident_bytes(pid: int) -> int:
    """The most memory a process ever had resident (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def resident_bytes(pid: int) -> int:
    """What a process has resident now (Linux)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
