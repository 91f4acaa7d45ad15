"""Signing in and out, the one-time link, the second factor, one's own account."""

import base64
import binascii
from dataclasses import replace

from flask import abort, redirect
from werkzeug.wrappers import Response

from natvakt_server.domain.accounts import User
from natvakt_server.web.access.gate import LANGUAGE_COOKIE, THEME_COOKIE
from natvakt_server.web.access.second_factor import base32, qr_code
from natvakt_server.web.access.sessions import SESSION_COOKIE, token_hash
from natvakt_server.web.accounts.opening import YEAR_SECONDS, attempt_of, own_path, signed_in_completely, with_session
from natvakt_server.web.accounts.pages import account_page, code_page
from natvakt_server.web.accounts.second_steps import ROUTES as SECOND_STEPS
from natvakt_server.web.accounts.sign_on import ROUTES as SIGN_ON
from natvakt_server.web.accounts.words import WORDS
from natvakt_server.web.routing import Access, Screen, get, post
from natvakt_server.web.speech import LANGUAGES, SECOND_NS
from natvakt_server.web.visit import THEMES, Visit


def show_login(visit: Visit) -> Response:
    if visit.is_complete:
        return visit.go("overview.show")
    return login_page(visit, None, 0)


def log_in(visit: Visit) -> Response:
    name = visit.field("name").strip().lower()
    known = visit.ports.accounts.user_by_name(name)
    verdict = visit.console.authentication.signing_in.password(name, visit.field("password"), attempt_of(visit, known))
    if verdict.user is None:
        visit.audit("login", f"user:{name[:80]}", "refused", "wait" if verdict.wait_ns else "")
        return login_page(visit, "login-wait" if verdict.wait_ns else "login-wrong", verdict.wait_ns)
    where = "accounts.code" if verdict.user.totp_sealed else "accounts.enrol"
    values = {"next": visit.field("next")} if visit.field("next") else {}
    return with_session(visit, visit.go(where, **values), verdict.user, second_factor=False)


