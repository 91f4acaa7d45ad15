"""The demo from an empty folder to a report and a console: real processes, real protocol, a simulated customer.

simulated sites (SNMP on loopback) <- agents hq, branch, machine -> gateway -> worker -> stores -> assessment -> report

The customer's sites are prepared at the same time, each with a simulated site and a clock of its own: enrol, poll the history and
deliver it, follow the wall clock, run.
"""

import fcntl
import json
import os
import secrets
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.arrivals import Arrivals
from demo.configurations.catalogue import LOGINS, WRITERS
from demo.control import ControlClient
from demo.figures import Figures
from demo.jobs import REPORTS_FOLDER, settings_of
from demo.processes import Household, StepFailed, tool
from demo.site import Target, targets

TENANT = "demo"
CUSTOMER = "Björkå Möbler AB"
PARTNER = "Norrsken Nät AB"
SITES = {"hq": "Huvudkontoret", "branch": "Filialen", "machine": "Denna maskin"}
SIMULATED_SITES = ("hq", "branch")
LARGEST_SITE = "hq"
OTHERS_NICENESS = "10"  # the largest site takes longest: the others take what it leaves of two processors
MUTED_SITE, MUTED = "hq", "hq-acc3"
JOBS_SITE = "hq"  # whose servers have backup jobs
CONSOLE_PORT = 8443
ARRIVAL_SECONDS, POLL_SECONDS = 600.0, 0.5
PROGRESS_SAID_EVERY = 20
MARKER = ".natvakt-demo"
KNOWLEDGE = tuple(sorted(path for path in (Path(__file__).parent / "knowledge").iterdir() if path.suffix in (".json", ".csv")))
"""What the partner's server knows of the world when the story begins."""
CONTRACTS = Path(__file__).parent / "contracts.csv"


@dataclass(frozen=True, slots=True)
class Ports:
    uplink: int
    enrolment: int
    console: int


@dataclass(frozen=True, slots=True)
class SitePorts:
    """Where a simulated site answers: SNMP, the probe port and SSH of its devices, and its control channel."""

    snmp: int = 0
    probe: int = 0
    control: int = 0
    ssh: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    pdf: Path
    html: Path
    json: Path


