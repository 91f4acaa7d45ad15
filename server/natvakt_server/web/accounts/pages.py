"""The pages that several steps lead to: one's own account, and the second factor."""

from collections.abc import Sequence

from werkzeug.wrappers import Response

from natvakt_server.web.speech import SECOND_NS
from natvakt_server.web.visit import Visit


def code_page(visit: Visit, problem: str | None, wait_ns: int) -> Response:
    status = 429 if wait_ns else 401 if problem else 200
    seconds = -(-wait_ns // SECOND_NS)
    assert visit.signed_in is not None
    question = visit.console.authentication.passkeys.question(visit.user, visit.signed_in.session)
    wanted = visit.field("next") or visit.argument("next")
    return visit.page("accounts/code.html", status, problem=problem, seconds=seconds, next=wanted, question=question)


def account_page(visit: Visit, status: int = 200, problem: str = "", codes: Sequence[str] = (), factor_problem: str = "") -> Response:
    """`codes`: new recovery codes, shown this once."""
    assert visit.signed_in is not None
    authentication = visit.console.authentication
    passkeys = authentication.passkeys
    return visit.page(
        "accounts/account.html",
        status,
        problem=problem,
        factor_problem=factor_problem,
        codes=codes,
        codes_left=authentication.recovery.left(visit.user),
        passkeys=passkeys.of(visit.user),
        registration=passkeys.registration(visit.user, visit.signed_in.session) if passkeys.is_possible else "",
    )
