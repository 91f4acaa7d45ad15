"""How a session is opened in a browser, at every step of logging in."""

from flask import redirect
from werkzeug.wrappers import Response

from natvakt_server.domain.accounts import User
from natvakt_server.web.access.forms import DEVICE_COOKIE
from natvakt_server.web.access.sessions import SESSION_COOKIE
from natvakt_server.web.access.signing_in import Attempt
from natvakt_server.web.visit import Visit

YEAR_SECONDS = 365 * 86_400
DEVICE_NONCE_CHARACTERS = 22


def attempt_of(visit: Visit, user: User | None) -> Attempt:
    cookie = visit.request.cookies.get(DEVICE_COOKIE, "")
    browser = visit.console.authentication.marks.known_device(user.id, cookie) if user else None
    return Attempt(visit.source, browser, visit.now_ns)


def signed_in_completely(visit: Visit, user: User, wanted: str) -> Response:
    return mark_browser(visit, with_session(visit, redirect(own_path(wanted), 303), user, second_factor=True), user)


def mark_browser(visit: Visit, answer: Response, user: User) -> Response:
    """From now on this browser counts its own failures of this person."""
    nonce = visit.console.authentication.keeper.random_text()[:DEVICE_NONCE_CHARACTERS]
    mark = visit.console.authentication.marks.device_mark(user.id, nonce)
    answer.set_cookie(DEVICE_COOKIE, mark, max_age=YEAR_SECONDS, secure=True, httponly=True, samesite="Strict")
    return answer


def with_session(visit: Visit, answer: Response, user: User, second_factor: bool) -> Response:
    """A new token at every step; the old session ends."""
    before = visit.signed_in.session if visit.signed_in else None
    token = visit.console.authentication.keeper.open(user.id, second_factor, before)
    answer.set_cookie(SESSION_COOKIE, token, secure=True, httponly=True, samesite="Strict")
    return answer


def own_path(text: str) -> str:
    """A path of this console, whatever came with the form: no other host, no other scheme."""
    inside = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable() and "\\" not in text
    return text if inside else "/"
