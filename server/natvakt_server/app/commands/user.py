"""`natvakt-server user add NAME`: a person gets a one-time link; passwords are never typed on the command line.

`user list` tells who may do what; `user grant` and `user revoke` give and take roles over customers and sites.
"""

import argparse

from natvakt_server.app.commands.init import one_time_link
from natvakt_server.app.context import CommandFailed, Context, columns
from natvakt_server.app.granting import add_place_argument, text, told, wanted_grants
from natvakt_server.app.stores import Stores
from natvakt_server.app.system_clock import new_id
from natvakt_server.domain.accounts import User
from natvakt_server.domain.identity import AuditEntry
from natvakt_server.domain.rights import Role


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    add = verbs.add_parser("add", help="add a person and print a one-time link")
    add.add_argument("name", help="login name")
    add.add_argument("--display-name")
    add.add_argument("--role", choices=[role.value for role in Role], default=Role.ENGINEER.value)
    add_place_argument(add)
    add.add_argument("--language", choices=("sv", "en"))
    link = verbs.add_parser("link", help="print a new one-time link for somebody who has lost password or second factor")
    link.add_argument("name")
    verbs.add_parser("list", help="who may log in, and what each may do where")
    for verb, what in (("grant", "give a role over customers or sites"), ("revoke", "take it away, from the next click on")):
        parsed = verbs.add_parser(verb, help=what)
        parsed.add_argument("name")
        parsed.add_argument("--role", choices=[role.value for role in Role], required=True)
        add_place_argument(parsed, required=True)


def run(context: Context) -> int:
    return {"add": _add, "link": _link, "list": _list, "grant": _grant, "revoke": _revoke}[context.options.verb](context)


def _add(context: Context) -> int:
    options, stores, configuration = context.options, context.stores(), context.configuration()
    name = options.name.strip().lower()
    if stores.accounts.user_by_name(name) is not None:
        raise CommandFailed(f"user {name!r} is there already; `natvakt-server user link {name}` gives a new one-time link")
    grants = wanted_grants(stores, options.role, options.customer)
    role = next((grant.role for grant in grants if not grant.tenant), "")
    user = User(new_id(), name, options.display_name or options.name, role, options.language or configuration.partner.language)
    stores.accounts.put_user(user)
    for grant in grants:
        if grant.tenant:
            stores.accounts.give(user.id, grant)
    _record(context, stores, "user-add", name, text(grants))
    return _show_link(context, stores, user, told(grants))


def _link(context: Context) -> int:
    stores = context.stores()
    user = _known(context, stores)
    stores.accounts.end_sessions_of(user.id)
    _record(context, stores, "user-link", user.name)
    return _show_link(context, stores, user, told(user.grants.given))


def _show_link(context: Context, stores: Stores, user: User, grants: list[dict[str, str]]) -> int:
    link = one_time_link(stores.accounts, user.id, context.configuration(), context.clock)
    context.show(
        {"schema": "natvakt.user/1", "name": user.name, "role": user.role, "grants": grants, "link": link},
        [f"Open this once within 24 hours to set the password of {user.name}:", f"  {link}"],
    )
    return 0


def _list(context: Context) -> int:
    people = context.stores().accounts.users()
    context.show(
        {
            "schema": "natvakt.users/1",
            "users": [{"name": each.name, "disabled": each.disabled, "grants": told(each.grants.given)} for each in people],
        },
        columns(
            [
                ("NAME", "STATE", "MAY"),
                *((each.name, "disabled" if each.disabled else "active", text(each.grants.given)) for each in people),
            ]
        ),
    )
    return 0


def _grant(context: Context) -> int:
    stores = context.stores()
    user = _known(context, stores)
    for grant in wanted_grants(stores, context.options.role, context.options.customer):
        if not grant.tenant:
            raise CommandFailed("the role over all customers is changed in the console; name a customer, as acme or acme/hq")
        stores.accounts.give(user.id, grant)
        _record(context, stores, "grant-give", f"user:{user.name}", text([grant]), grant.tenant)
    return _show_grants(context, stores, user)


def _revoke(context: Context) -> int:
    """What is given may be over a customer that is gone: it is compared, not looked up."""
    stores, options = context.stores(), context.options
    user = _known(context, stores)
    wanted = [grant for grant in user.given if grant.role == options.role and grant.place in options.customer]
    if len(wanted) != len(set(options.customer)):
        raise CommandFailed(f"{user.name} was not given that; it is {text(user.given)}")
    for grant in wanted:
        stores.accounts.take(user.id, grant)
        _record(context, stores, "grant-take", f"user:{user.name}", text([grant]), grant.tenant)
    return _show_grants(context, stores, user)


def _show_grants(context: Context, stores: Stores, user: User) -> int:
    now = stores.accounts.user(user.id)
    given = now.grants.given if now else ()
    context.show({"schema": "natvakt.user/1", "name": user.name, "grants": told(given)}, [f"{user.name}: {text(given)}"])
    return 0


def _known(context: Context, stores: Stores) -> User:
    name = context.options.name.strip().lower()
    user = stores.accounts.user_by_name(name)
    if user is None:
        raise CommandFailed(f"user {name!r} is not known; `natvakt-server user add {name}` makes it")
    return user


def _record(context: Context, stores: Stores, action: str, subject: str, detail: str = "", tenant: str | None = None) -> None:
    stores.audit.record(AuditEntry(context.clock.wall_ns(), "cli", action, subject, "ok", detail, tenant))
