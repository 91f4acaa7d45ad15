"""Could we restore? Backup jobs and configurations of all customers, of one, and one of them with what is expected of it."""

from flask import abort
from werkzeug.wrappers import Response

from natvakt_server.domain.backup_jobs.expecting import (
    ALL_DEVICES,
    CONFIGURATION,
    CONFIGURATION_GRACE_SECONDS,
    BadExpectation,
    Said,
    checked,
)
from natvakt_server.domain.backup_jobs.schedule import BadSchedule
from natvakt_server.domain.backup_jobs.standing import What
from natvakt_server.domain.rights import Permission
from natvakt_server.web import tables
from natvakt_server.web.backups.queries import (
    configurations_table,
    device_address,
    expected_of,
    jobs_table,
    reason_of,
    restorables_of,
    shown_state,
)
from natvakt_server.web.backups.words import WORDS
from natvakt_server.web.customers.queries import customer_head
from natvakt_server.web.routing import Entry, Screen, get, post
from natvakt_server.web.visit import Visit

HOUR_SECONDS, JOB_GRACE_SECONDS, LONGEST_NUMBER = 3600, 6 * 3600, 6


def show_all(visit: Visit) -> Response:
    """Of configurations those that are not well: a partner has tens of thousands of the others."""
    backups = visit.ports.backups
    jobs = jobs_table(visit, backups.standings(What.JOBS), with_customer=True)
    configurations = configurations_table(visit, backups.standings(What.UNWELL_CONFIGURATIONS), with_customer=True)
    for table in (jobs, configurations):
        if tables.export_wanted(visit, table):
            return tables.export(visit, table, f"backup-{table.name}")
    counts = backups.configuration_counts()
    return visit.page("backups/backups.html", jobs=jobs, configurations=configurations, counts=counts)


def show_customer(visit: Visit, tenant: str) -> Response:
    head, backups = customer_head(visit, tenant), visit.ports.backups
    jobs = jobs_table(visit, backups.standings(What.JOBS, tenant), with_customer=False)
    found = backups.standings(What.CONFIGURATIONS, tenant)
    configurations = configurations_table(visit, found, False, restorables_of(visit, tenant))
    for table in (jobs, configurations):
        if tables.export_wanted(visit, table):
            return tables.export(visit, table, f"{tenant}-backup-{table.name}")
    return visit.page(
        "backups/customer.html",
        head=head,
        jobs=jobs,
        configurations=configurations,
        said=_said(visit, tenant, ALL_DEVICES, CONFIGURATION),
        zone=head.overview.customer.time_zone,
        grace_hours=CONFIGURATION_GRACE_SECONDS / HOUR_SECONDS,
        problem=visit.argument("problem"),
    )


def show(visit: Visit, tenant: str, device_id: str) -> Response:
    customer, job = visit.customer(tenant), visit.argument("job", CONFIGURATION)
    placed = visit.ports.backups.standing(tenant, device_id, job)
    if placed is None:
        abort(404)
    return visit.page(
        "backups/backup.html",
        customer=customer,
        placed=placed,
        standing=placed.standing,
        state=shown_state(placed.standing),
        reason=reason_of(visit, placed.standing),
        expected=expected_of(visit, placed.standing),
        device_address=device_address(visit, placed),
        said=_said(visit, tenant, device_id, job),
        zone=customer.time_zone,
        grace_hours=(JOB_GRACE_SECONDS if job else CONFIGURATION_GRACE_SECONDS) / HOUR_SECONDS,
        problem=visit.argument("problem"),
    )


def expect(visit: Visit, tenant: str) -> Response:
    """A person says when a backup should run; it is judged so from the worker's next look on."""
    device, job = _place(visit, tenant)
    try:
        hours = _hours(visit.field("grace"))
        said = checked(
            Said(
                tenant,
                device,
                job,
                visit.field("schedule"),
                visit.field("zone"),
                round(hours * HOUR_SECONDS),
                visit.now_ns,
                visit.user.display_name,
            )
        )
    except (BadSchedule, BadExpectation):
        return _back(visit, tenant, device, job, problem="backup-bad-schedule")
    visit.ports.expectations.expect(said)
    visit.audit("backup-expect", _subject(device, job), detail=f"{said.schedule} {said.time_zone} {said.grace_seconds} s", tenant=tenant)
    return _back(visit, tenant, device, job)


def forget(visit: Visit, tenant: str) -> Response:
    device, job = _place(visit, tenant)
    if visit.ports.expectations.forget(tenant, device, job):
        visit.audit("backup-forget", _subject(device, job), tenant=tenant)
    return _back(visit, tenant, device, job)


def _place(visit: Visit, tenant: str) -> tuple[str, str]:
    """What the form is about: all configurations of the customer, or something that is or was told of. 404 for anything else."""
    visit.customer(tenant)
    device, job = visit.field("device"), visit.field("job")
    if (device, job) != (ALL_DEVICES, CONFIGURATION) and visit.ports.backups.standing(tenant, device, job) is None:
        abort(404)
    return device, job


def _hours(text: str) -> float:
    """Raises BadExpectation."""
    try:
        hours = float(text.replace(",", ".")) if len(text) <= LONGEST_NUMBER else -1.0
    except ValueError:
        hours = -1.0
    if not 0 < hours < 24 * 366:
        raise BadExpectation(f"{text[:20]!r} is no number of hours; write one such as 6")
    return hours


def _back(visit: Visit, tenant: str, device: str, job: str, problem: str | None = None) -> Response:
    if device == ALL_DEVICES:
        return visit.go("backups.customer", tenant=tenant, problem=problem)
    return visit.go("backups.show", tenant=tenant, device_id=device, job=job or None, problem=problem)


def _said(visit: Visit, tenant: str, device: str, job: str) -> Said | None:
    return next((each for each in visit.ports.expectations.expectations(tenant) if (each.device, each.job) == (device, job)), None)


def _subject(device: str, job: str) -> str:
    return f"backup:{device or 'all'}/{job or 'configuration'}"


SCREEN = Screen(
    name="backups",
    words=WORDS,
    routes=(
        get("backups.list", "/backups", show_all, permission=Permission.SEE),
        get("backups.customer", "/customers/<tenant>/backups", show_customer, permission=Permission.SEE),
        get("backups.show", "/customers/<tenant>/backups/<device_id>", show, permission=Permission.SEE),
        post("backups.expect", "/customers/<tenant>/expected-backups", expect, permission=Permission.SETTINGS),
        post("backups.forget", "/customers/<tenant>/expected-backups/withdrawal", forget, permission=Permission.SETTINGS),
    ),
    navigation=(Entry("backups", "backups.list"),),
)
