"""`make bench-peers`: our whole agent, Telegraf and snmp_exporter over the same 105 simulated switches, one after the other, in one run.

Each asks the same columns once a cycle. CPU is that of the poller's process alone: our agent polls, encodes, seals, spools and sends to a
real server; Telegraf polls and sends line protocol to a sink that takes everything; snmp_exporter is scraped, and neither the scraper nor a
Prometheus counts. Requests and octets are counted by the devices.
"""

import argparse
import json
import os
import signal
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import Popen
from typing import NoReturn

from bench import bench_agent, peers_config
from bench.bench_agent import ports_of
from bench.bench_wire import DEVICES, INTERFACES
from bench.house import House, cpu_seconds, open_house, peak_resident_bytes
from bench.site_process import COMMUNITY, address
from bench.watched import Asked, asked_so_far
from demo.processes import Household, tool
from demo.runner import free_port

CYCLE_SECONDS = 20.0
WARM_UP_CYCLES, CYCLES = 3, 4
SCRAPES_AT_ONCE = 8
START_SECONDS = 15.0
GOALS = {"telegraf": 1 / 3, "snmp_exporter": 1 / 4}
MEBIBYTE = 1024**2


class PeersMissing(Exception):
    """The text says how to get them."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one poller, one cycle over the whole site; `values_a_cycle` is the number of varbinds everybody was asked to bring."""

    name: str
    cpu_seconds_a_cycle: float
    peak_resident_bytes: int
    requests_a_cycle: float
    octets_a_cycle: float
    values_a_cycle: float

    @property
    def values_a_cpu_second(self) -> float:
        return self.values_a_cycle / self.cpu_seconds_a_cycle


VALUES = DEVICES * (INTERFACES * (len(peers_config.COLUMNS) - 1) + 2)


