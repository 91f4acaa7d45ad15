"""What monitoring is to see of a batch: a few figures out of its series tables, small enough to lie beside the inbox."""

from collections.abc import Callable, Iterator, Sequence

from natvakt_server.domain.observation import Aspect, Observed
from natvakt_server.domain.series import SeriesTable

UP, DOWN = 1, 2  # IF-MIB ifOperStatus, ifAdminStatus
Values = dict[str, tuple[list[int], list[float]]]


def observations(tables: Sequence[SeriesTable]) -> Sequence[Observed]:
    return [each for table in tables if table.measurement in _READERS for each in _READERS[table.measurement](table)]


def _plain(aspect: Aspect, field: str, key: str) -> Callable[[SeriesTable], Iterator[Observed]]:
    """One figure of each row."""

    def read(table: SeriesTable) -> Iterator[Observed]:
        found: Values = {}
        for part, time_ns, value in zip(table.tags.get(key, ()), table.times_ns, table.fields.get(field, ()), strict=False):
            if value is not None:
                _put(found, part, time_ns, float(value))
        return _observed(table, aspect, found)

    return read


def _share(aspect: Aspect) -> Callable[[SeriesTable], Iterator[Observed]]:
    def read(table: SeriesTable) -> Iterator[Observed]:
        found: Values = {}
        columns = (table.tags.get("index", ()), table.times_ns, table.fields.get("used_bytes", ()), table.fields.get("total_bytes", ()))
        for part, time_ns, used, total in zip(*columns, strict=False):
            if used is not None and total:
                _put(found, part, time_ns, used / total)
        return _observed(table, aspect, found)

    return read


def _reachability(table: SeriesTable) -> Iterator[Observed]:
    for aspect, field in ((Aspect.ANSWER, "up"), (Aspect.LOSS, "loss_ratio"), (Aspect.DELAY, "rtt_seconds")):
        yield from _plain(aspect, field, "method")(table)


def _ports(table: SeriesTable) -> Iterator[Observed]:
    """Only those that are down though switched on: most ports of most switches are as they should be."""
    down: dict[int, list[str]] = {}
    columns = (table.tags.get("ifIndex", ()), table.times_ns, table.fields.get("ifOperStatus", ()), table.fields.get("ifAdminStatus", ()))
    for index, time_ns, oper, admin in zip(*columns, strict=False):
        if oper is not None and admin is not None:
            ports = down.setdefault(time_ns, [])
            if oper == DOWN and admin == UP:
                ports.append(index)
    found: Values = {}
    for time_ns, ports in sorted(down.items()):
        _put(found, ",".join(sorted(ports)), time_ns, float(len(ports)))
    return _observed(table, Aspect.PORTS, found)


def _put(found: Values, part: str, time_ns: int, value: float) -> None:
    times, values = found.setdefault(part, ([], []))
    times.append(time_ns)
    values.append(value)


def _observed(table: SeriesTable, aspect: Aspect, found: Values) -> Iterator[Observed]:
    for part, (times, values) in found.items():
        yield Observed(table.device, aspect, part, times, values)


_READERS: dict[str, Callable[[SeriesTable], Iterator[Observed]]] = {
    "reachability": _reachability,
    "cpu": _plain(Aspect.CPU, "used_ratio", "index"),
    "memory": _share(Aspect.MEMORY),
    "storage": _share(Aspect.STORAGE),
    "interface": _ports,
}
