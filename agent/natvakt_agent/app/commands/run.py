"""`natvakt-agent run`: watch the site until told to stop (SIGTERM, Ctrl-C)."""

import argparse
import gc
import logging
import signal
import threading
from contextlib import ExitStack
from types import FrameType

from natvakt_agent.app.capabilities import listening
from natvakt_agent.app.context import OK, Context, settings
from natvakt_agent.app.discovering.joining import scouted
from natvakt_agent.app.discovering.scout import adopted_targets, with_targets
from natvakt_agent.app.enrolled import EnrolledIdentity
from natvakt_agent.app.logs import configure
from natvakt_agent.app.uplink import uplink_factory
from natvakt_agent.app.wiring import build_agent

logger = logging.getLogger(__name__)

COLLECTOR_THRESHOLDS = (10_000, 20, 20)  # what is polled makes no cycles, so the garbage collector may come seldom


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-uplink", action="store_true", help="poll and spool only, for instance while the server is being moved")


def run(options: argparse.Namespace, context: Context) -> int:
    found = settings(options, context)
    configure(found.config.log.level, context.notes)
    site = found.site_policy()
    identity_files = found.identity_files(context)
    identity = EnrolledIdentity(identity_files, context.clock)
    credentials = found.credentials(context)
    connect = None if options.no_uplink else uplink_factory(identity_files, identity, context.edges, context.version)
    config = with_targets(found.config, adopted_targets(found.paths.discovered_targets))
    agent = build_agent(config, site, credentials, identity, context.edges, context.version, connect)
    gc.collect()  # classes with slots leave their first form behind, and what is frozen is never freed
    gc.freeze()  # what was built stays; looking through it again and again costs a tenth of polling
    gc.set_threshold(*COLLECTOR_THRESHOLDS)
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 (the signal's own signature)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    try:
        agent.start_uplink()
        logger.info("agent begins agent=%s targets=%d version=%s", identity.name.agent, len(agent.parts.planned.targets), context.version)
        with ExitStack() as beside:
            beside.enter_context(scouted(agent, found, site, credentials, context))
            if found.config.listen.enabled:
                beside.enter_context(listening().heard(agent, found, credentials, context, identity.name.agent))
            agent.run(stop)
    finally:
        agent.stop()
    return OK
