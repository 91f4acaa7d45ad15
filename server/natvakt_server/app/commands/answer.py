"""`natvakt-server answer list TENANT`, `answer give TENANT RULE DEVICE --holds yes --by NAME`, `answer withdraw TENANT RULE DEVICE`.

What only a person can see: that somebody has tried to restore a backup, or that a UPS carries the switch. `list` shows what waits for an
answer in the newest reports, and what was answered.
"""

import argparse

from natvakt_server.app.commands.finding import newest
from natvakt_server.app.context import CommandFailed, Context, columns
from natvakt_server.app.places import known_customer
from natvakt_server.app.stores import Stores
from natvakt_server.domain.answers import GivenAnswer, checked
from natvakt_server.domain.assessment import Verdict
from natvakt_server.domain.identity import AuditEntry

WAITS = "waits"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    list_ = verbs.add_parser("list", help="what waits for an answer, and what was answered")
    give = verbs.add_parser("give", help="say whether it holds; the next assessment goes by it")
    withdraw = verbs.add_parser("withdraw", help="it waits for an answer again")
    for verb in (list_, give, withdraw):
        verb.add_argument("tenant")
    for verb in (give, withdraw):
        verb.add_argument("rule", help="as `answer list` names it")
        verb.add_argument("device", help="name, address or id")
    give.add_argument("--holds", required=True, choices=("yes", "no"), help="whether what the rule asks for is so")
    give.add_argument("--by", required=True, metavar="NAME", help="who found it out")
    give.add_argument("--remark", default="", help="how, or what is missing")


def run(context: Context) -> int:
    return {"list": _list, "give": _give, "withdraw": _withdraw}[context.options.verb](context)


def _list(context: Context) -> int:
    stores = context.stores()
    tenant = known_customer(stores, context.options.tenant)
    names = {device.id: device.name for device in stores.reader.devices(tenant)}
    given = {(each.rule, each.device): each for each in stores.papers.answers(tenant)}
    waiting = sorted(_waiting(stores, tenant) - given.keys())
    rows: list[dict[str, object]] = [
        {"rule": rule, "device": names.get(device, device), "device_id": device, "holds": None} for rule, device in waiting
    ]
    rows += [
        {
            "rule": each.rule,
            "device": names.get(each.device, each.device),
            "device_id": each.device,
            "holds": each.holds,
            "by": each.by,
            "given_ns": each.given_ns,
            "remark": each.remark,
        }
        for each in given.values()
    ]
    words = {None: WAITS, True: "yes", False: "no"}
    lines = [("HOLDS", "DEVICE", "RULE", "BY")]
    lines += [(words[row["holds"]], str(row["device"]), str(row["rule"]), str(row.get("by", ""))) for row in rows]  # type: ignore[index]
    context.show({"schema": "natvakt.answers/1", "tenant": tenant, "answers": rows}, columns(lines))
    return 0


def _waiting(stores: Stores, tenant: str) -> set[tuple[str, str]]:
    """Rule and device id of what the newest reports could not judge without a person."""
    return {
        (note.rule, note.device_id)
        for document in newest(stores, tenant)
        for note in document.verdicts
        if note.verdict == Verdict.MANUAL and note.device_id
    }


def _give(context: Context) -> int:
    options, stores = context.options, context.stores()
    tenant = known_customer(stores, options.tenant)
    device_id, name = _device(stores, tenant, options.device)
    known = {rule for rule, _ in _waiting(stores, tenant)} | {each.rule for each in stores.papers.answers(tenant)}
    if options.rule not in known:
        those = ", ".join(sorted(known)) or "none: run an assessment first"
        raise CommandFailed(f"rule {options.rule!r} waits for no answer at {tenant}; those that do: {those}")
    given = GivenAnswer(tenant, options.rule, device_id, options.holds == "yes", context.clock.wall_ns(), options.by, options.remark)
    stores.papers.give(checked(given))
    _record(context, stores, "answer-give", tenant, f"{options.rule} of {name}: {options.holds} by {options.by}")
    told = {
        "schema": "natvakt.answer/1",
        "tenant": tenant,
        "rule": given.rule,
        "device_id": device_id,
        "holds": given.holds,
        "by": given.by,
    }
    context.show(
        told,
        [f"{options.rule} of {name}: {options.holds}, says {options.by}. The next assessment goes by it for a year."],
    )
    return 0


def _withdraw(context: Context) -> int:
    options, stores = context.options, context.stores()
    tenant = known_customer(stores, options.tenant)
    device_id, name = _device(stores, tenant, options.device)
    if not stores.papers.withdraw_answer(tenant, options.rule, device_id):
        raise CommandFailed(f"rule {options.rule!r} has no answer for {name}; `natvakt-server answer list {tenant}` shows which have")
    _record(context, stores, "answer-withdraw", tenant, f"{options.rule} of {name}")
    context.show(
        {"schema": "natvakt.answer/1", "tenant": tenant, "rule": options.rule, "device_id": device_id, "holds": None},
        [f"{options.rule} of {name} waits for an answer again."],
    )
    return 0


def _device(stores: Stores, tenant: str, text: str) -> tuple[str, str]:
    """Id and name of the one device that is called so."""
    found = [device for device in stores.reader.devices(tenant) if text in (device.name, device.address, device.id)]
    if len(found) != 1:
        how = "not known" if not found else f"the name of {len(found)} devices; write its id: {', '.join(d.id for d in found)}"
        raise CommandFailed(f"device {text!r} of {tenant} is {how}")
    return found[0].id, found[0].name


def _record(context: Context, stores: Stores, action: str, tenant: str, detail: str) -> None:
    stores.audit.record(AuditEntry(context.clock.wall_ns(), "cli", action, tenant, "ok", detail, tenant))
