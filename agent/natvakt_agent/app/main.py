"""The command line of the agent: one subcommand per module, each with `NAME`, `add_arguments` and `run`."""

import argparse
import sys
from collections.abc import Sequence

from natvakt_agent.app import probe
from natvakt_agent.app.system_clock import SystemClock
from natvakt_agent.collectors.snmp.collector import SnmpCollector
from natvakt_agent.collectors.snmp.gufo_session import GufoSession
from natvakt_agent.model.target import SnmpCredential


def no_vault(name: str) -> SnmpCredential | None:
    """There is no vault until the agent is enrolled: no name is known."""
    return {}.get(name)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="natvakt-agent", description="Collects at the customer's site; secrets never leave it.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    probe.add_arguments(commands.add_parser(probe.NAME, help="ask one device once for everything and print what it found"))
    options = parser.parse_args(arguments)
    return probe.run(options, sys.stdout, sys.stderr, SystemClock(), SnmpCollector(GufoSession), no_vault)


if __name__ == "__main__":
    sys.exit(main())
