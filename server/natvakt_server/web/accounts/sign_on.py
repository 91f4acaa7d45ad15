"""Logging in with the partner's own identity provider (OpenID Connect).

Owners add people as ever; the claim that the configuration names has to be somebody's login name here. At the first sign-on the provider's
unchanging subject is bound to that person, and from then on only it counts.
"""

import logging

from flask import abort, redirect
from werkzeug.wrappers import Response

from natvakt_server.domain.accounts import User
from natvakt_server.domain.sign_on import MULTI_FACTOR, Identity, IdentityProvider, SignOnFailed
from natvakt_server.web.access.forms import same
from natvakt_server.web.access.tickets import LIFE_SECONDS, SIGN_ON_COOKIE
from natvakt_server.web.accounts.opening import mark_browser, own_path, with_session
from natvakt_server.web.routing import Access, get
from natvakt_server.web.visit import Visit

MOST_WANTED = 500
_log = logging.getLogger(__name__)


def begin(visit: Visit) -> Response:
    provider = provider_of(visit)
    tickets = visit.console.authentication.tickets
    cookie = tickets.issue(own_path(visit.argument("next"))[:MOST_WANTED], visit.now_ns)
    try:
        answer = redirect(provider.address(tickets.ticket(cookie), back(visit)), 303)
    except SignOnFailed as error:
        return failed(visit, str(error))
    answer.set_cookie(SIGN_ON_COOKIE, cookie, max_age=LIFE_SECONDS, secure=True, httponly=True, samesite="Lax")
    return answer


def end(visit: Visit) -> Response:
    """The provider sent the browser back with a code, or without one."""
    provider, tickets = provider_of(visit), visit.console.authentication.tickets
    cookie = visit.request.cookies.get(SIGN_ON_COOKIE, "")
    wanted = tickets.wanted(cookie, visit.now_ns)
    ticket = tickets.ticket(cookie)
    if wanted is None or not same(visit.argument("state"), ticket.state):
        return failed(visit, "not begun in this browser, or more than ten minutes ago")
    if not visit.argument("code"):
        return failed(visit, f"the provider said {visit.argument('error')[:40]!r}")
    try:
        identity = provider.identity(visit.argument("code"), ticket, back(visit), visit.now_ns)
    except SignOnFailed as error:
        return failed(visit, str(error))
    user = person_of(visit, identity)
    if user is None:
        return failed(visit, f"nobody here is {identity.name[:80]!r} with that identity", "sign-on-nobody")
    return opened(visit, user, wanted, provider.proves_second_factor and MULTI_FACTOR in identity.methods)


def opened(visit: Visit, user: User, wanted: str, is_complete: bool) -> Response:
    """By a page that goes on by itself: a browser that came from elsewhere sends no strict cookie with a redirect."""
    visit.audit("login", f"user:{user.name}", detail="single sign-on" + ("" if is_complete else ", second factor to come"))
    further = "accounts.code" if user.totp_sealed else "accounts.enrol"
    target = own_path(wanted) if is_complete else visit.url(further, next=wanted)
    answer = with_session(visit, visit.page("accounts/continue.html", target=target), user, second_factor=is_complete)
    answer.delete_cookie(SIGN_ON_COOKIE, secure=True, httponly=True, samesite="Lax")
    return mark_browser(visit, answer, user) if is_complete else answer


def person_of(visit: Visit, identity: Identity) -> User | None:
    """By the identity that was bound; else by name, if this person has none yet."""
    book, accounts = visit.console.whole.identities, visit.console.whole.accounts
    owner = book.identity_owner(identity.issuer, identity.subject)
    user = accounts.user(owner) if owner else accounts.user_by_name(identity.name)
    if user is None or user.disabled:
        return None
    if owner is None:
        if not book.bind_identity(identity.issuer, identity.subject, user.id):
            return None
        visit.audit("sign-on-bind", f"user:{user.name}", detail=f"{identity.issuer} {identity.subject}")
    return user


def failed(visit: Visit, reason: str, word: str = "sign-on-failed") -> Response:
    _log.warning("event=sign-on-failed reason=%r source=%s", reason, visit.source)
    visit.audit("sign-on", "provider", "refused", reason)
    return visit.page("accounts/login.html", 403, problem=word, seconds=0, next="")


def provider_of(visit: Visit) -> IdentityProvider:
    provider = visit.console.whole.sign_on
    return provider if provider is not None else abort(404)


def back(visit: Visit) -> str:
    return f"{visit.console.settings.address}{visit.url('accounts.sign_on_end')}"


ROUTES = (
    get("accounts.sign_on", "/login/sign-on", begin, Access.ANYONE),
    get("accounts.sign_on_end", "/login/sign-on/back", end, Access.ANYONE),
)
