"""`natvakt-server contract import TENANT FILE`, `contract list TENANT`, `contract forget TENANT`: the customer's service contracts."""

import argparse
from pathlib import Path

from natvakt_server.app.context import CommandFailed, Context, columns
from natvakt_server.app.places import known_customer
from natvakt_server.domain.contracts import ContractList, read_contracts
from natvakt_server.domain.identity import AuditEntry

MOST_BYTES = 32 * 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    bring = verbs.add_parser("import", help="take a whole list, in place of the one before")
    list_ = verbs.add_parser("list", help="which serial numbers are covered, until when")
    forget = verbs.add_parser("forget", help="nobody has given a list: coverage is unknown again")
    for verb in (bring, list_, forget):
        verb.add_argument("tenant")
    bring.add_argument("file", type=Path, help="CSV with the columns serial, number, ends_on and service, or those of Cisco's CCW-R")


def run(context: Context) -> int:
    return {"import": _import, "list": _list, "forget": _forget}[context.options.verb](context)


def _import(context: Context) -> int:
    stores = context.stores()
    tenant, file = known_customer(stores, context.options.tenant), context.options.file
    contracts = read_contracts(_text(file))
    stores.papers.put_contracts(tenant, ContractList(contracts, context.clock.wall_ns(), "cli"))
    _record(context, "contract-import", tenant, f"{len(contracts)} serial numbers")
    context.show(
        {"schema": "natvakt.contracts/1", "tenant": tenant, "imported": len(contracts)},
        [f"{len(contracts)} serial numbers are in a contract. The next assessment of {tenant} goes by them."],
    )
    return 0


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise CommandFailed(f"{file}: more than {MOST_BYTES // (1 << 20)} MiB; a list of contracts has one line a serial number")
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandFailed(f"{file}: byte {error.start} is not UTF-8; save the list as CSV UTF-8") from None
    except OSError as error:
        raise CommandFailed(f"{file}: cannot be read: {error.strerror}") from None


def _list(context: Context) -> int:
    stores = context.stores()
    tenant = known_customer(stores, context.options.tenant)
    given = stores.papers.contracts(tenant)
    rows = given.contracts if given else ()
    day = {each.serial: each.ends_on.isoformat() if each.ends_on else None for each in rows}
    told = [{"serial": each.serial, "number": each.number, "ends_on": day[each.serial], "service": each.service} for each in rows]
    lines = columns([("SERIAL", "CONTRACT", "ENDS", "SERVICE"), *((e.serial, e.number, day[e.serial] or "-", e.service) for e in rows)])
    context.show(
        {"schema": "natvakt.contracts/1", "tenant": tenant, "given_ns": given.given_ns if given else None, "contracts": told},
        lines if given else [f"No list was given for {tenant}; `natvakt-server contract import {tenant} FILE` takes one."],
    )
    return 0


def _forget(context: Context) -> int:
    stores = context.stores()
    tenant = known_customer(stores, context.options.tenant)
    if not stores.papers.forget_contracts(tenant):
        raise CommandFailed(f"customer {tenant}: no list of contracts was given")
    _record(context, "contract-forget", tenant, "")
    context.show({"schema": "natvakt.contracts/1", "tenant": tenant, "contracts": None}, [f"The list of {tenant} is forgotten."])
    return 0


def _record(context: Context, action: str, tenant: str, detail: str) -> None:
    context.stores().audit.record(AuditEntry(context.clock.wall_ns(), "cli", action, tenant, "ok", detail, tenant))
