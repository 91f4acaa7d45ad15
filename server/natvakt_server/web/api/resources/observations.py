"""What was read from one device: its state now with the reasons, its ports, the newest of every table, and values over time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from natvakt_server.domain.estate import Device, Row
from natvakt_server.domain.listing import Page, Value
from natvakt_server.domain.registry import TABLES
from natvakt_server.domain.rights import Permission
from natvakt_server.domain.series import Query, Tier
from natvakt_server.domain.sifting import Reading, sift
from natvakt_server.domain.tiers import LONGEST_SPAN_NS, MINUTE_NS
from natvakt_server.web.api.call import Call
from natvakt_server.web.api.operation import Field, Kind, Operation, Parameter
from natvakt_server.web.api.problem import Refused, bad_argument, not_found
from natvakt_server.web.api.resources.times import certain
from natvakt_server.web.devices.condition import device_condition, read_now
from natvakt_server.web.devices.history import DeviceSeries, Span

RECENT_NS = 30 * MINUTE_NS
DAY_NS = 1440 * MINUTE_NS
MOST_SPAN_NS = 366 * DAY_NS
OCTETS = ("ifHCInOctets", "ifHCOutOctets")
STATUS: Mapping[float, str] = {1: "up", 2: "down", 3: "testing", 4: "unknown", 5: "dormant", 6: "not-present", 7: "lower-layer-down"}
"""ifOperStatus and ifAdminStatus, RFC 2863."""


class ReasonAnswer(msgspec.Struct, frozen=True):
    """`word` names the sentence, `values` goes into it."""

    state: str
    word: str
    values: dict[str, str]


class StateAnswer(msgspec.Struct, frozen=True):
    device: str
    state: str
    reasons: list[ReasonAnswer]
    uptime_seconds: float | None


class InterfaceAnswer(msgspec.Struct, frozen=True):
    """`index` is ifIndex. Rates are the newest of the last half hour; null: not observed."""

    index: int
    name: str
    description: str
    type: str
    mac: str
    mtu: int | None
    admin_status: str | None
    oper_status: str | None
    speed_bits: float | None
    in_bits_per_second: float | None
    out_bits_per_second: float | None
    neighbour: str
    neighbour_port: str


class TableHead(msgspec.Struct, frozen=True):
    """`confirmed`: when it was last seen, changed or not."""

    table: str
    rows: int
    observed: datetime
    confirmed: datetime
    digest: str


class TableAnswer(msgspec.Struct, frozen=True):
    """Columns are the table's own, by its reference."""

    table: str
    observed: datetime
    confirmed: datetime
    rows: list[dict[str, Any]]


class LineAnswer(msgspec.Struct, frozen=True):
    """One series: `points` of time and value, counters as counters."""

    field: str
    tags: dict[str, str]
    points: list[tuple[datetime, float]]


class SeriesAnswer(msgspec.Struct, frozen=True):
    device: str
    table: str
    tier: str
    start: datetime
    end: datetime
    lines: list[LineAnswer]


def show_state(call: Call) -> StateAnswer:
    device = call.device()
    documents = {each.kind: each.rows for each in call.ports.estate.snapshots(device.tenant, device.id)}
    now = read_now(_series(call, device), documents, call.now_ns)
    found = device_condition(device, now, call.now_ns)
    reasons = [ReasonAnswer(each.state, each.word, {name: str(value) for name, value in each.values}) for each in found.reasons]
    return StateAnswer(device.id, found.state, reasons, now.values.get("device", {}).get((), {}).get("sysUpTime"))


def list_interfaces(call: Call) -> Page[InterfaceAnswer]:
    device = call.device()
    snapshots = {each.kind: each.rows for each in call.ports.estate.snapshots(device.tenant, device.id)}
    series = _series(call, device)
    newest = {dict(row).get("ifIndex", ""): fields for row, fields in series.latest("interface", call.now_ns - RECENT_NS).items()}
    recent = series.growths("interface", OCTETS, Span(call.now_ns - RECENT_NS, call.now_ns + 1, Tier.RAW))
    rates = {
        dict(row).get("ifIndex", ""): {name: 8 * grown.intervals[-1].per_second for name, grown in fields.items() if grown.intervals}
        for row, fields in recent.items()
    }
    linked = {str(row.get("local_ifIndex")): row for row in snapshots.get("neighbour", ())}
    rows = [_interface(row, newest, rates, linked) for row in snapshots.get("interface", ())]
    return sift(rows, call.wish, _INTERFACE_READINGS, ("name", "description", "neighbour", "mac"))


def _interface(
    row: Row, newest: Mapping[str, Mapping[str, float]], rates: Mapping[str, Mapping[str, float]], linked: Mapping[str, Row]
) -> InterfaceAnswer:
    index = str(row.get("ifIndex"))
    now, flow, peer = newest.get(index, {}), rates.get(index, {}), linked.get(index, {})
    speed, mtu = now.get("ifHighSpeed"), row.get("ifMtu")
    return InterfaceAnswer(
        index=int(index) if index.isascii() and index.isdigit() else 0,
        name=str(row.get("ifName") or row.get("ifDescr") or index),
        description=str(row.get("ifAlias") or ""),
        type=str(row.get("ifType") or ""),
        mac=str(row.get("ifPhysAddress") or ""),
        mtu=mtu if isinstance(mtu, int) else None,
        admin_status=STATUS.get(now.get("ifAdminStatus", 0.0)),
        oper_status=STATUS.get(now.get("ifOperStatus", 0.0)),
        speed_bits=None if speed is None else speed * 1e6,
        in_bits_per_second=flow.get(OCTETS[0]),
        out_bits_per_second=flow.get(OCTETS[1]),
        neighbour=str(peer.get("remote_name") or ""),
        neighbour_port=str(peer.get("remote_port") or ""),
    )


