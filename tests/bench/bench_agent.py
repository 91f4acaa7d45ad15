"""What one cycle of a full site costs the agent: CPU seconds and memory of `natvakt-agent run`.

The site (`site_process`) answers real SNMP on loopback, the agent polls, seals, spools and sends to a real server. A cycle comes every
15 seconds instead of every minute, so that the bench ends; what one cycle costs does not depend on the pause after it.
"""

import statistics
import sys
import time
from collections.abc import Mapping

from bench.bench_wire import DEVICES
from bench.house import House, cpu_seconds, peak_resident_bytes, resident_bytes
from bench.site_process import COMMUNITY, address
from demo.processes import tool

CYCLE_SECONDS = 15.0
WARM_UP_CYCLES, CYCLES = 3, 3
LOOK_SECONDS = 0.1
EVERY_MINUTE = ("device", "interface", "cpu", "reachability", "ipsla", "bgp_peer", "ospf_neighbour")
SITE = "full"


def settings(ports: Mapping[str, int], cycle_seconds: float = CYCLE_SECONDS, credential: str = SITE) -> str:
    """`agent.toml` of the full site: what is polled every minute is polled every cycle."""
    intervals = ", ".join(f'{table} = "{cycle_seconds:.0f}s"' for table in EVERY_MINUTE)
    targets = [
        f'[[target]]\nname = "full-{number}"\naddress = "{address(number)}"\ncredential = "{credential}"\nsnmp_port = {ports["snmp"]}\n'
        f"reachability_port = {ports['probe']}\n"
        for number in range(DEVICES)
    ]
    return (
        f'[polling]\nintervals = {{ {intervals} }}\n[batch]\nmetrics_age = "{cycle_seconds:.0f}s"\n[spool]\nreserve = "16MiB"\n'
        "[host]\nenabled = false\n" + "".join(targets)
    )


def ports_of(ready: str) -> Mapping[str, int]:
    """From the line with which a simulated site says that it answers."""
    words = ready.split()
    if not words or words[0] != "ready":
        raise RuntimeError("the simulated full site did not start")
    return {name: int(port) for name, port in (word.split("=") for word in words[1:])}


def run(house: House) -> dict[str, float]:
    """Figures by name: times in seconds, sizes in bytes."""
    with house.guests() as guests:
        site = guests.start("full-site", [sys.executable, "-m", "bench.site_process"])
        assert site.stdout is not None
        config = house.enrol(SITE, settings(ports_of(site.stdout.readline())), {SITE: COMMUNITY})
        agent = guests.start("full-agent", [tool("natvakt-agent"), "run", "--config", str(config)], house.agent_environment(config))
        time.sleep(WARM_UP_CYCLES * CYCLE_SECONDS)
        guests.check()
        cpu, samples = cpu_seconds(agent.pid), stored(house)
        resident = [watched(agent.pid) for _ in range(round(CYCLES * CYCLE_SECONDS / LOOK_SECONDS))]
        guests.check()
        return {
            "cpu_seconds_a_cycle": (cpu_seconds(agent.pid) - cpu) / CYCLES,
            "samples_a_cycle": (stored(house) - samples) / CYCLES,
            "resident_bytes": statistics.median(resident),
            "peak_resident_bytes": float(peak_resident_bytes(agent.pid)),
        }


def watched(pid: int) -> float:
    time.sleep(LOOK_SECONDS)
    return float(resident_bytes(pid))


def stored(house: House) -> int:
    return sum(lane.samples for lane in house.applied(SITE).values())
