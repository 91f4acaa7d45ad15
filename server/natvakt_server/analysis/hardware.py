"""Product ids of a device's hardware and the milestones that are known of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from natvakt_server.analysis.evidence import Device
from natvakt_server.analysis.interfaces import number

FLASH_WORDS = ("flash", "disk")
CHASSIS_CLASSES = frozenset({"chassis", "stack"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A chassis, or a module, power supply or optic in one."""

    pid: str
    name: str
    is_chassis: bool


def pieces(device: Device) -> Iterator[Piece]:
    """Every product id once, the chassis first; the device's own model stands for a chassis that no table tells of."""
    rows = sorted(device.table("component").rows, key=lambda row: row.get("class") not in CHASSIS_CLASSES)
    found: dict[str, Piece] = {}
    for row in rows:
        pid = str(row.get("model") or "").strip()
        is_chassis = row.get("class") in CHASSIS_CLASSES
        if pid and (is_chassis or row.get("is_fru") not in (False, 0, None) or row.get("serial")):
            found.setdefault(pid, Piece(pid, str(row.get("name") or pid), is_chassis))
    if device.model and not any(piece.is_chassis for piece in found.values()):
        yield Piece(device.model, device.model, True)
    yield from (piece for piece in found.values() if piece.pid != device.model or piece.is_chassis)


def chassis_pids(device: Device) -> tuple[str, ...]:
    """The device's model first: the product that software and milestones are told of."""
    found = [piece.pid for piece in pieces(device) if piece.is_chassis]
    return tuple(dict.fromkeys([*([device.model] if device.model else []), *found]))


def free_flash(device: Device) -> tuple[str, float] | None:
    """The flash file system with the most room, and how many bytes are free; None where none is told of."""
    rows = device.table("storage").rows
    found = []
    for row in rows:
        total, used = number(row, "total_bytes"), number(row, "used_bytes")
        name = str(row.get("name") or row.get("index"))
        words = f"{name} {row.get('fs_type') or ''}".casefold()
        if total and used is not None and any(word in words for word in FLASH_WORDS):
            found.append((total - used, name))
    return (max(found)[1], max(found)[0]) if found else None
