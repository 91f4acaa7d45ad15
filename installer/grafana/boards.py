"""Grafana's dashboards over the InfluxDB store, written as the JSON that Grafana is provisioned with.

    python installer/grafana/boards.py      writes dashboards/*.json anew

Counters are read as rates from the tier of five minutes, where what a restart hid is left out already; a counter itself is never drawn.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "dashboards"
SOURCE = {"type": "influxdb", "uid": "natvakt-influxdb"}
SCHEMA_VERSION = 39
PLACE = ("tenant", "site", "device")
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Panel:
    """`kind`: Grafana's; `width` of 24 columns."""

    title: str
    kind: str
    unit: str
    query: str
    width: int = 12


@dataclass(frozen=True, slots=True)
class Board:
    """`per_device`: asks for one device beside the customers."""

    name: str
    title: str
    panels: Sequence[Panel]
    per_device: bool = False


def rows(table: str, fields: Sequence[str], tier: str = "5m", per_device: bool = False) -> str:
    named = " or ".join(f'r._field == "{field}"' for field in fields)
    device = ' and r.device == "${device}"' if per_device else ""
    return (
        f'from(bucket: "${{prefix}}_{tier}")\n'
        "  |> range(start: v.timeRangeStart, stop: v.timeRangeStop)\n"
        f'  |> filter(fn: (r) => r._measurement == "{table}" and contains(value: r.tenant, set: [${{tenant:doublequote}}]){device})\n'
        f"  |> filter(fn: (r) => {named})\n"
    )


def means(table: str, field: str, per_device: bool = False, factor: float = 1.0) -> str:
    scaled = f"  |> map(fn: (r) => ({{r with _value: r._value * {factor:.1f}}}))\n" if factor != 1.0 else ""
    window = "  |> aggregateWindow(every: v.windowPeriod, fn: mean, createEmpty: false)"
    return rows(table, (field,), per_device=per_device) + "  |> toFloat()\n" + scaled + window


def rates(table: str, counter: str, key: Sequence[str], per_device: bool = False, factor: float = 1.0) -> str:
    """What a counter gained a second, by row."""
    increase, seconds = f"{counter}_increase", f"{counter}_seconds"
    columns = ", ".join(f'"{name}"' for name in (*PLACE, *key))
    return (
        rows(table, (increase, seconds), per_device=per_device) + "  |> toFloat()\n"
        f"  |> group(columns: [{columns}])\n"
        f'  |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")\n'
        f"  |> filter(fn: (r) => exists r.{increase} and exists r.{seconds} and r.{seconds} > 0.0)\n"
        f'  |> map(fn: (r) => ({{r with _value: r.{increase} * {factor:.1f} / r.{seconds}, _field: "{counter}"}}))\n'
        f'  |> drop(columns: ["{increase}", "{seconds}"])'
    )


def highest(query: str, key: Sequence[str], count: int = 20) -> str:
    """The rows with the highest mean, as a table."""
    columns = ", ".join(f'"{name}"' for name in (*PLACE, *key))
    return (
        f"{query}\n  |> group(columns: [{columns}])\n  |> mean()\n  |> group()\n"
        f'  |> sort(columns: ["_value"], desc: true)\n  |> limit(n: {count})'
    )


def utilisation() -> str:
    """Share of each port's speed that its busier direction took."""
    fields = ("ifHCInOctets_increase", "ifHCInOctets_seconds", "ifHCOutOctets_increase", "ifHCOutOctets_seconds", "ifHighSpeed")
    needed = " and ".join(f"exists r.{name}" for name in fields)
    return (
        rows("interface", fields) + "  |> toFloat()\n"
        '  |> group(columns: ["tenant", "site", "device", "ifIndex"])\n'
        '  |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")\n'
        f"  |> filter(fn: (r) => {needed} and r.ifHighSpeed > 0.0 and r.ifHCInOctets_seconds > 0.0 and r.ifHCOutOctets_seconds > 0.0)\n"
        "  |> map(fn: (r) => ({r with in: r.ifHCInOctets_increase / r.ifHCInOctets_seconds, "
        "out: r.ifHCOutOctets_increase / r.ifHCOutOctets_seconds}))\n"
        "  |> map(fn: (r) => ({r with _value: (if r.in > r.out then r.in else r.out) * 8.0 / (r.ifHighSpeed * 1000000.0)}))\n"
        '  |> keep(columns: ["_time", "_value", "tenant", "site", "device", "ifIndex"])'
    )


