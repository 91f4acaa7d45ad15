"""The command line of the agent: one subcommand per module of `commands`, each with `add_arguments` and `run`."""

import argparse
import getpass
import os
import sys
from collections.abc import Collection, Mapping, Sequence
from importlib import import_module
from types import MappingProxyType
from typing import cast

from natvakt_wire import VERSION
from natvakt_wire.errors import WireError

from natvakt_agent.app.context import FAILED, USAGE, Command, Context, UsageError, add_common_arguments
from natvakt_agent.app.edges import Edges
from natvakt_agent.app.system_clock import SystemClock
from natvakt_agent.model.refusal import Refusal

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "enrol": "join the partner's server with a one-time token",
        "run": "watch the site until told to stop",
        "status": "how the running agent is doing",
        "doctor": "check settings, vault, spool folder, clock, certificate and server",
        "credentials": "add, list or remove the credentials of devices",
        "discover": "find the devices of the site, and make a plan that a person approves",
        "fetch": "ask one target once over SSH and show what would leave the site; nothing does",
        "hostkeys": "see the SSH host keys of devices, and accept one that changed",
        "spool": "what waits for the server",
        "scrub": "print a configuration as it would leave the site, without its secrets",
        "outgoing": "see the exact texts that leave the site, and approve those that are held",
        "capture": "record what a device answers, anonymised, so that it can be replayed",
        "backup": "look at backup jobs once, report how one ended, make a token for its script",
        "config": "print a commented sample of the settings, or check them",
        "probe": "ask one device once for everything and print what it found",
    }
)
"""Name and help of each; its module in `commands` is loaded when it is the one that was called: an agent that runs holds no other."""
PROBE = "probe"  # prints its own document always


def version() -> str:
    return VERSION


def module_of(command: str) -> Command:
    return cast("Command", import_module(f"natvakt_agent.app.commands.{command}"))


def build_parser(wanted: Collection[str] = COMMANDS.keys()) -> argparse.ArgumentParser:
    """`wanted`: the commands that are told with their arguments; the others by name and help."""
    parser = argparse.ArgumentParser(prog="natvakt-agent", description="Watches a site's network; secrets never leave the site.")
    parser.add_argument("--version", action="version", version=f"natvakt-agent {VERSION}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command, told in COMMANDS.items():
        own = commands.add_parser(command, help=told, description=told)
        if command in wanted:
            if command != PROBE:
                add_common_arguments(own)
            module_of(command).add_arguments(own)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    words = sys.argv[1:] if arguments is None else arguments
    options = build_parser([word for word in words if word in COMMANDS][:1]).parse_args(words)
    context = Context(sys.stdout, sys.stderr, os.environ, Edges(clock=SystemClock(), environment=os.environ), getpass.getpass, VERSION)
    return dispatch(options, context)


def dispatch(options: argparse.Namespace, context: Context) -> int:
    """Run the command; what went wrong is one message on standard error, and the exit code."""
    try:
        return module_of(options.command).run(options, context)
    except UsageError as error:
        context.note(f"natvakt-agent {options.command}: {error}")
        return USAGE
    except (Refusal, WireError) as error:
        context.note(f"natvakt-agent {options.command}: {error}")
        return FAILED
    except BrokenPipeError:
        return FAILED
    except KeyboardInterrupt:
        context.note("interrupted")
        return FAILED


if __name__ == "__main__":
    sys.exit(main())
