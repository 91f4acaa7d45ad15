"""`natvakt-server backup key | create | verify | restore`: the server itself as one sealed file, and back."""

import argparse
import os
from contextlib import ExitStack
from pathlib import Path

from natvakt_wire.seal import RecipientPrivateKey

from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.series import retention_of
from natvakt_server.app.server_backup.making import Contents, make_backup
from natvakt_server.app.server_backup.restoring import Manifest, restore, verify
from natvakt_server.app.state import FolderLock
from natvakt_server.app.stores import open_stores
from natvakt_server.app.system_clock import new_id
from natvakt_server.domain.identity import AuditEntry
from natvakt_server.identity.backup_seal import opening_key, sealing_key, written
from natvakt_server.store.estate.schema import migrate, revision
from natvakt_server.store.timeseries.duckdb_store import DuckDbSeries


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    key = verbs.add_parser("key", help="a new pair of keys: one seals here, the other opens and is kept elsewhere")
    key.add_argument("--sealing", type=Path, required=True, metavar="FILE", help="where the half that seals goes")
    key.add_argument("--opening", type=Path, required=True, metavar="FILE", help="where the half that opens goes; move it off this machine")
    create = verbs.add_parser("create", help="database, time series and keys of a stopped server; a running one does it by [backups]")
    create.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="where to write it")
    create.add_argument("--sealing", type=Path, required=True, metavar="FILE", help="the half that seals")
    create.add_argument("--without-database", action="store_true", help="the database is PostgreSQL and saved by its own tools")
    create.add_argument("--without-series", action="store_true", help="the time series are InfluxDB's and saved by its own tools")
    for name, told in (
        ("verify", "open all of it, and keep nothing"),
        ("restore", "make a server of it, in an empty state folder"),
    ):
        verb = verbs.add_parser(name, help=told)
        verb.add_argument("file", type=Path)
        verb.add_argument("--opening", type=Path, required=True, metavar="FILE", help="the half that opens")


def run(context: Context) -> int:
    return {"key": _key, "create": _create, "verify": _verify, "restore": _restore}[context.options.verb](context)


def _key(context: Context) -> int:
    pair = RecipientPrivateKey.generate()
    for path, text in ((context.options.opening, written(pair)), (context.options.sealing, written(pair.public))):
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(text)
        except OSError as error:
            raise CommandFailed(f"{path}: cannot be written: {error.strerror}; a file that is there is never replaced") from error
    context.show(
        {"schema": "natvakt.backup-key/1", "id": pair.public.id.hex(), "sealing": str(context.options.sealing)},
        [
            f"{context.options.sealing} seals: name it in [backups] sealing_key, or with --sealing.",
            f"{context.options.opening} opens: move it off this machine, and print it. Without it no backup can be read.",
        ],
    )
    return 0


def _create(context: Context) -> int:
    """Of a server that stands still: the embedded time series belong to one process at a time."""
    options, paths, configuration = context.options, context.paths(), context.configuration()
    paths.require()
    recipient = sealing_key(_read(options.sealing))
    if configuration.series.store != "duckdb" and not options.without_series:
        raise CommandFailed("the time series are InfluxDB's: save them with `influx backup`, and the rest with --without-series")
    with ExitStack() as closing:
        for role in ("all", "worker"):
            lock = FolderLock(paths.folder, role)
            lock.acquire()
            closing.callback(lock.release)
        stores = open_stores(configuration, paths, new_id)
        closing.callback(stores.close)
        series = None
        if not options.without_series:
            series = DuckDbSeries(paths.series, context.clock, retention_ns=retention_of(configuration))
            closing.callback(series.close)
        engine = None if options.without_database else stores.engine
        contents = Contents(paths, engine, series, revision(stores.engine) or "", context.version)
        octets = make_backup(contents, options.output, recipient, context.clock.wall_ns(), os.urandom)
        stores.audit.record(AuditEntry(context.clock.wall_ns(), "cli", "backup-create", str(options.output), "ok", f"{octets} octets"))
    context.show(
        {"schema": "natvakt.backup-create/1", "file": str(options.output), "octets": octets, "key": recipient.id.hex()},
        [f"{options.output}: {octets} octets, sealed. Take it to another place; `backup verify` there opens all of it."],
    )
    return 0


def _verify(context: Context) -> int:
    manifest = verify(context.options.file, opening_key(_read(context.options.opening)))
    context.show({"schema": "natvakt.backup-verify/1", **_told(manifest)}, [f"whole: {_line(manifest)}"])
    return 0


def _restore(context: Context) -> int:
    paths = context.paths()
    manifest = restore(context.options.file, opening_key(_read(context.options.opening)), paths)
    stores = open_stores(context.configuration(), paths, new_id)
    try:
        migrate(stores.engine)
        for user in stores.accounts.users():
            stores.accounts.end_sessions_of(user.id)
        stores.audit.record(
            AuditEntry(context.clock.wall_ns(), "cli", "backup-restore", str(context.options.file), "ok", f"of {manifest.made_at}")
        )
    finally:
        stores.close()
    paths.mark_initialised()
    context.show(
        {"schema": "natvakt.backup-restore/1", "state": str(paths.folder), **_told(manifest)},
        [
            f"Restored to {paths.folder}: {_line(manifest)}",
            "Start it with `natvakt-server run`. Agents send again what came after it; everybody logs in anew.",
            *([] if manifest.database else ["The database is not in it: restore it with pg_restore before the start."]),
            *([] if manifest.series else ["The time series are not in it: restore them with `influx restore` before the start."]),
        ],
    )
    return 0


def _told(manifest: Manifest) -> dict[str, object]:
    return {
        "made_at": manifest.made_at,
        "version": manifest.version,
        "revision": manifest.revision,
        "database": manifest.database,
        "series": manifest.series,
        "files": len(manifest.files),
        "octets": sum(manifest.files.values()),
    }


def _line(manifest: Manifest) -> str:
    return f"made {manifest.made_at} by {manifest.version}, {len(manifest.files)} files, {sum(manifest.files.values())} octets"


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(f"{path}: cannot be read: {error}; `natvakt-server backup key` makes it") from error
