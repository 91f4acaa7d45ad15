"""From `[[backup]]` entries to jobs: one function a kind, each with the edges it needs."""

import logging
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from natvakt_agent.collectors.backup_borg.reader import BorgReader
from natvakt_agent.collectors.backup_dumps.reader import DumpReader
from natvakt_agent.collectors.backup_files.reader import FilesReader
from natvakt_agent.collectors.backup_restic.reader import ResticReader
from natvakt_agent.collectors.backup_rsync.reader import RsyncReader
from natvakt_agent.collectors.backup_status.reader import StatusReader
from natvakt_agent.collectors.backup_veeam.reader import VeeamReader
from natvakt_agent.collectors.backup_veeam.rest import Login, VeeamServer
from natvakt_agent.collectors.backup_windows.reader import WindowsReader
from natvakt_agent.config.schema import BackupEntry
from natvakt_agent.model.backup import Files, Job, JobReader, JobReport, JobUnreadable, Programs
from natvakt_agent.model.backup_repository import Repository
from natvakt_agent.model.clock import Clock
from natvakt_agent.model.target import SnmpCredential, Target

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BackupEdges:
    """`logins` looks a name up in the vault; `reports` is the folder where the door keeps what scripts told."""

    files: Files
    programs: Programs
    logins: Callable[[str], SnmpCredential | None]
    reports: Path


def report_file(reports: Path, job: str) -> Path:
    """Names of jobs are safe as names of files: the schema lets no separator in."""
    return reports / f"{job}.json"


def _status(entry: BackupEntry, edges: BackupEdges) -> JobReader:
    return StatusReader(entry.kind, entry.path or "", edges.files)


def _push(entry: BackupEntry, edges: BackupEdges) -> JobReader:
    return StatusReader(entry.kind, str(report_file(edges.reports, entry.job)), edges.files)


def _files(entry: BackupEntry, edges: BackupEdges) -> JobReader:
    return FilesReader(entry.path or "", edges.files, entry.pattern, **_comparison(entry))


def _dumps(entry: BackupEntry, edges: BackupEdges) -> JobReader:
    return DumpReader(entry.path or "", edges.files, entry.pattern, entry.engine, **_comparison(entry))


def _comparison(entry: BackupEntry) -> dict[str, Any]:
    given = {"compare": entry.compare, "shrinkage": entry.shrinkage}
    return {name: value for name, value in given.items() if value is not None}


def _restic(entry: BackupEntry, edges: BackupEdges) -> JobReader:
    return ResticReader(_repository(entry, edges, "restic"), edges.programs, edges.files, entry.host, entry.tag)


def _borg(entry: BackupEntry, edges: BackupEdges) -> JobReader:
    return BorgReader(_repository(entry, edges, "borg"), edges.programs, edges.files, entry.archives)


def _repository(entry: BackupEntry, edges: BackupEdges, program: str) -> Repository:
    """Raises JobUnreadable for a password that the vault does not hold."""
    credential = edges.logins(entry.credential) if entry.credential else None
    password = credential.auth_key if credential else None
    if entry.credential and password is None:
        raise _no_login(entry.credential)
    place = entry.repository or ""
    return Repository(place, entry.program or program, password, entry.password_file, entry.environment_file, entry.check_file)


def _no_login(name: str) -> JobUnreadable:
    return JobUnreadable(f"no login {name!r} with a password in the vault; natvakt-agent credentials add {name}")


def _rsync(entry: BackupEntry, edges: BackupEdges) -> JobReader:
    return RsyncReader(entry.path or "", edges.files, _local_seconds)


def _local_seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _windows(entry: BackupEntry, edges: BackupEdges) -> JobReader:
    return WindowsReader(edges.programs, entry.program or "wbadmin.exe")


def _veeam(entry: BackupEntry, edges: BackupEdges) -> JobReader:
    """Raises JobUnreadable for a certificate file that cannot be used."""

    def login() -> Login | None:
        found = edges.logins(entry.credential or "")
        return Login(found.user or "", found.auth_key) if found and found.auth_key else None

    try:
        trust = ssl.create_default_context(cafile=entry.ca_file)
    except OSError as error:
        raise JobUnreadable(f"ca_file {entry.ca_file}: {error.strerror or error}; name a file of certificates in PEM") from None
    return VeeamReader(VeeamServer(entry.url or "", trust), login, entry.source_name or entry.job)


@dataclass(frozen=True, slots=True)
class NoReader:
    """A job that cannot be looked at as it is set up; it says so at every look, where the other jobs are told too."""

    kind: str
    reason: str

    def read(self, clock: Clock, deadline_seconds: float) -> JobReport:  # noqa: ARG002 (the port's signature)
        raise JobUnreadable(self.reason)


KINDS: Mapping[str, Callable[[BackupEntry, BackupEdges], JobReader]] = {
    "status": _status,
    "push": _push,
    "files": _files,
    "restic": _restic,
    "borg": _borg,
    "rsync": _rsync,
    "dumps": _dumps,
    "windows": _windows,
    "veeam": _veeam,
}


def backup_jobs(
    entries: Sequence[BackupEntry], targets: Mapping[str, Target], host: str, edges: BackupEdges
) -> Mapping[str, Sequence[Job]]:
    """Jobs by the id of their device. `host`: the id of the machine the agent runs on."""
    devices = {target.name: device for device, target in targets.items()}
    found: dict[str, list[Job]] = {}
    for entry in entries:
        device = devices.get(entry.device, "") if entry.device is not None else host
        if entry.enabled and device:
            found.setdefault(device, []).append(_job(entry, device, edges))
        elif entry.enabled:
            logger.warning("backup job held back job=%s reason=its device %s is not watched", entry.job, entry.device)
    return found


def _job(entry: BackupEntry, device: str, edges: BackupEdges) -> Job:
    try:
        reader = KINDS[entry.kind](entry, edges)
    except JobUnreadable as error:
        reader = NoReader(entry.kind, str(error))
    return Job(
        name=entry.job,
        device=device,
        reader=reader,
        interval_seconds=round(entry.interval) if entry.interval is not None else None,
        deadline_seconds=float(entry.deadline),
        restore_test_file=entry.restore_test_file,
    )
