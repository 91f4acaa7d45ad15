"""How Telegraf and snmp_exporter are told to ask what our agent asks every minute: interface counters, CPU, the device's uptime."""

from collections.abc import Sequence
from dataclasses import dataclass

from natvakt_agent.collectors.snmp.pack import Pack, Use
from natvakt_agent.collectors.snmp.packs.cisco_process import CPU_TOTAL
from natvakt_agent.collectors.snmp.packs.if_mib import INTERFACES

SYS_UP_TIME = "1.3.6.1.2.1.1.3.0"
MODULE = "full"


@dataclass(frozen=True, slots=True)
class Asked:
    """One column that everybody asks."""

    table: str
    field: str
    oid: str


def columns_of(table: str, pack: Pack) -> list[Asked]:
    """The series columns of a pack that a device with 64-bit counters is asked, stand-ins left out."""
    return [
        Asked(table, column.field.lstrip("_"), column.oid) for column in pack.columns if column.use is Use.SERIES and not column.instead_of
    ]


COLUMNS = (*columns_of("interface", INTERFACES), *columns_of("cpu", CPU_TOTAL)[:1])


def telegraf(agents: Sequence[str], community: str, interval_seconds: float, write_url: str) -> str:
    """Telegraf's own defaults, and numeric OIDs so that it needs no MIB files."""
    lines = [
        "[agent]",
        f'interval = "{interval_seconds:g}s"',
        f'flush_interval = "{interval_seconds:g}s"',
        'snmp_translator = "gosmi"',
        "omit_hostname = true",
        "[[outputs.influxdb_v2]]",
        f'urls = ["{write_url}"]',
        'token = "none"',
        'organization = "bench"',
        'bucket = "bench"',
        "[[inputs.snmp]]",
        "agents = [" + ", ".join(f'"udp://{agent}"' for agent in agents) + "]",
        "version = 2",
        f'community = "{community}"',
        "path = []",
        "[[inputs.snmp.field]]",
        'name = "sysUpTime"',
        f'oid = "{SYS_UP_TIME}"',
    ]
    for table in dict.fromkeys(column.table for column in COLUMNS):
        lines += ["[[inputs.snmp.table]]", f'name = "{table}"', "index_as_tag = true"]
        for column in COLUMNS:
            if column.table == table:
                lines += ["[[inputs.snmp.table.field]]", f'name = "{column.field}"', f'oid = "{column.oid}"']
    return "\n".join(lines) + "\n"


def exporter(community: str) -> str:
    """snmp.yml in the form of snmp_exporter up to 0.21, where authentication is inside each module."""
    lines = [f"{MODULE}:", "  version: 2", "  auth:", f"    community: {community}", "  walk:"]
    lines += [f"  - {column.oid}" for column in COLUMNS]
    lines += ["  get:", f"  - {SYS_UP_TIME}", "  metrics:", "  - name: sysUpTime", f"    oid: {SYS_UP_TIME[:-2]}", "    type: gauge"]
    for column in COLUMNS:
        lines += [f"  - name: {column.table}_{column.field}", f"    oid: {column.oid}", "    type: gauge", "    indexes:"]
        lines += ["    - labelname: index", "      type: gauge"]
    return "\n".join(lines) + "\n"
