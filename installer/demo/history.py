"""Thirty days of history through the real line: the agent polls the simulated site with a stepped clock and fills its spool.

Both clocks are moved to the same instant, everything due is polled over SNMP, the next instant follows. What the agent
writes is sealed and spooled like any other poll, and its uplink, which follows the wall clock, delivers it meanwhile.
"""

import argparse
import gc
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from msgspec.structs import replace
from natvakt_agent.app.agent import Agent
from natvakt_agent.app.context import Context, settings
from natvakt_agent.app.credentials import Credentials
from natvakt_agent.app.edges import Edges
from natvakt_agent.app.enrolled import EnrolledIdentity
from natvakt_agent.app.status import read_status
from natvakt_agent.app.system_clock import SystemClock
from natvakt_agent.app.uplink import uplink_factory
from natvakt_agent.app.wiring import build_agent
from natvakt_agent.config.units import Duration

from demo.backfill import Step, plan
from demo.control import ControlClient
from demo.jobs import JobReports

SECOND_NS = 1_000_000_000
JITTER_SEED = 20_080_401
PROGRESS_EVERY = 36
DELIVERY_SECONDS, LOOK_SECONDS = 300.0, 0.2
DOCUMENTS_SECONDS = 0.9 * 86_400
BATCH_AGE = Duration(24 * 3_600)  # nobody waits for last month's values: fuller batches cost every station of the line less
WORKERS = 3  # more threads than cores only wait for each other where every answer is there at once


class SteppedClock:
    """A clock that stands still until it is moved; its boot began with the history."""

    def __init__(self, start_ns: int, boot_id: bytes) -> None:
        self._start_ns, self._now_ns, self._boot_id = start_ns, start_ns, boot_id

    @property
    def boot_id(self) -> bytes:
        return self._boot_id

    def wall_ns(self) -> int:
        return self._now_ns

    def monotonic_ns(self) -> int:
        return self._now_ns - self._start_ns + 3600 * SECOND_NS

    def move_to(self, wall_ns: int) -> None:
        self._now_ns = wall_ns


def fill(config: Path, control_port: int, until_ns: int, days: int, reports: Path | None = None) -> int:
    """Poll the history of one site up to `until_ns`. Answers the number of polls. `reports`: where its backup jobs leave theirs."""
    steps = plan(until_ns, days)
    clock = SteppedClock(steps[0].instant_ns, os.urandom(16))
    edges = Edges(clock=clock, spread=Random(JITTER_SEED))
    context = Context(sys.stdout, sys.stderr, os.environ, edges, lambda _prompt: "", "demo")
    found = settings(argparse.Namespace(config=config), context)
    files = found.identity_files(context)
    stepped = replace(
        found.config,
        ssh=replace(found.config.ssh, enabled=False),  # a configuration of today is none of last month's
        polling=replace(found.config.polling, workers=WORKERS),
        batch=replace(found.config.batch, metrics_age=BATCH_AGE, state_age=BATCH_AGE),
    )
    identity = EnrolledIdentity(files, SystemClock())
    connect = uplink_factory(files, identity, Edges(clock=SystemClock()), "demo")
    agent = build_agent(stepped, found.site_policy(), Credentials.of(found.vault(context)), identity, edges, "demo", connect)
    agent.start_uplink()
    jobs = JobReports(reports, until_ns) if reports else None
    polls, planned = 0, 0.0
    with ControlClient(control_port) as site:
        for number, step in enumerate(steps):
            site.set_time(step.instant_ns)
            clock.move_to(step.instant_ns)
            if jobs is not None:
                jobs.write(step.instant_ns)
            width = width_seconds(steps, number)
            if width != planned:  # a new plan looks through every table of every device
                planned = width
                agent.set_minimum_interval(width, DOCUMENTS_SECONDS)
            polls += agent.poll_due()
            if number % PROGRESS_EVERY == 0:
                print(f"progress {number} {len(steps)}", flush=True)
    agent.flush()
    await_delivery(agent, found.paths.status)
    agent.stop()
    return polls


def await_delivery(agent: Agent, status_file: Path) -> None:
    """Until the server has taken everything. Raises TimeoutError."""
    deadline = time.monotonic() + DELIVERY_SECONDS
    while time.monotonic() < deadline:
        agent.parts.upkeep(agent)
        status: dict[str, Any] = read_status(status_file) or {}
        if not any(lane["pending_batches"] for lane in status["spool"]["lanes"]):
            return
        time.sleep(LOOK_SECONDS)
    raise TimeoutError(f"the server has not taken the history within {DELIVERY_SECONDS:.0f} s")


def width_seconds(steps: Sequence[Step], number: int) -> float:
    """Seconds to the next step, so that everything is due once a step."""
    following = min(number + 1, len(steps) - 1)
    return max(1.0, (steps[following].instant_ns - steps[following - 1].instant_ns) / SECOND_NS * 0.9)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m demo.history", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--until", type=int, required=True, metavar="NS")
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--reports", type=Path, metavar="FOLDER", help="where backup jobs leave their reports")
    options = parser.parse_args(arguments)
    gc.freeze()  # what is polled makes no cycles: looking for them all the time costs a tenth of the history
    gc.set_threshold(100_000, 50, 50)
    polls = fill(options.config, options.control, options.until, options.days, options.reports)
    print(f"polls {polls}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
