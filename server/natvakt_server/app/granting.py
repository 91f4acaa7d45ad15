"""Grants as the command line gives them: a role, and the customers and sites it is for."""

import argparse
from collections.abc import Sequence

from natvakt_server.app.context import CommandFailed
from natvakt_server.app.stores import Stores
from natvakt_server.domain.rights import Grant, NotGrantable, grant_over


def add_place_argument(parser: argparse.ArgumentParser, required: bool = False) -> None:
    told = "a customer or one site of it, again for more" + ("" if required else "; without it the role is over all customers")
    parser.add_argument("--customer", action="append", default=[], required=required, metavar="TENANT[/SITE]", help=told)


def wanted_grants(stores: Stores, role: str, places: Sequence[str]) -> tuple[Grant, ...]:
    """Raises CommandFailed where the role cannot be given there, or there is no such customer or site."""
    try:
        grants = tuple(grant_over(role, place) for place in places or [""])
    except NotGrantable as error:
        raise CommandFailed(f"{error}; name customers with --customer") from error
    for grant in grants:
        if grant.tenant and stores.reader.customer(grant.tenant) is None:
            raise CommandFailed(f"customer {grant.tenant!r} is not known; `natvakt-server customer add {grant.tenant}` makes it")
        if grant.site and grant.site not in {site.site for site in stores.reader.sites(grant.tenant)}:
            raise CommandFailed(f"site {grant.place} is not known; `natvakt-server site add {grant.place}` makes it")
    return grants


def told(grants: Sequence[Grant]) -> list[dict[str, str]]:
    """For --json."""
    return [{"role": grant.role.value, "place": grant.place} for grant in grants]


def text(grants: Sequence[Grant]) -> str:
    return ", ".join(f"{grant.role} over {grant.place}" for grant in grants) or "nothing"
