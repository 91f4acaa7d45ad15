"""Work that is asked for and done by a worker: an assessment now, and how far it is."""

import hashlib
from datetime import datetime

import msgspec

from natvakt_server.domain.identity import AuditEntry
from natvakt_server.domain.jobs import ASSESSMENT, Job
from natvakt_server.domain.rights import Permission
from natvakt_server.web.api.call import Call
from natvakt_server.web.api.operation import PREFIX, Operation
from natvakt_server.web.api.problem import Refused, not_found
from natvakt_server.web.api.resources.times import moment


class JobAnswer(msgspec.Struct, frozen=True):
    """`result`: the id of the assessment, once it is done."""

    id: str
    customer: str
    kind: str
    state: str
    progress: float
    detail: str
    created: datetime | None
    result: str
    url: str


class AssessmentWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No sites: all of the customer's."""

    sites: list[str] = msgspec.field(default_factory=list)


def run(call: Call) -> JobAnswer:
    """One that waits or runs already is not asked for twice; the same idempotency key leads to the same job."""
    tenant = call.tenant()
    wanted = call.body
    assert isinstance(wanted, AssessmentWanted)
    known = {site.site for site in call.ports.estate.sites(tenant)}
    sites = sorted(set(wanted.sites))
    if not known or not known.issuperset(sites):
        raise Refused(422, "unknown-site", f"customer {tenant!r} has the sites {', '.join(sorted(known)) or '(none)'}")
    job_id = _job_id(call) if call.key else call.house.surroundings.new_id()
    made = call.ports.jobs.job(job_id) if call.key else None
    if made is not None:
        if made.tenant != tenant or made.arguments.get("sites") != sites:
            raise Refused(422, "key-used-otherwise", "this Idempotency-Key was used for something else; take a new one")
        return job_answer(made)
    for each in call.ports.jobs.jobs(tenant):
        if each.kind == ASSESSMENT and each.state in ("waiting", "running") and each.arguments.get("sites") == sites:
            raise Refused(409, "being-done", f"job {each.id} does so already", {"Location": f"{PREFIX}/jobs/{each.id}"})
    job = Job(job_id, ASSESSMENT, tenant, {"sites": sites}, "waiting", created_ns=call.now_ns)
    call.ports.jobs.add_job(job)
    subject = f"{tenant}/{','.join(sites) or 'all'}"
    call.ports.audit.record(AuditEntry(call.now_ns, f"token:{call.bearer.name}", "assessment-asked", subject, "ok", tenant=tenant))
    return job_answer(job)


def show_job(call: Call) -> JobAnswer:
    job = call.ports.jobs.job(call.path["job"])
    if job is None or job.tenant is None or not call.scope.covers(job.tenant):
        raise not_found(f"job {call.path['job'][:64]!r}")
    return job_answer(job)


def job_answer(job: Job) -> JobAnswer:
    url = f"{PREFIX}/jobs/{job.id}"
    return JobAnswer(job.id, job.tenant or "", job.kind, job.state, job.progress, job.detail, moment(job.created_ns), job.result, url)


def _job_id(call: Call) -> str:
    """The same for the same token, operation and key, so that the row of the job is what remembers the key (RFC 9562, version 8)."""
    digest = bytearray(hashlib.sha256(f"{call.bearer.id}\n{call.operation.name}\n{call.key}".encode()).digest()[:16])
    digest[6], digest[8] = digest[6] & 0x0F | 0x80, digest[8] & 0x3F | 0x80
    text = digest.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


OPERATIONS = (
    Operation(
        "assessments.run",
        "POST",
        "/customers/{customer}/assessments",
        "Assess now",
        Permission.ASSESS,
        run,
        JobAnswer,
        body=AssessmentWanted,
        status=202,
    ),
    Operation("jobs.show", "GET", "/jobs/{job}", "How far work is that was asked for", Permission.ASSESS, show_job, JobAnswer),
)
