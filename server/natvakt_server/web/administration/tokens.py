"""Tokens for programs: made, shown once, and revoked by owners."""

from flask import abort
from werkzeug.wrappers import Response

from natvakt_server.domain.api_tokens import DAY_NS, PROPOSED_DAYS, TOKEN_ROLES, ApiToken, TokenRefused, checked, digest_of, make_secret
from natvakt_server.domain.rights import Grants, Permission
from natvakt_server.web import tables
from natvakt_server.web.administration.granting import GrantRefused, said, wanted_grants
from natvakt_server.web.routing import Access, get, post
from natvakt_server.web.states import State
from natvakt_server.web.tables import Cell, Column, Row, Table, arrange
from natvakt_server.web.visit import Visit

LONGEST_NUMBER = 4
COLUMNS = (
    Column("name", "token-name"),
    Column("may", "user-role"),
    Column("state", "state"),
    Column("expires", "token-expires"),
    Column("used", "token-used", optional=True),
    Column("made", "token-made-by", optional=True),
    Column("do", "user-actions", sortable=False),
)


def show_tokens(visit: Visit) -> Response:
    table = tokens_table(visit)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, "tokens")
    return tokens_page(visit)


def tokens_page(visit: Visit, status: int = 200, problem: str = "", secret: str = "", name: str = "") -> Response:
    context = {"table": tokens_table(visit), "roles": TOKEN_ROLES, "days": PROPOSED_DAYS}
    return visit.page("administration/tokens.html", status, problem=problem, secret=secret, name=name, **context)


def tokens_table(visit: Visit) -> Table:
    rows = []
    for token in visit.ports.api_tokens.api_tokens():
        cells = {
            "name": tables.plain(token.name),
            "may": tables.plain(", ".join(said(visit, grant) for grant in token.grants.given)),
            "state": _state(visit, token),
            "expires": tables.moment(token.expires_ns),
            "used": tables.moment(token.last_used_ns or None, relative=True),
            "made": tables.plain(token.made_by, quiet=True),
            "do": Cell("", shown=visit.fragment("administration/revoke.html", token=token) if token.is_good(visit.now_ns) else None),
        }
        rows.append(Row(cells))
    return arrange(visit, "tokens", COLUMNS, rows, "state")


def _state(visit: Visit, token: ApiToken) -> Cell:
    if token.is_good(visit.now_ns):
        return Cell(visit.speech("token-good"), order=0, state=State.OK)
    return Cell(visit.speech("token-revoked" if token.revoked_ns else "token-over"), order=1, state=State.NOT_OBSERVED)


def make_token(visit: Visit) -> Response:
    """The text is on the answer to this very request, and nowhere kept."""
    days = visit.field("days")
    life_ns = int(days) * DAY_NS if days.isdecimal() and len(days) <= LONGEST_NUMBER else 0
    surroundings, name = visit.console.surroundings, visit.field("name").strip()
    try:
        grants = Grants(wanted_grants(visit))
        made = ApiToken(surroundings.new_id(), name, grants, f"user:{visit.user.name}", visit.now_ns, visit.now_ns + life_ns)
        token = checked(made)
    except GrantRefused as error:
        return tokens_page(visit, 400, problem=error.word)
    except TokenRefused:
        return tokens_page(visit, 400, problem="token-refused")
    secret = make_secret(surroundings.random)
    visit.ports.api_tokens.add_api_token(token, digest_of(secret))
    visit.audit("api-token-create", f"token:{name}", detail=f"{token.id} {', '.join(f'{g.role} over {g.place}' for g in grants.given)}")
    return tokens_page(visit, secret=secret, name=name)


def revoke_token(visit: Visit, token_id: str) -> Response:
    token = visit.ports.api_tokens.revoke_api_token(token_id, visit.now_ns)
    if token is None:
        abort(404)
    visit.audit("api-token-revoke", f"token:{token.name}", detail=token.id)
    return visit.go("administration.tokens")


ROUTES = (
    get("administration.tokens", "/administration/tokens", show_tokens, Access.PARTNER, Permission.PEOPLE),
    post("administration.make_token", "/administration/tokens", make_token, Access.PARTNER, Permission.PEOPLE),
    post("administration.revoke_token", "/administration/tokens/<token_id>/revoked", revoke_token, Access.PARTNER, Permission.PEOPLE),
)
