"""`natvakt-server report show ID` and `report verify FILE`."""

import argparse
from pathlib import Path

from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.keys import report_signer
from natvakt_server.identity.key_files import KeyDirectory
from natvakt_server.reports.model import read
from natvakt_server.reports.rendering import RenderingFailed, html, pdf
from natvakt_server.reports.sarif import sarif
from natvakt_server.reports.signing import verify

NAME = "report"
HELP = "reports: show, verify"
FORMATS = ("pdf", "html", "json", "sarif")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    show = verbs.add_parser("show", help="a report as PDF, HTML, JSON or SARIF")
    show.add_argument("id")
    show.add_argument("--format", choices=FORMATS, default="json")
    show.add_argument("--language", choices=("sv", "en"), help="the customer's if not given")
    show.add_argument("-o", "--output", type=Path, metavar="FILE", help="instead of stdout")
    check = verbs.add_parser("verify", help="whether a report's JSON file is whole and by whom it was signed")
    check.add_argument("file", type=Path)


def run(context: Context) -> int:
    return _verify(context) if context.options.verb == "verify" else _show(context)


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