def peer(name: str) -> str:
    """Path of the program that install_peers.sh made. Raises PeersMissing."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "natvakt" / "services" / "peers" / name
    if not os.access(cache, os.X_OK):
        raise PeersMissing(f"no {cache}: run tests/services/install_peers.sh")
    return str(cache)


def measured(name: str, process: Popen[str], site: Popen[str], cycle: Callable[[], None]) -> Cost:
    """Warm up, then measure some cycles; `cycle` takes as long as a cycle."""
    for _ in range(WARM_UP_CYCLES):
        cycle()
    cpu, before = cpu_seconds(process.pid), totals(asked_so_far(site))
    for _ in range(CYCLES):
        cycle()
    used, after = cpu_seconds(process.pid) - cpu, totals(asked_so_far(site))
    return Cost(
        name,
        used / CYCLES,
        peak_resident_bytes(process.pid),
        (after[0] - before[0]) / CYCLES,
        (after[1] - before[1]) / CYCLES,
        float(VALUES),
    )


def totals(asked: Mapping[str, Asked]) -> tuple[int, int]:
    return sum(each.requests for each in asked.values()), sum(each.octets_in + each.octets_out for each in asked.values())


def wait_a_cycle() -> None:
    time.sleep(CYCLE_SECONDS)


def agent(house: House, guests: Household, site: Popen[str], ports: Mapping[str, int]) -> Cost:
    config = house.enrol("peers", bench_agent.settings(ports, CYCLE_SECONDS, "peers"), {"peers": COMMUNITY})
    process = guests.start("peers-agent", [tool("natvakt-agent"), "run", "--config", str(config)], house.agent_environment(config))
    try:
        return measured("natvakt-agent", process, site, wait_a_cycle)
    finally:
        ended(process)


def telegraf(folder: Path, guests: Household, site: Popen[str], port: int) -> Cost:
    config = folder / "telegraf.conf"
    with sink() as url:
        config.write_text(peers_config.telegraf([f"{address(number)}:{port}" for number in range(DEVICES)], COMMUNITY, CYCLE_SECONDS, url))
        process = guests.start("telegraf", [peer("telegraf"), "--config", str(config), "--quiet"])
        try:
            return measured("telegraf", process, site, wait_a_cycle)
        finally:
            ended(process)


def exporter(folder: Path, guests: Household, site: Popen[str], port: int) -> Cost:
    config, listen = folder / "snmp.yml", free_port()
    config.write_text(peers_config.exporter(COMMUNITY))
    command = [peer("snmp_exporter"), f"--config.file={config}", f"--web.listen-address=127.0.0.1:{listen}", "--log.level=error"]
    process = guests.start("snmp_exporter", command)
    targets = [f"http://127.0.0.1:{listen}/snmp?target={address(number)}:{port}&module={peers_config.MODULE}" for number in range(DEVICES)]
    try:
        wait_for(f"http://127.0.0.1:{listen}/")
        with ThreadPoolExecutor(SCRAPES_AT_ONCE) as pool:

            def scrape_all() -> None:
                begun = time.monotonic()
                for text in pool.map(fetched, targets):
                    if text.count(b"\ninterface_") < INTERFACES:
                        raise RuntimeError(f"snmp_exporter told only {text[:200]!r} of a device")
                time.sleep(max(0.0, CYCLE_SECONDS - (time.monotonic() - begun)))

            return measured("snmp_exporter", process, site, scrape_all)
    finally:
        ended(process)


def ended(process: Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    process.wait(30)


def fetched(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return bytes(answer.read())


def wait_for(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            fetched(url)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


@contextmanager
def sink() -> Iterator[str]:
    """An InfluxDB that takes everything and keeps nothing."""

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
    thread = threading.Thread(target=server.serve_forever, name="sink")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def run(say: Callable[[str], None]) -> list[Cost]:
    for name in ("telegraf", "snmp_exporter"):
        peer(name)
    with open_house() as house, house.guests() as guests:
        site = guests.start("peers-site", [sys.executable, "-m", "bench.site_process"])
        assert site.stdout is not None
        ports = ports_of(site.stdout.readline())
        costs = []
        for name, measure in (
            ("natvakt-agent", lambda: agent(house, guests, site, ports)),
            ("telegraf", lambda: telegraf(house.folder, guests, site, ports["snmp"])),
            ("snmp_exporter", lambda: exporter(house.folder, guests, site, ports["snmp"])),
        ):
            say(f"{name}: {WARM_UP_CYCLES + CYCLES} cycles of {CYCLE_SECONDS:g} s ...")
            costs.append(measure())
        return costs


def verdicts(costs: Sequence[Cost]) -> Mapping[str, tuple[float, float, bool]]:
    """By peer: our share of its CPU, the goal, and whether it is kept."""
    own, *peers = costs
    shares = {each.name: own.cpu_seconds_a_cycle / each.cpu_seconds_a_cycle for each in peers}
    return {name: (share, GOALS[name], share <= GOALS[name]) for name, share in shares.items()}


def shown(costs: Sequence[Cost]) -> str:
    head = f"{'':16}{'CPU s a cycle':>14}{'peak MiB':>10}{'requests':>10}{'KiB asked':>11}{'values a CPU s':>16}"
    rows = [
        f"{each.name:16}{each.cpu_seconds_a_cycle:14.3f}{each.peak_resident_bytes / MEBIBYTE:10.1f}{each.requests_a_cycle:10.0f}"
        f"{each.octets_a_cycle / 1024:11.0f}{each.values_a_cpu_second:16,.0f}"
        for each in costs
    ]
    judged = [
        f"our CPU is {share:.2f} of {name}'s, goal {goal:.2f}: {'kept' if is_kept else 'MISSED'}"
        for name, (share, goal, is_kept) in verdicts(costs).items()
    ]
    site = f"{DEVICES} devices x {INTERFACES} interfaces x {len(peers_config.COLUMNS) - 1} columns, {VALUES} values a cycle; "
    return "\n".join((f"{site}{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", head, *rows, *judged))


def terminated(_number: int, _frame: object) -> NoReturn:
    sys.exit(1)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.bench_peers", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, terminated)  # ends what it started on the way out
    try:
        costs = run(lambda text: print(text, file=sys.stderr, flush=True))
    except PeersMissing as error:
        print(f"bench-peers: {error}", file=sys.stderr)
        return 2
    judged = verdicts(costs)
    if options.json:
        shares = {name: {"share": share, "goal": goal, "kept": is_kept} for name, (share, goal, is_kept) in judged.items()}
        print(json.dumps({"schema": "natvakt.bench-peers/1", "costs": [asdict(each) for each in costs], "shares": shares}))
    else:
        print(shown(costs))
    return 0 if all(is_kept for _, _, is_kept in judged.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
