"""`natvakt-agent probe TARGET`: ask one device once for everything the agent knows, and print the probe document.

The newcomer's first contact and the support tool. The document is specified in `docs/probe-document.md`.
"""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from natvakt_agent.collectors.snmp.collector import SnmpCollector
from natvakt_agent.collectors.snmp.packs import state_words
from natvakt_agent.collectors.snmp.v3_protocols import ANY, AUTH_PROTOCOLS, PRIVACY_PROTOCOLS
from natvakt_agent.model.clock import Clock
from natvakt_agent.model.observation import Observation, TableObservation, TableStatus, Value
from natvakt_agent.model.target import Secret, SnmpCredential, Target

SCHEMA = "natvakt.probe/1"
DEADLINE_SECONDS = 60.0
DEVICE = "device"
OK, FAILED, USAGE = 0, 1, 2
DEVICE_FIELDS = (
    "vendor",
    "os",
    "version",
    "model",
    "serial",
    "sysObjectID",
    "sysName",
    "base_mac",
    "engine_id",
    "sysDescr",
    "sysLocation",
    "sysContact",
)

ENGINES = ("gufo", "pysnmp")

CredentialLookup = Callable[[str], SnmpCredential | None]


class ProbeUsage(Exception):
    """The command line asks for something that cannot be done; says what would do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_access_arguments(parser)
    parser.add_argument("--json", action="store_true", help="the probe document as JSON (the default output, named for scripts)")
    parser.add_argument("--deadline", type=float, default=DEADLINE_SECONDS, metavar="SECONDS", help="give up after this long (default: 60)")
    parser.add_argument("--table", action="append", metavar="NAME", help="ask for this table only; may be repeated")
    parser.add_argument("--engine", choices=ENGINES, help="what asks (default: gufo, and pysnmp where gufo cannot)")


def add_access_arguments(parser: argparse.ArgumentParser) -> None:
    """Which device, and as whom; `credential_of` reads them."""
    parser.add_argument("target", help="address or host name of the device")
    parser.add_argument("--port", type=int, default=161, help="UDP port of its SNMP agent (default: 161)")
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--community", help="SNMP community; for tests and first contact only: it shows in the process list")
    who.add_argument("--v3-user", metavar="USER", help="SNMPv3 user; keys are read from files")
    who.add_argument("--credential", metavar="NAME", help="a credential of the vault")
    parser.add_argument("--context-name", help="SNMPv3 context, with --v3-user")
    parser.add_argument("--v1", action="store_true", help="speak SNMPv1 instead of v2c with --community")
    parser.add_argument("--auth-protocol", choices=(*AUTH_PROTOCOLS, ANY), help="SNMPv3 authentication (default with a key file: sha)")
    parser.add_argument("--auth-key-file", type=Path, metavar="FILE", help="file whose first line is the authentication passphrase")
    parser.add_argument("--privacy-protocol", choices=(*PRIVACY_PROTOCOLS, ANY), help="SNMPv3 privacy (default with a key file: aes128)")
    parser.add_argument("--privacy-key-file", type=Path, metavar="FILE", help="file whose first line is the privacy passphrase")


def run(options: argparse.Namespace, out: TextIO, notes: TextIO, clock: Clock, collector: SnmpCollector, lookup: CredentialLookup) -> int:
    """Probe and print. Exit code 0; 1 when the device did not answer; 2 when the command line cannot be followed."""
    try:
        credential = credential_of(options, lookup)
        tables = wanted_tables(options.table, collector)
    except ProbeUsage as problem:
        notes.write(f"natvakt-agent probe: {problem}\n")
        return USAGE
    target = Target(
        device=options.target,
        name=options.target,
        address=options.target,
        snmp=credential,
        snmp_port=options.port,
        snmp_engine=options.engine,
        deadline_seconds=options.deadline,
    )
    notes.write(f"asking {options.target} port {options.port} with SNMP {credential.version}\n")
    observation = collector.collect(target, tables, clock)
    json.dump(document(options.target, observation), out, ensure_ascii=False, indent=1, allow_nan=False)
    out.write("\n")
    for error in observation.errors:
        notes.write(f"note: {error}\n")
    if answered(observation):
        return OK
    notes.write(
        f"{options.target} port {options.port} did not answer: check the address, that SNMP is enabled, that the device's access list "
        "allows this host, and the credential\n"
    )
    return FAILED


def credential_of(options: argparse.Namespace, lookup: CredentialLookup) -> SnmpCredential:
    if options.community is not None:
        return SnmpCredential("command line", "v1" if options.v1 else "v2c", community=Secret(options.community))
    if options.v3_user is not None:
        auth_key, privacy_key = key_in(options.auth_key_file), key_in(options.privacy_key_file)
        return SnmpCredential(
            "command line",
            "v3",
            user=options.v3_user,
            auth_protocol=options.auth_protocol or ("sha" if auth_key else None),
            auth_key=auth_key,
            privacy_protocol=options.privacy_protocol or ("aes128" if privacy_key else None),
            privacy_key=privacy_key,
            context_name=options.context_name,
        )
    if options.credential is not None:
        found = lookup(options.credential)
        if found is None:
            raise ProbeUsage(f"no credential {options.credential!r} in the vault; `natvakt-agent credentials list` shows what there is")
        return found
    raise ProbeUsage(
        "say how to ask: --credential NAME (from the vault), --v3-user USER with key files, or --community C for a first contact"
    )


def key_in(path: Path | None) -> Secret | None:
    """The passphrase in a file's first line. Never from the command line, where every process could read it."""
    if path is None:
        return None
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ProbeUsage(f"key file {path} cannot be read: {error}; give a text file whose first line is the passphrase") from error
    if not lines or len(lines[0]) < 8:
        raise ProbeUsage(f"key file {path}: an SNMPv3 passphrase has at least 8 characters (RFC 3414); its first line is shorter")
    return Secret(lines[0])


