"""Writes `tables.md` beside this file from the agent's object packs; with `--check` says whether it is up to date."""

import argparse
import sys
from pathlib import Path

from natvakt_agent.collectors.snmp.packs import PACKS
from natvakt_agent.collectors.snmp.tables import TABLES, TableSpec

PAGE = Path(__file__).parent / "tables.md"
HEAD = """# Tables collected over SNMP

Generated from the object packs by `docs/reference/generate_tables.py`; do not edit. A *series* field is kept over time at the table's
interval, a *document* field belongs to a whole snapshot. Where several packs fill a table, the first one that has a value wins, and a pack
that "gives way" is asked only when the better one has no rows.
"""


def section(spec: TableSpec) -> str:
    series = f"{', '.join(f'`{name}`' for name in sorted(spec.series))}, every {spec.interval_seconds} s" if spec.series else "none"
    document = (
        f"{', '.join(f'`{name}`' for name in sorted(spec.document))}, every {spec.document_interval_seconds} s" if spec.document else "none"
    )
    key = ", ".join(f"`{name}`" for name in spec.key) or "one row"
    lines = [
        f"## `{spec.name}`",
        "",
        f"- Key: {key}",
        f"- Series: {series}",
        f"- Document: {document}",
        "",
        "| Pack | MIB | Gives way to |",
        "|---|---|---|",
    ]
    lines += [f"| {pack.name} | {pack.mib} | {', '.join(pack.unless)} |" for pack in PACKS if pack.table == spec.name]
    return "\n".join(lines)


def page() -> str:
    return "\n\n".join([HEAD.strip(), *(section(spec) for spec in TABLES.values())]) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 when tables.md is not what the packs say")
    if parser.parse_args().check:
        if PAGE.read_text() == page():
            return 0
        sys.stderr.write(f"{PAGE} is not what the packs say; run {Path(__file__).name}\n")
        return 1
    PAGE.write_text(page())
    return 0


if __name__ == "__main__":
    sys.exit(main())
