"""The listeners and the agent put together: settings from configuration and vault; what was heard becomes work of the agent's thread."""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from natvakt_agent.app.agent import Agent
from natvakt_agent.app.context import Context, Settings
from natvakt_agent.app.credentials import Credentials
from natvakt_agent.app.device_registry import KnownDevice
from natvakt_agent.app.discovering.setup import vault_view
from natvakt_agent.app.listening.listener import HandOver, Listener
from natvakt_agent.app.listening.translation import Cleaner, Translator, kinds_only, scrubbing
from natvakt_agent.app.scrubbing import site_key
from natvakt_agent.app.services import SERVICES
from natvakt_agent.collectors.snmp.v3_protocols import CredentialUnusable, check_user, is_open
from natvakt_agent.config.schema import AgentConfig, ListenSection
from natvakt_agent.isolation.child import Child
from natvakt_agent.isolation.limits import MEBIBYTE, Limits
from natvakt_agent.listeners.addresses import spelled
from natvakt_agent.listeners.messages import Settings as ListenSettings
from natvakt_agent.listeners.messages import TrapUser
from natvakt_agent.model.clock import Clock
from natvakt_agent.model.target import SnmpCredential
from natvakt_agent.scrubbing.scrubber import Scrubber

MEMORY_BYTES = 1024 * MEBIBYTE  # of addresses: each thread of a connection reserves some
SEVERITIES = ("emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug")
SOURCE_BURST, TOTAL_BURST = 20.0, 10.0
ENGINE_PREFIX = bytes.fromhex("80007ed905")  # RFC 3411: octets, of enterprise 32473, which RFC 5612 leaves for what has none of its own
EPOCH_SECONDS = 1_735_689_600  # 2025-01-01 UTC: boots are the seconds since, so that they grow without being kept
FLOW_PURPOSE = b"natvakt flow networks 1\0"


@dataclass(frozen=True, slots=True)
class TrapCredentials:
    """What senders may use; `unusable` says why a credential is not among it."""

    communities: tuple[bytes, ...]
    users: tuple[TrapUser, ...]
    unusable: tuple[str, ...] = ()


def trap_credentials(config: AgentConfig, credentials: Credentials, devices: Mapping[str, KnownDevice]) -> TrapCredentials:
    """A user whose protocols are `any` is taken as the targets speak it; where none does yet, nobody can know."""
    wanted = config.listen.credentials
    known = vault_view(credentials, config.target, devices).credentials
    communities: list[bytes] = []
    users: list[TrapUser] = []
    unusable = [f"{name}: is not in the vault" for name in wanted if name not in known]
    for name, credential in sorted(known.items()):
        if wanted and name not in wanted:
            continue
        if credential.version in ("v1", "v2c") and credential.community is not None:
            communities.append(credential.community.reveal().encode())
        elif credential.version == "v3":
            try:
                users.append(_user(credential))
            except CredentialUnusable as error:
                unusable.append(str(error))
        elif wanted:
            unusable.append(f"{name}: is a {credential.version}, not for SNMP")
    return TrapCredentials(tuple(dict.fromkeys(communities)), tuple({user.name: user for user in users}.values()), tuple(unusable))


def _user(credential: SnmpCredential) -> TrapUser:
    check_user(credential)
    if is_open(credential):
        raise CredentialUnusable(f"{credential.name}: no device told its protocols yet; name them, or start the agent anew when one has")
    auth, privacy = credential.auth_key, credential.privacy_key
    return TrapUser(
        credential.user or "",
        credential.auth_protocol or "",
        auth.reveal() if auth else "",
        credential.privacy_protocol or "",
        privacy.reveal() if privacy else "",
    )


def listen_settings(
    section: ListenSection, sources: Sequence[str], senders: TrapCredentials, agent: str, flow_key: bytes, clock: Clock
) -> ListenSettings:
    """`agent`: the agent's id, of which its engine id is made."""
    return ListenSettings(
        addresses=[str(address) for address in section.addresses],
        trap_port=section.trap_port or None,
        syslog_udp_port=section.syslog_port or None,
        syslog_tcp_port=section.syslog_tcp_port or None,
        syslog_tls_port=section.syslog_tls_port or None,
        flow_port=section.flow_port or None,
        certificate_file=section.certificate_file,
        key_file=section.key_file,
        client_ca_file=section.client_ca_file,
        sources=sources,
        networks=[str(network) for network in section.networks],
        source_per_second=section.source_rate,
        source_burst=max(1.0, section.source_rate * SOURCE_BURST),
        total_per_second=section.total_rate,
        total_burst=section.total_rate * TOTAL_BURST,
        least_severity=SEVERITIES.index(section.least_severity),
        communities=senders.communities,
        users=senders.users,
        engine_id=ENGINE_PREFIX + sha256(agent.encode()).digest()[:16],
        engine_boots=max(1, clock.wall_ns() // 1_000_000_000 - EPOCH_SECONDS),
        flow_addresses=section.flow_addresses,
        flow_key=flow_key,
    )


@contextmanager
def heard(agent: Agent, found: Settings, credentials: Credentials, context: Context, name: str) -> Iterator[None]:
    """Listeners beside the agent for as long as the block lasts. Raises KeyUnavailable."""
    section = found.config.listen
    key = site_key(found.paths.scrubbing_key, context.edges.random)
    parts = agent.parts
    senders = trap_credentials(parts.config, credentials, parts.registry.by_name())
    flow_key = hmac.digest(key.key, FLOW_PURPOSE, "sha256")
    may_tell = section.texts and not credentials.unopened
    clean: Cleaner = scrubbing(Scrubber(key, credentials.secrets())) if may_tell else kinds_only

    def devices() -> Mapping[str, str]:
        planned = agent.parts.planned
        return {spelled(target.address): device for device, target in planned.targets.items() if device != planned.host}

    warnings = [*senders.unusable, *_held(section, credentials)]
    listener = Listener(
        Child("listen", SERVICES["listen"], Limits(memory_bytes=MEMORY_BYTES, threads=2), context.environment),
        lambda: listen_settings(section, sorted(devices()), senders, name, flow_key, context.clock),
        Translator(parts.planned.host, devices, clean),
        context.clock,
        lambda news: agent.soon(partial(take_up, news)),
        warnings,
    )
    agent.listener = listener
    listener.start()
    try:
        yield
    finally:
        listener.stop()


def _held(section: ListenSection, credentials: Credentials) -> list[str]:
    if section.texts and credentials.unopened:
        return [f"texts of messages stay at the site: credential {credentials.unopened[0]!r} of the vault does not open"]
    return []


def take_up(news: HandOver, agent: Agent) -> None:
    """In the agent's own thread."""
    agent.parts.pipeline.add_events(news.events)
    for observation in news.flows:
        agent.parts.pipeline.add(observation)
    for device in sorted(news.changed):
        agent.fetch_configuration(device)
