"""Reads what the rules want to know of the past: one read per table and window for DEVICES_AT_ONCE devices, summarised.

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

FINE_DAYS = 7  # up to here five-minute roll-ups where a need does not say that hours do, beyond the hourly ones
DEVICES_AT_ONCE = 4  # a week of 48 ports of each is some 60 MiB until it is summarised
Latest = Mapping[SeriesKey, tuple[int, float]]
Tags = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One read: fields of a table over so many days in steps of a tier, those wanted by the hour, for devices of these roles (all where
    empty) and for rows of which one of `worth` holds (all where empty).
    """

    table: str
    days: int
    tier: Tier
    fields: Sequence[str]
    by_hour: frozenset[str]
    roles: frozenset[Role]
    worth: tuple[Worth, ...]


def merged_needs(rules: Iterable[Rule]) -> Sequence[Wanted]:
    """The fields of all rules together by table and days, in order; a field is read once, in the finest steps that a rule asks for."""
    grouped: dict[tuple[str, int], list[Need]] = {}
    for need in (need for rule in rules for need in rule.needs):
        grouped.setdefault((need.table, need.days), []).append(need)
    return [wanted for (table, days), needs in sorted(grouped.items(), key=lambda each: each[0]) for wanted in _by_tier(table, days, needs)]


def _by_tier(table: str, days: int, needs: Sequence[Need]) -> Iterator[Wanted]:
    fine = {name for need in needs if days <= FINE_DAYS and not need.hourly for name in need.fields}
    coarse = {name for need in needs for name in need.fields} - fine
    for tier, names in ((Tier.FIVE_MINUTES, fine), (Tier.HOUR, coarse)):
        asking = [need for need in needs if names.intersection(need.fields)]
        if asking:
            yield Wanted(
                table,
                days,
                tier,
                sorted(names),
                frozenset(name for need in asking if need.by_hour for name in need.fields),
                frozenset() if any(not need.roles for need in asking) else frozenset().union(*(need.roles for need in asking)),
                () if any(need.worth is None for need in asking) else tuple(need.worth for need in asking if need.worth is not None),
            )


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
                for place in range(0, len(agent_ids), DEVICES_AT_ONCE):
                    self._read(wanted, agent_ids[place : place + DEVICES_AT_ONCE], tags)
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
        definition = TABLES[wanted.table]
        columns = [column for name in wanted.fields for column in stored_columns(definition, name)]
        start_ns = self.as_of_ns - wanted.days * DAY_NS
        query = Query(wanted.table, columns, agent_ids, start_ns, self.as_of_ns + 1, dict(tags), wanted.tier)
        for device, history in summaries(self.series.lines(self.tenant, query), definition, wanted, self.zone, WIDTH_NS[wanted.tier]):
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
