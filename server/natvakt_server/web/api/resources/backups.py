"""How backups stand: jobs of servers, and configurations of network devices."""

from datetime import datetime

import msgspec

from natvakt_server.domain.backup_jobs.judging import Origin, State
from natvakt_server.domain.backup_jobs.standing import PlacedStanding, What
from natvakt_server.domain.listing import Page
from natvakt_server.domain.rights import Permission
from natvakt_server.domain.sifting import sift
from natvakt_server.web.api.call import Call
from natvakt_server.web.api.operation import Field, Kind, Operation, Parameter
from natvakt_server.web.api.resources.times import certain, moment

KINDS = ("jobs", "configurations")


class BackupAnswer(msgspec.Struct, frozen=True):
    """`job` empty: the configuration of a network device. `expected_by`: who said when it is to run. `saved`: running is as startup."""

    customer: str
    site: str
    device: str
    device_name: str
    job: str
    kind: str
    state: str
    reason: str
    since: datetime
    judged: datetime
    told: datetime | None
    expected_by: str
    schedule: str
    last_success: datetime | None
    due: datetime | None
    next: datetime | None
    missed: int
    bytes: int | None
    usual_bytes: int | None
    restore_tested: datetime | None
    saved: bool | None
    target: str
    detail: str


def list_backups(call: Call) -> Page[BackupAnswer]:
    what = What(call.text("of", KINDS[0]))
    tenant = call.text("customer") or None
    rows = [_answer(each) for each in call.ports.backups.standings(what, tenant, call.scope)]
    return sift(rows, call.wish, _READINGS, ("device_name", "job", "target", "detail"))


def _answer(placed: PlacedStanding) -> BackupAnswer:
    each = placed.standing
    return BackupAnswer(
        customer=each.tenant,
        site=placed.site,
        device=each.device,
        device_name=placed.device_name,
        job=each.job,
        kind=each.kind,
        state=each.state.value,
        reason=each.reason.value,
        since=certain(each.since_ns),
        judged=certain(each.judged_ns),
        told=moment(each.told_ns),
        expected_by=each.origin.value,
        schedule=each.schedule,
        last_success=moment(each.success_ns),
        due=moment(each.due_ns),
        next=moment(each.next_ns),
        missed=each.missed,
        bytes=each.bytes,
        usual_bytes=each.usual_bytes,
        restore_tested=moment(each.restore_test_ns),
        saved=each.saved,
        target=each.target,
        detail=each.detail,
    )


_READINGS = {
    "site": lambda row: row.site,
    "device": lambda row: row.device,
    "device_name": lambda row: row.device_name,
    "job": lambda row: row.job,
    "kind": lambda row: row.kind,
    "state": lambda row: row.state,
    "expected_by": lambda row: row.expected_by,
    "missed": lambda row: row.missed,
    "target": lambda row: row.target,
    "detail": lambda row: row.detail,
}
OPERATIONS = (
    Operation(
        "backups.list",
        "GET",
        "/backups",
        "How backups stand: late, failed, empty, shrinking, never ran, not observed, restore-tested",
        Permission.SEE,
        list_backups,
        BackupAnswer,
        fields=(
            Field("site"),
            Field("device"),
            Field("device_name"),
            Field("job"),
            Field("kind"),
            Field("state", Kind.CHOICE, tuple(each.value for each in State)),
            Field("expected_by", Kind.CHOICE, tuple(each.value for each in Origin)),
            Field("missed", Kind.NUMBER),
        ),
        parameters=(
            Parameter("of", "jobs, or configurations of network devices; jobs where it is not said", Kind.CHOICE, KINDS),
            Parameter("customer", "of one customer only"),
        ),
    ),
)
