"""From settings, vault and site policy to targets and to what is asked of each how often."""

import ipaddress
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from natvakt_agent.app.device_registry import KnownDevice
from natvakt_agent.app.own_collectors import CREDENTIAL_INTERVAL_SECONDS, HEALTH_INTERVAL_SECONDS
from natvakt_agent.collectors.backup.collector import INTERVAL_SECONDS as BACKUP_INTERVAL_SECONDS
from natvakt_agent.collectors.backup.collector import TABLE as BACKUP_JOB
from natvakt_agent.collectors.host.collector import TABLES as HOST_TABLES
from natvakt_agent.collectors.reachability.collector import TABLE as REACHABILITY
from natvakt_agent.collectors.snmp.tables import TABLES as SNMP_TABLES
from natvakt_agent.collectors.ssh.collector import GAP_TABLES
from natvakt_agent.collectors.ssh.collector import TABLES as SSH_TABLES
from natvakt_agent.config.schema import AgentConfig, TargetEntry
from natvakt_agent.config.site_policy import SitePolicy
from natvakt_agent.model.target import SnmpCredential, Target
from natvakt_agent.scheduler.plan import DevicePlan, TableRef

logger = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
LARGE = frozenset({"fdb", "arp"})  # asked when the device has little else to do
ALWAYS_IN_TIME = frozenset({"device", "cpu"})  # small, and what tells that a device is in need
LOGIN = "login"
SSH_LANE = "/ssh"  # behind a device's id: its plan for SSH, which takes minutes and keeps no other poll of the device waiting
BACKUP_LANE = "/backup"  # the same for its backup jobs
NANOSECONDS = 1_000_000_000

CredentialLookup = Callable[[str], SnmpCredential | None]


@dataclass(frozen=True, slots=True)
class Planned:
    """Everything that is polled. `refused` names entries that the site policy or a missing credential held back, with the reason;
    `over_ssh` are the devices that are also asked over SSH; `backup_seconds` how long looking at each device's backup jobs may take.
    """

    targets: Mapping[str, Target]
    host: str
    refused: Mapping[str, str] = field(default_factory=dict)
    over_ssh: frozenset[str] = frozenset()
    backup_seconds: Mapping[str, float] = field(default_factory=dict)


def table_names() -> frozenset[str]:
    """Every table an interval can be set for."""
    return frozenset(SNMP_TABLES) | frozenset(HOST_TABLES) | frozenset(SSH_TABLES) | {REACHABILITY, BACKUP_JOB, "credential", "agent"}


def places(config: AgentConfig, host_name: str) -> list[tuple[str, str]]:
    """Name and address of everything that needs an id; this machine last, under its own name."""
    return [(entry.name, str(entry.address)) for entry in config.target if entry.enabled] + [(host_name, LOOPBACK)]


def plan_targets(
    config: AgentConfig, policy: SitePolicy, devices: Mapping[str, KnownDevice], lookup: CredentialLookup, host_name: str
) -> Planned:
    targets: dict[str, Target] = {}
    refused: dict[str, str] = {}
    over_ssh: set[str] = set()
    for entry in config.target:
        if not entry.enabled:
            continue
        if not policy.allows_address(entry.address):
            refused[entry.name] = f"{entry.address} is outside the site policy's allowed_networks"
            continue
        credential = lookup(entry.credential) if entry.credential else None
        if entry.credential and credential is None:
            refused[entry.name] = f"no credential {entry.credential!r} in the vault: only reachability is watched"
        elif credential is not None and credential.version == LOGIN:
            refused[entry.name] = f"credential {entry.credential!r} is a login, not for SNMP: name it with `login`"
            credential = None
        device = devices[entry.name].id
        targets[device] = _target(entry, device, credential, config)
        if entry.login and entry.ssh:
            over_ssh.add(device)
    for name, reason in refused.items():
        logger.warning("target held back name=%s reason=%s", name, reason)
    host = devices[host_name].id
    targets[host] = Target(host, host_name, LOOPBACK, deadline_seconds=config.polling.deadline)
    return Planned(targets, host, refused, frozenset(over_ssh), _backup_seconds(config, targets, host))


def _backup_seconds(config: AgentConfig, targets: Mapping[str, Target], host: str) -> Mapping[str, float]:
    names = {target.name: device for device, target in targets.items()}
    found: dict[str, float] = {}
    for entry in config.backup:
        device = host if entry.device is None else names.get(entry.device)
        if entry.enabled and device is not None:
            found[device] = found.get(device, 0.0) + entry.deadline
    return found


def _target(entry: TargetEntry, device: str, credential: SnmpCredential | None, config: AgentConfig) -> Target:
    return Target(
        device=device,
        name=entry.name,
        address=str(ipaddress.ip_address(entry.address)),
        snmp=credential,
        login=entry.login,
        ssh_port=entry.ssh_port,
        system=entry.os,
        host_key=entry.host_key,
        snmp_port=entry.snmp_port,
        snmp_engine=entry.snmp_engine,
        reachability_port=entry.reachability_port,
        deadline_seconds=entry.deadline if entry.deadline is not None else config.polling.deadline,
    )


