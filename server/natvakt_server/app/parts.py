"""The parts of a running server, put together from stores and keys. One function a part."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from natvakt_wire import seal
from natvakt_wire.gap import verify_gap

from natvakt_server.app.config import ANYWHERE, address, octets, seconds
from natvakt_server.app.desk import make_desk
from natvakt_server.app.gateway_folder import GatewayFolder
from natvakt_server.app.house import House
from natvakt_server.app.keys import notification_key, second_factor_key
from natvakt_server.app.mailbox_clerk import ClerkParts, MailboxClerk
from natvakt_server.app.mailbox_gateway import MailboxDesk, MailboxRenewals, Post, PublishedMessages
from natvakt_server.app.notifying import notifying_tasks
from natvakt_server.app.policies import Policies, threshold_names
from natvakt_server.app.report_marks import report_marks
from natvakt_server.app.rules import rule_book, rules_folder
from natvakt_server.app.series import retention_of
from natvakt_server.app.services import Loop, Part
from natvakt_server.app.smtp import smtp_transport
from natvakt_server.app.watching import monthly_availability, watch_tasks
from natvakt_server.domain.assessment import Assessment
from natvakt_server.gateway.core import Admission
from natvakt_server.gateway.enrolment import EnrolmentListener, EnrolmentServer
from natvakt_server.gateway.recorder import Recorder
from natvakt_server.gateway.server import GatewayServer, ServerSettings
from natvakt_server.gateway.session import SessionParts
from natvakt_server.gateway.tally import Tally
from natvakt_server.gateway.tls_files import TlsFiles
from natvakt_server.identity.admission import denied_agents
from natvakt_server.ingest.limits import IngestLimits
from natvakt_server.ingest.opening import Crypto, Opener
from natvakt_server.ingest.tally import IngestTally
from natvakt_server.ingest.worker import Worker
from natvakt_server.jobs.assessment import Assessor
from natvakt_server.jobs.evidence import EvidenceMaker
from natvakt_server.jobs.report_mail import ReportPost, mails_for
from natvakt_server.jobs.runner import JobRunner, RunnerParts
from natvakt_server.jobs.upkeep import RollUps, Upkeep, worker_tasks
from natvakt_server.reports.outlook import outlook
from natvakt_server.reports.signing import verification_code

JOB_IDLE_SECONDS = 1.0
CERTIFICATE_WAIT_SECONDS, CERTIFICATE_LOOK_SECONDS = 25.0, 0.2


class NoCertificate(Exception):
    """The gateway has nothing to serve with; the text says who makes it."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A part that serves with the certificate the worker leaves in the gateway's folder, and waits a while for the first one."""

    name: str
    folder: GatewayFolder
    serve: Callable[[TlsFiles, threading.Event, Callable[[int], None]], None]

    def run(self, stop: threading.Event, ready: Callable[[str], None]) -> None:
        """Raises NoCertificate, OSError."""
        for _ in range(int(CERTIFICATE_WAIT_SECONDS / CERTIFICATE_LOOK_SECONDS)):
            tls = self.folder.read()
            if tls is not None:
                self.serve(tls, stop, lambda port: ready(str(port)))
                return
            if stop.wait(CERTIFICATE_LOOK_SECONDS):
                return
        raise NoCertificate("no worker has left a certificate in the state's folder `gateway`; start `natvakt-server run --role worker`")


def gateway_part(house: House) -> Part:
    def serve(tls: TlsFiles, stop: threading.Event, started: Callable[[int], None]) -> None:
        make_gateway(house, tls).run(stop, started)

    return Listener("gateway", house.gateway_folder, serve)


def make_gateway(house: House, tls: TlsFiles) -> GatewayServer:
    stores, admission, tally = house.stores, Admission(), Tally()
    quota = octets(house.configuration.gateway.inbox_quota, "gateway.inbox_quota")
    recorder = Recorder(
        store=stores.gateway,
        directory=stores.agents,
        outgoing=PublishedMessages(stores.notices, stores.commands, house.clock),
        renewals=MailboxRenewals(post(house)),
        audit=stores.audit,
        inbox_quota_bytes=lambda _tenant: quota,
        tally=tally,
    )

    def refused() -> Mapping[str, str]:
        return denied_agents(stores.agents.agents())

    return GatewayServer(
        settings=ServerSettings(house.configuration.gateway.listen, house.version),
        tls=tls,
        parts=SessionParts(
            clock=house.clock, random=house.random, refusal=admission.refusal, verify=seal.verify, verify_gap=verify_gap, tally=tally
        ),
        admission=admission,
        recorder=recorder,
        refused=refused,
        tally=tally,
        newest_tls=house.gateway_folder.read,
    )


def enrolment_part(house: House) -> Part:
    def serve(tls: TlsFiles, stop: threading.Event, started: Callable[[int], None]) -> None:
        where = house.configuration.gateway.enrolment_listen
        listener = EnrolmentListener(where, tls.certificate_chain, tls.private_key, house.gateway_folder.read)
        EnrolmentServer(listener, MailboxDesk(post(house)), house.clock).run(stop, started)

    return Listener("enrolment", house.gateway_folder, serve)


