"""`natvakt-server finding list TENANT`, `finding accept ID --until DATE --reason TEXT --by NAME`, `finding unaccept ID --by NAME`."""

import argparse
from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from natvakt_server.app.context import CommandFailed, Context, columns
from natvakt_server.app.places import known_customer
from natvakt_server.app.stores import Stores
from natvakt_server.domain.acceptance import AcceptedFinding, NotAcceptable, checked
from natvakt_server.domain.identity import AuditEntry
from natvakt_server.reports.model import ReportDocument, ReportFinding, read

LOOK_BACK = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    list_ = verbs.add_parser("list", help="what stands at a customer's sites, with the ids")
    list_.add_argument("tenant")
    accept = verbs.add_parser("accept", help="the customer lives with it: out of the score through a day")
    accept.add_argument("--until", required=True, metavar="DATE", help="last day, as 2027-06-30")
    accept.add_argument("--reason", required=True)
    unaccept = verbs.add_parser("unaccept", help="it counts again from the next assessment on")
    for verb in (accept, unaccept):
        verb.add_argument("id", help="as `finding list` and reports name it")
        verb.add_argument("--by", required=True, metavar="NAME", help="who decided it at the customer")
        verb.add_argument("--customer", metavar="TENANT", help="look only there")


def run(context: Context) -> int:
    return {"list": _list, "accept": _accept, "unaccept": _unaccept}[context.options.verb](context)


def newest(stores: Stores, tenant: str) -> Iterator[ReportDocument]:
    """The newest report of each site, each report once."""
    covered: set[str] = set()
    for entry in stores.assessments.history(tenant, LOOK_BACK):
        if set(entry.sites) - covered and (whole := stores.assessments.load(tenant, entry.id)) is not None:
            covered |= set(entry.sites)
            yield read(whole.document)


def _list(context: Context) -> int:
    stores = context.stores()
    tenant = known_customer(stores, context.options.tenant)
    lived_with = {each.finding: each for each in stores.acceptances.accepted(tenant)}
    found = {f.id: f for document in newest(stores, tenant) for f in document.findings}
    rows = [
        {
            "id": f.id,
            "rule": f.rule,
            "severity": f.severity,
            "state": f.state,
            "device": f.device,
            "address": f.address,
            "object": f.object,
            "accepted": {"until": a.until.isoformat(), "by": a.by, "reason": a.reason} if (a := lived_with.get(f.id)) else None,
        }
        for f in found.values()
    ]
    lines = [("ID", "SEVERITY", "STATE", "DEVICE", "WHERE", "RULE")]
    lines += [(f.id, f.severity, f.state, f.device, f.object or "", f.rule) for f in found.values()]
    context.show({"schema": "natvakt.findings/1", "tenant": tenant, "findings": rows}, columns(lines))
    return 0


def _accept(context: Context) -> int:
    options, stores = context.options, context.stores()
    tenant, finding = _find(context, stores)
    customer = stores.reader.customer(tenant)
    zone = ZoneInfo(customer.time_zone) if customer else UTC
    now_ns = context.clock.wall_ns()
    wanted = AcceptedFinding(
        tenant, finding.id, _day(options.until), options.reason, options.by, now_ns, finding.rule, finding.device, finding.object or ""
    )
    try:
        accepted = checked(wanted, datetime.fromtimestamp(now_ns // 1_000_000_000, zone).date())
    except NotAcceptable as error:
        raise CommandFailed(str(error)) from None
    stores.acceptances.accept(accepted)
    _record(context, stores, "finding-accept", tenant, finding.id, f"until {accepted.until} by {options.by}: {options.reason}")
    context.show(
        {"schema": "natvakt.acceptance/1", "tenant": tenant, "finding": finding.id, "until": accepted.until.isoformat(), "by": options.by},
        [f"Accepted through {accepted.until}: {finding.rule} on {finding.device}. The next assessment leaves it out."],
    )
    return 0


def _unaccept(context: Context) -> int:
    stores = context.stores()
    tenants = [context.options.customer] if context.options.customer else [each.tenant for each in stores.reader.customers()]
    tenant = next((each for each in tenants if stores.acceptances.withdraw(each, context.options.id)), None)
    if tenant is None:
        raise CommandFailed(f"finding {context.options.id!r} is not accepted; `natvakt-server finding list TENANT` shows which are")
    _record(context, stores, "finding-unaccept", tenant, context.options.id, f"by {context.options.by}")
    context.show(
        {"schema": "natvakt.acceptance/1", "tenant": tenant, "finding": context.options.id, "until": None, "by": context.options.by},
        [f"Finding {context.options.id} counts again from the next assessment on."],
    )
    return 0


def _find(context: Context, stores: Stores) -> tuple[str, ReportFinding]:
    """Whose finding it is, as its newest report tells."""
    wanted, only = context.options.id, context.options.customer
    for tenant in [only] if only else [each.tenant for each in stores.reader.customers()]:
        for document in newest(stores, tenant):
            found = next((f for f in document.findings if f.id == wanted), None)
            if found is not None:
                return tenant, found
    raise CommandFailed(f"finding {wanted!r} stands in no newest report; `natvakt-server finding list TENANT` names those that do")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandFailed(f"--until {text!r} is not a day; write it as 2027-06-30") from None


def _record(context: Context, stores: Stores, action: str, tenant: str, finding: str, detail: str) -> None:
    stores.audit.record(AuditEntry(context.clock.wall_ns(), "cli", action, finding, "ok", detail, tenant))
