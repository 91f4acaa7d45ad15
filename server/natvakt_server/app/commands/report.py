"""`natvakt-server report show ID`, `report verify FILE`, and who gets reports by mail: `report recipients TENANT`, `report deliver ID`."""

import argparse
import re
from pathlib import Path

from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.keys import report_signer
from natvakt_server.app.places import slug
from natvakt_server.domain.identity import AuditEntry
from natvakt_server.domain.report_mail import Recipient
from natvakt_server.identity.key_files import KeyDirectory
from natvakt_server.jobs.report_mail import mails_for
from natvakt_server.reports.model import read
from natvakt_server.reports.plan_export import plan_csv, plan_text
from natvakt_server.reports.rendering import RenderingFailed, html, pdf
from natvakt_server.reports.sarif import sarif
from natvakt_server.reports.signing import verify

FORMATS = ("pdf", "html", "json", "sarif", "plan-text", "plan-csv")
ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9.-]{1,189}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    show = verbs.add_parser("show", help="a report as PDF, HTML, JSON or SARIF, or its action plan as text or CSV")
    show.add_argument("id")
    show.add_argument("--format", choices=FORMATS, default="json")
    show.add_argument("--language", choices=("sv", "en"), help="the customer's if not given")
    show.add_argument("-o", "--output", type=Path, metavar="FILE", help="instead of stdout")
    check = verbs.add_parser("verify", help="whether a report's JSON file is whole and by whom it was signed")
    check.add_argument("file", type=Path)
    recipients = verbs.add_parser("recipients", help="who gets a customer's planned reports by mail")
    recipients.add_argument("tenant")
    recipients.add_argument("--add", metavar="ADDRESS", action="append", default=[])
    recipients.add_argument("--remove", metavar="ADDRESS", action="append", default=[])
    recipients.add_argument("--language", choices=("sv", "en"), help="of the reports to those added; the customer's if not given")
    deliver = verbs.add_parser("deliver", help="a report by mail, to its customer's recipients or to others; the running server sends it")
    deliver.add_argument("id")
    deliver.add_argument("--to", metavar="ADDRESS", action="append", default=[], help="instead of the customer's recipients")
    deliver.add_argument("--language", choices=("sv", "en"), help="with --to; the customer's if not given")


def run(context: Context) -> int:
    verbs = {"show": _show, "verify": _verify, "recipients": _recipients, "deliver": _deliver}
    return verbs[context.options.verb](context)


def _recipients(context: Context) -> int:
    options, stores = context.options, context.stores()
    tenant = slug(options.tenant, "customer")
    customer = stores.reader.customer(tenant)
    if customer is None:
        raise CommandFailed(f"customer {tenant!r} is not known; `natvakt-server customer add {tenant}` makes it")
    for address in options.add:
        stores.report_outbox.put_recipient(Recipient(tenant, _checked(address), options.language or customer.language))
        stores.audit.record(AuditEntry(context.clock.wall_ns(), "cli", "report-recipient-add", address, "ok", "", tenant))
    for address in options.remove:
        if not stores.report_outbox.remove_recipient(tenant, address):
            raise CommandFailed(f"{address!r} is no recipient of {tenant}; without options the command lists those who are")
        stores.audit.record(AuditEntry(context.clock.wall_ns(), "cli", "report-recipient-remove", address, "ok", "", tenant))
    found = stores.report_outbox.recipients(tenant)
    context.show(
        {
            "schema": "natvakt.report-recipients/1",
            "tenant": tenant,
            "recipients": [{"address": r.address, "language": r.language} for r in found],
        },
        [f"{r.address} ({r.language})" for r in found] or [f"Nobody gets the reports of {tenant} by mail."],
    )
    return 0


def _deliver(context: Context) -> int:
    options, stores = context.options, context.stores()
    assessment = stores.assessments.find(options.id)
    if assessment is None:
        raise CommandFailed(f"report {options.id!r} is not known; the console and `natvakt-server assess run` name report ids")
    if not context.configuration().mail.server:
        raise CommandFailed("mail.server is empty, so nothing can be sent; set it and mail.sender in server.toml")
    tenant, language = assessment.tenant, options.language or read(assessment.document).language
    asked = [Recipient(tenant, _checked(address), language) for address in options.to]
    recipients = asked or stores.report_outbox.recipients(tenant)
    if not recipients:
        raise CommandFailed(f"{tenant} has no recipients; name some with --to or `natvakt-server report recipients {tenant} --add ADDRESS`")
    stores.report_outbox.put(mails_for(recipients, assessment.id, context.clock.wall_ns()))
    stores.audit.record(AuditEntry(context.clock.wall_ns(), "cli", "report-deliver", assessment.id, "ok", "", tenant))
    mails = stores.report_outbox.mails(tenant, assessment.id)
    context.show(
        {
            "schema": "natvakt.report-delivery/1",
            "report": assessment.id,
            "mails": [{"address": m.address, "state": m.state, "attempts": m.attempts, "detail": m.detail or None} for m in mails],
        },
        [f"{m.address}: {m.state}" + (f" ({m.detail})" if m.detail else "") for m in mails],
    )
    return 0


def _checked(address: str) -> str:
    if not ADDRESS.fullmatch(address):
        raise CommandFailed(f"{address!r} is no mail address, such as anna@example.org")
    return address


def _show(context: Context) -> int:
    options = context.options
    assessment = context.stores().assessments.find(options.id)
    if assessment is None:
        raise CommandFailed(f"report {options.id!r} is not known; the console and `natvakt-server assess run` name report ids")
    document = read(assessment.document)
    language = options.language or document.language
    try:
        content = {
            "json": lambda: assessment.document,
            "html": lambda: html(document, language),
            "pdf": lambda: pdf(document, language),
            "sarif": lambda: sarif(document, language),
            "plan-text": lambda: plan_text(document, language),
            "plan-csv": lambda: plan_csv(document, language),
        }[options.format]()
    except RenderingFailed as error:
        raise CommandFailed(str(error)) from error
    if options.output is None:
        context.out.buffer.write(content)
        return 0
    draft = options.output.with_name(options.output.name + ".part")
    try:
        draft.write_bytes(content)
        draft.replace(options.output)
    except OSError as error:
        raise CommandFailed(f"{options.output}: cannot be written: {error.strerror}; choose another place with -o") from error
    context.note(f"{options.output}: {len(content)} bytes")
    return 0


def _verify(context: Context) -> int:
    try:
        data = context.options.file.read_bytes()
    except OSError as error:
        raise CommandFailed(f"{context.options.file}: cannot be read: {error.strerror}") from error
    paths = context.paths()
    known = report_signer(KeyDirectory(paths.keys)).public_key if paths.exists else None
    result = verify(data, known)
    context.show(
        {
            "schema": "natvakt.verify/1",
            "file": str(context.options.file),
            "valid": result.valid,
            "trusted": result.trusted,
            "detail": result.detail,
            "report": result.document.id if result.document else None,
        },
        [f"{context.options.file}: {result.detail}"],
    )
    return 0 if result.valid and (result.trusted or known is None) else 1