def free_port(preferred: int = 0) -> int:
    """A TCP port of loopback that nobody uses; the preferred one if it is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", preferred))
        except OSError:
            if not preferred:
                raise
            return free_port()
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def fresh_folder(folder: Path) -> Iterator[Path]:
    """An empty folder for this run alone. One that an earlier demo made is emptied; one in use or with anything else in it is a refusal."""
    marker = folder / MARKER
    if folder.exists() and any(folder.iterdir()) and not marker.is_file():
        raise StepFailed(f"{folder} is not empty and no demo made it; name an empty folder in NATVAKT_STATE_DIR")
    folder.mkdir(parents=True, exist_ok=True)
    with marker.open("w") as claim:
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StepFailed(f"a demo is running in {folder}; end it, or name another folder in NATVAKT_STATE_DIR") from None
        for old in folder.iterdir():
            if old.is_dir():
                shutil.rmtree(old)
            elif old != marker:
                old.unlink()
        yield folder


class Demo:
    """Steps in order; each says what it does. `say` prints for the person watching."""

    def __init__(self, folder: Path, days: int, say: Callable[[str], None]) -> None:
        self._folder, self._days, self._say = folder, days, say
        self._ports = Ports(free_port(), free_port(), free_port(CONSOLE_PORT))
        self._house = Household(folder, {"NATVAKT_STATE_DIR": str(folder)})
        self._figures = Figures(self._house.running)
        self._site_ports: Mapping[str, SitePorts] = {}
        self._link = ""

    def run(self) -> Report:
        """Raises StepFailed."""
        until_ns = time.time_ns()
        self._say("starting the simulated customer: 14 devices on 127.1.0.x and 127.2.0.x")
        with ThreadPoolExecutor(len(SITES)) as hands:
            try:
                starts = {site: hands.submit(self._start_site, site, until_ns) for site in SIMULATED_SITES}
                self._start_server(hands)
                self._site_ports = {site: start.result() for site, start in starts.items()}
                self._figures.step_done("start the customer's devices, make the partner's server")
                _all(hands.submit(self._prepare, site, until_ns) for site in SITES)
            except BaseException:
                self._house.stop()  # what the other sites wait for ends, and so do they
                raise
        self._figures.step_done(f"enrol three agents, poll and deliver {self._days} days")
        self._await_arrivals()
        self._figures.step_done("configurations over SSH, the last of the inbox")
        report = self._assess()
        self._figures.step_done("assess: roll-ups, evidence, rules, report in three forms")
        for line in self._figures.lines():
            self._say(line)
        return report

    def _prepare(self, site: str, until_ns: int) -> None:
        self._enrol(site)
        if site in SIMULATED_SITES:
            self._fill_history(site, until_ns)
            with ControlClient(self._site_ports[site].control) as clock:
                clock.run()
        command = [tool("natvakt-agent"), "run", "--config", str(self._agent_config(site))]
        self._house.start(f"agent-{site}", command, self._vault_key(site))

    def welcome(self) -> None:
        self._say(f"console    https://127.0.0.1:{self._ports.console}/")
        self._say(f"first login, once: {self._link}")
        self._say("the certificate is the demo's own: the browser asks once")

    def wait(self) -> None:
        """Until something ends by itself, which is an error. What happens meanwhile is there to be seen in the console."""
        with ControlClient(self._site_ports[MUTED_SITE].control) as control:
            control.mute(MUTED)
        self._say(f"the SNMP agent of {MUTED} hangs from now on: see Alerts in some minutes")
        while True:
            self._house.check()
            time.sleep(1.0)

    def stop(self) -> None:
        self._house.stop()

    def _start_site(self, site: str, epoch_ns: int) -> SitePorts:
        command = [*behind_largest(site), sys.executable, "-m", "demo.site"]
        command += ["--port", "0", "--probe-port", "0", "--control", "0", "--ssh-port", "0"]
        child = self._house.start(f"site-{site}", [*command, "--epoch", str(epoch_ns), "--only", site])
        assert child.stdout is not None
        words = child.stdout.readline().split()
        if not words or words[0] != "ready":
            self._house.check()
            raise StepFailed(f"the simulated site {site} did not start; see site-{site}.log")
        found = dict(word.split("=") for word in words[1:])
        return SitePorts(*(int(found[name]) for name in ("snmp", "probe", "control", "ssh")))

    def _start_server(self, hands: Executor) -> None:
        self._say("making the partner's server: database, certificate authority, keys")
        config = self._folder / "server.toml"
        config.write_text(
            f'[partner]\nname = "{PARTNER}"\npublic_address = "127.0.0.1"\n\n'
            f'[gateway]\nlisten = "127.0.0.1:{self._ports.uplink}"\nenrolment_listen = "127.0.0.1:{self._ports.enrolment}"\n\n'
            f'[console]\nlisten = "127.0.0.1:{self._ports.console}"\n'
        )
        self._link = self._server_json("init")["link"]
        self._server_json("customer", "add", TENANT, "--name", CUSTOMER, "--language", "sv", "--schedule", "monthly")
        self._house.start("server", [tool("natvakt-server"), "run", "--config", str(config)])
        places = [("site", "add", f"{TENANT}/{site}", "--name", name) for site, name in SITES.items()]
        papers = [("knowledge", "import", *map(str, KNOWLEDGE)), ("contract", "import", TENANT, str(CONTRACTS))]
        _all(hands.submit(self._server_json, *words) for words in [*places, *papers])
        self._await_port(self._ports.uplink, "the gateway")

    def _server_json(self, *words: str) -> dict[str, str]:
        return self._house.run_json("server-commands", [tool("natvakt-server"), *words, "--config", str(self._folder / "server.toml")])

    def _await_port(self, port: int, what: str) -> None:
        deadline = time.monotonic() + 60.0
        while time.monotonic() < deadline:
            self._house.check()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
        raise StepFailed(f"{what} did not open port {port} within a minute; see server.log in {self._folder}")

    def _agent_config(self, site: str) -> Path:
        return self._folder / f"agent-{site}.toml"

    def _enrol(self, site: str) -> None:
        self._say(f"enrolling the agent of {TENANT}/{site} with a one-time token")
        ports = self._site_ports.get(site, SitePorts())
        watched = [target for target in targets(ports.snmp, ports.probe) if target["site"] == site]
        settings = agent_config(self._folder / f"state-{site}", watched, ports.ssh, watch_host=site == "machine")
        jobs = settings_of(self._folder / REPORTS_FOLDER, [target["name"] for target in watched])
        self._agent_config(site).write_text("\n".join([settings, *jobs]))
        token = self._server_json("token", "issue", f"{TENANT}/{site}")["token"]
        self._agent(site, "enrol", "--token-file", "-", secret=token)
        if watched:
            self._agent(site, "credentials", "import", "--from-file", "-", secret=json.dumps(credentials(watched)))

    def _agent(self, site: str, *words: str, secret: str | None = None) -> None:
        command = [tool("natvakt-agent"), *words, "--config", str(self._agent_config(site))]
        self._house.run(f"agent-{site}-commands", command, self._vault_key(site), secret)

    def _vault_key(self, site: str) -> dict[str, str]:
        """The vault's key file stands beside the state, as an installer would put it there."""
        key = self._folder / f"state-{site}" / "agent" / "vault.key"
        if not key.exists():
            key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
        return {"NATVAKT_STATE_DIR": str(self._folder / f"state-{site}")}

    def _fill_history(self, site: str, until_ns: int) -> None:
        self._say(f"polling {self._days} days of history of {TENANT}/{site} with a stepped clock")
        config, control = str(self._agent_config(site)), str(self._site_ports[site].control)
        command = [*behind_largest(site), sys.executable, "-m", "demo.history", "--config", config, "--control", control]
        command += ["--reports", str(self._folder / REPORTS_FOLDER)] if site == JOBS_SITE else []
        self._house.start(f"history-{site}", [*command, "--until", str(until_ns), "--days", str(self._days)], self._vault_key(site))
        said = 0

        def tell(percent: int) -> None:
            nonlocal said
            if percent >= said + PROGRESS_SAID_EVERY:
                said = percent
                self._say(f"  {TENANT}/{site} {percent:3d} %")

        self._figures.ended(f"history-{site}", self._house.follow(f"history-{site}", tell))

    def _await_arrivals(self) -> None:
        """The history was delivered while it was polled; what the running agents tell first is still to come."""
        self._say(f"waiting for {len(WRITERS)} configurations over SSH, for this machine, and for the server's inbox to be empty")
        arrivals = Arrivals(self._folder, TENANT)
        deadline = time.monotonic() + ARRIVAL_SECONDS
        try:
            while time.monotonic() < deadline:
                self._house.check()
                if arrivals.hosts("machine") and len(arrivals.configured()) >= len(WRITERS) and not arrivals.unworked():
                    return
                time.sleep(POLL_SECONDS)
        finally:
            arrivals.close()
        raise StepFailed(f"not everything had arrived after {ARRIVAL_SECONDS:.0f} s; see the logs in {self._folder}")

    def _assess(self) -> Report:
        self._say("assessing: evidence, rules, score, signed report")
        report_id = self._server_json("assess", "run", f"{TENANT}/all", "--wait")["report"]
        paths = {kind: self._folder / f"report.{kind}" for kind in ("pdf", "html", "json")}
        with ThreadPoolExecutor(len(paths)) as hands:
            _all(hands.submit(self._show, report_id, kind, path) for kind, path in paths.items())
        return Report(paths["pdf"], paths["html"], paths["json"])

    def _show(self, report_id: str, kind: str, path: Path) -> None:
        command = [tool("natvakt-server"), "report", "show", report_id, "--format", kind, "-o", str(path)]
        self._house.run("server-commands", [*command, "--config", str(self._folder / "server.toml")])


