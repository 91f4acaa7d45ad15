"""SSH host keys of the site's devices, in one file of the agent's state: trusted at first contact, and held against every later one.

The running agent and the command `hostkeys` both write it, each change whole; whoever reads sees the newest.
"""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from natvakt_agent.app.status import iso
from natvakt_agent.collectors.ssh.fingerprints import fingerprint
from natvakt_agent.collectors.ssh.messages import HostKey
from natvakt_agent.collectors.ssh.ports import KnownKey
from natvakt_agent.model.clock import Clock
from natvakt_agent.model.refusal import Refusal
from natvakt_agent.vault.files import write_atomically

FORMAT = "natvakt.host-keys/1"


class HostKeysDamaged(Refusal):
    """The file is there but cannot be understood; trusting anew at first contact would be what an impostor hopes for."""


class KeptKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One device's. `name` is what the site called it then, `offered_at` when it first showed the other key."""

    device: str
    name: str
    trusted: HostKey
    first_seen: str
    offered: HostKey | None = None
    offered_at: str | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    keys: list[KeptKey]
    format: str = FORMAT


class HostKeyFile:
    """The collector's `HostKeys`. Every change is on disk when the call returns. Safe to use from several threads."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Raises HostKeysDamaged."""
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._keys: Mapping[str, KeptKey] = {}
        self._refresh()

    def known(self, device: str) -> KnownKey | None:
        with self._lock:
            self._refresh()
            kept = self._keys.get(device)
        return KnownKey(kept.trusted, kept.first_seen, kept.offered) if kept else None

    def pin(self, device: str, name: str, key: HostKey) -> None:
        self._keep(KeptKey(device, name, key, iso(self._clock.wall_ns())))

    def report_change(self, device: str, offered: HostKey) -> None:
        with self._lock:
            self._refresh()
            kept = self._keys.get(device)
        if kept is None:  # forgotten by a person meanwhile: the next contact is a first one
            return
        self._keep(msgspec.structs.replace(kept, offered=offered, offered_at=iso(self._clock.wall_ns())))

    def all(self) -> Sequence[KeptKey]:
        """By name."""
        with self._lock:
            self._refresh()
            return sorted(self._keys.values(), key=lambda kept: (kept.name, kept.device))

    def held(self, device: str) -> str | None:
        """Why a device is sent no credential now. A file that cannot be read holds every device."""
        try:
            with self._lock:
                self._refresh()
                kept = self._keys.get(device)
        except (HostKeysDamaged, OSError) as error:
            return str(error)
        return None if kept is None or kept.offered is None else alarm_of(kept)

    def alarms(self) -> Mapping[str, str]:
        """Devices that show another key than the trusted one, for the agent's status."""
        try:
            return {f"host-key:{kept.name}": alarm_of(kept) for kept in self.all() if kept.offered is not None}
        except (HostKeysDamaged, OSError) as error:
            return {"host-keys": str(error)}

    def _keep(self, kept: KeptKey) -> None:
        with self._lock:
            self._refresh()
            keys = {**self._keys, kept.device: kept}
            file = _File(sorted(keys.values(), key=lambda each: each.device))
            write_atomically(self._path, msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n")
            self._refresh()

    def _refresh(self) -> None:
        """Read the file where it is another than the one read last."""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            self._keys, self._stamp = {}, None
            return
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        if stamp != self._stamp:
            self._keys = {kept.device: kept for kept in _read(self._path)}
            self._stamp = stamp


def alarm_of(kept: KeptKey) -> str:
    shown = fingerprint(kept.offered) if kept.offered else "none"
    return (
        f"{kept.name} shows SSH host key {shown} since {kept.offered_at}, not the trusted {fingerprint(kept.trusted)}: it is sent no"
        f" credential until `natvakt-agent hostkeys accept {kept.name}`"
    )


def _read(path: Path) -> list[KeptKey]:
    try:
        file = msgspec.json.decode(path.read_bytes(), type=_File)
    except OSError as error:
        raise HostKeysDamaged(f"{path}: {error.strerror}; run as the user that owns the state folder") from None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise HostKeysDamaged(f"{path}: is no list of host keys; restore it, or remove it and every key is trusted anew") from None
    if file.format != FORMAT:
        raise HostKeysDamaged(f"{path}: format {file.format[:40]!r} is not {FORMAT}; use the release that wrote it")
    return file.keys
