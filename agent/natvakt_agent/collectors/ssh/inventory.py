"""Tables that SNMP fills where a device is asked by SNMP, read out of show commands where it is not.

The field names are those of ntc-templates. A command whose text did not fit its template fills nothing.
"""

from collections.abc import Callable, Mapping, Sequence

from natvakt_agent.collectors.ssh.messages import Output
from natvakt_agent.model.observation import TableObservation, Value

Rows = Sequence[Mapping[str, str]]


def _device(rows: Rows, system: str) -> list[dict[str, Value]]:
    row = rows[0]
    model = row.get("hardware") or row.get("platform") or ""
    return [
        {
            "vendor": "cisco",
            "os": system,
            "version": row.get("version") or row.get("os") or None,
            "model": model.split(",")[0].strip() or None,
            "serial": (row.get("serial") or "").split(",")[0].strip() or None,
            "sysName": row.get("hostname") or None,
        }
    ]


def _components(rows: Rows, system: str) -> list[dict[str, Value]]:  # noqa: ARG001 (one signature for all readers)
    return [
        {
            "index": number,
            "name": row.get("name") or None,
            "descr": row.get("descr") or None,
            "model": row.get("pid") or None,
            "serial": row.get("sn") or None,
            "hardware_version": row.get("vid") or None,
        }
        for number, row in enumerate(rows, 1)
    ]


def _vlans(rows: Rows, system: str) -> list[dict[str, Value]]:  # noqa: ARG001 (one signature for all readers)
    return [{"id": int(row["vlan_id"]), "name": row.get("vlan_name") or None} for row in rows if row.get("vlan_id", "").isdecimal()]


READERS: Mapping[str, tuple[str, tuple[str, ...], Callable[[Rows, str], list[dict[str, Value]]]]] = {
    "device": ("show version", (), _device),
    "component": ("show inventory", ("index",), _components),
    "vlan": ("show vlan", ("id",), _vlans),
}
"""By table: the command it is read from, its key, and how."""


def filled(table: str, outputs: Sequence[Output], system: str) -> TableObservation | None:
    """The table, or None where its command told nothing that was understood whole."""
    command, key, read = READERS[table]
    parsed = next((output.rows for output in outputs if output.command == command), None)
    rows = read(parsed, system) if parsed else []
    return TableObservation(table, key, frozenset(), rows) if rows else None
