"""Judges every backup of every customer again and again, and keeps how each stands."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from zoneinfo import ZoneInfo

from natvakt_server.domain.backup_jobs.expecting import (
    ALL_DEVICES,
    CONFIGURATION,
    TABLE,
    Book,
    ExpectationBook,
    by_place,
    expected_of_configuration,
    expected_of_job,
    observed_of_row,
    zone_of,
)
from natvakt_server.domain.backup_jobs.judging import Expectation, Observed, Run, judge
from natvakt_server.domain.backup_jobs.standing import BackupSource, Standing, StandingBook, ToldConfiguration
from natvakt_server.domain.clock import Clock
from natvakt_server.domain.estate import Customer, EstateReader, Row
from natvakt_server.domain.series import Query, SeriesReader, Tier
from natvakt_server.domain.tiers import DAY_NS
from natvakt_server.jobs.backup_occasions import BackupTeller

USUAL_NS, USUAL_AGAIN_NS, LATEST_NS = 30 * DAY_NS, DAY_NS, 2 * DAY_NS
CONFIGURATION_USUAL_DAYS = 99  # one version before is enough to call a size usual
UTC_ZONE = ZoneInfo("UTC")
Key = tuple[str, str]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Usual:
    bytes: int | None
    days: int
    at_ns: int


@dataclass(frozen=True, slots=True)
class Figures:
    values: Mapping[str, float] = field(default_factory=dict)
    told_ns: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one backup; `observed` None: nothing at all."""

    device: str
    job: str
    observed: Observed | None
    usual_ns: int = 0
    saved: bool | None = None
    row: Row = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BackupWatch:
    estate: EstateReader
    series: SeriesReader
    source: BackupSource
    expectations: ExpectationBook
    book: StandingBook
    clock: Clock

    def look(self) -> int:
        """All customers. Answers how many backups turned. Raises StoreUnavailable, SeriesUnavailable."""
        said = by_place(self.expectations.expectations(None))
        turned = sum(self.look_at(customer, said) for customer in self.estate.customers())
        if turned:
            _log.info("event=backups-turned count=%d", turned)
        return turned

    def look_at(self, customer: Customer, said: Book) -> int:
        now_ns, tenant, zone = self.clock.wall_ns(), customer.tenant, zone_of(customer.time_zone) or UTC_ZONE
        found = {(each.device, each.job): each for each in [*self._jobs(tenant, now_ns), *self._configurations(tenant)]}
        # What a person expects and no agent tells of: a job that was renamed, a device that is gone.
        expected = [(device, job) for owner, device, job in said if owner == tenant and device != ALL_DEVICES]
        missing = [Told(device, job, None) for device, job in expected if (device, job) not in found]
        standings = [_judged(tenant, each, _expected(tenant, each, said, zone), now_ns) for each in [*found.values(), *missing]]
        devices = {each.id: each for each in self.estate.devices(tenant)} if standings else {}
        return len(self.book.keep(tenant, standings, BackupTeller(devices)))

    def _jobs(self, tenant: str, now_ns: int) -> Iterator[Told]:
        documents = self.source.told_jobs(tenant)
        if not documents:
            return
        kept = {each.place: each for each in self.book.kept(tenant)}
        figures = self._figures(tenant, sorted({each.agent_device for each in documents}), now_ns)
        aged = {each.agent_device for each in documents for row in each.rows if _is_old(kept.get((each.device, _name(row))), now_ns)}
        usual = self._usual(tenant, sorted(aged), now_ns)
        for document in documents:
            for row in document.rows:
                key, before = (document.agent_device, _name(row)), kept.get((document.device, _name(row)))
                common = usual.get(key) or _usual_before(before, now_ns)
                newest = figures.get(key, Figures())
                whole = {**row, **newest.values}
                observed = observed_of_row(whole, max(document.confirmed_ns, newest.told_ns), common.bytes, common.days)
                yield Told(document.device, _name(row), observed, common.at_ns, row=whole)

    def _figures(self, tenant: str, agent_devices: Sequence[str], now_ns: int) -> Mapping[Key, Figures]:
        """The newest ones of each job, by the agent's device and the job's name."""
        found: dict[Key, dict[str, tuple[int, float]]] = {}
        for key, newest in self.series.latest(tenant, TABLE, agent_devices, now_ns - LATEST_NS).items():
            found.setdefault((key.device, dict(key.tags).get("job", "")), {})[key.field] = newest
        return {
            place: Figures({name: value for name, (_, value) in each.items()}, max(time_ns for time_ns, _ in each.values()))
            for place, each in found.items()
        }

    def _usual(self, tenant: str, agent_devices: Sequence[str], now_ns: int) -> Mapping[Key, Usual]:
        """The median size over 30 days, and on how many days there was one."""
        if not agent_devices:
            return {}
        query = Query(TABLE, ("bytes",), agent_devices, now_ns - USUAL_NS, now_ns, tier=Tier.HOUR)
        return {
            (line.key.device, dict(line.key.tags).get("job", "")): Usual(
                round(median(line.values)), len({time_ns // DAY_NS for time_ns in line.times_ns}), now_ns
            )
            for line in self.series.lines(tenant, query)
            if line.values
        }

    def _configurations(self, tenant: str) -> Iterator[Told]:
        for each in self.source.told_configurations(tenant):
            yield Told(each.device, CONFIGURATION, _observed(each), saved=each.saved)


def _is_old(kept: Standing | None, now_ns: int) -> bool:
    return kept is None or now_ns - kept.usual_ns >= USUAL_AGAIN_NS


def _usual_before(kept: Standing | None, now_ns: int) -> Usual:
    """What was worked out less than a day ago; else there is none, and it is looked for again in a day."""
    if kept is None or _is_old(kept, now_ns):
        return Usual(None, 0, now_ns)
    return Usual(kept.usual_bytes, kept.usual_days, kept.usual_ns)


def _name(row: Row) -> str:
    return str(row.get("job", ""))


def _expected(tenant: str, told: Told, said: Book, zone: ZoneInfo) -> Expectation:
    own = said.get((tenant, told.device, told.job))
    if told.job == CONFIGURATION:
        return expected_of_configuration(own or said.get((tenant, ALL_DEVICES, CONFIGURATION)), zone)
    return expected_of_job(own, told.row, zone)


def _observed(told: ToldConfiguration) -> Observed:
    """A reading that was cut off since the newest whole one is a run that failed."""
    failed = told.cut_off_ns is not None and told.cut_off_ns > (told.read_ns or 0)
    return Observed(
        told_ns=max(told.seen_ns, told.read_ns or 0, told.cut_off_ns or 0),
        run=Run.FAILED if failed else Run.NEVER if told.read_ns is None else Run.OK,
        success_ns=told.read_ns,
        bytes=told.octets,
        usual_bytes=told.usual_octets,
        usual_days=CONFIGURATION_USUAL_DAYS if told.usual_octets else 0,
    )


def _judged(tenant: str, told: Told, expected: Expectation, now_ns: int) -> Standing:
    known, verdict = told.observed or Observed(0), judge(expected, told.observed, now_ns)
    return Standing(
        tenant=tenant,
        device=told.device,
        job=told.job,
        state=verdict.state,
        reason=verdict.reason,
        since_ns=now_ns,
        judged_ns=now_ns,
        told_ns=known.told_ns,
        origin=expected.origin,
        schedule=expected.written,
        success_ns=known.success_ns,
        due_ns=verdict.due_ns,
        next_ns=verdict.next_ns,
        late_ns=verdict.late_ns,
        missed=verdict.missed,
        bytes=known.bytes,
        usual_bytes=None if known.usual_bytes is None else round(known.usual_bytes),
        usual_days=known.usual_days,
        usual_ns=told.usual_ns,
        restore_test_ns=known.restore_test_ns,
        saved=told.saved,
        kind=str(told.row.get("kind") or ""),
        target=str(told.row.get("target") or ""),
        detail=str(told.row.get("detail") or ""),
    )