NETWORK = Board(
    "natvakt-network",
    "natvakt: networks of all customers",
    (
        Panel("Busiest ports", "table", "percentunit", highest(utilisation(), ("ifIndex",))),
        Panel("Most errors in", "table", "pps", highest(rates("interface", "ifInErrors", ("ifIndex",)), ("ifIndex",))),
        Panel("Slowest answers", "table", "s", highest(means("reachability", "rtt_seconds"), ())),
        Panel("Most loss", "table", "percentunit", highest(means("reachability", "loss_ratio"), ())),
        Panel("Busiest processors", "table", "percentunit", highest(means("cpu", "used_ratio"), ("index",))),
        Panel("What waits at the sites", "timeseries", "s", means("agent", "oldest_unacked_seconds")),
    ),
)
DEVICE = Board(
    "natvakt-device",
    "natvakt: one device",
    (
        Panel("In", "timeseries", "bps", rates("interface", "ifHCInOctets", ("ifIndex",), per_device=True, factor=8.0)),
        Panel("Out", "timeseries", "bps", rates("interface", "ifHCOutOctets", ("ifIndex",), per_device=True, factor=8.0)),
        Panel("Errors in", "timeseries", "pps", rates("interface", "ifInErrors", ("ifIndex",), per_device=True)),
        Panel("Discards out", "timeseries", "pps", rates("interface", "ifOutDiscards", ("ifIndex",), per_device=True)),
        Panel("Processors", "timeseries", "percentunit", means("cpu", "used_ratio", per_device=True)),
        Panel("Memory in use", "timeseries", "bytes", means("memory", "used_bytes", per_device=True)),
        Panel("Answers", "timeseries", "s", means("reachability", "rtt_seconds", per_device=True)),
        Panel("Answering", "timeseries", "percentunit", means("reachability", "up", per_device=True)),
    ),
    per_device=True,
)
BOARDS = (NETWORK, DEVICE)
TENANTS = 'import "influxdata/influxdb/schema"\nschema.tagValues(bucket: "${prefix}_5m", tag: "tenant", start: -30d)'
DEVICES = (
    'import "influxdata/influxdb/schema"\n'
    'schema.tagValues(bucket: "${prefix}_5m", tag: "device", start: -30d, '
    "predicate: (r) => contains(value: r.tenant, set: [${tenant:doublequote}]))"
)


def document(board: Board) -> Json:
    return {
        "uid": board.name,
        "title": board.title,
        "tags": ["natvakt"],
        "timezone": "browser",
        "schemaVersion": SCHEMA_VERSION,
        "editable": True,
        "refresh": "5m",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": list(_variables(board))},
        "panels": [_panel(place, panel) for place, panel in enumerate(board.panels)],
    }


def queries(board: Board) -> Iterator[tuple[str, str]]:
    """Everything a board asks, by what for."""
    yield "customers", TENANTS
    if board.per_device:
        yield "devices", DEVICES
    for panel in board.panels:
        yield panel.title, panel.query


def _variables(board: Board) -> Iterator[Json]:
    yield {"name": "prefix", "label": "Buckets", "type": "textbox", "query": "natvakt", "current": {"text": "natvakt", "value": "natvakt"}}
    yield _variable("tenant", "Customers", TENANTS, several=not board.per_device)
    if board.per_device:
        yield _variable("device", "Device", DEVICES, several=False)


def _variable(name: str, label: str, query: str, several: bool) -> Json:
    return {
        "name": name,
        "label": label,
        "type": "query",
        "datasource": SOURCE,
        "query": query,
        "definition": query,
        "refresh": 2,
        "sort": 1,
        "multi": several,
        "includeAll": several,
    }


def _panel(place: int, panel: Panel) -> Json:
    custom: Json = {"spanNulls": False} if panel.kind == "timeseries" else {}
    return {
        "id": place + 1,
        "title": panel.title,
        "type": panel.kind,
        "datasource": SOURCE,
        "gridPos": {"h": 8, "w": panel.width, "x": place * panel.width % 24, "y": place * panel.width // 24 * 8},
        "fieldConfig": {"defaults": {"unit": panel.unit, "custom": custom}, "overrides": []},
        "targets": [{"refId": "A", "datasource": SOURCE, "query": panel.query}],
    }


def written(board: Board) -> str:
    return json.dumps(document(board), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for board in BOARDS:
        (FOLDER / f"{board.name}.json").write_text(written(board), "utf-8")


if __name__ == "__main__":
    main()