def post(house: House) -> Post:
    return Post(house.stores.mailbox, house.clock, house.new_id, house.pause)


def clerk_part(house: House) -> Part:
    keys, stores = house.keys, house.stores
    desk = make_desk(house.configuration, stores, keys, house.clock, house.random)
    parts = ClerkParts(stores.mailbox, stores.notices, desk, keys.tenants, keys.recipients, house.tenants, house.clock)
    return Loop("mailbox", MailboxClerk(parts).step)


def renew_certificates(house: House) -> bool:
    """What gateway and console serve with, each for the names it is reached under. True when there is a new one."""
    authority, public = house.keys.authority, house.configuration.partner.public_address
    host, _ = address(house.configuration.console.listen, "console.listen")
    console_hosts = tuple(dict.fromkeys((public, "localhost") if host in ANYWHERE else (public, host, "localhost")))
    second_factor, notification = second_factor_key(house.keys.files, house.random), notification_key(house.keys.files)
    left = (
        house.gateway_folder.keep_valid(authority, (public,), house.clock),
        house.console_folder.keep_valid(authority, console_hosts, second_factor, notification.public.raw, house.clock),
    )
    return any(left)


def upkeep_part(house: House, roll_ups: RollUps) -> Part:
    tasks = worker_tasks(
        roll_ups=roll_ups,
        series=house.series,
        series_retention_ns=retention_of(house.configuration),
        retention=house.stores.retention,
        configurations=house.stores.configurations,
        configuration_retention_ns=int(seconds(house.configuration.backups.retain_configurations, "backups.retain_configurations") * 1e9),
        events=house.stores.events,
        event_retention_ns=int(seconds(house.configuration.events.retain, "events.retain") * 1e9),
        recipients=house.keys.recipients,
        tenants=house.tenants,
        renew_gateway_certificate=lambda: renew_certificates(house),
        send_reports=report_sender(house),
        clock=house.clock,
    )
    return Loop("upkeep", Upkeep((*tasks, *watch_tasks(house), *notifying_tasks(house)), house.clock).step)


def report_sender(house: House) -> Callable[[], object]:
    """Sends what is due; a server without mail settings leaves it where it is. Raises ConfigurationError."""
    if not house.configuration.mail.server:
        return lambda: 0
    transport, sender = smtp_transport(house.configuration.mail), house.configuration.mail.sender
    return ReportPost(house.stores.report_outbox, house.stores.assessments, transport, sender, verification_code, house.clock).send_due


def ingest_part(house: House) -> Part:
    worker = Worker(
        queue=house.stores.queue,
        effects=house.stores.effects,
        series=house.series,
        opener=Opener(house.stores.agents, house.keys.recipients, Crypto()),
        clock=house.clock,
        limits=IngestLimits(retention_ns=int(seconds(house.configuration.series.retain_raw, "series.retain_raw") * 1e9)),
        tally=IngestTally(),
    )
    return Loop("ingest", lambda: worker.step().wait_ns / 1e9)


def make_assessor(house: House) -> Assessor:
    book = rule_book(rules_folder(house.configuration))
    rules = book.rules
    folder = house.configuration.assessment.policy_folder
    policies = Policies(Path(folder) if folder else None, threshold_names(book.checks), house.stores.papers)
    return Assessor(
        reader=house.stores.reader,
        evidence=EvidenceMaker(
            house.stores.reader,
            house.series,
            rules,
            house.stores.configurations,
            house.stores.acceptances,
            policies.of,
            house.stores.knowledge,
            house.stores.papers,
            house.stores.papers,
            house.stores.events,
            house.stores.backups,
            monthly_availability(house).of,
        ),
        store=house.stores.assessments,
        rules=rules,
        signer=house.keys.report,
        clock=house.clock,
        new_id=house.new_id,
        partner=house.configuration.partner.name,
        marks=report_marks(house.configuration.partner),
        outlook=outlook,
        deliver=lambda assessment: put_mails(house, assessment),
    )


def put_mails(house: House, assessment: Assessment) -> None:
    """A mail to each recipient of the customer."""
    outbox = house.stores.report_outbox
    outbox.put(mails_for(outbox.recipients(assessment.tenant), assessment.id, house.clock.wall_ns()))


def jobs_part(house: House, roll_up: Callable[[], int]) -> Part:
    runner = JobRunner(
        RunnerParts(
            queue=house.stores.jobs,
            reader=house.stores.reader,
            assessments=house.stores.assessments,
            assessor=make_assessor(house),
            roll_up=roll_up,
            clock=house.clock,
            new_id=house.new_id,
        )
    )
    return Loop("jobs", lambda: 0.0 if runner.step() else JOB_IDLE_SECONDS)
