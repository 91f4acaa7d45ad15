"""`natvakt-server api-token create NAME --role ROLE [--customer TENANT[/SITE]] [--days N]`, `api-token list`, `api-token revoke ID`."""

import argparse
import secrets
from datetime import UTC, datetime

from natvakt_server.app.context import CommandFailed, Context, columns
from natvakt_server.app.granting import add_place_argument, text, told, wanted_grants
from natvakt_server.app.system_clock import new_id
from natvakt_server.domain.api_tokens import DAY_NS, LONGEST_DAYS, PROPOSED_DAYS, TOKEN_ROLES, ApiToken, checked, digest_of, make_secret
from natvakt_server.domain.api_tokens import TokenRefused as Refused
from natvakt_server.domain.identity import AuditEntry
from natvakt_server.domain.rights import Grants


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    create = verbs.add_parser("create", help="make a token for a program and print it, this once")
    create.add_argument("name", help="what uses it, such as grafana")
    create.add_argument("--role", choices=[role.value for role in TOKEN_ROLES], required=True)
    add_place_argument(create)
    create.add_argument(
        "--days", type=int, default=PROPOSED_DAYS, help=f"how long it is good for, at most {LONGEST_DAYS} ({PROPOSED_DAYS})"
    )
    verbs.add_parser("list", help="every token there was, what it was given and when it was used last")
    revoke = verbs.add_parser("revoke", help="refuse it from now on")
    revoke.add_argument("id", help="as `api-token list` names it")


def run(context: Context) -> int:
    return {"create": _create, "list": _list, "revoke": _revoke}[context.options.verb](context)


def _create(context: Context) -> int:
    options, stores, now_ns = context.options, context.stores(), context.clock.wall_ns()
    grants = wanted_grants(stores, options.role, options.customer)
    try:
        token = checked(ApiToken(new_id(), options.name, Grants(grants), "cli", now_ns, now_ns + options.days * DAY_NS))
    except Refused as error:
        raise CommandFailed(str(error)) from error
    secret = make_secret(secrets.token_bytes)
    stores.access.api_tokens.add_api_token(token, digest_of(secret))
    stores.audit.record(AuditEntry(now_ns, "cli", "api-token-create", f"token:{token.name}", "ok", f"{token.id} {text(grants)}"))
    told_token = {"schema": "natvakt.api-token/1", **_told(token, now_ns), "token": secret}
    context.note(f"Good until {_day(token.expires_ns)}. It is shown only now; revoke it with `natvakt-server api-token revoke {token.id}`.")
    context.show(told_token, [secret])
    return 0


def _list(context: Context) -> int:
    now_ns, tokens = context.clock.wall_ns(), context.stores().access.api_tokens.api_tokens()
    rows = [(t.id, t.name, _state(t, now_ns), _day(t.expires_ns), _day(t.last_used_ns), text(t.grants.given)) for t in tokens]
    context.show(
        {"schema": "natvakt.api-tokens/1", "tokens": [_told(token, now_ns) for token in tokens]},
        columns([("ID", "NAME", "STATE", "UNTIL", "LAST USED", "MAY"), *rows]),
    )
    return 0


def _revoke(context: Context) -> int:
    stores, now_ns = context.stores(), context.clock.wall_ns()
    token = stores.access.api_tokens.revoke_api_token(context.options.id, now_ns)
    if token is None:
        raise CommandFailed(f"token {context.options.id!r} is not known or was revoked before; `natvakt-server api-token list` has them")
    stores.audit.record(AuditEntry(now_ns, "cli", "api-token-revoke", f"token:{token.name}", "ok", token.id))
    context.show({"schema": "natvakt.api-token/1", **_told(token, now_ns)}, [f"{token.name} is refused from now on"])
    return 0


def _told(token: ApiToken, now_ns: int) -> dict[str, object]:
    return {
        "id": token.id,
        "name": token.name,
        "state": _state(token, now_ns),
        "made_by": token.made_by,
        "expires": _day(token.expires_ns),
        "last_used": _day(token.last_used_ns) or None,
        "grants": told(token.grants.given),
    }


def _state(token: ApiToken, now_ns: int) -> str:
    return "good" if token.is_good(now_ns) else "revoked" if token.revoked_ns else "over"


def _day(at_ns: int) -> str:
    return datetime.fromtimestamp(at_ns / 1e9, UTC).date().isoformat() if at_ns else ""
