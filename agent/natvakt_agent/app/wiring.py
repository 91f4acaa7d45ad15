"""The one place where an agent is put together from real parts.

`build_agent` serves the command `run`, the demo with its stepped clock, and the tests: clock, randomness, sessions and host reader
are handed in.
"""

import logging
import socket
from collections.abc import Callable, Mapping
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from natvakt_wire.ids import AgentName
from natvakt_wire.seal import RecipientPublicKey

from natvakt_agent.app.agent import Agent, Parts, Uplink
from natvakt_agent.app.backups.door import ReportDoor, reports_child
from natvakt_agent.app.capabilities import backups, machine, scrubbing
from natvakt_agent.app.credentials import Credentials
from natvakt_agent.app.device_registry import DeviceRegistry
from natvakt_agent.app.edges import Edges
from natvakt_agent.app.health import HealthFigures, StatusWriter
from natvakt_agent.app.host_keys import HostKeyFile
from natvakt_agent.app.outgoing import Outgoing
from natvakt_agent.app.own_collectors import CredentialCollector, HealthCollector
from natvakt_agent.app.paths import StatePaths
from natvakt_agent.app.plans import places, plan_targets, table_names
from natvakt_agent.app.poller import Poller
from natvakt_agent.app.sealing import SpoolSink, gap_signer
from natvakt_agent.app.server_wishes import ServerWishes
from natvakt_agent.app.site_guard import SessionOpener, guarded
from natvakt_agent.app.snmp_engines import SnmpEngines, snmp_child
from natvakt_agent.app.ssh import ChildCaller, Door, SiteGate, ssh_child
from natvakt_agent.app.ssh_schedule import SshSchedule
from natvakt_agent.collectors.host.collector import HostCollector
from natvakt_agent.collectors.reachability.collector import ReachabilityCollector
from natvakt_agent.collectors.reachability.icmp import IcmpProber
from natvakt_agent.collectors.reachability.tcp import TcpProber
from natvakt_agent.collectors.snmp.collector import SnmpCollector
from natvakt_agent.collectors.snmp.protocol_search import ProtocolBook
from natvakt_agent.collectors.ssh.collector import SshCollector
from natvakt_agent.config.loading import agent_folder
from natvakt_agent.config.schema import AgentConfig
from natvakt_agent.config.site_policy import SitePolicy
from natvakt_agent.link.clock_trust import ClockTrust
from natvakt_agent.model.clock import Instant
from natvakt_agent.model.delivery import SpoolError
from natvakt_agent.model.target import Collector
from natvakt_agent.pipeline.pipeline import ClosingPolicy, Pipeline
from natvakt_agent.scheduler.scheduler import Scheduler
from natvakt_agent.scrubbing.outcome import Scrubs
from natvakt_agent.spool.disk import LocalDisk
from natvakt_agent.spool.files import SpoolOptions
from natvakt_agent.spool.spool import Spool, open_spool

logger = logging.getLogger(__name__)

BUILD_WALL_NS = 1_748_736_000 * 1_000_000_000
"""2025-06-01 UTC: no clock of a machine that runs this is honestly before it."""


class AgentIdentity(Protocol):
    """Who the agent is and whom it seals to, as enrolment left it."""

    @property
    def name(self) -> AgentName: ...
    @property
    def identity_key(self) -> Ed25519PrivateKey: ...
    def recipient(self) -> RecipientPublicKey:
        """The key to seal to now; it changes when the server announces another."""
        ...

    def certificate_end_ns(self) -> int | None: ...


UplinkFactory = Callable[[Spool, ServerWishes, ClockTrust], Uplink]


def prepare_state(paths: StatePaths) -> None:
    """Make the folders of a fresh agent. Only enrolment does: later a missing folder means a missing mount, and is refused."""
    for folder in (paths.root, paths.spool, paths.identity):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def host_name(config: AgentConfig) -> str:
    return config.host.name or socket.gethostname()


