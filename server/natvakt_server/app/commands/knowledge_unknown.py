"""`natvakt-server knowledge unknown`: what stands at customers that nothing is known of, for the partner to fill in.

With `--csv` the product ids come as a list of lifecycles with empty days: filled in, `knowledge import` takes it.
"""

import argparse
import csv
import io
from collections.abc import Sequence

from natvakt_server.app.context import Context, columns
from natvakt_server.app.stores import Stores
from natvakt_server.jobs.knowledge_inventory import seen
from natvakt_server.knowledge.exposure import ExposureJudge
from natvakt_server.knowledge.lifecycle import products

LIFECYCLE_COLUMNS = (
    "pid",
    "announced",
    "end_of_sale",
    "end_of_software_maintenance",
    "end_of_vulnerability_support",
    "last_date_of_support",
    "replacement",
    "bulletin",
    "url",
)


def add_unknown_arguments(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    unknown = verbs.add_parser("unknown", help="products and versions seen at customers that nothing is known of")
    unknown.add_argument("--csv", action="store_true", help="the products as a list of lifecycles to fill in and import")


def run_unknown(context: Context) -> int:
    stores = context.stores()
    seen_products, seen_versions = seen(stores.reader)
    known = {each.pid for each in products(stores.knowledge, sorted(seen_products)) if each.known}
    pids = [(pid, count) for pid, count in sorted(seen_products.items(), key=_most_first) if pid not in known]
    versions = [
        (os, version, count, reasons)
        for (os, version), count in sorted(seen_versions.items(), key=_most_first)
        if (reasons := unsaid(stores, os, version))
    ]
    if context.options.csv:
        context.out.write(to_fill_in([pid for pid, _ in pids]))
        return 0
    lines = columns([("PRODUCT", "DEVICES"), *((pid, str(count)) for pid, count in pids)]) if pids else []
    rows = [(f"{os} {version}", str(count), "; ".join(reasons)) for os, version, count, reasons in versions]
    lines += columns([("VERSION", "DEVICES", "WHY"), *rows]) if rows else []
    context.show(
        {
            "schema": "natvakt.knowledge-unknown/1",
            "products": [{"pid": pid, "devices": count} for pid, count in pids],
            "versions": [dict(zip(("os", "version", "devices", "reasons"), row, strict=True)) for row in versions],
        },
        lines or ["Something is known of every product and version at your customers."],
    )
    return 0


def unsaid(stores: Stores, os: str, version: str) -> Sequence[str]:
    """Why there is no statement about a version; empty where there is one."""
    exposure = ExposureJudge(stores.knowledge).judge(os, version)
    return () if exposure.statements else exposure.unknown or ("no source says anything of this version",)


def _most_first(counted: tuple[object, int]) -> tuple[int, str]:
    return -counted[1], str(counted[0])


def to_fill_in(pids: Sequence[str]) -> str:
    """A list of lifecycles with empty days, in the form that `knowledge import` takes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(LIFECYCLE_COLUMNS)
    writer.writerows([pid, *("" for _ in LIFECYCLE_COLUMNS[1:])] for pid in pids)
    return out.getvalue()
