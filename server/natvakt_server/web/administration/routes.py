"""People who may log in, the audit trail and the server itself: for owners."""

from dataclasses import replace

from flask import abort
from werkzeug.wrappers import Response

from natvakt_server.domain.accounts import User
from natvakt_server.domain.rights import OVER, PARTNER, Grant, Permission, Role
from natvakt_server.web import tables
from natvakt_server.web.access.sessions import token_hash
from natvakt_server.web.administration.granting import GrantRefused, said, wanted_grants
from natvakt_server.web.administration.queries import audit_table, users_table
from natvakt_server.web.administration.tokens import ROUTES as TOKEN_ROUTES
from natvakt_server.web.administration.words import WORDS
from natvakt_server.web.routing import Access, Entry, Screen, get, post
from natvakt_server.web.speech import LANGUAGES
from natvakt_server.web.visit import Visit

LINK_LIFE_NS = 24 * 3600 * 1_000_000_000
NAME_LIMIT = 80
PARTNER_ROLES = tuple(role for role, reaches in OVER.items() if PARTNER in reaches)


def show_users(visit: Visit) -> Response:
    return users_page(visit)


def users_page(visit: Visit, status: int = 200, problem: str = "", link: str = "", person: str = "") -> Response:
    users = visit.ports.accounts.users()
    table = users_table(visit, users)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, "users")
    return visit.page(
        "administration/users.html", status, users=users, table=table, roles=tuple(Role), problem=problem, link=link, person=person
    )


def add_user(visit: Visit) -> Response:
    """The link is shown once, on the answer to this very request, and nowhere kept."""
    name, shown = visit.field("name").strip().lower(), visit.field("display_name").strip()
    language = visit.field("language")
    if not name or len(name) > NAME_LIMIT or not name.isprintable() or any(character.isspace() for character in name):
        return users_page(visit, 400, problem="user-bad-name")
    if language not in LANGUAGES or len(shown) > NAME_LIMIT or not shown.isprintable():
        abort(400)
    try:
        grants = wanted_grants(visit)
    except GrantRefused as error:
        return users_page(visit, 400, problem=error.word)
    if visit.ports.accounts.user_by_name(name) is not None:
        return users_page(visit, 409, problem="user-there")
    role = next((grant.role for grant in grants if not grant.tenant), "")
    user = User(visit.console.surroundings.new_id(), name, shown or name, role, language)
    visit.ports.accounts.put_user(user)
    visit.audit("user-add", f"user:{name}", detail=role)
    for grant in grants:
        if grant.tenant:
            give(visit, user, grant)
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


def show_person(visit: Visit, user_id: str) -> Response:
    return person_page(visit, find_user(visit, user_id))


def person_page(visit: Visit, person: User, status: int = 200, problem: str = "") -> Response:
    given = [(grant, said(visit, grant)) for grant in person.given]
    return visit.page("administration/person.html", status, person=person, given=given, roles=PARTNER_ROLES, problem=problem)


def change_role(visit: Visit, user_id: str) -> Response:
    """The role over the whole partner; none leaves what was given over customers and sites."""
    user, role = find_user(visit, user_id), visit.field("role")
    refuse_own(visit, user)
    if role and role not in PARTNER_ROLES:
        abort(400)
    visit.ports.accounts.put_user(replace(user, role=role))
    visit.ports.accounts.end_sessions_of(user.id)
    visit.audit("user-role", f"user:{user.name}", detail=role or "none")
    return visit.go("administration.person", user_id=user.id)


def give_grants(visit: Visit, user_id: str) -> Response:
    user = find_user(visit, user_id)
    try:
        grants = wanted_grants(visit)
    except GrantRefused as error:
        return person_page(visit, user, 400, error.word)
    if any(not grant.tenant for grant in grants):
        return person_page(visit, user, 400, "grant-no-place")
    for grant in grants:
        give(visit, user, grant)
    return visit.go("administration.person", user_id=user.id)


def take_grant(visit: Visit, user_id: str) -> Response:
    """From the next request on it is gone; the customer or site may be gone already."""
    user = find_user(visit, user_id)
    grant = next((each for each in user.given if (each.role, each.place) == (visit.field("role"), visit.field("place"))), None)
    if grant is not None and visit.ports.accounts.take(user.id, grant):
        visit.audit("grant-take", f"user:{user.name}", detail=f"{grant.role} over {grant.place}", tenant=grant.tenant)
    return visit.go("administration.person", user_id=user.id)


def give(visit: Visit, user: User, grant: Grant) -> None:
    visit.ports.accounts.give(user.id, grant)
    visit.audit("grant-give", f"user:{user.name}", detail=f"{grant.role} over {grant.place}", tenant=grant.tenant)


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
        *TOKEN_ROUTES,
        get("administration.users", "/administration/users", show_users, Access.PARTNER, Permission.PEOPLE),
        post("administration.add_user", "/administration/users", add_user, Access.PARTNER, Permission.PEOPLE),
        get("administration.person", "/administration/users/<user_id>", show_person, Access.PARTNER, Permission.PEOPLE),
        post("administration.give", "/administration/users/<user_id>/grants", give_grants, Access.PARTNER, Permission.PEOPLE),
        post("administration.take", "/administration/users/<user_id>/grants/taken", take_grant, Access.PARTNER, Permission.PEOPLE),
        post("administration.disable", "/administration/users/<user_id>/disable", disable_user, Access.PARTNER, Permission.PEOPLE),
        post("administration.enable", "/administration/users/<user_id>/enable", enable_user, Access.PARTNER, Permission.PEOPLE),
        post("administration.reset", "/administration/users/<user_id>/reset", reset_user, Access.PARTNER, Permission.PEOPLE),
        post("administration.role", "/administration/users/<user_id>/role", change_role, Access.PARTNER, Permission.PEOPLE),
        get("administration.audit", "/administration/audit", show_audit, Access.PARTNER, Permission.AUDIT),
        get("administration.partner", "/administration/partner", show_partner, Access.PARTNER, Permission.AUDIT),
    ),
    navigation=(Entry("administration", "administration.users"),),
)
