"""Customers and sites as commands are given them."""

from natvakt_wire.errors import WireError
from natvakt_wire.ids import check_slug

from natvakt_server.app.context import CommandFailed
from natvakt_server.app.stores import Stores


def known_customer(stores: Stores, text: str) -> str:
    """Its slug. Raises CommandFailed."""
    tenant = slug(text, "customer")
    if stores.reader.customer(tenant) is None:
        raise CommandFailed(f"customer {tenant!r} is not known; `natvakt-server customer add {tenant}` makes it")
    return tenant


def slug(text: str, what: str) -> str:
    try:
        return check_slug(text, what)
    except WireError as error:
        raise CommandFailed(str(error)) from error


def place(text: str) -> tuple[str, str]:
    """`TENANT/SITE` as two slugs."""
    tenant, slash, site = text.partition("/")
    if not slash:
        raise CommandFailed(f"{text!r} is not TENANT/SITE, such as acme/hq")
    return slug(tenant, "customer"), slug(site, "site")
