"""`natvakt-server assess run TENANT/SITE [--wait]` puts an assessment in the queue; `assess repeat ID` judges frozen evidence once more."""

import argparse
import time

from natvakt_server.app.context import CommandFailed, Context
from natvakt_server.app.keys import report_signer
from natvakt_server.app.places import place
from natvakt_server.app.rules import rule_book, rules_folder
from natvakt_server.app.system_clock import new_id
from natvakt_server.domain.jobs import ASSESSMENT, Job
from natvakt_server.identity.key_files import KeyDirectory
from natvakt_server.jobs.assessment import frame_of, judge
from natvakt_server.reports.model import canonical, read
from natvakt_server.reports.outlook import outlook

POLL_SECONDS = 0.2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    run_ = verbs.add_parser("run", help="assess a site now; the running server does the work")
    run_.add_argument("place", metavar="TENANT/SITE", help="or TENANT/all for all sites of the customer")
    run_.add_argument("--wait", action="store_true", help="wait until it is done, showing progress")
    run_.add_argument("--timeout", type=float, default=600.0, metavar="SECONDS", help="with --wait: give up after this long (600)")
    repeat = verbs.add_parser("repeat", help="judge the evidence of a report once more: whether the same report comes out, to the byte")
    repeat.add_argument("id")


def run(context: Context) -> int:
    return _repeat(context) if context.options.verb == "repeat" else _run(context)


def _repeat(context: Context) -> int:
    """The frozen evidence, the report before it, this program's rules and the server's key give the same bytes, or something changed."""
    stores = context.stores()
    whole = stores.assessments.find(context.options.id)
    if whole is None:
        raise CommandFailed(f"report {context.options.id!r} is not known; the console and `natvakt-server assess run` name report ids")
    document = read(whole.document)
    before = stores.assessments.load(whole.tenant, document.previous.id) if document.previous else None
    frame = frame_of(document, read(before.document) if before else None)
    rules = rule_book(rules_folder(context.configuration())).rules
    again = judge(whole.inputs, rules, frame, report_signer(KeyDirectory(context.paths().keys)), outlook)
    same = canonical(again) == whole.document
    versions = {rule.id: rule.version for rule in document.rules}
    changed = sorted(rule.id for rule in again.rules if versions.pop(rule.id, None) != rule.version) + sorted(versions)
    reason = "the same bytes" if same else f"another report; rules that changed: {', '.join(changed) or 'none'}"
    context.show(
        {"schema": "natvakt.repeat/1", "report": document.id, "same": same, "changed_rules": changed},
        [f"Report {document.id}, judged again on its frozen evidence: {reason}"],
    )
    return 0 if same else 1


def _run(context: Context) -> int:
    tenant, site = place(context.options.place)
    stores = context.stores()
    known = [s.site for s in stores.reader.sites(tenant)]
    if site != "all" and site not in known:
        raise CommandFailed(f"site {tenant}/{site} is not known; known sites of {tenant} are: {', '.join(known) or 'none'}")
    job = Job(new_id(), ASSESSMENT, tenant, {"sites": [] if site == "all" else [site]}, "waiting", created_ns=context.clock.wall_ns())
    stores.jobs.add_job(job)
    if not context.options.wait:
        context.show({"schema": "natvakt.assess/1", "job": job.id, "state": "waiting"}, [f"Assessment queued as job {job.id}"])
        return 0
    finished = _wait(context, job.id)
    if finished.state == "failed":
        raise CommandFailed(f"the assessment failed: {finished.detail}")
    whole = stores.assessments.find(finished.result)
    document = read(whole.document) if whole else None
    scores = document.scores if document else {}
    context.show(
        {
            "schema": "natvakt.assess/1",
            "job": job.id,
            "state": "done",
            "report": finished.result,
            "scores": scores,
            "findings": len(document.findings) if document else 0,
        },
        [f"Report {finished.result}: " + ", ".join(f"{level} {value if value is not None else '-'}" for level, value in scores.items())],
    )
    return 0


def _wait(context: Context, job_id: str) -> Job:
    stores, deadline, told = context.stores(), context.clock.monotonic_ns() + int(context.options.timeout * 1e9), ""
    while context.clock.monotonic_ns() < deadline:
        job = stores.jobs.job(job_id)
        if job is not None and job.state in ("done", "failed"):
            return job
        if job is not None and job.detail and job.detail != told:
            told = job.detail
            context.note(f"{job.progress:4.0%}  {job.detail}")
        time.sleep(POLL_SECONDS)
    raise CommandFailed(f"job {job_id} was not done after {context.options.timeout:.0f} s; does `natvakt-server run` run? It stays queued")
