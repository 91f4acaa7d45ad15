"""`natvakt-server agent list|approve|revoke`."""

import argparse
from datetime import UTC, datetime

from natvakt_wire.errors import WireError

from natvakt_server.app.context import CommandFailed, Context, columns
from natvakt_server.app.key_access import desk_of
from natvakt_server.identity.admission import RevocationReason


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="every agent with its state")
    listing.add_argument("--tenant")
    approve = verbs.add_parser("approve", help="let a waiting agent in, or a fenced one begin a new epoch")
    approve.add_argument("agent")
    revoke = verbs.add_parser("revoke", help="refuse an agent from now on; its open stream is cut within seconds")
    revoke.add_argument("agent")
    reasons = [reason.value for reason in RevocationReason]
    revoke.add_argument(
        "--reason", choices=reasons, default=RevocationReason.RETIRED.value, help="key-compromise also distrusts what waits"
    )


def run(context: Context) -> int:
    return {"list": _list, "approve": _approve, "revoke": _revoke}[context.options.verb](context)


def _list(context: Context) -> int:
    agents = context.stores().agents.agents(context.options.tenant)
    rows = [("AGENT", "SITE", "STATE", "SEEN", "VERSION", "CERTIFICATE UNTIL")]
    rows += [
        (a.id, f"{a.tenant}/{a.site}", a.state.value, moment(a.last_seen_ns), a.version, moment(a.certificate_not_after_ns)) for a in agents
    ]
    entries = [
        {
            "id": a.id,
            "tenant": a.tenant,
            "site": a.site,
            "state": a.state.value,
            "last_seen": moment(a.last_seen_ns) or None,
            "version": a.version,
            "certificate_until": moment(a.certificate_not_after_ns) or None,
            "detail": a.detail,
        }
        for a in agents
    ]
    lines = columns(rows) if agents else ["No agent has enrolled yet. `natvakt-server token issue TENANT/SITE` gives one a token."]
    context.show({"schema": "natvakt.agents/1", "agents": entries}, lines)
    return 0


def _approve(context: Context) -> int:
    stores = context.stores()
    agent = context.options.agent
    epochs = stores.gateway.approve_epoch(agent)
    if not epochs:
        try:
            desk_of(context, stores).approve(agent, "cli")
        except WireError as error:
            raise CommandFailed(str(error)) from error
    done = f"{epochs} fenced epoch(s) seen; a new one may begin" if epochs else "approved"
    context.show({"schema": "natvakt.agent/1", "id": agent, "approved": True, "epochs": epochs}, [f"Agent {agent}: {done}"])
    return 0


def _revoke(context: Context) -> int:
    stores = context.stores()
    agent, reason = context.options.agent, RevocationReason(context.options.reason)
    try:
        desk_of(context, stores).revoke(agent, "cli", reason)
    except WireError as error:
        raise CommandFailed(str(error)) from error
    context.show({"schema": "natvakt.agent/1", "id": agent, "revoked": reason.value}, [f"Agent {agent} is revoked ({reason.value})"])
    return 0


def moment(time_ns: int) -> str:
    return datetime.fromtimestamp(time_ns / 1e9, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if time_ns else ""
