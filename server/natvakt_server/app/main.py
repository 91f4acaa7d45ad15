"""The command line of the server: one subcommand a module, each with `NAME`, `HELP`, `add_arguments` and `run`."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

from natvakt_server.analysis.configuration.rule_files import RuleFileRefused
from natvakt_server.app.commands import (
    agent,
    assess,
    check_config,
    config,
    customer,
    doctor,
    finding,
    init,
    knowledge,
    report,
    rule,
    run,
    site,
    token,
    user,
)
from natvakt_server.app.config import ConfigurationError
from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.policies import PolicyRefused
from natvakt_server.app.state import StateError
from natvakt_server.app.system_clock import SystemClock
from natvakt_server.domain.delivery import StoreUnavailable
from natvakt_server.domain.series import SeriesUnavailable
from natvakt_server.identity.key_files import KeyFileError
from natvakt_server.store.estate.engine import BadDatabase

COMMANDS: tuple[ModuleType, ...] = (
    init,
    run,
    doctor,
    user,
    customer,
    site,
    token,
    agent,
    assess,
    finding,
    report,
    config,
    knowledge,
    check_config,
    rule,
)
FAILURES = (
    CommandFailed,
    RuleFileRefused,
    PolicyRefused,
    ConfigurationError,
    StateError,
    BadDatabase,
    KeyFileError,
    StoreUnavailable,
    SeriesUnavailable,
)
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="natvakt-server", description="The partner's centre: takes in, stores, judges and reports.")
    parser.add_argument("--version", action="version", version=f"natvakt-server {version('natvakt')}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        sub = commands.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        command.add_arguments(sub)
        for each in _leaves(sub):
            if "--config" not in each._option_string_actions:  # of `knowledge exposure` it is the device's
                each.add_argument("--config", type=Path, metavar="FILE", help="server.toml (/etc/natvakt/server.toml)")
            each.add_argument("--json", action="store_true", help="print one JSON object")
            each.add_argument(
                "--log-level",
                default="INFO" if command is run else "WARNING",
                choices=("DEBUG", "INFO", "WARNING", "ERROR"),
                help="to stderr",
            )
    return parser


def _leaves(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """The parsers at the end of each branch: where a user writes options."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return [leaf for group in groups for child in group.choices.values() for leaf in _leaves(child)] or [parser]


def main(arguments: Sequence[str] | None = None) -> int:
    options = build_parser().parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=options.log_level, format=LOG_FORMAT)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    context = Context(options, os.environ, sys.stdout, sys.stderr, version("natvakt"), SystemClock())
    command = next(each for each in COMMANDS if options.command == each.NAME)
    try:
        return int(command.run(context))
    except FAILURES as error:
        context.note(f"natvakt-server {options.command}: {error}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
