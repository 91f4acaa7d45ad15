"""`natvakt-server export`: the devices that are observed, as other systems take them."""

import argparse
import os
from pathlib import Path

from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.exchange import FORMATS, written
from natvakt_server.app.places import known_customer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", required=True, choices=FORMATS)
    parser.add_argument("--customer", help="of this one only")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="instead of stdout; a file that is there is not written over")


def run(context: Context) -> int:
    options, stores = context.options, context.stores()
    customers = stores.reader.customers()
    if options.customer:
        wanted = known_customer(stores, options.customer)
        customers = [each for each in customers if each.tenant == wanted]
    names = {each.tenant: each.name for each in customers}
    sites = {(each.tenant, each.site): each.name for tenant in names for each in stores.reader.sites(tenant)}
    devices = [device for tenant in names for device in stores.reader.devices(tenant)]
    text = written(options.format, devices, names, sites)
    if options.output is None and not options.json:
        context.out.write(text)
        return 0
    if options.output is not None:
        _write(options.output, text)
    told = {"schema": "natvakt.export/1", "format": options.format, "devices": len(devices), "file": str(options.output or "")}
    context.show(told | ({} if options.output else {"text": text}), [f"Wrote {len(devices)} devices to {options.output}"])
    return 0


def _write(path: Path, text: str) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise CommandFailed(f"{path}: cannot be written: {error.strerror}; name a file that is not there yet") from error
