"""Rows of backup jobs and of configurations, and how one of them stands."""

from collections.abc import Callable, Mapping, Sequence

from natvakt_server.domain.backup_jobs import judging
from natvakt_server.domain.backup_jobs.judging import Origin, Reason
from natvakt_server.domain.backup_jobs.standing import PlacedStanding, Standing
from natvakt_server.domain.tiers import SECOND_NS
from natvakt_server.web import tables
from natvakt_server.web.states import State
from natvakt_server.web.tables import Cell, CellsOnDemand, Column, Filter, Row, Table, arrange
from natvakt_server.web.visit import Visit

STATES: Mapping[judging.State, State] = {
    judging.State.FAILED: State.CRITICAL,
    judging.State.EMPTY: State.CRITICAL,
    judging.State.NEVER: State.CRITICAL,
    judging.State.LATE: State.CRITICAL,
    judging.State.SHRINKING: State.WARNING,
    judging.State.WARNING: State.WARNING,
    judging.State.NOT_OBSERVED: State.NOT_OBSERVED,
    judging.State.OK: State.OK,
    judging.State.RESTORE_TESTED: State.OK,
}
CUSTOMER = Column("customer", "customer")
COMMON = (
    Column("device", "device"),
    Column("reason", "backup-reason"),
    Column("good", "backup-last-good"),
    Column("expected", "backup-expected", optional=True),
    Column("since", "backup-since", optional=True),
)
JOB_COLUMNS = (
    *COMMON,
    Column("size", "backup-size", numeric=True, optional=True),
    Column("tested", "backup-restore-test", optional=True),
)
CONFIGURATION_COLUMNS = (*COMMON, Column("saved", "backup-saved", optional=True))
RESTORABLE = Column("restorable", "backup-restorable", optional=True)
Restorables = Mapping[str, bool | None]


def jobs_table(visit: Visit, found: Sequence[PlacedStanding], with_customer: bool) -> Table:
    columns = (Column("state", "backup-state"), *((CUSTOMER,) if with_customer else ()), Column("job", "backup-job"), *JOB_COLUMNS)
    rows = [_row(visit, each) for each in found]
    return arrange(visit, "jobs", columns, rows, "state", _filters(visit, found, with_customer))


def configurations_table(
    visit: Visit, found: Sequence[PlacedStanding], with_customer: bool, restorables: Restorables | None = None
) -> Table:
    """`restorables`: by device, as the newest assessment judged them; None: not asked for."""
    last = () if restorables is None else (RESTORABLE,)
    columns = (Column("state", "backup-state"), *((CUSTOMER,) if with_customer else ()), *CONFIGURATION_COLUMNS, *last)
    rows = [_row(visit, each, restorables or {}) for each in found]
    return arrange(visit, "configurations", columns, rows, "state", _filters(visit, found, with_customer))


def _filters(visit: Visit, found: Sequence[PlacedStanding], with_customer: bool) -> Sequence[Filter]:
    states = Filter("state", "backup-state", [(each.value, visit.speech(f"backup-state.{each}")) for each in judging.State])
    customers = sorted({(each.standing.tenant, each.customer) for each in found}, key=lambda pair: pair[1].casefold())
    return (states, Filter("customer", "customer", customers)) if with_customer else (states,)


def _row(visit: Visit, placed: PlacedStanding, restorables: Restorables | None = None) -> Row:
    each, speech = placed.standing, visit.speech

    def shown() -> str:
        return visit.url("backups.show", tenant=each.tenant, device_id=each.device, job=each.job or None)

    def device() -> Cell:
        name = placed.device_name or speech("backup-gone-device")
        return tables.plain(name, shown() if not each.job else device_address(visit, placed))

    makers: Mapping[str, Callable[[], Cell]] = {
        "state": lambda: state_cell(visit, each),
        "customer": lambda: tables.plain(placed.customer, visit.url("backups.customer", tenant=each.tenant)),
        "job": lambda: tables.plain(each.job, shown()),
        "device": device,
        "reason": lambda: tables.plain(reason_of(visit, each)),
        "good": lambda: tables.moment(each.success_ns, relative=True),
        "expected": lambda: tables.plain(expected_of(visit, each), quiet=each.origin is not Origin.PERSON),
        "since": lambda: tables.moment(each.since_ns, relative=True),
        "size": lambda: tables.quantity(each.bytes, lambda value: speech.scaled(value, "B", 1024)),
        "tested": lambda: tables.moment(each.restore_test_ns),
        "saved": lambda: tables.plain(speech(f"backup-saved.{word_of(each.saved)}"), quiet=each.saved is None),
        "restorable": lambda: restorable_cell(visit, (restorables or {}).get(each.device)),
    }
    return Row(CellsOnDemand(makers), {"state": each.state.value, "customer": each.tenant})


def restorable_cell(visit: Visit, value: bool | None) -> Cell:
    """What could not be put back is the first thing to see of a copy that is otherwise in order."""
    shown = State.NOT_OBSERVED if value is None else State.OK if value else State.WARNING
    return Cell(visit.speech(f"backup-restorable.{word_of(value)}"), order=shown.rank, state=shown)


def state_cell(visit: Visit, standing: Standing, href: str | None = None) -> Cell:
    """The worst first."""
    return Cell(visit.speech(f"backup-state.{standing.state}"), order=judging.RANKS[standing.state], state=shown_state(standing), href=href)


def shown_state(standing: Standing) -> State:
    """Who waits for a first run that is not due yet has no reason to be alarmed."""
    return State.WARNING if standing.reason is Reason.FIRST_RUN_AWAITED else STATES[standing.state]


def reason_of(visit: Visit, standing: Standing) -> str:
    speech = visit.speech
    return speech(
        f"backup-reason.{standing.reason}",
        told=speech.local(standing.told_ns) if standing.told_ns else speech("never"),
        next=speech.local(standing.next_ns) if standing.next_ns else "",
        missed=speech.number(standing.missed),
        late=speech.duration(None if standing.late_ns is None else standing.late_ns / SECOND_NS),
        size=speech.scaled(standing.bytes, "B", 1024),
        usual=speech.scaled(standing.usual_bytes, "B", 1024),
    )


def expected_of(visit: Visit, standing: Standing) -> str:
    origin = visit.speech(f"backup-origin.{standing.origin}")
    return f"{standing.schedule} ({origin})" if standing.schedule else origin


def device_address(visit: Visit, placed: PlacedStanding) -> str | None:
    each = placed.standing
    return visit.url("devices.show", tenant=each.tenant, device_id=each.device) if placed.device_name else None


def word_of(value: bool | None) -> str:
    return "unknown" if value is None else "yes" if value else "no"


def restorables_of(visit: Visit, tenant: str) -> Restorables:
    """By device, from the newest assessment: it read and judged every text."""
    newest = next(iter(visit.ports.assessments.history(tenant, 1)), None)
    report = visit.reports.report(tenant, newest.id) if newest else None
    if report is None:
        return {}
    judged = {(each.device, each.address): each.restorable for each in report.backups}
    return {device.id: judged.get((device.name, device.address)) for device in visit.ports.estate.devices(tenant)}
