"""`natvakt-server customer add`: a customer is a tenant; its slug is fixed at creation."""

import argparse
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.key_access import keys_of
from natvakt_server.app.places import slug
from natvakt_server.domain.estate import Customer
from natvakt_server.domain.identity import AuditEntry

SCHEDULES = ("weekly", "monthly", "quarterly")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    add = verbs.add_parser("add", help="add a customer, or change an existing one's schedule")
    add.add_argument("tenant", help="short name for ever: a-z, 0-9 and -, at most 40 characters")
    add.add_argument("--name", help="full name, as reports show it")
    add.add_argument("--language", choices=("sv", "en"))
    add.add_argument("--time-zone", metavar="IANA")
    add.add_argument("--schedule", choices=SCHEDULES, help="assess by itself this often")


def run(context: Context) -> int:
    options, partner = context.options, context.configuration().partner
    tenant = slug(options.tenant, "customer")
    zone = options.time_zone or partner.time_zone
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise CommandFailed(f"--time-zone {zone!r} is not known; write an IANA name such as Europe/Stockholm") from None
    stores = context.stores()
    known = stores.reader.customer(tenant)
    if known is not None and options.schedule is None:
        raise CommandFailed(f"customer {tenant!r} is there already ({known.name})")
    if known is not None:
        stores.administration.set_schedule(tenant, options.schedule)
    else:
        created = Customer(
            tenant, options.name or tenant, options.language or partner.language, zone, options.schedule, context.clock.wall_ns()
        )
        stores.administration.add_customer(created)
        keys_of(context, stores).recipients.announcement(tenant)
    stores.audit.record(AuditEntry(context.clock.wall_ns(), "cli", "customer-add", tenant, "ok", options.schedule or "", tenant))
    context.show(
        {"schema": "natvakt.customer/1", "tenant": tenant, "schedule": options.schedule},
        [f"Customer {tenant} is ready. Next: `natvakt-server site add {tenant}/SITE`"],
    )
    return 0
