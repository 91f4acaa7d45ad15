"""`natvakt-server import FILE`: what another system lists, compared with what is observed here; a dry run unless `--apply` is given."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from natvakt_server.app.context import CommandFailed, Context, columns
from natvakt_server.app.exchange import FORMATS, read_rows, write_targets
from natvakt_server.app.key_access import keys_of
from natvakt_server.app.places import slug
from natvakt_server.app.stores import Stores
from natvakt_server.domain.estate import Customer, Site
from natvakt_server.domain.exchange.comparison import Difference, compare
from natvakt_server.domain.exchange.listed import Names, NotReadable, understood
from natvakt_server.domain.exchange.tables import OXIDIZED_COLUMNS
from natvakt_server.domain.identity import AuditEntry

LONGEST_BYTES = 64 * 1024**2
_SHOWN = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--format", required=True, choices=FORMATS, help="netbox: JSON of its API or CSV; oxidized: router.db")
    parser.add_argument("--customer", help="of rows that name none")
    parser.add_argument("--site", help="of rows that name none")
    told = "of router.db, - to skip one: name, ip, model, group, customer, site"
    parser.add_argument("--columns", default=",".join(OXIDIZED_COLUMNS), metavar="NAMES", help=told)
    parser.add_argument("--apply", action="store_true", help="add the customers and sites and set the roles; without it nothing is changed")
    parser.add_argument("--targets", type=Path, metavar="FOLDER", help="write what no agent observes as TENANT-SITE.toml for agent.d")


def run(context: Context) -> int:
    options = context.options
    customer = slug(options.customer, "customer") if options.customer else ""
    site = slug(options.site, "site") if options.site else ""
    try:
        rows = read_rows(options.format, _text(options.file), options.columns.split(","))
    except NotReadable as error:
        raise CommandFailed(f"{options.file}: {error}") from error
    stores = context.stores()
    known = stores.reader.customers()
    sites = [each for one in known for each in stores.reader.sites(one.tenant)]
    devices = [each for one in known for each in stores.reader.devices(one.tenant)]
    difference = compare(*understood(rows, customer, site, Names.of(known, sites)), known, sites, devices)
    if options.apply:
        _apply(context, stores, difference)
    written = write_targets(options.targets, difference.unseen) if options.targets else []
    context.show(_document(difference, options.apply, written), list(_lines(difference, options.apply, written)))
    return 0


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LONGEST_BYTES:
            raise CommandFailed(f"{path}: larger than {LONGEST_BYTES // 1024**2} MiB; take it in parts")
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise CommandFailed(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandFailed(f"{path}: byte {error.start} is no UTF-8; save it as UTF-8") from error


def _apply(context: Context, stores: Stores, difference: Difference) -> None:
    partner, now_ns = context.configuration().partner, context.clock.wall_ns()

    def audited(action: str, subject: str, tenant: str, detail: str = "") -> None:
        stores.audit.record(AuditEntry(now_ns, "cli", action, subject, "ok", detail, tenant))

    for each in difference.customers:
        stores.administration.add_customer(Customer(each.tenant, each.name, partner.language, partner.time_zone, None, now_ns))
        keys_of(context, stores).recipients.announcement(each.tenant)
        audited("customer-add", each.tenant, each.tenant, "import")
    for new in difference.sites:
        stores.administration.add_site(Site(new.tenant, new.site, new.name, now_ns))
        audited("site-add", f"{new.tenant}/{new.site}", new.tenant, "import")
    for change in difference.roles:
        stores.administration.set_role(change.device.tenant, change.device.id, change.role)
        audited("role-set", change.device.id, change.device.tenant, change.role)


def _document(difference: Difference, applied: bool, written: Sequence[Path]) -> Mapping[str, Any]:
    return {
        "schema": "natvakt.import/1",
        "applied": applied,
        "customers": [{"customer": each.tenant, "name": each.name} for each in difference.customers],
        "sites": [{"customer": each.tenant, "site": each.site, "name": each.name} for each in difference.sites],
        "roles": [
            {"customer": each.device.tenant, "device": each.device.id, "name": each.device.name, "from": each.device.role, "to": each.role}
            for each in difference.roles
        ],
        "not_observed": [
            {"customer": each.customer, "site": each.site, "name": each.name, "address": each.address} for each in difference.unseen
        ],
        "disagreements": [
            {"device": each.device.id, "name": each.device.name, "field": each.field, "listed": each.listed, "observed": each.observed}
            for each in difference.disagreements
        ],
        "not_listed": [
            {"customer": each.tenant, "site": each.site, "device": each.id, "name": each.name, "address": each.address}
            for each in difference.unlisted
        ],
        "refused": [{"place": each.place, "reason": each.reason} for each in difference.bad],
        "targets": [str(path) for path in written],
    }


def _lines(difference: Difference, applied: bool, written: Sequence[Path]) -> Iterator[str]:
    rows = list(_rows(difference))
    if rows:
        yield from columns(rows[:_SHOWN])
        if len(rows) > _SHOWN:
            yield f"... and {len(rows) - _SHOWN} more; --json prints them all"
        yield ""
    yield from (f"Wrote {path}: name the credentials, then put it into agent.d at the site" for path in written)
    done = "Changed" if applied else "Would change"
    yield f"{done} {difference.changes}; {len(difference.unseen)} not observed, {len(difference.bad)} refused." + (
        "" if applied or not difference.changes else " Nothing was changed: this was a dry run, --apply does it."
    )


def _rows(difference: Difference) -> Iterator[tuple[str, str, str]]:
    """+ is added, ~ is changed, ? is listed but not observed, ! is not as observed, - is observed but not listed, x is refused."""
    yield from (("+", f"customer {each.tenant}", each.name) for each in difference.customers)
    yield from (("+", f"site {each.tenant}/{each.site}", each.name) for each in difference.sites)
    for role in difference.roles:
        yield ("~", f"{role.device.tenant}/{role.device.site} {role.device.name}", f"role {role.device.role} -> {role.role}")
    yield from (("?", f"{each.customer}/{each.site} {each.name}", f"{each.address}: no agent observes it") for each in difference.unseen)
    for each in difference.disagreements:
        yield (
            "!",
            f"{each.device.tenant}/{each.device.site} {each.device.name}",
            f"{each.field}: listed {each.listed}, is {each.observed}",
        )
    yield from (("-", f"{each.tenant}/{each.site} {each.name}", f"{each.address}: not in the list") for each in difference.unlisted)
    yield from (("x", each.place, each.reason) for each in difference.bad)