def list_tables(call: Call) -> Page[TableHead]:
    device = call.device()
    rows = [
        TableHead(each.kind, len(each.rows), certain(each.observed_ns), certain(each.confirmed_ns), each.digest)
        for each in call.ports.estate.snapshots(device.tenant, device.id)
        if each.kind in TABLES
    ]
    return sift(rows, call.wish, {"table": lambda row: row.table, "rows": lambda row: row.rows}, ("table",))


def show_table(call: Call) -> TableAnswer:
    device, table = call.device(), call.path["table"]
    found = call.ports.estate.snapshot(device.tenant, device.id, table) if table in TABLES else None
    if found is None:
        raise not_found(f"table {table[:64]!r} of this device")
    return TableAnswer(table, certain(found.observed_ns), certain(found.confirmed_ns), [dict(row) for row in found.rows])


def show_series(call: Call) -> SeriesAnswer:
    device = call.device()
    table, field = call.text("table"), call.text("field")
    if field not in TABLES[table].series:
        raise bad_argument("field", field, f"{table} has {', '.join(TABLES[table].series) or 'no values over time'}")
    tier = Tier(call.text("tier", Tier.FIVE_MINUTES))
    end_ns = int(call.arguments.get("end", call.now_ns))
    start_ns = int(call.arguments.get("start", end_ns - DAY_NS // 4))
    longest = LONGEST_SPAN_NS.get(tier, MOST_SPAN_NS)
    if not 0 <= start_ns < end_ns <= start_ns + longest:
        hours = longest // (60 * MINUTE_NS)
        raise bad_argument("start", certain(max(0, start_ns)).isoformat(), f"{tier} is read for at most {hours} hours that end after it")
    query = Query(table, (field,), device.agent_devices, start_ns, end_ns, tier=tier)
    lines = [
        LineAnswer(field, dict(line.key.tags), [(certain(at), float(value)) for at, value in zip(line.times_ns, line.values, strict=True)])
        for line in call.ports.series.lines(device.tenant, query)
    ]
    return SeriesAnswer(device.id, table, tier, certain(start_ns), certain(end_ns), lines)


def _series(call: Call, device: Device) -> DeviceSeries:
    if not device.agent_devices:
        raise Refused(404, "not-found", "no agent observes this device any more")
    return DeviceSeries(call.ports.series, device.tenant, device.agent_devices)


def _reading(name: str) -> Reading[InterfaceAnswer]:
    def read(row: InterfaceAnswer) -> Value | None:
        value: Value | None = getattr(row, name)
        return value

    return read


_INTERFACE_FIELDS = (
    Field("index", Kind.NUMBER),
    Field("name"),
    Field("description"),
    Field("type"),
    Field("mac"),
    Field("admin_status", Kind.CHOICE, tuple(STATUS.values())),
    Field("oper_status", Kind.CHOICE, tuple(STATUS.values())),
    Field("speed_bits", Kind.NUMBER),
    Field("neighbour"),
)
_INTERFACE_READINGS = {each.name: _reading(each.name) for each in _INTERFACE_FIELDS}
_TABLES_WITH_SERIES = tuple(sorted(name for name, table in TABLES.items() if table.series))
_SERIES_PARAMETERS: Sequence[Parameter] = (
    Parameter("table", "which table", Kind.CHOICE, _TABLES_WITH_SERIES, required=True),
    Parameter("field", "which of its values", required=True),
    Parameter("tier", "as polled, or by 1m, 5m, 1h; 5m where it is not said", Kind.CHOICE, tuple(tier.value for tier in Tier)),
    Parameter("start", "from this time on; six hours before the end where it is not said", Kind.MOMENT),
    Parameter("end", "up to this time; now where it is not said", Kind.MOMENT),
)
OPERATIONS = (
    Operation("devices.state", "GET", "/devices/{device}/state", "How a device is now, and why", Permission.SEE, show_state, StateAnswer),
    Operation(
        "devices.interfaces",
        "GET",
        "/devices/{device}/interfaces",
        "Ports of a device with what goes through them",
        Permission.SEE,
        list_interfaces,
        InterfaceAnswer,
        fields=_INTERFACE_FIELDS,
    ),
    Operation(
        "devices.tables",
        "GET",
        "/devices/{device}/tables",
        "What was read from a device, table by table",
        Permission.SEE,
        list_tables,
        TableHead,
        fields=(Field("table"), Field("rows", Kind.NUMBER)),
    ),
    Operation("devices.table", "GET", "/devices/{device}/tables/{table}", "The newest of a table", Permission.SEE, show_table, TableAnswer),
    Operation(
        "devices.series",
        "GET",
        "/devices/{device}/series",
        "Values of one field over time",
        Permission.SEE,
        show_series,
        SeriesAnswer,
        parameters=tuple(_SERIES_PARAMETERS),
    ),
)
