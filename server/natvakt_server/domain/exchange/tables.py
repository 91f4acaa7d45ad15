"""Lists in columns: our own CSV, NetBox's CSV, and the router.db of Oxidized."""

import csv
import io
from collections.abc import Mapping, Sequence

from natvakt_server.domain.estate import Device
from natvakt_server.domain.exchange.listed import MOST_ROWS, NotReadable, Row

COLUMNS = ("customer", "customer_name", "site", "site_name", "name", "address", "role", "os", "version", "model", "serial")
OXIDIZED_COLUMNS = ("name", "model")
OXIDIZED_NAMES: Mapping[str, str] = {
    "name": "name",
    "ip": "address",
    "model": "os",
    "group": "site",
    "customer": "customer",
    "site": "site",
}
NETBOX_NAMES: Mapping[str, str] = {
    "name": "name",
    "tenant": "customer_name",
    "site": "site_name",
    "role": "role",
    "platform": "os",
    "device_type": "model",
    "type": "model",
    "serial": "serial",
    "serial number": "serial",
    "primary_ip4": "address",
    "primary_ip": "address",
    "ip address": "address",
    "device_role": "role",
}
_OXIDIZED_SYSTEMS = {"ios-xe": "iosxe", "ios-xr": "iosxr", "nx-os": "nxos", "small-business": "ciscosmb"}
_FORMULA_STARTS = ("=", "+", "-", "@")


def read_csv(text: str, names: Mapping[str, str] | None = None) -> Sequence[Row]:
    """With a head line. `names`: what columns are called there, where not as ours. Raises NotReadable."""
    known = names or {name: name for name in COLUMNS}
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        lines = [(reader.line_num, line) for line in reader if any(cell.strip() for cell in line)]
    except csv.Error as error:
        raise NotReadable(f"line {reader.line_num}: {error}; write CSV with commas and quotes as RFC 4180 has them") from None
    if not lines:
        raise NotReadable("it is empty; the first line names the columns")
    head = [known.get(cell.strip().lstrip("\ufeff").lower(), "") for cell in lines[0][1]]
    if "name" not in head or "address" not in head:
        wanted = ", ".join(dict.fromkeys(known))
        raise NotReadable(f"line 1: the columns for name and address are missing among {', '.join(lines[0][1])[:200]}; known are {wanted}")
    return [_row(f"line {number}", head, cells) for number, cells in _counted(lines[1:])]


def read_oxidized(text: str, columns: Sequence[str] = OXIDIZED_COLUMNS) -> Sequence[Row]:
    """`columns` as the map of Oxidized's csv source orders them; what is not known there (username, password) is passed over unread.

    Raises NotReadable.
    """
    head = [OXIDIZED_NAMES.get(column.strip(), "") for column in columns]
    if "name" not in head:
        raise NotReadable(f"columns {','.join(columns)}: none is `name`; write them as router.db has them, such as name,ip,model")
    lines = [
        (number, line.split(":")) for number, line in enumerate(text.splitlines(), 1) if line.strip() and not line.lstrip().startswith("#")
    ]
    return [_row(f"line {number}", head, cells) for number, cells in _counted(lines)]


def write_csv(devices: Sequence[Device], customers: Mapping[str, str], sites: Mapping[tuple[str, str], str]) -> str:
    """`customers`, `sites`: full names."""
    rows = [
        (
            device.tenant,
            customers.get(device.tenant, device.tenant),
            device.site,
            sites.get((device.tenant, device.site), device.site),
            device.name,
            device.address,
            device.role.value,
            device.os or "",
            device.version or "",
            device.model or "",
            device.serial or "",
        )
        for device in devices
    ]
    return _written(COLUMNS, rows)


def write_netbox(devices: Sequence[Device], customers: Mapping[str, str], sites: Mapping[tuple[str, str], str]) -> str:
    """As NetBox's bulk import of devices takes it; it gives addresses to interfaces, so `primary_ip4` has to go in by itself there."""
    head = ("name", "role", "manufacturer", "device_type", "site", "tenant", "platform", "serial", "status", "primary_ip4")
    rows = [
        (
            device.name,
            device.role.value,
            device.vendor or "",
            device.model or "",
            sites.get((device.tenant, device.site), device.site),
            customers.get(device.tenant, device.tenant),
            device.os or "",
            device.serial or "",
            "active",
            device.address,
        )
        for device in devices
    ]
    return _written(head, rows)


def write_oxidized(devices: Sequence[Device]) -> str:
    """Columns name, ip, model, group; the group is TENANT-SITE. Only what Oxidized can speak to has a model."""
    lines = [
        ":".join((_bare(each.name), each.address, _OXIDIZED_SYSTEMS.get(each.os or "", each.os or "ios"), f"{each.tenant}-{each.site}"))
        for each in devices
        if ":" not in each.address  # the delimiter of router.db
    ]
    return "".join(f"{line}\n" for line in lines)


def _counted(lines: Sequence[tuple[int, Sequence[str]]]) -> Sequence[tuple[int, Sequence[str]]]:
    if len(lines) > MOST_ROWS:
        raise NotReadable(f"it lists {len(lines)} devices, more than {MOST_ROWS}; take it in parts")
    return lines


def _row(place: str, head: Sequence[str], cells: Sequence[str]) -> Row:
    return Row(place, {name: _unguarded(text) for name, text in zip(head, cells, strict=False) if name})


def _written(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([[_guarded(text) for text in row] for row in rows])
    return out.getvalue()


def _guarded(text: str) -> str:
    """What a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection)."""
    return "'" + text if text.startswith(_FORMULA_STARTS) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_STARTS) else text


def _bare(text: str) -> str:
    return text.replace(":", "-").replace("\n", " ").replace("\r", " ")
