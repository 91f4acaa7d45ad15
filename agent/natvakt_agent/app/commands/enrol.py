"""`natvakt-agent enrol`: trade a one-time token for a certificate. The token comes from a prompt or a file, never from arguments."""

import argparse
import sys
from pathlib import Path

from natvakt_agent.app.context import OK, CommandFailed, Context, settings
from natvakt_agent.app.wiring import prepare_state
from natvakt_agent.link.enrolment import Enrolment
from natvakt_agent.link.enrolment_calls import PinnedEnrolmentCalls
from natvakt_agent.vault.files import read_private

SCHEMA = "natvakt.enrol/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--token-file", type=Path, metavar="FILE", help="read the token from a file of mode 0600, /dev/fd/N or - ; else it is asked for"
    )


def run(options: argparse.Namespace, context: Context) -> int:
    found = settings(options, context)
    token = _token(options.token_file, context)
    try:
        prepare_state(found.paths)
    except OSError as error:
        raise CommandFailed(f"{found.paths.root}: {error.strerror}; run as the user the agent runs as, or set NATVAKT_STATE_DIR") from None
    enrolment = Enrolment(found.identity_files(context), PinnedEnrolmentCalls, context.clock, context.edges.random, context.version)
    result = enrolment.enrol(token)
    name = result.membership.name
    document = {
        "schema": SCHEMA,
        "agent": name.agent,
        "tenant": name.tenant,
        "site": name.site,
        "uplink": result.membership.uplink,
        "identity_fingerprint": result.identity_fingerprint.hex(),
        "awaiting_approval": result.awaiting_approval,
    }
    if options.json:
        context.print_json(document)
    else:
        context.print(f"enrolled as {name.tenant}/{name.site}, agent {name.agent}")
        context.print(f"fingerprint {result.identity_fingerprint.hex()}")
    if result.awaiting_approval:
        context.note("a person at the partner compares the fingerprint and approves; then run this again with the same token")
    return OK


def _token(path: Path | None, context: Context) -> str:
    if path is None:
        return context.ask("Enrolment token: ")
    content = sys.stdin.buffer.read() if str(path) == "-" else read_private(path, "token file")
    return content.decode("ascii", "replace")
