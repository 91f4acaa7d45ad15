"""Makes the frozen evidence of a customer's sites from the estate and the time series.

A table is the newest document joined with the newest value of each series of the same row; a history is one series over
the days a rule asks for, summarised. What a rule may not judge is said with the reason: the device was away, refused, has
no such MIB, or the newest answer is older than two of the table's own intervals.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from natvakt_server.analysis.evidence import (
    Acceptance,
    Answer,
    Contract,
    Device,
    Evidence,
    ExpectedBackup,
    Happening,
    History,
    MonthAvailability,
    Reason,
    Table,
)
from natvakt_server.analysis.hardware import pieces
from natvakt_server.analysis.rule import HEARD_DAYS, Rule
from natvakt_server.domain import estate
from natvakt_server.domain.acceptance import AcceptanceStore
from natvakt_server.domain.answers import AnswerBook
from natvakt_server.domain.backup_jobs.expecting import CONFIGURATION, ExpectationBook
from natvakt_server.domain.configuration.history import KIND, ConfigurationHistory, Source
from natvakt_server.domain.contracts import ContractBook
from natvakt_server.domain.events import EventLog
from natvakt_server.domain.policy import CustomerPolicy
from natvakt_server.domain.registry import TABLES, TableDefinition
from natvakt_server.domain.series import SeriesReader
from natvakt_server.domain.tiers import DAY_NS, SECOND_NS
from natvakt_server.jobs.histories import Latest, Past
from natvakt_server.knowledge.known import Asked, Known, cut_out
from natvakt_server.knowledge.ports import KnowledgeReader

STALE_CYCLES = 2
STALE_FLOOR_NS = 2 * 3600 * SECOND_NS  # a slow lane or a short outage is not yet stale
LATEST_NS = 2 * DAY_NS
MOST_HEARD = 20_000  # of a customer's week; the newest count

STATUS_REASONS: Mapping[str, Reason] = {
    "not-provided": Reason.NOT_PROVIDED,
    "no-access": Reason.NO_ACCESS,
    "unreachable": Reason.UNREACHABLE,
    "failed": Reason.NOT_PROVIDED,
}


def nothing_measured(customer: estate.Customer, sites: Sequence[str], as_of_ns: int) -> tuple[MonthAvailability, ...]:
    del customer, sites, as_of_ns
    return ()


@dataclass(frozen=True, slots=True)
class EvidenceMaker:
    """Reads through the ports; the same stores at the same moment give the same evidence."""

    reader: estate.EstateReader
    series: SeriesReader
    rules: Sequence[Rule]
    configurations: ConfigurationHistory
    acceptances: AcceptanceStore
    policy_of: Callable[[str], CustomerPolicy] = CustomerPolicy
    knowledge: KnowledgeReader | None = None
    contracts: ContractBook | None = None
    answers: AnswerBook | None = None
    events: EventLog | None = None
    expectations: ExpectationBook | None = None
    availability: Callable[[estate.Customer, Sequence[str], int], tuple[MonthAvailability, ...]] = nothing_measured

    def freeze(self, tenant: str, sites: Sequence[str], as_of_ns: int) -> Evidence:
        """Evidence of all devices of those sites. Raises KeyError naming the customer when there is none."""
        customer = self.reader.customer(tenant)
        if customer is None:
            raise KeyError(tenant)
        devices = [d for site in sites for d in self.reader.devices(tenant, site)]
        agent_ids = [a for d in devices for a in d.agent_devices]
        latest = self._latest(tenant, agent_ids, as_of_ns)
        past = Past(self.series, tenant, devices, latest, as_of_ns, ZoneInfo(customer.time_zone))
        histories = past.histories(self.rules)
        texts = self._texts(tenant, devices)
        heard = self._heard(tenant, as_of_ns)
        made = [
            self._device(tenant, device, latest, histories, texts.get(device.id), heard.get(device.id, ()), as_of_ns)
            for device in sorted(devices, key=lambda d: d.id)
        ]
        set_otherwise = self.policy_of(tenant)
        accepted = tuple(Acceptance(a.finding, a.until, a.reason, a.by, a.accepted_ns) for a in self.acceptances.accepted(tenant))
        zone = customer.time_zone
        return Evidence(
            tenant,
            customer.name,
            tuple(sorted(sites)),
            as_of_ns,
            zone,
            tuple(made),
            dict(set_otherwise.numbers),
            contracts=self._contracts(tenant),
            answers=self._answers(tenant),
            acceptances=accepted,
            expected_backups=self._expected_backups(tenant),
            availability=self.availability(customer, sites, as_of_ns),
            knowledge=self._known(made),
            places={kind: tuple(found) for kind, found in set_otherwise.places.items()},
        )

    def _contracts(self, tenant: str) -> tuple[Contract, ...] | None:
        given = self.contracts.contracts(tenant) if self.contracts else None
        return None if given is None else tuple(Contract(each.serial, each.number, each.ends_on) for each in given.contracts)

    def _answers(self, tenant: str) -> tuple[Answer, ...]:
        given = self.answers.answers(tenant) if self.answers else ()
        return tuple(Answer(each.rule, each.device, each.holds, each.given_ns, each.by, each.remark) for each in given)

    def _expected_backups(self, tenant: str) -> tuple[ExpectedBackup, ...]:
        said = self.expectations.expectations(tenant) if self.expectations else ()
        return tuple(
            ExpectedBackup(each.device, each.job, each.schedule, each.time_zone, each.grace_seconds, each.said_ns, each.by)
            for each in said
            if each.job != CONFIGURATION
        )

    def _known(self, devices: Sequence[Device]) -> Known:
        """What is known of these devices' versions and products at this moment; nothing without a knowledge base."""
        if self.knowledge is None:
            return Known()
        asked = [Asked(each.os, each.version, each.model, tuple(piece.pid for piece in pieces(each))) for each in devices]
        return cut_out(self.knowledge, asked)

    def _latest(self, tenant: str, agent_ids: Sequence[str], as_of_ns: int) -> Mapping[str, Latest]:
        """By measurement; only tables that some rule reads."""
        if not agent_ids:
            return {}
        names = read_tables(self.rules) | {need.table for rule in self.rules for need in rule.needs}
        with_series = sorted(name for name in names if TABLES[name].series)
        return {name: self.series.latest(tenant, name, agent_ids, as_of_ns - LATEST_NS) for name in with_series}

    def _heard(self, tenant: str, as_of_ns: int) -> Mapping[str, Sequence[Happening]]:
        """By device; only what some rule listens for."""
        mnemonics = sorted({name for rule in self.rules for name in rule.listens})
        if self.events is None or not mnemonics:
            return {}
        found: dict[str, list[Happening]] = {}
        for event in reversed(self.events.named(tenant, mnemonics, as_of_ns - HEARD_DAYS * DAY_NS, MOST_HEARD)):
            if event.told.at_ns <= as_of_ns:
                happening = Happening(event.told.at_ns, event.told.name, event.told.message, event.told.count)
                found.setdefault(event.device_id, []).append(happening)
        return found

    def _texts(self, tenant: str, devices: Sequence[estate.Device]) -> Mapping[str, str]:
        """Newest whole running configurations by device; only where some rule reads them."""
        if KIND not in read_tables(self.rules):
            return {}
        return self.configurations.newest_configurations(tenant, [device.id for device in devices], Source.RUNNING)

    def _device(
        self,
        tenant: str,
        device: estate.Device,
        latest: Mapping[str, Latest],
        histories: Mapping[str, list[History]],
        running: str | None,
        heard: Sequence[Happening],
        as_of_ns: int,
    ) -> Device:
        snapshots = {s.kind: s for s in self.reader.snapshots(tenant, device.id)}
        statuses = {
            str(row.get("table")): str(row.get("status")) for row in (snapshots["collection"].rows if "collection" in snapshots else ())
        }
        names = sorted(read_tables(self.rules))
        tables = {name: table_of(TABLES[name], device, snapshots.get(name), latest.get(name, {}), statuses, as_of_ns) for name in names}
        if KIND in tables:
            tables[KIND] = configuration_of(tables[KIND], running)
        own = [h for agent_device in device.agent_devices for h in histories.get(agent_device, ())]
        return Device(
            id=device.id,
            name=device.name,
            address=device.address,
            site=device.site,
            role=device.role,
            os=device.os,
            version=device.version,
            model=device.model,
            serial=device.serial,
            base_mac=device.base_mac,
            last_seen_ns=device.last_seen_ns,
            origin=device.origin,
            tables=tables,
            histories=tuple(sorted(own, key=lambda h: (h.table, h.field, h.window_days, sorted(h.key.items())))),
            happenings=tuple(heard),
        )


