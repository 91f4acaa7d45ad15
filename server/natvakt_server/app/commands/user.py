"""`natvakt-server user add NAME`: a person gets a one-time link; passwords are never typed on the command line."""

import argparse

from natvakt_server.app.commands.init import one_time_link
from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.system_clock import new_id
from natvakt_server.domain.accounts import User
from natvakt_server.domain.identity import AuditEntry

ROLES = ("owner", "engineer")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    add = verbs.add_parser("add", help="add a person and print a one-time link")
    add.add_argument("name", help="login name")
    add.add_argument("--display-name")
    add.add_argument("--role", choices=ROLES, default="engineer")
    add.add_argument("--language", choices=("sv", "en"))
    link = verbs.add_parser("link", help="print a new one-time link for somebody who has lost password or second factor")
    link.add_argument("name")


def run(context: Context) -> int:
    options, stores, configuration = context.options, context.stores(), context.configuration()
    name = options.name.strip().lower()
    known = stores.accounts.user_by_name(name)
    if options.verb == "add":
        if known is not None:
            raise CommandFailed(f"user {name!r} is there already; `natvakt-server user link {name}` gives a new one-time link")
        user = User(new_id(), name, options.display_name or options.name, options.role, options.language or configuration.partner.language)
        stores.accounts.put_user(user)
    elif known is None:
        raise CommandFailed(f"user {name!r} is not known; `natvakt-server user add {name}` makes it")
    else:
        user = known
        stores.accounts.end_sessions_of(user.id)
    link = one_time_link(stores.accounts, user.id, configuration, context.clock)
    stores.audit.record(AuditEntry(context.clock.wall_ns(), "cli", f"user-{options.verb}", name, "ok"))
    context.show(
        {"schema": "natvakt.user/1", "name": name, "role": user.role, "link": link},
        [f"Open this once within 24 hours to set the password of {name}:", f"  {link}"],
    )
    return 0
