"""The command line of the agent: one subcommand per module, each with `NAME`, `HELP`, `add_arguments` and `run`."""

import argparse
import getpass
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from natvakt_wire import VERSION
from natvakt_wire.errors import WireError

from natvakt_agent.app import probe
from natvakt_agent.app.commands import (
    backup,
    capture,
    config,
    credentials,
    discover,
    doctor,
    enrol,
    fetch,
    hostkeys,
    outgoing,
    run,
    scrub,
    spool,
    status,
)
from natvakt_agent.app.context import FAILED, USAGE, Command, CommandFailed, Context, UsageError, add_common_arguments, settings
from natvakt_agent.app.device_registry import RegistryDamaged
from natvakt_agent.app.enrolled import NotEnrolled
from natvakt_agent.app.host_keys import HostKeysDamaged
from natvakt_agent.app.snmp_engines import GUFO, OnlyThisRun, SnmpEngines, snmp_child
from natvakt_agent.app.system_clock import SystemClock
from natvakt_agent.app.wiring import Edges
from natvakt_agent.collectors.snmp.collector import SnmpCollector
from natvakt_agent.config.errors import ConfigError
from natvakt_agent.link.enrolment_calls import ServerRefused, ServerUnreachable
from natvakt_agent.link.identity_files import IdentityUnavailable
from natvakt_agent.model.delivery import SpoolError
from natvakt_agent.model.target import SnmpCredential
from natvakt_agent.vault.errors import VaultError

COMMANDS: tuple[Command, ...] = (
    enrol,
    run,
    status,
    doctor,
    credentials,
    discover,
    fetch,
    hostkeys,
    spool,
    scrub,
    outgoing,
    capture,
    backup,
    config,
)
EXPECTED = (
    CommandFailed,
    ConfigError,
    HostKeysDamaged,
    IdentityUnavailable,
    NotEnrolled,
    RegistryDamaged,
    ServerRefused,
    ServerUnreachable,
    SpoolError,
    VaultError,
    WireError,
)
"""Faults whose text is written for the person in front of the terminal."""


def version() -> str:
    return VERSION


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="natvakt-agent", description="Watches a site's network; secrets never leave the site.")
    parser.add_argument("--version", action="version", version=f"natvakt-agent {VERSION}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        own = commands.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        add_common_arguments(own)
        command.add_arguments(own)
    probing = commands.add_parser(probe.NAME, help="ask one device once for everything and print what it found")
    probe.add_arguments(probing)
    probing.add_argument("--config", type=Path, metavar="FILE", help="settings, for --credential")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    clock = SystemClock()
    context = Context(sys.stdout, sys.stderr, os.environ, Edges(clock=clock, environment=os.environ), getpass.getpass, VERSION)
    return dispatch(build_parser().parse_args(arguments), context)


def dispatch(options: argparse.Namespace, context: Context) -> int:
    """Run the command; what went wrong is one message on standard error, and the exit code."""
    try:
        if options.command == probe.NAME:
            return _probe(options, context)
        return next(command for command in COMMANDS if options.command == command.NAME).run(options, context)
    except UsageError as error:
        context.note(f"natvakt-agent {options.command}: {error}")
        return USAGE
    except EXPECTED as error:
        context.note(f"natvakt-agent {options.command}: {error}")
        return FAILED
    except BrokenPipeError:
        return FAILED
    except KeyboardInterrupt:
        context.note("interrupted")
        return FAILED


def _probe(options: argparse.Namespace, context: Context) -> int:
    """The vault is opened only where a credential of it is asked for."""

    def lookup(name: str) -> SnmpCredential | None:
        return settings(options, context).credentials(context).get(name)

    engines = SnmpEngines(GUFO, snmp_child(1, context.environment), OnlyThisRun(), context.clock)
    try:
        collector = SnmpCollector(context.edges.open_session or engines.open_session)
        return probe.run(options, context.out, context.notes, context.clock, collector, lookup)
    finally:
        engines.close()


if __name__ == "__main__":
    sys.exit(main())
