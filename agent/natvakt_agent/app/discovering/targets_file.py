"""`[[target]]` entries that discovery writes: as a drop-in of the configuration, or in the state folder where discovery is automatic."""

import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from natvakt_agent.config.loading import read_toml
from natvakt_agent.config.schema import Section, TargetEntry
from natvakt_agent.config.units import Duration
from natvakt_agent.config.validation import decode
from natvakt_agent.discovery.plan import PlannedDevice
from natvakt_agent.vault.files import write_atomically

DROP_IN_NAME = "discovered.toml"
HEAD = "# Written by natvakt-agent discover. Entries may be changed or taken out by hand; new ones are added at the end."


class _File(Section, frozen=True):
    """A file that holds targets alone."""

    target: list[TargetEntry] = msgspec.field(default_factory=list)


def drop_in(config_file: Path) -> Path:
    """Where `run` finds it: `agent.d/discovered.toml` beside `agent.toml`."""
    return config_file.with_suffix(".d") / DROP_IN_NAME


def read_targets(path: Path) -> list[TargetEntry]:
    """Nothing where there is no file. Raises ConfigError."""
    if not path.exists():
        return []
    return decode(read_toml(path), _File, lambda _: str(path)).target


def write_targets(path: Path, entries: Iterable[TargetEntry], like: Path | None = None) -> None:
    """Replace the file, and let whoever may read `like` read it and its folder too. Raises OSError."""
    is_new_folder = not path.parent.exists()
    blocks = [HEAD, *(_block(entry) for entry in entries)]
    write_atomically(path, ("\n\n".join(blocks) + "\n").encode())
    if like is not None and os.name == "posix":
        _as_readable_as(like, path)
        if is_new_folder:
            _as_readable_as(like.parent, path.parent)


def _as_readable_as(model: Path, path: Path) -> None:
    """Written by root, read by the agent's user: owner, group and rights as the configuration's own."""
    found = model.stat()
    with suppress(PermissionError):
        os.chown(path, found.st_uid, found.st_gid)
    path.chmod(found.st_mode & 0o777)


def entry_of(device: PlannedDevice) -> TargetEntry:
    """Checks what the plan says once more, as a setting. Raises ConfigError."""
    data = {"name": device.name, "address": device.address, "credential": device.credential, "snmp_port": device.snmp_port}
    return decode({"target": [data]}, _File, lambda _: "plan").target[0]


def with_devices(entries: Sequence[TargetEntry], devices: Iterable[PlannedDevice]) -> tuple[list[TargetEntry], list[str]]:
    """The entries with these devices added; one that moved gets its new address. Also the names that changed."""
    merged = {entry.name: entry for entry in entries}
    changed = []
    for device in devices:
        entry = entry_of(device)
        known = merged.get(device.target or device.name)
        if known is not None:
            entry = msgspec.structs.replace(known, address=entry.address, credential=entry.credential)
        if merged.get(entry.name) != entry:
            merged[entry.name] = entry
            changed.append(entry.name)
    return list(merged.values()), changed


def _block(entry: TargetEntry) -> str:
    lines = ["[[target]]"]
    for field in msgspec.structs.fields(TargetEntry):
        value = getattr(entry, field.name)
        if field.required or value != field.default:
            lines.append(f"{field.name} = {_toml(value)}")
    return "\n".join(lines)


def _toml(value: object) -> str:
    """TOML's basic strings are JSON's, but for DEL and what JSON leaves unescaped; names and addresses hold none of it."""
    if isinstance(value, Duration):
        return json.dumps(str(value))
    return json.dumps(value, ensure_ascii=True)
