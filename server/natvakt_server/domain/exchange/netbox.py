"""Devices as NetBox lists them: the answer of its `/api/dcim/devices/`, or the CSV its tables export."""

import json
from collections.abc import Mapping, Sequence

from natvakt_server.domain.exchange.listed import MOST_ROWS, NotReadable, Row
from natvakt_server.domain.exchange.tables import NETBOX_NAMES, read_csv


def read_netbox(text: str) -> Sequence[Row]:
    """Raises NotReadable."""
    return _read_json(text) if text.lstrip("\ufeff \r\n\t").startswith(("{", "[")) else read_csv(text, NETBOX_NAMES)


def _read_json(text: str) -> Sequence[Row]:
    try:
        told = json.loads(text.lstrip("\ufeff"))
    except (json.JSONDecodeError, RecursionError) as error:
        raise NotReadable(f"it is no JSON: {error}; save the answer of NetBox's /api/dcim/devices/?limit=0") from None
    results = told.get("results") if isinstance(told, dict) else told
    if not isinstance(results, list):
        raise NotReadable("it holds no list of devices; save the answer of NetBox's /api/dcim/devices/?limit=0")
    if isinstance(told, dict) and told.get("next"):
        raise NotReadable(f"it is one page of {told.get('count')} devices; ask NetBox with ?limit=0, so that nothing is taken for missing")
    if len(results) > MOST_ROWS:
        raise NotReadable(f"it lists {len(results)} devices, more than {MOST_ROWS}; take it in parts")
    return [Row(f"device {number}", _values(each)) for number, each in enumerate(results, 1)]


def _values(each: object) -> Mapping[str, str]:
    device = each if isinstance(each, dict) else {}
    tenant, site = _part(device, "tenant"), _part(device, "site")
    role = _part(device, "role") or _part(device, "device_role")  # before NetBox 3.6
    return {
        "name": _text(device.get("name")),
        "customer": _text(tenant.get("slug")),
        "customer_name": _text(tenant.get("name")),
        "site": _text(site.get("slug")),
        "site_name": _text(site.get("name")),
        "role": _text(role.get("slug")),
        "os": _text(_part(device, "platform").get("slug")),
        "model": _text(_part(device, "device_type").get("model")),
        "serial": _text(device.get("serial")),
        "address": _text((_part(device, "primary_ip4") or _part(device, "primary_ip")).get("address")),
    }


def _part(device: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = device.get(name)
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
