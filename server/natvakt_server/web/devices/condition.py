"""How a device is right now, and why: from the newest values, not from the last assessment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from natvakt_server.domain.estate import Device, Row
from natvakt_server.web.devices.history import DeviceSeries, RowKey
from natvakt_server.web.states import FRESH_NS, Condition, Reason, State, condition

Values = Mapping[RowKey, Mapping[str, float]]
HOUR_NS = 3_600_000_000_000
TABLES = ("reachability", "cpu", "memory", "storage", "interface", "device")
CPU_WARNING = 0.90
MEMORY_WARNING, STORAGE_WARNING, STORAGE_CRITICAL = 0.95, 0.90, 0.97
UP, DOWN = 1, 2
BAD_STATES: Mapping[str, State] = {
    "critical": State.CRITICAL,
    "failed": State.CRITICAL,
    "shutdown": State.CRITICAL,
    "notFunctioning": State.CRITICAL,
    "down": State.CRITICAL,
    "offEnvPower": State.CRITICAL,
    "offEnvFan": State.CRITICAL,
    "offEnvTemp": State.CRITICAL,
    "failedButOn": State.CRITICAL,
    "warning": State.WARNING,
    "nonoperational": State.WARNING,
}


@dataclass(frozen=True, slots=True)
class Now:
    """The newest values by table, and the documents' rows."""

    values: Mapping[str, Values]
    documents: Mapping[str, Sequence[Row]]


def read_now(series: DeviceSeries, documents: Mapping[str, Sequence[Row]], now_ns: int) -> Now:
    wanted = [name for name in TABLES if name in documents or name in ("reachability", "device")]
    return Now({name: series.latest(name, now_ns - HOUR_NS) for name in wanted}, documents)


def device_condition(device: Device, now: Now, now_ns: int) -> Condition:
    reasons = list(_answering(device, now, now_ns))
    if any(reason.state is State.NOT_OBSERVED for reason in reasons):
        return condition(reasons)
    return condition([*reasons, *_load(now), *_sensors(now), *_links(now)])


def _answering(device: Device, now: Now, now_ns: int) -> Iterator[Reason]:
    answers = {dict(row).get("method", ""): fields.get("up") for row, fields in now.values.get("reachability", {}).items()}
    told = [up for up in answers.values() if up is not None]
    if told and not any(told):
        yield Reason(State.CRITICAL, "reason-unreachable")
    elif answers.get("snmp") == 0:
        yield Reason(State.WARNING, "reason-snmp-silent")
    elif not device.last_seen_ns or now_ns - device.last_seen_ns >= FRESH_NS:
        yield Reason(State.NOT_OBSERVED, "reason-stale" if device.last_seen_ns else "reason-never-seen")


def _load(now: Now) -> Iterator[Reason]:
    busiest = max((fields.get("used_ratio", 0.0) for fields in now.values.get("cpu", {}).values()), default=0.0)
    if busiest >= CPU_WARNING:
        yield Reason(State.WARNING, "reason-cpu", (("share", round(100 * busiest)),))
    for table, word, limits in (
        ("memory", "reason-memory", ((MEMORY_WARNING, State.WARNING),)),
        ("storage", "reason-storage", ((STORAGE_CRITICAL, State.CRITICAL), (STORAGE_WARNING, State.WARNING))),
    ):
        fullest = max((_share(fields) for fields in now.values.get(table, {}).values()), default=0.0)
        passed = next((state for limit, state in limits if fullest >= limit), None)
        if passed is not None:
            yield Reason(passed, word, (("share", round(100 * fullest)),))


def _share(fields: Mapping[str, float]) -> float:
    return fields.get("used_bytes", 0.0) / fields["total_bytes"] if fields.get("total_bytes") else 0.0


def _sensors(now: Now) -> Iterator[Reason]:
    for row in now.documents.get("sensor", ()):
        state = BAD_STATES.get(str(row.get("state")))
        if state is not None:
            yield Reason(state, "reason-sensor", (("name", row.get("name")), ("state", row.get("state"))))


def _links(now: Now) -> Iterator[Reason]:
    """Ports that are switched on, were seen to have a neighbour, and are down."""
    linked = {str(row.get("local_ifIndex")): str(row.get("remote_name")) for row in now.documents.get("neighbour", ())}
    names = {str(row.get("ifIndex")): str(row.get("ifName") or row.get("ifDescr")) for row in now.documents.get("interface", ())}
    for row, fields in now.values.get("interface", {}).items():
        index = dict(row).get("ifIndex", "")
        if index in linked and fields.get("ifAdminStatus") == UP and fields.get("ifOperStatus") == DOWN:
            yield Reason(State.CRITICAL, "reason-link-down", (("port", names.get(index, index)), ("peer", linked[index])))
