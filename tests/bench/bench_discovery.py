"""How long `natvakt-agent discover` takes for a site of 12 subnets and 105 devices, over real sockets on loopback, and what it costs them.

On loopback every address answers pings, so 3,048 hosts are to be told apart: the site is as dense as a site can be.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bench.discovery_site import COMMUNITIES, SUBNETS, UNUSED_COMMUNITY, network
from demo.processes import tool
from natvakt_agent.discovery.pace import burst_of

RATE = 100.0
MOST_IN_A_SECOND = RATE + burst_of(RATE) + 1
LONGEST_SECONDS = 600.0


def run() -> dict[str, float]:
    """Figures by name."""
    with tempfile.TemporaryDirectory(prefix="natvakt-bench-") as folder:
        return measured(Path(folder))


def measured(folder: Path) -> dict[str, float]:
    site = subprocess.Popen([sys.executable, "-m", "bench.discovery_site"], stdout=subprocess.PIPE, text=True)
    assert site.stdout is not None
    try:
        port = site.stdout.readline().split("snmp=")[1].strip()
        config = folder / "agent.toml"
        config.write_text(f"[discovery]\nsnmp_port = {port}\n")
        environment = {**os.environ, "NATVAKT_STATE_DIR": str(folder / "state")}
        for number, community in enumerate((*COMMUNITIES, UNUSED_COMMUNITY)):
            add_credential(config, environment, f"community-{number}", community)
        command = [tool("natvakt-agent"), "discover", "--config", str(config), "--json", "--rate", f"{RATE:g}"]
        done = subprocess.run(
            [*command, *map(network, range(SUBNETS))], env=environment, capture_output=True, text=True, check=True, timeout=LONGEST_SECONDS
        )
        plan = json.loads(done.stdout)
    finally:
        site.terminate()
        report = json.loads(site.stdout.read() or "{}")
        site.wait()
    return {
        "devices": float(len({device["serial"] for device in plan["devices"]})),
        "seconds": plan["counts"]["seconds"],
        "packets": float(plan["counts"]["packets"]),
        "most_in_a_second": float(report["most_in_a_second"]),
        "logins": float(plan["counts"]["logins"]),
        "refused": float(report["refused"]),
        "refused_twice": float(report["refused_twice"]),
    }


def add_credential(config: Path, environment: Mapping[str, str], name: str, community: str) -> None:
    arguments = ["credentials", "add", name, "--config", str(config), "--from-file", "-"]
    subprocess.run([tool("natvakt-agent"), *arguments], env=environment, input=community + "\n", text=True, check=True, capture_output=True)


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
