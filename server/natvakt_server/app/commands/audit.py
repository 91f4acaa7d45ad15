"""`natvakt-server audit verify`: whether every row of the audit trail is as it was written; `audit list` tells the newest."""

import argparse
from datetime import UTC, datetime

from natvakt_server.app.context import CommandFailed, Context, columns
from natvakt_server.store.estate.audit import SqlAuditLog

SHOWN = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verify = verbs.add_parser("verify", help="hold every row against the chain of digests, and name the first that does not fit")
    verify.add_argument(
        "--last", metavar="NUMBER:DIGEST", help="the newest row as the log of another host has it: tells rows that were cut off"
    )
    list_ = verbs.add_parser("list", help="the newest entries")
    list_.add_argument("--customer", metavar="TENANT")
    list_.add_argument("--limit", type=int, default=SHOWN)


def run(context: Context) -> int:
    return {"verify": _verify, "list": _list}[context.options.verb](context)


def _verify(context: Context) -> int:
    """Raises CommandFailed: exit code 1 when the trail was tampered with."""
    audit = context.stores().audit
    try:
        rows = audit.verify()
        if context.options.last:
            _compare(audit, context.options.last)
    except ValueError as error:
        raise CommandFailed(f"{error}; compare with the log (event=audit) and with a backup from before") from error
    newest = audit.digest(rows)
    last = f"{rows}:{newest.hex()}" if newest else ""
    context.show(
        {"schema": "natvakt.audit/1", "rows": rows, "holds": True, "last": last},
        [f"{rows} rows, each as it was written", *([f"newest: {last}"] if last else [])],
    )
    return 0


def _compare(audit: SqlAuditLog, known: str) -> None:
    """With what was kept elsewhere. Raises ValueError, CommandFailed."""
    number, _, digest = known.partition(":")
    if not number.isdecimal() or not digest:
        raise CommandFailed(
            f"--last {known!r} is no NUMBER:DIGEST; `audit verify` prints the newest, and each event=audit of the log has its own"
        )
    found = audit.digest(int(number))
    if found is None:
        raise ValueError(f"audit trail: row {number} was there and is not there any more: rows were cut off at the end")
    if found.hex() != digest:
        raise ValueError(f"audit trail: row {number} is another one than was kept elsewhere: the trail was written anew")


def _list(context: Context) -> int:
    entries = context.stores().audit.entries(context.options.limit, context.options.customer)
    told = [
        {
            "at": datetime.fromtimestamp(entry.at_ns / 1e9, UTC).isoformat(timespec="seconds"),
            "actor": entry.actor,
            "action": entry.action,
            "subject": entry.subject,
            "outcome": entry.outcome,
            "tenant": entry.tenant,
            "detail": entry.detail,
        }
        for entry in entries
    ]
    heads = ("at", "actor", "action", "subject", "outcome", "tenant", "detail")
    rows = [tuple(str(each[head] or "") for head in heads) for each in told]
    context.show({"schema": "natvakt.audit/1", "entries": told}, columns([tuple(head.upper() for head in heads), *rows]))
    return 0
