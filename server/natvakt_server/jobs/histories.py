"""Reads what the rules want to know of the past: one read per table and window for all devices at once, summarised.

A need that is worth its cost for few rows only (`Need.worth`) is read for those: the shorter windows of the same table say which.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from natvakt_server.analysis.evidence import History
from natvakt_server.analysis.history import Steps, summarise
from natvakt_server.analysis.rule import Need, Rule, Worth
from natvakt_server.domain import estate
from natvakt_server.domain.registry import TABLES, Kind, Role, TableDefinition
from natvakt_server.domain.series import Line, Query, SeriesKey, SeriesReader, Tier
from natvakt_server.domain.tiers import DAY_NS, WIDTH_NS

FINE_DAYS = 7  # up to here five-minute roll-ups, beyond the hourly ones
Latest = Mapping[SeriesKey, tuple[int, float]]
Tags = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One read: fields of a table over so many days, those wanted by the hour, for devices of these roles (all where empty) and for
    rows of which one of `worth` holds (all where empty).
    """

    table: str
    days: int
    fields: Sequence[str]
    by_hour: frozenset[str]
    roles: frozenset[Role]
    worth: tuple[Worth, ...]


def merged_needs(rules: Iterable[Rule]) -> Sequence[Wanted]:
    """The fields of all rules together by table and days, in order."""
    grouped: dict[tuple[str, int], list[Need]] = {}
    for need in (need for rule in rules for need in rule.needs):
        grouped.setdefault((need.table, need.days), []).append(need)
    return [
        Wanted(
            table,
            days,
            sorted({name for need in needs for name in need.fields}),
            frozenset(name for need in needs if need.by_hour for name in need.fields),
            frozenset() if any(not need.roles for need in needs) else frozenset().union(*(need.roles for need in needs)),
            () if any(need.worth is None for need in needs) else tuple(need.worth for need in needs if need.worth is not None),
        )
        for (table, days), needs in sorted(grouped.items(), key=lambda each: each[0])
    ]


@dataclass(slots=True)
class Past:
    """Of the devices of a customer at a moment. `latest`: the newest values by table."""

    series: SeriesReader
    tenant: str
    devices: Sequence[estate.Device]
    latest: Mapping[str, Latest]
    as_of_ns: int
    zone: ZoneInfo
    _found: dict[str, list[History]] = field(default_factory=dict, init=False)

    def histories(self, rules: Iterable[Rule]) -> Mapping[str, list[History]]:
        """By agent device id."""
        for wanted in merged_needs(rules):
            for agent_ids, tags in self._places(wanted):
                if agent_ids:
                    self._read(wanted, agent_ids, tags)
        return self._found

    def _places(self, wanted: Wanted) -> Sequence[tuple[Sequence[str], Tags]]:
        """Agent device ids, with the tags of the one row that is read of them; no tags: every row."""
        ids = [a for d in self.devices if not wanted.roles or d.role in wanted.roles for a in d.agent_devices]
        if not wanted.worth:
            return [(ids, ())]
        newest: dict[tuple[str, Tags], dict[str, float]] = {}
        for key, (_, value) in self.latest.get(wanted.table, {}).items():
            newest.setdefault((key.device, key.tags), {})[key.field] = value
        rows: dict[Tags, set[str]] = {}
        for device in ids:
            for history in self._found.get(device, ()):
                tags = tuple(sorted(history.key.items()))
                asked = history.table == wanted.table and history.field in wanted.fields
                if asked and any(is_worth_it(history, newest.get((device, tags), {})) for is_worth_it in wanted.worth):
                    rows.setdefault(tags, set()).add(device)
        return [(sorted(found), tags) for tags, found in sorted(rows.items())]

    def _read(self, wanted: Wanted, agent_ids: Sequence[str], tags: Tags) -> None:
        tier = Tier.FIVE_MINUTES if wanted.days <= FINE_DAYS else Tier.HOUR
        definition = TABLES[wanted.table]
        columns = [column for name in wanted.fields for column in stored_columns(definition, name)]
        start_ns = self.as_of_ns - wanted.days * DAY_NS
        query = Query(wanted.table, columns, agent_ids, start_ns, self.as_of_ns + 1, dict(tags), tier)
        for device, history in summaries(self.series.lines(self.tenant, query), definition, wanted, self.zone, WIDTH_NS[tier]):
            self._found.setdefault(device, []).append(history)


def stored_columns(definition: TableDefinition, name: str) -> Sequence[str]:
    """Columns a rolled-up tier keeps for a field, as far as a summary reads them."""
    if definition.series[name].kind is Kind.COUNTER:
        return (name, f"{name}_increase", f"{name}_seconds")
    return (name,)


def summaries(
    lines: Sequence[Line], definition: TableDefinition, wanted: Wanted, zone: ZoneInfo, width_ns: int
) -> Iterator[tuple[str, History]]:
    """One history per row and field, with the agent's device id."""
    rows: dict[tuple[str, Tags], dict[str, Line]] = {}
    for line in lines:
        if line.times_ns:
            rows.setdefault((line.key.device, line.key.tags), {})[line.key.field] = line
    for (device, _), by_name in sorted(rows.items()):
        for name in wanted.fields:
            if name in by_name:
                kind = definition.series[name].kind
                steps = _steps(by_name, name, width_ns) if kind is Kind.COUNTER else None
                yield device, summarise(by_name[name], kind, wanted.days, zone, steps, by_hour=name in wanted.by_hour)


def _steps(by_name: Mapping[str, Line], name: str, width_ns: int) -> Steps | None:
    increase, seconds = by_name.get(f"{name}_increase"), by_name.get(f"{name}_seconds")
    return None if increase is None or seconds is None else Steps.of_roll_up(increase, seconds, width_ns)
