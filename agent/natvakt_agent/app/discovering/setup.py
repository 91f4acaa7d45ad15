"""Discovery's real parts, for the command and for the running agent."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from natvakt_agent.app.context import Context, Settings
from natvakt_agent.app.credentials import Credentials
from natvakt_agent.app.device_registry import DeviceRegistry, KnownDevice
from natvakt_agent.app.discovering.runner import Surroundings, VaultView
from natvakt_agent.app.discovering.store import MemoryFile
from natvakt_agent.app.discovering.sweeper import SocketSweeper
from natvakt_agent.app.site_guard import SessionOpener
from natvakt_agent.app.snmp_engines import OnlyThisRun, SnmpEngines, snmp_child
from natvakt_agent.collectors.snmp.v3_protocols import is_open, settled
from natvakt_agent.config.schema import TargetEntry
from natvakt_agent.discovery.core import WORKERS
from natvakt_agent.discovery.words import Method, Sweeper


def vault_view(held: Credentials, targets: Sequence[TargetEntry], devices: Mapping[str, KnownDevice]) -> VaultView:
    """Everything that opened; what did not was told when the vault was read.

    A credential whose protocols are `any` is spoken as the targets speak it that have it already.
    """
    known = {name: credential for name in held.marks if (credential := held.get(name)) is not None}
    for entry in targets:
        credential, device = known.get(entry.credential or ""), devices.get(entry.name)
        if credential is not None and is_open(credential) and device is not None and device.auth_protocol:
            known[credential.name] = settled(credential, device.auth_protocol, device.privacy_protocol or "")
    return VaultView(known, frozenset(name for name, mark in held.marks.items() if mark.well_known), held.revisions)


@contextmanager
def session_opener(found: Settings, context: Context) -> Iterator[SessionOpener]:
    """Sessions of the edges, or of the real engines, which end with the block."""
    if context.edges.open_session is not None:
        yield context.edges.open_session
        return
    engines = SnmpEngines(found.config.polling.snmp_engine, snmp_child(WORKERS, context.environment), OnlyThisRun(), context.clock)
    try:
        yield engines.open_session
    finally:
        engines.close()


def surroundings(
    found: Settings, context: Context, targets: Sequence[TargetEntry], credentials: Credentials, open_session: SessionOpener
) -> Surroundings:
    """Raises ConfigError, RegistryDamaged."""
    devices = DeviceRegistry(found.paths.devices, context.clock, context.edges.random).by_name()
    return Surroundings(
        settings=found.config.discovery,
        policy=found.site_policy(),
        vault=vault_view(credentials, targets, devices),
        targets=[entry for entry in targets if entry.enabled],
        memory=MemoryFile(found.paths.discovery),
        clock=context.clock,
        open_session=open_session,
        open_sweeper=sweeper_opener(found, context),
    )


def sweeper_opener(found: Settings, context: Context) -> Callable[[], Sweeper]:
    settings = found.config.discovery
    methods = [Method(method) for method in settings.methods]
    return lambda: SocketSweeper(context.clock, context.edges.random, methods, settings.snmp_port)