def read_tables(rules: Iterable[Rule]) -> set[str]:
    """Every table some rule looks at."""
    return {name for rule in rules for name in (*rule.tables, *rule.beside)}


def table_of(
    definition: TableDefinition,
    device: estate.Device,
    snapshot: estate.Snapshot | None,
    latest: Latest,
    statuses: Mapping[str, str],
    as_of_ns: int,
) -> Table:
    """Rows of a table, or the reason why there are none to judge."""
    own = set(device.agent_devices)
    series: dict[tuple[str, ...], dict[str, object]] = {}
    newest = 0
    for key, (time_ns, value) in latest.items():
        if key.device in own:
            tags = dict(key.tags)
            row = series.setdefault(tuple(tags.get(name, "") for name in definition.key), {})
            row[key.field] = value
            newest = max(newest, time_ns)
    rows = joined(definition, snapshot.rows if snapshot else (), series)
    seen_ns = max(newest, snapshot.confirmed_ns if snapshot else 0)
    status = statuses.get(definition.name, "not-provided" if not seen_ns else "provided")
    if not seen_ns or (not rows and status != "provided"):
        return Table(definition.name, missing=STATUS_REASONS.get(status, Reason.NOT_PROVIDED))
    if as_of_ns - seen_ns > max(STALE_FLOOR_NS, STALE_CYCLES * definition.interval_seconds * SECOND_NS):
        return Table(definition.name, observed_ns=seen_ns, missing=Reason.UNREACHABLE if status == "unreachable" else Reason.STALE)
    return Table(definition.name, tuple(rows), seen_ns)


def configuration_of(told: Table, running: str | None) -> Table:
    """The one row that may be judged, with its text: the newest whole running configuration, even if a reading since was cut off."""
    row = next((row for row in told.rows if row.get("source") == Source.RUNNING), None)
    if told.missing not in {None, Reason.NOT_PROVIDED}:
        return told
    if row is None or running is None:
        return Table(KIND, observed_ns=told.observed_ns, missing=Reason.NO_CONFIG)
    whole = {"complete": True, "incomplete_reason": None} if row.get("complete") is False else {}
    return Table(KIND, ({**row, **whole, "text": running},), told.observed_ns)


def joined(
    definition: TableDefinition, document: Sequence[estate.Row], series: Mapping[tuple[str, ...], Mapping[str, object]]
) -> list[dict[str, object]]:
    """Document rows with the newest series of the same key; rows that only one side knows are kept."""
    left = dict(series)
    rows: list[dict[str, object]] = []
    for row in document:
        key = tuple(str(row.get(name, "")) for name in definition.key)
        rows.append({**row, **left.pop(key, {})})
    for key in sorted(left):
        rows.append({**dict(zip(definition.key, key, strict=True)), **left[key]})
    return rows
