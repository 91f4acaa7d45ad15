"""The parts of a running server, put together from stores and keys. One function a part."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from natvakt_wire import seal
from natvakt_wire.gap import verify_gap

from natvakt_server.analysis.rules import RULES
from natvakt_server.app.config import Configuration, address, octets, seconds
from natvakt_server.app.desk_links import DirectRenewals, SignedOutgoing
from natvakt_server.app.keys import Keys
from natvakt_server.app.services import Loop, Part
from natvakt_server.app.stores import SeriesStore, Stores
from natvakt_server.domain.clock import Clock
from natvakt_server.gateway.core import Admission
from natvakt_server.gateway.enrolment import EnrolmentListener, EnrolmentServer
from natvakt_server.gateway.recorder import Recorder
from natvakt_server.gateway.server import GatewayServer, ServerSettings, TlsFiles
from natvakt_server.gateway.session import SessionParts
from natvakt_server.gateway.tally import Tally
from natvakt_server.identity.admission import denied_agents
from natvakt_server.identity.authority import ServerIdentity
from natvakt_server.identity.enrolment import DeskParts, DeskSettings, EnrolmentDesk
from natvakt_server.ingest.limits import IngestLimits
from natvakt_server.ingest.opening import Crypto, Opener
from natvakt_server.ingest.tally import IngestTally
from natvakt_server.ingest.worker import Worker
from natvakt_server.jobs.assessment import Assessor
from natvakt_server.jobs.evidence import EvidenceMaker
from natvakt_server.jobs.runner import JobRunner, RunnerParts

JOB_IDLE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class House:
    """What every part is made of."""

    configuration: Configuration
    stores: Stores
    series: SeriesStore
    keys: Keys
    clock: Clock
    random: Callable[[int], bytes]
    new_id: Callable[[], str]
    version: str


def make_desk(configuration: Configuration, stores: Stores, keys: Keys, clock: Clock, random: Callable[[int], bytes]) -> EnrolmentDesk:
    gateway, public = configuration.gateway, configuration.partner.public_address
    _, uplink_port = address(gateway.listen, "gateway.listen")
    _, enrolment_port = address(gateway.enrolment_listen, "gateway.enrolment_listen")
    parts = DeskParts(
        registry=stores.agents,
        tokens=stores.tokens,
        audit=stores.audit,
        authority=keys.authority,
        tenants=keys.tenants,
        recipients=keys.recipients,
        clock=clock,
        random=random,
    )
    return EnrolmentDesk(parts, DeskSettings(f"{public}:{enrolment_port}", f"{public}:{uplink_port}", gateway.approve_agents))


def server_identity(house: House) -> ServerIdentity:
    """A fresh certificate at every start, for the name agents connect to."""
    return house.keys.authority.server_identity((house.configuration.partner.public_address,))


@dataclass(frozen=True, slots=True)
class GatewayPart:
    server: GatewayServer
    name: str = "gateway"

    def run(self, stop: threading.Event, ready: Callable[[str], None]) -> None:
        self.server.run(stop, lambda port: ready(str(port)))


@dataclass(frozen=True, slots=True)
class EnrolmentPart:
    server: EnrolmentServer
    name: str = "enrolment"

    def run(self, stop: threading.Event, ready: Callable[[str], None]) -> None:
        self.server.run(stop, lambda port: ready(str(port)))


def gateway_part(house: House, desk: EnrolmentDesk, identity: ServerIdentity) -> Part:
    stores, admission, tally = house.stores, Admission(), Tally()
    quota = octets(house.configuration.gateway.inbox_quota, "gateway.inbox_quota")
    recorder = Recorder(
        store=stores.gateway,
        directory=stores.agents,
        outgoing=SignedOutgoing(house.keys.tenants, house.keys.recipients, stores.commands, house.clock),
        renewals=DirectRenewals(desk),
        audit=stores.audit,
        inbox_quota_bytes=lambda _tenant: quota,
        tally=tally,
    )

    def refused() -> Mapping[str, str]:
        return denied_agents(stores.agents.agents())

    server = GatewayServer(
        settings=ServerSettings(house.configuration.gateway.listen, house.version),
        tls=TlsFiles(identity.chain_pem, identity.key_pem, house.keys.authority.certificate_pem),
        parts=SessionParts(
            clock=house.clock, random=house.random, refusal=admission.refusal, verify=seal.verify, verify_gap=verify_gap, tally=tally
        ),
        admission=admission,
        recorder=recorder,
        refused=refused,
        tally=tally,
    )
    return GatewayPart(server)


def enrolment_part(house: House, desk: EnrolmentDesk, identity: ServerIdentity) -> Part:
    listener = EnrolmentListener(house.configuration.gateway.enrolment_listen, identity.chain_pem, identity.key_pem)
    return EnrolmentPart(EnrolmentServer(listener, desk, house.clock))


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
    return Assessor(
        reader=house.stores.reader,
        evidence=EvidenceMaker(house.stores.reader, house.series, RULES),
        store=house.stores.assessments,
        rules=RULES,
        signer=house.keys.report,
        clock=house.clock,
        new_id=house.new_id,
        partner=house.configuration.partner.name,
    )


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
