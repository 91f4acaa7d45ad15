"""The command line of the server: one subcommand a module, each with `add_arguments` and `run`."""

import argparse
import logging
import os
import sys
from collections.abc import Collection, Mapping, Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType, ModuleType

from natvakt_server.app.context import Context
from natvakt_server.app.system_clock import SystemClock
from natvakt_server.domain.refusal import Refusal

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "init": "make the database, the certificate authority, the keys and the first administrator",
        "run": "serve: all roles in this process, or one",
        "doctor": "check state, keys, database, time series, ports, disk and audit trail",
        "backup": "the server itself as one sealed file, and back: key, create, verify, restore",
        "support": "a file for who helps, without names, addresses or secrets",
        "user": "people who may log in: add, link, list, grant, revoke",
        "api-token": "tokens for programs: create, list, revoke",
        "audit": "the audit trail: verify, list",
        "customer": "customers: add",
        "site": "sites of a customer: add",
        "token": "one-time enrolment tokens: issue",
        "agent": "agents: list, approve, revoke",
        "assess": "assessments: run, repeat",
        "finding": "findings: list, accept, unaccept",
        "contract": "service contracts of a customer: import, list, forget",
        "answer": "what only a person can see: list, give, withdraw",
        "report": "reports: show, verify, recipients, deliver",
        "import": "devices as NetBox, Ansible, CSV or Oxidized list them: a difference first, then what is applied",
        "export": "the devices that are observed, for NetBox, Ansible, CSV or Oxidized",
        "config": "versions of a device's configuration: list, show, diff",
        "knowledge": "the knowledge base: import, fetch, status, exposure, lifecycle, unknown, bundle",
        "check-config": "judge one configuration file against the rules that need nothing else",
        "rule": "the rules: list, show, test your own",
    }
)
"""Name and help of each; its module in `commands` is loaded when it is the one that was called."""

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def module_of(command: str) -> ModuleType:
    return import_module(f"natvakt_server.app.commands.{command.replace('-', '_')}")


def build_parser(wanted: Collection[str] = COMMANDS.keys()) -> argparse.ArgumentParser:
    """`wanted`: the commands that are told with their arguments; the others by name and help."""
    parser = argparse.ArgumentParser(prog="natvakt-server", description="The partner's centre: takes in, stores, judges and reports.")
    parser.add_argument("--version", action="version", version=f"natvakt-server {version('natvakt')}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command, told in COMMANDS.items():
        sub = commands.add_parser(command, help=told, description=told)
        if command not in wanted:
            continue
        module_of(command).add_arguments(sub)
        for each in _leaves(sub):
            if "--config" not in each._option_string_actions:  # of `knowledge exposure` it is the device's
                each.add_argument("--config", type=Path, metavar="FILE", help="server.toml (/etc/natvakt/server.toml)")
            each.add_argument("--json", action="store_true", help="print one JSON object")
            each.add_argument(
                "--log-level",
                default="INFO" if command == "run" else "WARNING",
                choices=("DEBUG", "INFO", "WARNING", "ERROR"),
                help="to stderr",
            )
    return parser


def _leaves(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """The parsers at the end of each branch: where a user writes options."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return [leaf for group in groups for child in group.choices.values() for leaf in _leaves(child)] or [parser]


def main(arguments: Sequence[str] | None = None) -> int:
    words = sys.argv[1:] if arguments is None else arguments
    options = build_parser([word for word in words if word in COMMANDS][:1]).parse_args(words)
    logging.basicConfig(stream=sys.stderr, level=options.log_level, format=LOG_FORMAT)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    context = Context(options, os.environ, sys.stdout, sys.stderr, version("natvakt"), SystemClock())
    try:
        return int(module_of(options.command).run(context))
    except Refusal as error:
        context.note(f"natvakt-server {options.command}: {error}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