def build_agent(
    config: AgentConfig,
    site: SitePolicy,
    credentials: Credentials,
    identity: AgentIdentity,
    edges: Edges,
    version: str,
    connect: UplinkFactory | None = None,
) -> Agent:
    """Open the spool and put everything together. Raises SpoolRefused, RegistryDamaged."""
    clock, paths = edges.clock, StatePaths(agent_folder(config))
    own_name = host_name(config)
    registry = DeviceRegistry(paths.devices, clock, edges.random)
    planned = plan_targets(config, site, registry.meet(places(config, own_name)), credentials.get, own_name)
    spool = open_spool(LocalDisk(paths.spool), spool_options(config), clock, edges.random, gap_signer(identity.name, identity.identity_key))
    trust = ClockTrust(BUILD_WALL_NS)
    wishes = ServerWishes(site, table_names())
    uplink = connect(spool, wishes, trust) if connect else None
    announce = uplink.appended if uplink else lambda: None
    sink = SpoolSink(spool, identity.name, identity.identity_key, identity.recipient, trust.trusted, announce)
    pipeline = Pipeline(clock, sink, closing_policy(config))
    scheduler = Scheduler(config.polling.workers, config.polling.jitter, edges.spread, site.maximum_polls_per_minute, slow_places(config))
    figures = HealthFigures(spool, scheduler, pipeline, clock, edges.resident_bytes)
    health = HealthCollector(figures.health, version)
    engines = snmp_engines(config, registry, edges)
    every = collectors(config, site, credentials, edges, edges.open_session or engines.open_session, registry.protocols)
    keys, over_ssh, child = HostKeyFile(paths.host_keys, clock), SshSchedule(), ssh_child(config.ssh.workers, edges.environment)
    gate = site_gate(credentials, paths, edges, Outgoing(paths.outgoing, clock, config.ssh.hold))
    ssh = SshCollector(ChildCaller(child), credentials.get, keys, gate, over_ssh.system, site.allowed_show_commands)
    of_backups = {"backup": backups().backup_collector(config, planned, credentials, paths, edges)} if config.backup else {}
    reports = ReportDoor(config.backup_reports, paths, reports_child(edges.environment), clock)
    status = StatusWriter(
        path=paths.status,
        name=identity.name,
        version=version,
        started_ns=clock.wall_ns(),
        spool=spool,
        is_clock_trusted=lambda: trust.trusted(Instant.of(clock)),
        certificate_end_ns=identity.certificate_end_ns,
    )

    def upkeep(agent: Agent) -> None:
        figures.note_poll_seconds(agent.poll_seconds)
        reports.look()
        try:
            spool.maintain()
            status.write(agent)
        except (OSError, SpoolError) as error:  # the disk is full or away: polling goes on, the spool sheds by its own policy
            logger.warning("upkeep not done reason=%s", error)

    def close() -> None:
        engines.close()
        child.close()
        reports.close()
        spool.close()

    return Agent(
        Parts(
            config=config,
            clock=clock,
            scheduler=scheduler,
            pipeline=pipeline,
            poller=Poller({**every, health.name: health, ssh.name: ssh, **of_backups}, clock, keys.held),
            planned=planned,
            registry=registry,
            wishes=wishes,
            upkeep=upkeep,
            close=close,
            uplink=uplink,
            over_ssh=over_ssh,
            alarms=lambda: {**keys.alarms(), **reports.alarms()},
        )
    )


def slow_places(config: AgentConfig) -> int:
    """How many slow plans run at a time: SSH sessions, and one look at backup jobs beside them."""
    return config.ssh.workers + bool(config.backup)


def site_gate(credentials: Credentials, paths: StatePaths, edges: Edges, door: Door) -> SiteGate:
    """What stands between a device's texts and the way out; the scrubber and its key are made when the first text comes."""

    def make_scrubber() -> Scrubs:
        return scrubbing().site_scrubber(paths.scrubbing_key, credentials.secrets(), edges.random)

    return SiteGate(make_scrubber, door, credentials.unopened)


def snmp_engines(config: AgentConfig, book: ProtocolBook, edges: Edges) -> SnmpEngines:
    """The engines that ask devices, and in `book` what SNMPv3 protocols were found; to be closed."""
    return SnmpEngines(config.polling.snmp_engine, snmp_child(config.polling.workers, edges.environment), book, edges.clock)


def collectors(
    config: AgentConfig,
    site: SitePolicy,
    credentials: Credentials,
    edges: Edges,
    open_session: SessionOpener,
    found_protocols: Callable[[str], tuple[str, str] | None] = lambda _: None,
) -> Mapping[str, Collector]:
    """One line a collector; the health collector is added where the figures are."""
    probers = edges.probers if edges.probers is not None else (IcmpProber(edges.random), TcpProber())
    every: list[Collector] = [
        SnmpCollector(guarded(open_session, site)),
        ReachabilityCollector(probers, config.polling.reachability_probes),
        CredentialCollector(credentials.marks, found_protocols),
    ]
    if config.host.enabled:
        every.append(HostCollector(edges.host_reader or machine().own_machine()))
    return {collector.name: collector for collector in every}


def spool_options(config: AgentConfig) -> SpoolOptions:
    return SpoolOptions(
        cap_bytes=int(config.spool.cap), reserve_bytes=int(config.spool.reserve), keep_acked_seconds=int(config.spool.keep_acknowledged)
    )


def closing_policy(config: AgentConfig) -> ClosingPolicy:
    return ClosingPolicy(
        metrics_age_ns=config.batch.metrics_age.nanoseconds,
        state_age_ns=config.batch.state_age.nanoseconds,
        whole_again_ns=config.batch.whole_again.nanoseconds,
    )
