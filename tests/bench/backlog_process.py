"""An enrolled agent's sending half as a process: fills its spool with a backlog of the full site, then sends it while live cycles go on.

Spool, seal, link and gRPC are the agent's own; the batches are made by `bench_wire` instead of polled, as polling is not measured here.
On stdout: `filled CYCLES`, then `live NUMBER WALL_SECONDS` for each live cycle at the moment it was in the spool.
"""

import argparse
import os
import sys
import threading
import time
from pathlib import Path

from bench.bench_wire import CYCLE_SECONDS, full_site
from natvakt_agent.app.context import Context, settings
from natvakt_agent.app.edges import Edges
from natvakt_agent.app.enrolled import EnrolledIdentity
from natvakt_agent.app.plans import table_names
from natvakt_agent.app.sealing import SpoolSink, gap_signer
from natvakt_agent.app.server_wishes import ServerWishes
from natvakt_agent.app.system_clock import SystemClock
from natvakt_agent.app.uplink import uplink_factory
from natvakt_agent.app.wiring import BUILD_WALL_NS, spool_options
from natvakt_agent.link.clock_trust import ClockTrust
from natvakt_agent.model.clock import Instant
from natvakt_agent.spool.disk import LocalDisk
from natvakt_agent.spool.spool import open_spool
from natvakt_wire.envelope import LaneClass

SECOND_NS = 1_000_000_000


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--cycles", type=int, required=True)
    parser.add_argument("--live-every", type=float, required=True, metavar="SECONDS")
    options = parser.parse_args()
    clock = SystemClock()
    edges = Edges(clock=clock)
    context = Context(sys.stdout, sys.stderr, os.environ, edges, lambda _prompt: "", "bench")
    found = settings(options, context)
    files = found.identity_files(context)
    identity, trust = EnrolledIdentity(files, clock), ClockTrust(BUILD_WALL_NS)
    signer = gap_signer(identity.name, identity.identity_key)
    spool = open_spool(LocalDisk(found.paths.spool), spool_options(found.config), clock, edges.random, signer)
    uplink = uplink_factory(files, identity, edges, "bench")(spool, ServerWishes(found.site_policy(), table_names()), trust)
    sink = SpoolSink(spool, identity.name, identity.identity_key, identity.recipient, trust.trusted, uplink.appended)

    def append(number: int, wall_ns: int) -> None:
        sink.append(LaneClass.METRICS, full_site(number, start_ns=wall_ns, closed=Instant.of(clock)))

    begun_ns = clock.wall_ns() - (options.cycles + 1) * CYCLE_SECONDS * SECOND_NS
    for number in range(options.cycles):
        append(number, begun_ns + number * CYCLE_SECONDS * SECOND_NS)
    print(f"filled {options.cycles}", flush=True)
    uplink.start()
    pause, number = threading.Event(), 0
    while True:
        pause.wait(options.live_every)
        number += 1
        append(options.cycles + number, clock.wall_ns())
        print(f"live {number} {time.time():.3f}", flush=True)
        spool.maintain()


if __name__ == "__main__":
    sys.exit(main())
