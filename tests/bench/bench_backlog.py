"""How long a backlog of the full site takes to drain, and how far live data is behind meanwhile.

An agent with two hours of unsent cycles connects to a real server (all roles in one process, SQLite and DuckDB) and goes on producing live
cycles, one every few seconds instead of one a minute. A batch counts when the server has *applied* it: opened, stored, in the ledger. A day
is twelve times that: the spool reads by position and neither side keeps anything that grows with the backlog.
"""

import sys
import threading
import time
from collections.abc import Mapping

from bench.bench_wire import COLUMNS, CYCLE_SECONDS, DEVICES, INTERFACES
from bench.house import House, cpu_seconds

CYCLES = 120
LIVE_EVERY_SECONDS = 5.0
PATIENCE_SECONDS = 240.0
LOOK_SECONDS = 0.2
SITE = "backlog"
DAY_CYCLES = 86_400 // CYCLE_SECONDS


class LiveCycles:
    """When each live cycle was spooled, and when it was first seen applied."""

    def __init__(self) -> None:
        self.spooled: dict[int, float] = {}
        self.lags: dict[int, float] = {}

    def seen(self, through: int, now: float) -> None:
        for number, spooled in list(self.spooled.items()):
            if number <= through and number not in self.lags:
                self.lags[number] = now - spooled

    def worst_lag(self, now: float) -> float:
        waiting = [now - spooled for number, spooled in self.spooled.items() if number not in self.lags]
        return max([*self.lags.values(), *waiting], default=0.0)


def run(house: House) -> dict[str, float]:
    """Figures by name, times in seconds."""
    config = house.enrol(SITE, '[spool]\nreserve = "16MiB"\n[host]\nenabled = false\n')
    live = LiveCycles()
    with house.guests() as guests:
        arguments = ["--config", str(config), "--cycles", str(CYCLES), "--live-every", str(LIVE_EVERY_SECONDS)]
        command = [sys.executable, "-m", "bench.backlog_process", *arguments]
        agent = guests.start("backlog-agent", command, house.agent_environment(config))
        output = agent.stdout
        assert output is not None
        if not output.readline().startswith("filled"):
            guests.check()
            raise RuntimeError("the agent's sending half ended before its spool was filled")

        def listen() -> None:
            for line in output:
                _, number, moment = line.split()
                live.spooled[int(number)] = float(moment)

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        cpu, begun = cpu_seconds(agent.pid), time.time()
        while True:
            time.sleep(LOOK_SECONDS)
            guests.check()
            backlog, live_through = progress(house)
            now = time.time()
            live.seen(live_through, now)
            if backlog >= CYCLES:
                break
            if now - begun > PATIENCE_SECONDS:
                raise TimeoutError(f"{backlog} of {CYCLES} cycles were applied within {PATIENCE_SECONDS:.0f} s")
        drained, cpu = now - begun, cpu_seconds(agent.pid) - cpu
    return figures(drained, cpu, live.worst_lag(now), len(live.lags))


def progress(house: House) -> tuple[int, int]:
    """Cycles of the backlog, and live cycles, that the server has applied. Live data goes in lanes opened after the outage."""
    lanes: Mapping[int, int] = {lane: applied.batches for lane, applied in house.applied(SITE).items()}
    first = min(lanes, default=0)
    backlog = min(CYCLES, lanes.get(first, 0))
    return backlog, sum(lanes.values()) - backlog


def figures(drained: float, agent_cpu: float, worst_lag: float, live_cycles: int) -> dict[str, float]:
    return {
        "cycles": float(CYCLES),
        "seconds": drained,
        "times_real_time": CYCLES * CYCLE_SECONDS / drained,
        "day_seconds": drained / CYCLES * DAY_CYCLES,
        "samples_per_second": CYCLES * DEVICES * INTERFACES * COLUMNS / drained,
        "agent_cpu_seconds": agent_cpu,
        "live_cycles": float(live_cycles),
        "worst_live_lag_seconds": worst_lag,
    }
