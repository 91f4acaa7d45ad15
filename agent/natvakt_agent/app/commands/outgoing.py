"""`natvakt-agent outgoing list|show|approve`: the exact texts that are about to leave the site or just left it."""

import argparse

import msgspec

from natvakt_agent.app.context import OK, CommandFailed, Context, UsageError, add_common_arguments, settings
from natvakt_agent.app.outgoing import Outgoing, OutgoingText, UnknownText

SCHEMA = "natvakt.outgoing/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="every text with its device, time and state: leaving, held, approved, blocked")
    add_common_arguments(listing, is_action=True)
    showing = actions.add_parser("show", help="one text, letter by letter as it leaves")
    add_common_arguments(showing, is_action=True)
    showing.add_argument("id", metavar="ID", help="as `list` shows it")
    approving = actions.add_parser("approve", help="let held texts leave at their device's next poll")
    add_common_arguments(approving, is_action=True)
    approving.add_argument("id", metavar="ID", nargs="*", help="as `list` shows them")
    approving.add_argument("--all", action="store_true", help="every text that is held now")


def run(options: argparse.Namespace, context: Context) -> int:
    """Raises CommandFailed, UsageError."""
    outgoing = Outgoing(settings(options, context).paths.outgoing, context.clock, hold=True)
    try:
        match options.action:
            case "list":
                _list(outgoing, options, context)
            case "show":
                _show(outgoing.text(options.id), options, context)
            case _:
                _approve(outgoing, options, context)
    except UnknownText as error:
        raise CommandFailed(str(error)) from None
    return OK


def _list(outgoing: Outgoing, options: argparse.Namespace, context: Context) -> None:
    texts = outgoing.texts()
    if options.json:
        context.print_json({"schema": SCHEMA, "texts": [_described(text) for text in texts]})
        return
    for text in texts:
        stopped = f", stopped by line {', '.join(map(str, text.doubtful[:5]))}" if text.doubtful else ""
        context.print(f"{text.id}  {text.at}  {text.state:8}  {text.device}  {text.what}  ({text.removed} secrets removed{stopped})")
    if not texts:
        context.note("nothing has left and nothing waits")


def _show(text: OutgoingText, options: argparse.Namespace, context: Context) -> None:
    if options.json:
        context.print_json({"schema": SCHEMA, **_described(text), "text": text.text})
    elif text.text is None:
        raise CommandFailed(
            f"{text.id}: was blocked, no text leaves; what looks like a secret is in line {', '.join(map(str, text.doubtful))}"
        )
    else:
        context.out.write(text.text)


def _approve(outgoing: Outgoing, options: argparse.Namespace, context: Context) -> None:
    if bool(options.id) == options.all:
        raise UsageError("name the texts to approve, or --all")
    wanted = [text.id for text in outgoing.texts() if text.state == "held"] if options.all else options.id
    approved = [outgoing.approve(text_id) for text_id in wanted]
    if options.json:
        context.print_json({"schema": SCHEMA, "texts": [_described(text) for text in approved]})
        return
    for text in approved:
        context.print(f"{text.id}: {text.what} of {text.device} leaves at its next poll")


def _described(text: OutgoingText) -> dict[str, object]:
    return {name: value for name, value in msgspec.structs.asdict(text).items() if name != "text"}