def behind_largest(site: str) -> Sequence[str]:
    return () if site == LARGEST_SITE else ("nice", "-n", OTHERS_NICENESS)


def _all(futures: Iterable[Future[Any]]) -> None:
    """Wait for all of them; the first failure is raised."""
    for future in list(futures):
        future.result()


def credentials(watched: Sequence[Target]) -> list[dict[str, str]]:
    """What the vault of a site gets: a community for each device, and a login where it answers over SSH."""
    communities = [{"name": target["name"], "version": "v2c", "community": target["community"]} for target in watched]
    known = [(target["name"], LOGINS[target["name"]]) for target in watched if target["name"] in LOGINS]
    logins = [{"name": f"{name}-login", "version": "login", "user": login.user, "password": login.password} for name, login in known]
    return communities + logins


def agent_config(state: Path, watched: Sequence[Target], ssh_port: int, *, watch_host: bool) -> str:
    """agent.toml of one site of the demo."""
    lines = [
        f'state_dir = "{state}"',
        "",
        "[host]",
        f"enabled = {'true' if watch_host else 'false'}",
        "",
        "[batch]",
        'metrics_age = "20s"',
        'state_age = "5s"',
        "",
        "[polling]",
        "jitter = 0.1",  # the first polls within six seconds: they tell what system each device has, and then it is asked over SSH
        "",
        "[ssh]",
        f"workers = {len(LOGINS)}",  # a session is mostly waiting: all of them at the same time
        "",
        "[spool]",
        'reserve = "16MiB"',
        "",
    ]
    for target in watched:
        lines += [
            "[[target]]",
            f'name = "{target["name"]}"',
            f'address = "{target["address"]}"',
            f'credential = "{target["name"]}"',
            f"snmp_port = {target['snmp_port']}",
            f"reachability_port = {target['probe_port']}",
            *([f'login = "{target["name"]}-login"', f"ssh_port = {ssh_port}"] if target["name"] in LOGINS else []),
            "",
        ]
    return "\n".join(lines)