def login_page(visit: Visit, problem: str | None, wait_ns: int) -> Response:
    status = 429 if wait_ns else 401 if problem else 200
    seconds = -(-wait_ns // SECOND_NS)
    return visit.page("accounts/login.html", status, problem=problem, seconds=seconds, next=visit.field("next") or visit.argument("next"))


def show_code(visit: Visit) -> Response:
    if visit.is_complete:
        return visit.go("overview.show")
    if not visit.user.totp_sealed:
        return visit.go("accounts.enrol")
    return code_page(visit, None, 0)


def check_code(visit: Visit) -> Response:
    if visit.is_complete:
        return visit.go("overview.show")
    attempt = attempt_of(visit, visit.user)
    verdict = visit.console.authentication.signing_in.code(visit.user, visit.field("code"), attempt)
    if verdict.user is None:
        visit.audit("second-factor", f"user:{visit.user.name}", "refused", "wait" if verdict.wait_ns else "")
        return code_page(visit, "code-wait" if verdict.wait_ns else "code-wrong", verdict.wait_ns)
    visit.audit("login", f"user:{visit.user.name}")
    return signed_in_completely(visit, visit.user, visit.field("next"))


def show_enrolment(visit: Visit) -> Response:
    refuse_second_enrolment(visit)
    authentication = visit.console.authentication
    return enrolment_page(visit, authentication.second_factor.new_seed(), None)


def enrol(visit: Visit) -> Response:
    """The seed travels in the form, sealed for this session, until a code proves that the app has it."""
    refuse_second_enrolment(visit)
    factor, user = visit.console.authentication.second_factor, visit.user
    try:
        seed = factor.opened(base64.b64decode(visit.field("seed"), validate=True), enrolment_owner(visit))
    except (binascii.Error, ValueError):
        seed = None
    if seed is None:
        abort(400)
    step = factor.step_of(seed, visit.field("code"), visit.now_ns)
    if step is None:
        visit.audit("second-factor-enrolment", f"user:{user.name}", "refused")
        return enrolment_page(visit, seed, "code-wrong")
    visit.ports.accounts.put_user(replace(user, totp_sealed=factor.sealed(seed, user.id)))
    visit.ports.accounts.use_totp_step(user.id, step)
    visit.ports.accounts.end_sessions_of(user.id)
    visit.audit("second-factor-enrolment", f"user:{user.name}")
    visit.console.authentication.signing_in.complete(user, attempt_of(visit, user))
    return signed_in_completely(visit, user, "")


def refuse_second_enrolment(visit: Visit) -> None:
    """Who has a second factor proves it before changing it: by a new one-time link, which takes the old one away."""
    if visit.user.totp_sealed:
        abort(403)


def enrolment_owner(visit: Visit) -> str:
    assert visit.signed_in is not None
    return "enrolment:" + visit.signed_in.session.token_hash.hex()


def enrolment_page(visit: Visit, seed: bytes, problem: str | None) -> Response:
    factor = visit.console.authentication.second_factor
    sealed = base64.b64encode(factor.sealed(seed, enrolment_owner(visit))).decode()
    text = base32(seed)
    return visit.page(
        "accounts/enrol.html",
        401 if problem else 200,
        problem=problem,
        sealed=sealed,
        qr=qr_code(factor.address(seed, visit.user.name)),
        secret=" ".join(text[i : i + 4] for i in range(0, len(text), 4)),
    )


def show_welcome(visit: Visit, token: str) -> Response:
    user = link_owner(visit, token)
    if user is None:
        return visit.page("accounts/welcome.html", 404, person=None, problem=None)
    return visit.page("accounts/welcome.html", person=user, problem=None)


def set_first_password(visit: Visit, token: str) -> Response:
    user = link_owner(visit, token)
    if user is None:
        visit.audit("link", "unknown", "refused", "unknown, used or too old")
        return visit.page("accounts/welcome.html", 404, person=None, problem=None)
    problem = password_problem(visit, user)
    if problem is not None:
        return visit.page("accounts/welcome.html", 400, person=user, problem=problem)
    if visit.ports.accounts.use_link(token_hash(token), visit.now_ns) != user.id:
        abort(404)
    hashed = visit.console.authentication.passwords.hashed(visit.field("password"))
    visit.ports.accounts.put_user(replace(user, password_hash=hashed, totp_sealed=None, failed_logins=0, locked_until_ns=0))
    visit.ports.accounts.end_sessions_of(user.id)
    visit.audit("password-set", f"user:{user.name}", detail="one-time link")
    return with_session(visit, visit.go("accounts.enrol"), user, second_factor=False)


def link_owner(visit: Visit, token: str) -> User | None:
    user_id = visit.ports.accounts.link_owner(token_hash(token), visit.now_ns)
    user = visit.ports.accounts.user(user_id) if user_id else None
    return None if user is None or user.disabled else user


def password_problem(visit: Visit, user: User) -> str | None:
    password = visit.field("password")
    if password != visit.field("again"):
        return "password-differs"
    return visit.console.authentication.rules.problem(password, user.name, user.display_name, visit.console.settings.partner, "natvakt")


def show_account(visit: Visit) -> Response:
    return account_page(visit)


def change_password(visit: Visit) -> Response:
    """Ends every session of this person, and opens a new one here."""
    authentication, user = visit.console.authentication, visit.user
    if not authentication.passwords.matches(user.password_hash, visit.field("current")):
        visit.audit("password-change", f"user:{user.name}", "refused", "current password is wrong")
        return account_page(visit, 400, "password-current-wrong")
    problem = password_problem(visit, user)
    if problem is not None:
        return account_page(visit, 400, problem)
    visit.ports.accounts.put_user(replace(user, password_hash=authentication.passwords.hashed(visit.field("password"))))
    visit.ports.accounts.end_sessions_of(user.id)
    visit.audit("password-change", f"user:{user.name}")
    return with_session(visit, visit.go("accounts.account"), user, second_factor=True)


def set_preferences(visit: Visit) -> Response:
    """Language and light or dark; for whoever is not signed in they live in the browser only."""
    answer = redirect(own_path(visit.field("back")), 303)
    theme, language = visit.field("theme"), visit.field("language")
    if theme in THEMES:
        answer.set_cookie(THEME_COOKIE, theme, max_age=YEAR_SECONDS, secure=True, httponly=True, samesite="Strict")
    if language in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR_SECONDS, secure=True, httponly=True, samesite="Strict")
        if visit.signed_in is not None:
            visit.ports.accounts.put_user(replace(visit.user, language=language))
    return answer


def log_out(visit: Visit) -> Response:
    assert visit.signed_in is not None
    visit.ports.accounts.end_session(visit.signed_in.session.token_hash)
    visit.audit("logout", f"user:{visit.user.name}")
    answer = visit.go("accounts.login")
    answer.delete_cookie(SESSION_COOKIE, secure=True, httponly=True, samesite="Strict")
    return answer


SCREEN = Screen(
    name="accounts",
    words=WORDS,
    routes=(
        get("accounts.login", "/login", show_login, Access.ANYONE),
        post("accounts.log_in", "/login", log_in, Access.ANYONE),
        post("accounts.log_out", "/logout", log_out, Access.FIRST_FACTOR),
        get("accounts.code", "/login/code", show_code, Access.FIRST_FACTOR),
        post("accounts.check_code", "/login/code", check_code, Access.FIRST_FACTOR),
        get("accounts.enrol", "/login/second-factor", show_enrolment, Access.FIRST_FACTOR),
        post("accounts.confirm", "/login/second-factor", enrol, Access.FIRST_FACTOR),
        get("accounts.welcome", "/welcome/<token>", show_welcome, Access.ANYONE),
        post("accounts.set_password", "/welcome/<token>", set_first_password, Access.ANYONE),
        get("accounts.account", "/account", show_account, Access.OWN),
        post("accounts.change_password", "/account/password", change_password, Access.OWN),
        *SECOND_STEPS,
        *SIGN_ON,
        post("accounts.preferences", "/preferences", set_preferences, Access.ANYONE),
    ),
)
