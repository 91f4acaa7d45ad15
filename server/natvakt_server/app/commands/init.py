"""`natvakt-server init`: makes a server out of an empty folder; asks nothing that it can decide."""

import argparse
import hashlib
import os
import secrets

from natvakt_server.app.config import Configuration, console_address, sample
from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.key_access import keys_of
from natvakt_server.app.keys import second_factor_key
from natvakt_server.app.stores import open_stores
from natvakt_server.app.system_clock import new_id
from natvakt_server.domain.accounts import User
from natvakt_server.domain.clock import Clock
from natvakt_server.domain.identity import AuditEntry
from natvakt_server.store.estate.accounts import SqlAccountStore
from natvakt_server.store.estate.schema import migrate

LINK_BYTES = 32
LINK_LIFE_NS = 24 * 3600 * 1_000_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--administrator", default="admin", metavar="NAME", help="login name of the first administrator (admin)")
    parser.add_argument("--sample", action="store_true", help="print a commented server.toml with every default, and do nothing")


def run(context: Context) -> int:
    if context.options.sample:
        context.out.write(sample())
        return 0
    paths, configuration = context.paths(), context.configuration()
    if paths.exists:
        raise CommandFailed(
            f"{paths.folder} is a server already; `natvakt-server run` starts it, `natvakt-server user add` gives another person access"
        )
    paths.create()
    stores = open_stores(configuration, paths, new_id)
    revision = migrate(stores.engine)
    keys = keys_of(context, stores)
    second_factor_key(keys.files, os.urandom)
    link = first_administrator(stores.accounts, context.options.administrator, configuration, context.clock)
    stores.audit.record(AuditEntry(context.clock.wall_ns(), "cli", "init", str(paths.folder), "ok", f"schema {revision}"))
    paths.mark_initialised()
    stores.close()
    context.show(
        {"schema": "natvakt.init/1", "state": str(paths.folder), "administrator": context.options.administrator, "link": link},
        [
            f"The server's state is in {paths.folder}. Keep its folder `keys` safe: it is not in the database.",
            "Start it with `natvakt-server run`, then open this link once within 24 hours to set the administrator's password:",
            f"  {link}",
        ],
    )
    return 0


def first_administrator(accounts: SqlAccountStore, name: str, configuration: Configuration, clock: Clock) -> str:
    if accounts.users():
        raise CommandFailed("this database has users already: another server's? name another database, or remove the old one first")
    user = User(new_id(), name.strip().lower(), name, "owner", configuration.partner.language)
    accounts.put_user(user)
    return one_time_link(accounts, user.id, configuration, clock)


def one_time_link(accounts: SqlAccountStore, user_id: str, configuration: Configuration, clock: Clock) -> str:
    """The address at which this person sets a password, once. Only the hash of its token is stored."""
    token = secrets.token_urlsafe(LINK_BYTES)
    accounts.add_link(hashlib.sha256(token.encode()).digest(), user_id, clock.wall_ns() + LINK_LIFE_NS)
    return f"{console_address(configuration)}/welcome/{token}"
