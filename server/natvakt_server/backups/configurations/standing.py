"""How a device stands with its backups: what it runs, what it would start with, whether the newest text could be put back, and as what the
estate knows the device.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from natvakt_server.backups.configurations.restorable import Remark, Told, Verdict
from natvakt_server.domain.configuration.history import ConfigurationVersion, Source
from natvakt_server.domain.estate import Device, Row, SnapshotVersion

_ETHERNET = frozenset({"ethernetCsmacd", "gigabitEthernet", "6"})


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest whole versions. `unsaved` is None where one of them was never read; `failed`: a reading since then that was cut off."""

    running: ConfigurationVersion | None
    startup: ConfigurationVersion | None
    unsaved: bool | None
    failed: ConfigurationVersion | None


def standing(versions: Sequence[ConfigurationVersion]) -> Standing:
    """From all versions of a device."""
    running, startup = _newest(versions, Source.RUNNING), _newest(versions, Source.STARTUP)
    unsaved = None if running is None or startup is None else running.meaning != startup.meaning
    seen_ns = running.last_observed_ns if running else 0
    cut_off = [each for each in versions if not each.is_whole and each.source is Source.RUNNING and each.last_observed_ns > seen_ns]
    return Standing(running, startup, unsaved, max(cut_off, key=lambda each: each.last_observed_ns, default=None))


def predecessors(versions: Sequence[ConfigurationVersion]) -> Mapping[int, ConfigurationVersion]:
    """By id, the whole version of the same source whose place each one took; the first ones have none."""
    newest: dict[Source, ConfigurationVersion] = {}
    found: dict[int, ConfigurationVersion] = {}
    for version in sorted(versions, key=lambda each: (each.first_observed_ns, each.id)):
        if version.source in newest:
            found[version.id] = newest[version.source]
        if version.is_whole:
            newest[version.source] = version
    return found


def with_standing(verdict: Verdict, now: Standing) -> Verdict:
    """The verdict of the newest running text, with what the device's own memory adds to it."""
    remarks = list(verdict.remarks)
    if now.startup is None:
        remarks.append((Remark.NO_STARTUP, ""))
    if now.unsaved:
        remarks.append((Remark.UNSAVED, ""))
    return replace(verdict, remarks=tuple(remarks))


def told_of(device: Device, snapshots: Mapping[str, Sequence[Row]], earlier: Sequence[SnapshotVersion]) -> Told:
    """What the estate knows a device by. `snapshots`: newest rows by table; `earlier`: every state of its `device` table there ever was."""
    rows = [*snapshots.get("device", ()), *(row for state in earlier for row in state.rows)]
    names = {device.name, *(str(row[field]) for row in rows for field in ("sysName", "name") if row.get(field))}
    parts = [*rows, *snapshots.get("component", ())]
    serials = {str(row["serial"]) for row in parts if row.get("serial")} | ({device.serial} if device.serial else set())
    return Told(device.os, frozenset(name for name in names if name), frozenset(serials), _ports(snapshots.get("interface", ())))


def _ports(rows: Sequence[Row]) -> tuple[str, ...]:
    ethernet = (row for row in rows if str(row.get("ifType")) in _ETHERNET)
    return tuple(str(row.get("ifDescr") or row.get("ifName") or "") for row in ethernet)


def _newest(versions: Sequence[ConfigurationVersion], source: Source) -> ConfigurationVersion | None:
    whole = (each for each in versions if each.source is source and each.is_whole)
    return max(whole, key=lambda each: each.first_observed_ns, default=None)
