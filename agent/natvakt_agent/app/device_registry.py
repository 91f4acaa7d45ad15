"""The agent's ids of its devices: given when a device is first met, kept for good (UUIDv7).

A device is known again by its name in the configuration; where only the name changed, by the address that no other name has. So
neither a new address nor a new name begins a new history, and only both at once do.
"""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
from msgspec import Struct
from natvakt_wire.ids import uuid7

from natvakt_agent.model.clock import Clock
from natvakt_agent.model.refusal import Refusal
from natvakt_agent.vault.files import write_atomically

FORMAT = "natvakt.devices/1"


class RegistryDamaged(Refusal):
    """The file is there but cannot be understood; giving new ids would break every history."""


class KnownDevice(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`is_described`: it told who it is at least once, so the agent never again speaks for it.

    The protocols are those of SNMPv3 that it speaks, where its credential leaves them open.
    """

    id: str
    name: str
    address: str
    is_described: bool = False
    auth_protocol: str | None = None
    privacy_protocol: str | None = None


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    devices: list[KnownDevice]
    format: str = FORMAT


class DeviceRegistry:
    """Every change is on disk when the call returns. Safe to use from several threads."""

    def __init__(self, path: Path, clock: Clock, random: Callable[[int], bytes]) -> None:
        self._path = path
        self._clock = clock
        self._random = random
        self._lock = threading.Lock()
        self._devices = {device.id: device for device in _read(path)}

    def meet(self, places: Iterable[tuple[str, str]]) -> dict[str, KnownDevice]:
        """The devices of these (name, address) pairs, by name; new ones get an id."""
        wanted = list(places)
        names = {name for name, _ in wanted}
        by_name = {device.name: device for device in self._devices.values()}
        orphans = {device.address: device for device in self._devices.values() if device.name not in names}
        met: dict[str, KnownDevice] = {}
        for name, address in wanted:
            known = by_name.get(name) or orphans.pop(address, None)
            identity = known.id if known else uuid7(self._clock.wall_ns(), self._random)
            met[name] = msgspec.structs.replace(known or KnownDevice(identity, name, address), name=name, address=address)
        with self._lock:
            self._keep(met.values())
        return met

    def by_name(self) -> dict[str, KnownDevice]:
        return {device.name: device for device in self._devices.values()}

    def is_described(self, device: str) -> bool:
        return device in self._devices and self._devices[device].is_described

    def mark_described(self, device: str) -> None:
        with self._lock:
            if device not in self._devices or self._devices[device].is_described:
                return
            self._keep([msgspec.structs.replace(self._devices[device], is_described=True)])

    def protocols(self, device: str) -> tuple[str, str] | None:
        """Authentication and privacy protocol that were found for the device (empty: no privacy)."""
        known = self._devices.get(device)
        return (known.auth_protocol, known.privacy_protocol or "") if known and known.auth_protocol else None

    def keep_protocols(self, device: str, protocols: tuple[str, str] | None) -> None:
        """None: forget them. A device that is not in the registry is not begun."""
        with self._lock:
            if device in self._devices:
                auth, privacy = protocols or (None, None)
                self._keep([msgspec.structs.replace(self._devices[device], auth_protocol=auth, privacy_protocol=privacy or None)])

    def _keep(self, changed: Iterable[KnownDevice]) -> None:
        devices = self._devices | {device.id: device for device in changed}
        if devices != self._devices:
            file = _File(sorted(devices.values(), key=lambda device: device.id))
            write_atomically(self._path, msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n")
            self._devices = devices


def _read(path: Path) -> list[KnownDevice]:
    try:
        file = msgspec.json.decode(path.read_bytes(), type=_File)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RegistryDamaged(f"{path}: {error.strerror}; run as the user that owns the state folder") from None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise RegistryDamaged(
            f"{path}: is not a list of devices; restore it from a backup, or remove it and every device begins a new history"
        ) from None
    if file.format != FORMAT:
        raise RegistryDamaged(f"{path}: format {file.format[:40]!r} is not {FORMAT}; use the release that wrote it")
    return file.devices
