"""Backups of the running server: one every so often into a folder that another machine fetches them from, the newest few kept."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from natvakt_wire.seal import RecipientPublicKey

from natvakt_server.app.server_backup.making import BackupFailed, Contents, make_backup
from natvakt_server.domain.clock import Clock

PREFIX, SUFFIX, STAMP = "natvakt-", ".sealed", "%Y%m%dT%H%M%SZ"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BackupKeeper:
    """Driven by `run`, often; it does something when the newest backup is `every_ns` old. `keep`: how many stay, at least one."""

    contents: Callable[[], Contents]
    folder: Path
    recipient: RecipientPublicKey
    every_ns: int
    keep: int
    clock: Clock
    random: Callable[[int], bytes]

    def run(self) -> Path | None:
        """Answers what was made. Raises BackupFailed, BadDatabase, SeriesUnavailable; for one that failed no older one is taken away."""
        now_ns = self.clock.wall_ns()
        newest = newest_backup(self.folder)
        if newest is not None and now_ns - newest[1] < self.every_ns:
            return None
        target = self.folder / f"{PREFIX}{datetime.fromtimestamp(now_ns // 10**9, UTC).strftime(STAMP)}{SUFFIX}"
        octets = make_backup(self.contents(), target, self.recipient, now_ns, self.random)
        _log.info("event=server-backup file=%s octets=%d", target, octets)
        for path, _ in backups(self.folder)[: -max(1, self.keep)]:
            path.unlink(missing_ok=True)
        return target


def backups(folder: Path) -> list[tuple[Path, int]]:
    """With the moment each was made, the oldest first; other files are let alone. Raises BackupFailed."""
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise BackupFailed(f"backups.folder: {folder} cannot be read: {error.strerror}; make it, for the server's user alone") from error
    found = [(folder / name, made_ns) for name in names if (made_ns := _made_ns(name)) is not None]
    return sorted(found, key=lambda each: each[1])


def newest_backup(folder: Path) -> tuple[Path, int] | None:
    found = backups(folder)
    return found[-1] if found else None


def _made_ns(name: str) -> int | None:
    if not (name.startswith(PREFIX) and name.endswith(SUFFIX)):
        return None
    try:
        made = datetime.strptime(name[len(PREFIX) : -len(SUFFIX)], STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(made.timestamp()) * 10**9
