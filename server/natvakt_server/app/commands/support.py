"""`natvakt-server support`: a file for who helps, without names, addresses or secrets. It is written here and sent by nobody but you."""

import argparse
import io
import json
import os
import platform
import re
import zipfile
from collections.abc import Iterator, Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import func, select

from natvakt_server.app.commands.doctor import examine
from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.pseudonyms import Pseudonyms
from natvakt_server.app.stores import Stores
from natvakt_server.domain.identity import AgentRecord
from natvakt_server.domain.jobs import Job
from natvakt_server.domain.vitals import Vitals
from natvakt_server.store.estate.schema import newest_revision, revision
from natvakt_server.store.estate.tables import metadata
from natvakt_server.store.estate.transactions import reading

LOG_BYTES = 4 * 1024**2
FRESH_NS = 600 * 1_000_000_000
NEWEST_JOBS = 200
_MOMENT = (2026, 1, 1, 0, 0, 0)  # of the files in it: equal content gives equal bytes
_HOST = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")
README = """What is in here, and what is not.

doctor.json         what `natvakt-server doctor` says
versions.json       natvakt, Python, the system, installed packages
configuration.json  server.toml as it is understood
database.json       schema, number of rows by table
vitals.json         inbox, jobs, agents, disk as /metrics tells them
agents.json         version, state, when last heard
jobs.json           the newest background jobs and what became of them
log.txt             the end of the log, where one was given

Names of customers, sites, devices and people are customer-1, site-1, device-1, user-1; addresses are ip-1, mac-1, mail-1. The same name
has the same stand-in in all files, and which is which stands nowhere. No configuration, report, finding, measured value, password, token
or key is in here. Read it before you send it.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.zip", help="a file that is there is not written over")
    parser.add_argument("--log", type=Path, metavar="FILE", help="a log to take the end of, such as of journalctl")


def run(context: Context) -> int:
    options, stores = context.options, context.stores()
    pseudonyms = Pseudonyms(names(context, stores))
    parts = {f"{name}.json": _json(pseudonyms.value(content)) for name, content in gathered(context, stores)}
    if options.log is not None:
        parts["log.txt"] = "".join(f"{pseudonyms.text(line)}\n" for line in _log_lines(options.log))
    _write(options.output, {"README.txt": README, **parts})
    shown = {"schema": "natvakt.support/1", "file": str(options.output), "parts": sorted(parts)}
    context.show(shown, [f"Wrote {options.output}: {', '.join(sorted(parts))}. Read it before you send it."])
    return 0


def names(context: Context, stores: Stores) -> Mapping[str, list[str]]:
    """Everything that would tell whose server it is."""
    configuration, customers = context.configuration(), stores.reader.customers()
    devices = [device for each in customers for device in stores.reader.devices(each.tenant)]
    sites = [site for each in customers for site in stores.reader.sites(each.tenant)]
    return {
        "partner": [configuration.partner.name, configuration.partner.public_address],
        "device": [text for each in devices for text in (each.name, each.address, each.serial or "", each.base_mac or "")],
        "customer": [text for each in customers for text in (each.tenant, each.name)],
        "site": [text for each in sites for text in (each.site, each.name)],
        "user": [text for each in stores.accounts.users() for text in (each.name, each.display_name)],
        "host": [platform.node(), *_hosts(msgspec.to_builtins(configuration))],
    }


def _hosts(value: object) -> Iterator[str]:
    """Names of machines that the configuration speaks of; paths of files are none."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _hosts(inner)
    elif isinstance(value, str) and not value.startswith("/"):
        yield from _HOST.findall(value)


def gathered(context: Context, stores: Stores) -> Iterator[tuple[str, object]]:
    now_ns = context.clock.wall_ns()
    yield "doctor", [{"name": each.name, "state": each.state, "detail": each.detail, "remedy": each.remedy} for each in examine(context)]
    packages = sorted({f"{each.metadata['Name']} {each.version}" for each in distributions()})
    yield (
        "versions",
        {"natvakt": context.version, "python": platform.python_version(), "system": platform.platform(), "packages": packages},
    )
    yield "configuration", msgspec.to_builtins(context.configuration())
    counts = reading(
        stores.engine,
        lambda c: {table.name: c.execute(select(func.count()).select_from(table)).scalar_one() for table in metadata.sorted_tables},
    )
    yield (
        "database",
        {"schema": revision(stores.engine), "newest": newest_revision(), "dialect": stores.engine.dialect.name, "rows": counts},
    )
    yield "vitals", _vitals(stores.vitals.vitals(now_ns - FRESH_NS, now_ns), now_ns)
    yield "agents", [_agent(each, now_ns) for each in stores.agents.agents()]
    yield "jobs", [_job(each) for each in stores.jobs.jobs(limit=NEWEST_JOBS)]


def _agent(record: AgentRecord, now_ns: int) -> Mapping[str, Any]:
    return {
        "id": record.id,
        "customer": record.tenant,
        "site": record.site,
        "state": record.state.value,
        "version": record.version,
        "heard_seconds_ago": (now_ns - record.last_seen_ns) // 1_000_000_000,
        "certificate_left_seconds": (record.certificate_not_after_ns - now_ns) // 1_000_000_000,
        "detail": record.detail,
    }


def _job(job: Job) -> Mapping[str, Any]:
    return {"id": job.id, "kind": job.kind, "customer": job.tenant, "state": job.state, "progress": job.progress, "detail": job.detail}


def _vitals(told: Vitals, now_ns: int) -> Mapping[str, Any]:
    return {
        "batches": dict(told.batches),
        "inbox_bytes": told.inbox_bytes,
        "oldest_waiting_seconds": (now_ns - told.oldest_waiting_ns) // 1_000_000_000 if told.oldest_waiting_ns else 0,
        "jobs": {f"{kind} {state}": count for (kind, state), count in told.jobs.items()},
        "agents": dict(told.agents),
        "messages": dict(told.messages),
        "open_incidents": dict(told.open_incidents),
        "silent_agents": told.silent_agents,
        "expired_agents": told.expired_agents,
    }


def _log_lines(path: Path) -> Iterator[str]:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - LOG_BYTES))
            yield from file.read().decode("utf-8", "replace").splitlines()
    except OSError as error:
        raise CommandFailed(f"{path}: cannot be read: {error.strerror}") from error


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _write(path: Path, parts: Mapping[str, str]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), text.encode("utf-8", "replace"), zipfile.ZIP_DEFLATED)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(packed.getvalue())
    except OSError as error:
        raise CommandFailed(f"{path}: cannot be written: {error.strerror}; name a file that is not there yet") from error
