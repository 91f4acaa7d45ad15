"""`natvakt-server doctor`: looks at everything a server stands on; each line OK, WARN or FAIL with the remedy."""

import argparse
import shutil
import socket
import stat
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from natvakt_server.app import running_checks
from natvakt_server.app.check import FAIL, OK, WARN, Check
from natvakt_server.app.config import Configuration, ConfigurationError, address
from natvakt_server.app.context import Context, columns
from natvakt_server.app.gateway_folder import GatewayFolder
from natvakt_server.app.key_access import keys_of
from natvakt_server.app.keys import report_signer
from natvakt_server.app.knowledge_sources import configured
from natvakt_server.app.knowledge_watch import alarms
from natvakt_server.app.series import open_series
from natvakt_server.app.server_backup.keeping import newest_backup
from natvakt_server.app.state import StateError
from natvakt_server.domain.delivery import StoreUnavailable
from natvakt_server.domain.identity import AgentState
from natvakt_server.domain.refusal import Refusal
from natvakt_server.domain.series import SeriesUnavailable
from natvakt_server.identity.key_files import KeyDirectory
from natvakt_server.store.estate.engine import BadDatabase
from natvakt_server.store.estate.schema import newest_revision, revision

LOW_DISK_BYTES = 2 * 1024**3
SILENT_NS = 3600 * 1_000_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing of its own."""
    del parser


def run(context: Context) -> int:
    checks = list(examine(context))
    rows = [(c.state, c.name, c.detail + (f" -> {c.remedy}" if c.remedy else "")) for c in checks]
    paths = context.paths()
    key = report_signer(KeyDirectory(paths.keys)).public_key.hex() if paths.exists else None
    context.show(
        {
            "schema": "natvakt.doctor/1",
            "report_public_key": key,
            "checks": [{"name": c.name, "state": c.state, "detail": c.detail, "remedy": c.remedy or None} for c in checks],
        },
        columns(rows),
    )
    return 1 if any(c.state == FAIL for c in checks) else 0


def examine(context: Context) -> Iterator[Check]:
    try:
        configuration = context.configuration()
        yield Check("configuration", OK, "valid")
    except ConfigurationError as error:
        yield Check("configuration", FAIL, str(error))
        return
    try:
        context.paths().require()
    except StateError as error:
        yield Check("state", FAIL, str(error))
        return
    yield _state(context)
    yield _disk(context)
    yield _guarded("keys", lambda: _keys(context))
    yield _guarded("database", lambda: _database(context))
    yield _guarded("audit trail", lambda: _audit(context))
    yield _guarded("time series", lambda: _series(context, configuration))
    yield _guarded("agents", lambda: _agents(context))
    yield _guarded("inbox", lambda: _inbox(context))
    yield from _running(context)
    yield _guarded("knowledge", lambda: _knowledge(context, configuration))
    yield _guarded("server backup", lambda: _backup(context, configuration))
    for name, text in (
        ("gateway port", configuration.gateway.listen),
        ("enrolment port", configuration.gateway.enrolment_listen),
        ("console port", configuration.console.listen),
    ):
        yield _port(name, text)


def _running(context: Context) -> Iterator[Check]:
    """Whether it keeps up, and what will end by itself."""
    now_ns, paths = context.clock.wall_ns(), context.paths()
    yield _guarded("ingest", lambda: running_checks.ingest(context.stores().vitals.vitals(now_ns - SILENT_NS, now_ns), now_ns))
    yield _guarded("jobs", lambda: running_checks.jobs(context.stores().jobs.jobs(limit=500), now_ns))
    yield _guarded("messages", lambda: running_checks.messages(context.stores().notifying.outbox.messages(500), now_ns))
    yield _guarded("agents' certificates", lambda: running_checks.agents_certificates(context.stores().agents.agents(), now_ns))
    yield _guarded("clocks", lambda: running_checks.clocks(context.stores().agents.agents(), context.stores().gateway))
    for name, folder in (("gateway certificate", paths.gateway), ("console certificate", paths.console)):
        yield _guarded(name, partial(running_checks.certificate, name, GatewayFolder(KeyDirectory(folder)), now_ns))


def _guarded(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except (StoreUnavailable, SeriesUnavailable, BadDatabase, Refusal, ValueError) as error:
        return Check(name, FAIL, str(error))


def _state(context: Context) -> Check:
    folder = context.paths().folder
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & 0o077:
        return Check("state", WARN, f"{folder} has mode {mode:04o}", f"chmod 0700 {folder}")
    return Check("state", OK, str(folder))


def _disk(context: Context) -> Check:
    free = shutil.disk_usage(context.paths().folder).free
    shown = f"{free / 1024**3:.1f} GiB free"
    if free < LOW_DISK_BYTES:
        return Check("disk", WARN, shown, "make room: below 2 GiB agents may soon have to wait")
    return Check("disk", OK, shown)


def _keys(context: Context) -> Check:
    stores = context.stores()
    keys = keys_of(context, stores)
    for customer in stores.reader.customers():
        keys.recipients.announcement(customer.tenant)
    return Check("keys", OK, f"{len(keys.files.names())} key files, all private to this user")


def _database(context: Context) -> Check:
    found, wanted = revision(context.stores().engine), newest_revision()
    if found != wanted:
        return Check("database", WARN, f"schema is {found}, this version needs {wanted}", "`natvakt-server run` brings it up to date")
    return Check("database", OK, f"schema {found}")


def _audit(context: Context) -> Check:
    return Check("audit trail", OK, f"{context.stores().audit.verify()} entries, chain whole")


def _series(context: Context, configuration: Configuration) -> Check:
    if configuration.series.store == "duckdb":
        path = context.paths().series
        size = f"{path.stat().st_size / 1024**2:.0f} MiB" if path.exists() else "not made yet"
        return Check("time series", OK, f"embedded, {size}")
    store = open_series(configuration, context.paths(), context.clock, "doctor")
    try:
        waiting = len(store.touched(1000))
    finally:
        store.close()
    return Check("time series", OK, f"InfluxDB at {configuration.series.url} answers; {waiting} windows wait for roll-up")


def _agents(context: Context) -> Check:
    agents = [a for a in context.stores().agents.agents() if a.state is AgentState.ACTIVE]
    now_ns = context.clock.wall_ns()
    silent = [a for a in agents if now_ns - a.last_seen_ns > SILENT_NS]
    if silent:
        names = ", ".join(f"{a.tenant}/{a.site}" for a in silent)
        return Check("agents", WARN, f"{len(silent)} of {len(agents)} silent over an hour: {names}", "`natvakt-agent doctor` at the site")
    return Check("agents", OK, f"{len(agents)} active")


def _inbox(context: Context) -> Check:
    backlog = context.stores().delivery.backlog()
    shown = f"{backlog.pending} wait, {backlog.held} held, {backlog.quarantined} in quarantine"
    if backlog.quarantined:
        return Check("inbox", WARN, shown, "the log names each quarantined batch with its reason")
    return Check("inbox", OK, shown)


def _knowledge(context: Context, configuration: Configuration) -> Check:
    stores, wanted = context.stores(), configured(configuration.knowledge)
    old = alarms(stores.knowledge, stores.asked, wanted, context.clock.wall_ns())
    if old:
        remedy = "`natvakt-server knowledge status` tells why" if wanted else "`natvakt-server knowledge fetch`, or `import` with new files"
        return Check("knowledge", WARN, "old: " + ", ".join(each.text for each in old), remedy)
    sources = stores.knowledge.sources()
    if not sources:
        return Check("knowledge", OK, "empty: versions and lifecycles are unknown, never passed")
    return Check("knowledge", OK, f"{sum(each.facts for each in sources)} facts, none too old")


def _backup(context: Context, configuration: Configuration) -> Check:
    settings = configuration.backups
    if not settings.folder:
        return Check("server backup", WARN, "none are made", "`natvakt-server backup key`, then folder and sealing_key in [backups]")
    newest = newest_backup(Path(settings.folder))
    if newest is None:
        return Check("server backup", WARN, f"none in {settings.folder} yet", "a running server makes the first one within ten minutes")
    age_hours = (context.clock.wall_ns() - newest[1]) / 3.6e12
    if age_hours > 2 * settings.every_hours:
        return Check("server backup", WARN, f"{newest[0].name} is {age_hours:.0f} h old", "the server's log says why none came since")
    return Check("server backup", OK, f"{newest[0].name}, {age_hours:.0f} h old")


def _port(name: str, text: str) -> Check:
    host, port = address(text, name)
    target = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    with socket.socket(socket.AF_INET6 if ":" in target else socket.AF_INET) as probe:
        probe.settimeout(1.0)
        served = probe.connect_ex((target, port)) == 0
    return Check(name, OK, f"{text} {'serves' if served else 'is free: the server is not running'}")
