"""Passkeys and recovery codes: to log in with, and one's own to make and take away.

Whoever makes another way in proves the password first: a browser that was left open is not enough.
"""

from flask import abort
from werkzeug.wrappers import Response

from natvakt_server.web.access.signing_in import Verdict
from natvakt_server.web.accounts.opening import attempt_of, signed_in_completely
from natvakt_server.web.accounts.pages import account_page, code_page
from natvakt_server.web.routing import Access, get, post
from natvakt_server.web.visit import Visit


def show_recovery(visit: Visit) -> Response:
    if visit.is_complete:
        return visit.go("overview.show")
    return recovery_page(visit)


def recovery_page(visit: Visit, problem: str | None = None, wait_ns: int = 0) -> Response:
    status = 429 if wait_ns else 401 if problem else 200
    wanted = visit.field("next") or visit.argument("next")
    return visit.page("accounts/recovery.html", status, problem=problem, seconds=-(-wait_ns // 1_000_000_000), next=wanted)


def check_recovery(visit: Visit) -> Response:
    if visit.is_complete or not visit.user.totp_sealed:
        abort(403)
    verdict = visit.console.authentication.signing_in.recovery_code(visit.user, visit.field("code"), attempt_of(visit, visit.user))
    if verdict.user is None:
        refused(visit, "recovery-code", verdict)
        return recovery_page(visit, "code-wait" if verdict.wait_ns else "recovery-wrong", verdict.wait_ns)
    left = visit.console.authentication.recovery.left(visit.user)
    visit.audit("login", f"user:{visit.user.name}", detail=f"recovery code, {left} left")
    return signed_in_completely(visit, visit.user, visit.field("next"))


def check_passkey(visit: Visit) -> Response:
    if visit.is_complete or not visit.user.totp_sealed or visit.signed_in is None:
        abort(403)
    signing_in, session = visit.console.authentication.signing_in, visit.signed_in.session
    verdict = signing_in.passkey(visit.user, session, visit.field("answer"), attempt_of(visit, visit.user))
    if verdict.user is None:
        refused(visit, "passkey", verdict)
        return code_page(visit, "code-wait" if verdict.wait_ns else "passkey-wrong", verdict.wait_ns)
    visit.audit("login", f"user:{visit.user.name}", detail="passkey")
    return signed_in_completely(visit, visit.user, visit.field("next"))


def refused(visit: Visit, action: str, verdict: Verdict) -> None:
    visit.audit(action, f"user:{visit.user.name}", "refused", "wait" if verdict.wait_ns else "")


def make_recovery_codes(visit: Visit) -> Response:
    if not knows_password(visit, "recovery-codes-make"):
        return account_page(visit, 400, factor_problem="password-current-wrong")
    codes = visit.console.authentication.recovery.make(visit.user)
    visit.audit("recovery-codes-make", f"user:{visit.user.name}")
    return account_page(visit, codes=codes)


def add_passkey(visit: Visit) -> Response:
    if not knows_password(visit, "passkey-add"):
        return account_page(visit, 400, factor_problem="password-current-wrong")
    name = "".join(filter(str.isprintable, visit.field("name"))).strip() or visit.speech("passkey")
    assert visit.signed_in is not None
    made = visit.console.authentication.passkeys.register(visit.user, visit.signed_in.session, name, visit.field("answer"), visit.now_ns)
    if made is None:
        visit.audit("passkey-add", f"user:{visit.user.name}", "refused", "no right answer")
        return account_page(visit, 400, factor_problem="passkey-refused")
    visit.audit("passkey-add", f"user:{visit.user.name}", detail=made.name)
    return visit.go("accounts.account")


def remove_passkey(visit: Visit, passkey_id: str) -> Response:
    known = next((each for each in visit.console.authentication.passkeys.of(visit.user) if each.id.hex() == passkey_id), None)
    if known is None or not visit.console.whole.second_factors.remove_passkey(visit.user.id, known.id):
        abort(404)
    visit.audit("passkey-remove", f"user:{visit.user.name}", detail=known.name)
    return visit.go("accounts.account")


def knows_password(visit: Visit, action: str) -> bool:
    """Guesses here are counted like those of a login."""
    attempt = attempt_of(visit, visit.user)
    verdict = visit.console.authentication.signing_in.password(visit.user.name, visit.field("current"), attempt)
    if verdict.user is None:
        visit.audit(action, f"user:{visit.user.name}", "refused", "wait" if verdict.wait_ns else "current password is wrong")
    return verdict.user is not None


ROUTES = (
    get("accounts.recovery", "/login/recovery", show_recovery, Access.FIRST_FACTOR),
    post("accounts.check_recovery", "/login/recovery", check_recovery, Access.FIRST_FACTOR),
    post("accounts.check_passkey", "/login/passkey", check_passkey, Access.FIRST_FACTOR),
    post("accounts.recovery_codes", "/account/recovery-codes", make_recovery_codes, Access.OWN),
    post("accounts.add_passkey", "/account/passkeys", add_passkey, Access.OWN),
    post("accounts.remove_passkey", "/account/passkeys/<passkey_id>/removed", remove_passkey, Access.OWN),
)
