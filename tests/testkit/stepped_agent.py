"""An agent process that polls the simulated site with a stepped clock: `python -m testkit.stepped_agent --config C --control PORT ...`.

Site and agent stand still at each instant, everything is polled, sealed and spooled, then `step N durable` is printed. Started
again after a kill it goes on from the step it is told; what it polls again at the same instant is the same data.
"""

import argparse
import os
import sys
from pathlib import Path
from random import Random

from demo.control import ControlClient
from demo.history import SteppedClock
from natvakt_agent.app.context import Context, settings
from natvakt_agent.app.edges import Edges
from natvakt_agent.app.enrolled import EnrolledIdentity
from natvakt_agent.app.system_clock import SystemClock
from natvakt_agent.app.wiring import build_agent


def poll(options: argparse.Namespace) -> None:
    instants = range(options.first, options.first + options.steps * options.width, options.width)
    clock = SteppedClock(instants[options.begin], os.urandom(16))
    edges = Edges(clock=clock, spread=Random(1))
    context = Context(sys.stdout, sys.stderr, os.environ, edges, lambda _prompt: "", "test")
    found = settings(options, context)
    identity = EnrolledIdentity(found.identity_files(context), SystemClock())
    agent = build_agent(found.config, found.site_policy(), found.credentials(context), identity, edges, "test")
    agent.set_minimum_interval(options.width / 1e9 * 0.9)
    with ControlClient(options.control) as site:
        for number in range(options.begin, options.end):
            site.set_time(instants[number])
            clock.move_to(instants[number])
            agent.poll_due()
            if not agent.flush():
                raise SystemExit(f"step {number} was not spooled")
            print(f"step {number} durable", flush=True)
    agent.stop()


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m testkit.stepped_agent")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--control", type=int, required=True)
    for name in ("first", "width", "steps", "begin", "end"):
        parser.add_argument(f"--{name}", type=int, required=True)
    poll(parser.parse_args(arguments))


if __name__ == "__main__":
    main(sys.argv[1:])