def wanted_tables(names: Sequence[str] | None, collector: SnmpCollector) -> Sequence[str] | None:
    known = collector.tables()
    for name in names or ():
        if name not in known:
            raise ProbeUsage(f"no table {name!r}; tables are {', '.join(sorted(known))}")
    return [DEVICE, *names] if names else None


def answered(observation: Observation) -> bool:
    """Whether the device said anything at all: silence and a refused credential are the same to the person in front of it."""
    return any(table.status in (TableStatus.PROVIDED, TableStatus.NOT_PROVIDED) for table in observation.tables)


def document(target: str, observation: Observation) -> dict[str, object]:
    """The probe document of one observation, ready for JSON."""
    words = state_words()
    device = next((dict(table.rows[0]) for table in observation.tables if table.name == DEVICE and table.rows), {})
    observed_at = datetime.fromtimestamp(observation.wall_ns // 1_000_000_000, UTC)
    return {
        "schema": SCHEMA,
        "target": target,
        "observed_at": observed_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "device": {name: device.get(name) for name in DEVICE_FIELDS} | {"uptime_seconds": device.get("sysUpTime")},
        "tables": {
            table.name: shown_rows(table, words)
            for table in observation.tables
            if table.status is TableStatus.PROVIDED and table.name != DEVICE
        },
        "status": {table.name: {"status": str(table.status), "detail": table.detail} for table in observation.tables},
        "cost": {
            "requests": observation.cost.requests,
            "varbinds": observation.cost.varbinds,
            "octets": observation.cost.octets,
            "seconds": round(observation.cost.seconds, 3),
        },
        "errors": list(observation.errors),
    }


def shown_rows(table: TableObservation, words: Mapping[tuple[str, str], Mapping[int, str]]) -> list[dict[str, Value]]:
    """State codes as the MIB's words: the time series keeps the codes, people read words."""
    return [{name: shown(words.get((table.name, name)), value) for name, value in row.items()} for row in table.rows]


def shown(states: Mapping[int, str] | None, value: Value) -> Value:
    if states is None or not isinstance(value, int):
        return value
    return states.get(value, str(value))
