"""`natvakt-server site add TENANT/SITE`."""

import argparse

from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.places import place
from natvakt_server.domain.estate import Site
from natvakt_server.domain.identity import AuditEntry


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    add = verbs.add_parser("add", help="add a site")
    add.add_argument("place", metavar="TENANT/SITE")
    add.add_argument("--name", help="full name, as reports show it")


def run(context: Context) -> int:
    tenant, site = place(context.options.place)
    stores = context.stores()
    if stores.reader.customer(tenant) is None:
        raise CommandFailed(f"customer {tenant!r} is not known; `natvakt-server customer add {tenant}` makes it")
    if any(known.site == site for known in stores.reader.sites(tenant)):
        raise CommandFailed(f"site {tenant}/{site} is there already")
    stores.administration.add_site(Site(tenant, site, context.options.name or site, context.clock.wall_ns()))
    stores.audit.record(AuditEntry(context.clock.wall_ns(), "cli", "site-add", f"{tenant}/{site}", "ok", "", tenant))
    context.show(
        {"schema": "natvakt.site/1", "tenant": tenant, "site": site},
        [f"Site {tenant}/{site} is ready. Next: `natvakt-server token issue {tenant}/{site}` and `natvakt-agent enrol` at the site"],
    )
    return 0
