"""`natvakt-server token issue TENANT/SITE`: the one-time text with which an agent enrols."""

import argparse

from natvakt_wire.errors import WireError

from natvakt_server.app.config import ConfigurationError, seconds
from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.key_access import desk_of
from natvakt_server.app.places import place


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    issue = verbs.add_parser("issue", help="issue a token for one agent of a site")
    issue.add_argument("place", metavar="TENANT/SITE")
    issue.add_argument("--life", default="10m", help="how long it is good for, at most 24h (10m)")


def run(context: Context) -> int:
    tenant, site = place(context.options.place)
    try:
        life_ns = int(seconds(context.options.life, "--life") * 1e9)
    except ConfigurationError as error:
        raise CommandFailed(str(error)) from error
    stores = context.stores()
    if not any(known.site == site for known in stores.reader.sites(tenant)):
        raise CommandFailed(f"site {tenant}/{site} is not known; `natvakt-server site add {tenant}/{site}` makes it")
    try:
        text = desk_of(context, stores).issue_token(tenant, site, "cli", life_ns)
    except WireError as error:
        raise CommandFailed(str(error)) from error
    context.show(
        {"schema": "natvakt.token/1", "tenant": tenant, "site": site, "token": text},
        [text],
    )
    return 0