@dataclass(frozen=True, slots=True)
class Intervals:
    """How often each table is asked: its own interval, the settings' in its place, the server's in place of both; never below the floor.

    `documents_floor_seconds` is the same for whole snapshots of text, which a back-fill reads once a day.
    """

    configured: Mapping[str, float]
    floor_seconds: float
    from_server: Mapping[str, float] = field(default_factory=dict)
    documents_floor_seconds: float = 0.0

    def of(self, table: str, own_seconds: float) -> int:
        """Nanoseconds."""
        wanted = self.from_server.get(table, self.configured.get(table, own_seconds))
        return round(max(wanted, self.floor_seconds) * NANOSECONDS)

    def of_documents(self, table: str, own_seconds: float, series_ns: int) -> int:
        """Nanoseconds between snapshots of a table's text; never more often than its series."""
        own_ns = max(series_ns, round(own_seconds * NANOSECONDS)) if series_ns else self.of(table, own_seconds)
        return max(own_ns, round(self.documents_floor_seconds * NANOSECONDS))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked of every device of a kind: made once, for a hundred devices of one kind share it."""

    intervals: Mapping[TableRef, int]
    patient: frozenset[TableRef]
    off_peak: frozenset[TableRef]

    @classmethod
    def of(cls, intervals: Mapping[TableRef, int]) -> "_Wanted":
        patient = frozenset(ref for ref in intervals if ref.collector == "snmp" and ref.table not in ALWAYS_IN_TIME)
        return cls(intervals, patient, frozenset(ref for ref in intervals if ref.table in LARGE))

    def plan(self, target: Target) -> DevicePlan:
        return DevicePlan(target.device, self.intervals, round(target.deadline_seconds * NANOSECONDS), self.patient, self.off_peak)


def device_plans(planned: Planned, config: AgentConfig, intervals: Intervals) -> Sequence[DevicePlan]:
    with_snmp, others = (_Wanted.of(_of_device(config, intervals, has_snmp=has_snmp)) for has_snmp in (True, False))
    host = _Wanted.of(_of_host(config, intervals))
    plans = [
        (host if target.device == planned.host else with_snmp if target.snmp is not None else others).plan(target)
        for target in planned.targets.values()
    ]
    plans += [_ssh_plan(planned.targets[device], config, intervals) for device in planned.over_ssh if config.ssh.enabled]
    return plans + [_backup_plan(device, seconds, intervals) for device, seconds in planned.backup_seconds.items()]


def device_of(plan: str) -> str:
    """The device of a plan's name."""
    return plan.removesuffix(SSH_LANE).removesuffix(BACKUP_LANE)


def is_over_ssh(plan: str) -> bool:
    return plan.endswith(SSH_LANE)


def is_of_backups(plan: str) -> bool:
    return plan.endswith(BACKUP_LANE)


def _backup_plan(device: str, seconds: float, intervals: Intervals) -> DevicePlan:
    refs = {TableRef("backup", BACKUP_JOB): intervals.of(BACKUP_JOB, BACKUP_INTERVAL_SECONDS)}
    return DevicePlan(device + BACKUP_LANE, refs, round(seconds * NANOSECONDS), is_slow=True)


def _ssh_plan(target: Target, config: AgentConfig, intervals: Intervals) -> DevicePlan:
    tables = dict(SSH_TABLES) | ({} if target.snmp else dict.fromkeys(GAP_TABLES, SSH_TABLES["configuration"]))
    refs = {TableRef("ssh", name): intervals.of_documents(name, seconds, 0) for name, seconds in tables.items()}
    return DevicePlan(target.device + SSH_LANE, refs, round(config.ssh.deadline * NANOSECONDS), is_slow=True)


def _of_host(config: AgentConfig, intervals: Intervals) -> Mapping[TableRef, int]:
    refs = {TableRef("agent", "agent"): intervals.of("agent", HEALTH_INTERVAL_SECONDS)}
    if config.host.enabled:
        refs |= {TableRef("host", name): intervals.of(name, table.interval_seconds) for name, table in HOST_TABLES.items()}
    return refs


def _of_device(config: AgentConfig, intervals: Intervals, *, has_snmp: bool) -> Mapping[TableRef, int]:
    refs = {TableRef("reachability", REACHABILITY): intervals.of(REACHABILITY, config.polling.reachability_interval)}
    if has_snmp:
        refs |= dict(_snmp_refs(intervals))
        refs[TableRef("vault", "credential")] = intervals.of("credential", CREDENTIAL_INTERVAL_SECONDS)
    return refs


def _snmp_refs(intervals: Intervals) -> Iterable[tuple[TableRef, int]]:
    """Series at their interval, and the documents less often: text seldom changes."""
    for name, spec in SNMP_TABLES.items():
        series = intervals.of(name, spec.interval_seconds) if spec.series else 0
        if series:
            yield TableRef("snmp", name, snapshot=False), series
        if spec.document or not spec.series:
            yield TableRef("snmp", name), intervals.of_documents(name, spec.document_interval_seconds, series)
