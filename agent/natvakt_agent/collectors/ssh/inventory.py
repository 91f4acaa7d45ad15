"""Tables that SNMP fills where a device is asked by SNMP, read out of show commands where it is not.

The field names are those of ntc-templates. A command whose text did not fit its template fills nothing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from natvakt_agent.collectors.ssh.messages import Output
from natvakt_agent.model.observation import TableObservation, Value

Rows = Sequence[Mapping[str, str]]


def _device(rows: Rows, system: str) -> list[dict[str, Value]]:
    row = rows[0]
    if not row.get("version") and not row.get("os"):
        return []
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


@dataclass(frozen=True, slots=True)
class Reader:
    """`command`: what the table is read from; `marks`: each stands in the text once for every row, so that half a text is known as one."""

    command: str
    key: tuple[str, ...]
    read: Callable[[Rows, str], list[dict[str, Value]]]
    marks: tuple[re.Pattern[str], ...] = ()

    def rows(self, output: Output, system: str) -> list[dict[str, Value]]:
        if not output.rows or any(len(mark.findall(output.text)) != len(output.rows) for mark in self.marks):
            return []
        return self.read(output.rows, system)


READERS: Mapping[str, Reader] = {
    "device": Reader("show version", (), _device),
    "component": Reader(
        "show inventory",
        ("index",),
        _components,
        (re.compile(r"^\s*NAME\s*:", re.MULTILINE | re.IGNORECASE), re.compile(r"^\s*PID\s*:.*\bSN\s*:", re.MULTILINE | re.IGNORECASE)),
    ),
    "vlan": Reader("show vlan", ("id",), _vlans, (re.compile(r"^\d{1,4} +\S.* (?:active|act/|sus)", re.MULTILINE),)),
}


def filled(table: str, outputs: Sequence[Output], system: str) -> TableObservation | None:
    """The table, or None where its command told nothing that was understood whole."""
    reader = READERS[table]
    rows = [row for output in outputs if output.command == reader.command for row in reader.rows(output, system)]
    return TableObservation(table, reader.key, frozenset(), rows) if rows else None
