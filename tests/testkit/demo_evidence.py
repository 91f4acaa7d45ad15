"""The simulated site as an assessment would see it: every device asked by the agent's own collector, no network between.

Tables are what the collector reads at the moment of the assessment; histories are made from readings every three hours of a month
(`HOURS`), for the tables that the given rules have needs for. What the demo knows of a role is told here, as a person would overrule it.
"""

from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from demo.ber import decode_header, decode_oid
from demo.configurations.catalogue import WRITERS
from demo.device import SimulatedDevice
from demo.world import HOUR_NS
from natvakt_agent.collectors.snmp.collector import SnmpCollector
from natvakt_agent.collectors.snmp.session import SnmpValue
from natvakt_agent.model.observation import TableStatus
from natvakt_agent.model.target import Target
from natvakt_server.analysis.evidence import Device, Evidence, History, Reason, Table
from natvakt_server.analysis.history import Steps, summarise
from natvakt_server.analysis.rule import Rule
from natvakt_server.domain.rates import growth
from natvakt_server.domain.registry import TABLES, Kind, Role
from natvakt_server.domain.series import Line, SeriesKey
from natvakt_server.jobs.evidence import STATUS_REASONS
from testkit.demo_site import EPOCH_NS
from testkit.snmp import Answers, Cell, FakeSession, StillClock, v2c_target

ZONE = ZoneInfo("Europe/Stockholm")
ROLES = {
    "hq-core": Role.CORE, "hq-rtr": Role.WAN_EDGE, "hq-fw": Role.FIREWALL, "hq-wlc": Role.WLC, "hq-acc1": Role.ACCESS,
    "hq-acc2": Role.ACCESS, "hq-acc3": Role.ACCESS, "hq-sb": Role.ACCESS, "hq-ups": Role.UPS, "hq-cucm": Role.CALL_SERVER,
    "hq-lin": Role.SERVER,
    "hq-win": Role.SERVER, "br-rtr": Role.WAN_EDGE, "br-sw": Role.ACCESS,
}  # fmt: skip
STEP_HOURS = 3
IP_ADDRESS, OCTETS, OBJECT_ID = 0x40, 0x04, 0x06
Rows = Sequence[Mapping[str, object]]


def value_of(element: bytes) -> SnmpValue:
    """A BER element as an engine hands it over."""
    tag, start, end = decode_header(element, 0, len(element))
    body = element[start:end]
    if tag == OBJECT_ID:
        return ".".join(map(str, decode_oid(body)))
    if tag == IP_ADDRESS:
        return ".".join(map(str, body))
    return body if tag == OCTETS else int.from_bytes(body, "big", signed=tag == 0x02)


def session(device: SimulatedDevice, target: Target, now_ns: int) -> FakeSession:
    """Everything that device answers to that credential at that time; nobody at home for another one."""
    assert target.snmp is not None
    assert target.snmp.community is not None
    view = device.views.get(target.snmp.community.reveal().encode())
    if view is None:
        return FakeSession(Answers({}), silent=True)
    return FakeSession(Answers({".".join(map(str, oid)): Cell(element[0], value_of(element)) for oid, element in view.items(now_ns)}))


def read(device: SimulatedDevice, now_ns: int, tables: Sequence[str] | None, snapshot: bool) -> Mapping[str, tuple[TableStatus, Rows]]:
    collector = SnmpCollector(lambda target, timeout: session(device, target, now_ns))
    target = v2c_target(community=device.identity.community, deadline_seconds=3_600.0)
    found = collector.collect(target, tables, StillClock(), snapshot).tables
    return {table.name: (table.status, table.rows) for table in found}


def site_evidence(site: Mapping[str, SimulatedDevice], rules: Sequence[Rule], names: Sequence[str] | None = None) -> Evidence:
    """Of all devices; histories only for those named (all where none are), which is what takes time."""
    made = [evidence_of(device, rules, histories=names is None or name in names) for name, device in sorted(site.items())]
    return Evidence("demo", "Demo", ("branch", "hq"), EPOCH_NS, "Europe/Stockholm", tuple(made))


def evidence_of(device: SimulatedDevice, rules: Sequence[Rule], histories: bool) -> Device:
    name = device.identity.name
    told = read(device, EPOCH_NS, None, snapshot=True)
    tables = {
        table: Table(table, tuple(dict(row) for row in rows), EPOCH_NS)
        if status is TableStatus.PROVIDED
        else Table(table, missing=STATUS_REASONS.get(status.value, Reason.NOT_PROVIDED))
        for table, (status, rows) in told.items()
    }
    if name in WRITERS:
        tables["configuration"] = Table("configuration", ({"source": "running", "text": WRITERS[name](device)},), EPOCH_NS)
    system = next(iter(tables["device"].rows), {})
    return Device(
        id=name, name=name, address=device.identity.address, site="hq" if name.startswith("hq") else "branch", role=ROLES[name],
        os=_word(system, "os"), version=_word(system, "version"), model=_word(system, "model"), last_seen_ns=EPOCH_NS, tables=tables,
        histories=tuple(history_of(device, rules)) if histories else (),
    )  # fmt: skip


def _word(row: Mapping[str, object], field: str) -> str | None:
    return str(row[field]) if row.get(field) is not None else None


def history_of(device: SimulatedDevice, rules: Sequence[Rule]) -> Iterator[History]:
    """One history a series, field and window that a rule asks for."""
    windows: dict[tuple[str, str], set[int]] = {}
    for need in (need for rule in rules if rule.applies_to(_bare(device)) for need in rule.needs):
        for field in need.fields:
            windows.setdefault((need.table, field), set()).add(need.days)
    if not windows:
        return
    wanted, days = sorted({table for table, _ in windows}), max(day for found in windows.values() for day in found)
    series: dict[tuple[str, str, tuple[tuple[str, str], ...]], list[tuple[int, float]]] = {}
    for step in range(min(days, 30) * 24 // STEP_HOURS, -1, -1):
        now_ns = EPOCH_NS - step * STEP_HOURS * HOUR_NS
        for table, (_, rows) in read(device, now_ns, wanted, snapshot=False).items():
            for row in rows:
                key = tuple((name, str(row.get(name))) for name in TABLES[table].key)
                for field in TABLES[table].series:
                    if isinstance(value := row.get(field), int | float):
                        series.setdefault((table, field, key), []).append((now_ns, float(value)))
    for (table, field, key), samples in sorted(series.items()):
        for window in sorted(windows.get((table, field), ())):
            inside = [sample for sample in samples if sample[0] > EPOCH_NS - window * 24 * HOUR_NS]
            if inside:
                line = Line(SeriesKey(table, "agent-device", key, field), [t for t, _ in inside], [v for _, v in inside])
                kind = TABLES[table].series[field].kind
                yield summarise(line, kind, window, ZONE, Steps.of_growth(growth(line)) if kind is Kind.COUNTER else None)


def _bare(device: SimulatedDevice) -> Device:
    """Enough of a device to ask which rules are about it; a voice gateway counts as one."""
    name = device.identity.name
    role = Role.VOICE_GATEWAY if name.endswith("rtr") else ROLES[name]
    return Device(id=name, name=name, address=device.identity.address, site="hq", role=role)
