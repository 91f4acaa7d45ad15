"""Who may do what, and what was done: for owners."""

from dataclasses import replace

from flask import abort
from werkzeug.wrappers import Response

from natvakt_server.domain.accounts import User
from natvakt_server.domain.rights import Permission
from natvakt_server.web import tables
from natvakt_server.web.access.sessions import token_hash
from natvakt_server.web.administration.queries import audit_table, users_table
from natvakt_server.web.administration.words import WORDS
from natvakt_server.web.routing import Access, Entry, Screen, get, post
from natvakt_server.web.speech import LANGUAGES
from natvakt_server.web.visit import Visit

ROLES = ("owner", "engineer")
LINK_LIFE_NS = 24 * 3600 * 1_000_000_000
NAME_LIMIT = 80


def show_users(visit: Visit) -> Response:
    return users_page(visit)


def users_page(visit: Visit, status: int = 200, problem: str = "", link: str = "", person: str = "") -> Response:
    users = visit.ports.accounts.users()
    table = users_table(visit, users)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, "users")
    return visit.page("administration/users.html", status, users=users, table=table, problem=problem, link=link, person=person)


def add_user(visit: Visit) -> Response:
    """The link is shown once, on the answer to this very request, and nowhere kept."""
    name, shown = visit.field("name").strip().lower(), visit.field("display_name").strip()
    role, language = visit.field("role"), visit.field("language")
    if not name or len(name) > NAME_LIMIT or not name.isprintable() or any(character.isspace() for character in name):
        return users_page(visit, 400, problem="user-bad-name")
    if role not in ROLES or language not in LANGUAGES or len(shown) > NAME_LIMIT or not shown.isprintable():
        abort(400)
    if visit.ports.accounts.user_by_name(name) is not None:
        return users_page(visit, 409, problem="user-there")
    user = User(visit.console.surroundings.new_id(), name, shown or name, role, language)
    visit.ports.accounts.put_user(user)
    visit.audit("user-add", f"user:{name}", detail=role)
    return users_page(visit, link=one_time_link(visit, user), person=user.name)


def disable_user(visit: Visit, user_id: str) -> Response:
    """Sessions end in the same step."""
    user = find_user(visit, user_id)
    refuse_own(visit, user)
    visit.ports.accounts.put_user(replace(user, disabled=True))
    visit.ports.accounts.end_sessions_of(user.id)
    visit.audit("user-disable", f"user:{user.name}")
    return visit.go("administration.users")


def enable_user(visit: Visit, user_id: str) -> Response:
    user = find_user(visit, user_id)
    visit.ports.accounts.put_user(replace(user, disabled=False))
    visit.audit("user-enable", f"user:{user.name}")
    return visit.go("administration.users")


def reset_user(visit: Visit, user_id: str) -> Response:
    """Takes password, second factor and sessions away, and gives a new one-time link."""
    user = find_user(visit, user_id)
    refuse_own(visit, user)
    visit.ports.accounts.put_user(replace(user, password_hash=None, totp_sealed=None, failed_logins=0, locked_until_ns=0))
    visit.ports.accounts.end_sessions_of(user.id)
    visit.audit("user-reset", f"user:{user.name}")
    return users_page(visit, link=one_time_link(visit, user), person=user.name)


def change_role(visit: Visit, user_id: str) -> Response:
    user, role = find_user(visit, user_id), visit.field("role")
    refuse_own(visit, user)
    if role not in ROLES:
        abort(400)
    visit.ports.accounts.put_user(replace(user, role=role))
    visit.ports.accounts.end_sessions_of(user.id)
    visit.audit("user-role", f"user:{user.name}", detail=role)
    return visit.go("administration.users")


def show_audit(visit: Visit) -> Response:
    table = audit_table(visit)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, "audit")
    return visit.page("administration/audit.html", table=table)


def show_partner(visit: Visit) -> Response:
    return visit.page("administration/partner.html", settings=visit.console.settings, backlog=visit.ports.delivery.backlog())


def one_time_link(visit: Visit, user: User) -> str:
    token = visit.console.authentication.keeper.random_text()
    visit.ports.accounts.add_link(token_hash(token), user.id, visit.now_ns + LINK_LIFE_NS)
    return f"{visit.console.settings.address}{visit.url('accounts.welcome', token=token)}"


def find_user(visit: Visit, user_id: str) -> User:
    user = visit.ports.accounts.user(user_id)
    if user is None:
        abort(404)
    return user


def refuse_own(visit: Visit, user: User) -> None:
    """Nobody locks the last owner out by mistake: what takes rights away is done by somebody else."""
    if user.id == visit.user.id:
        abort(403)


SCREEN = Screen(
    name="administration",
    words=WORDS,
    routes=(
        get("administration.users", "/administration/users", show_users, Access.PARTNER, Permission.PEOPLE),
        post("administration.add_user", "/administration/users", add_user, Access.PARTNER, Permission.PEOPLE),
        post("administration.disable", "/administration/users/<user_id>/disable", disable_user, Access.PARTNER, Permission.PEOPLE),
        post("administration.enable", "/administration/users/<user_id>/enable", enable_user, Access.PARTNER, Permission.PEOPLE),
        post("administration.reset", "/administration/users/<user_id>/reset", reset_user, Access.PARTNER, Permission.PEOPLE),
        post("administration.role", "/administration/users/<user_id>/role", change_role, Access.PARTNER, Permission.PEOPLE),
        get("administration.audit", "/administration/audit", show_audit, Access.PARTNER, Permission.AUDIT),
        get("administration.partner", "/administration/partner", show_partner, Access.PARTNER, Permission.AUDIT),
    ),
    navigation=(Entry("administration", "administration.users"),),
)
