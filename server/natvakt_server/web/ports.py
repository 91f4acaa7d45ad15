"""What the console is handed: ports of the domain and its own settings. It sees no store, no key file and no clock of the host."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from natvakt_server.domain.acceptance import AcceptanceStore
from natvakt_server.domain.accounts import (
    AccountStore,
    LinkReader,
    LoginCounter,
    PasskeyStore,
    RecoveryCodeStore,
    SecondFactorStore,
    SessionUse,
)
from natvakt_server.domain.agreements import AgreementBook
from natvakt_server.domain.answers import AnswerBook
from natvakt_server.domain.api_tokens import ApiTokenStore
from natvakt_server.domain.assessment import AssessmentStore
from natvakt_server.domain.backup_jobs.expecting import ExpectationBook
from natvakt_server.domain.backup_jobs.standing import StandingReader
from natvakt_server.domain.clock import Clock
from natvakt_server.domain.commands import CommandBook
from natvakt_server.domain.configuration.history import ConfigurationHistory
from natvakt_server.domain.contracts import ContractBook
from natvakt_server.domain.delivery import DeliveryReader, SessionState
from natvakt_server.domain.escalation import EscalationSettings
from natvakt_server.domain.estate import EstateHistory, EstateOverview, EstateReader, EstateSearch
from natvakt_server.domain.events import EventLog
from natvakt_server.domain.identity import AgentRegistry, AuditLog
from natvakt_server.domain.incidents import IncidentBook
from natvakt_server.domain.jobs import JobQueue
from natvakt_server.domain.notifying import MessageLog, NotificationSettings
from natvakt_server.domain.policy import PolicyBook, Threshold
from natvakt_server.domain.report_mail import ReportOutbox
from natvakt_server.domain.series import SeriesReader
from natvakt_server.domain.sign_on import IdentityBook, IdentityProvider
from natvakt_server.knowledge.staleness import Stale


class Accounts(AccountStore, SecondFactorStore, LoginCounter, SessionUse, LinkReader, Protocol):
    """People and how they log in."""


class SecondFactors(PasskeyStore, RecoveryCodeStore, Protocol):
    """What people prove themselves with beside the codes of an app."""


class AgentSessions(Protocol):
    def sessions(self, agent: str) -> Sequence[SessionState]:
        """Every epoch this agent was ever seen with, oldest first."""
        ...


class KnowledgeAge(Protocol):
    def stale(self, now_ns: int) -> Sequence[Stale]:
        """What of the knowledge base is too old to be relied on, the oldest first."""
        ...


class Sealer(Protocol):
    def sealed(self, destination_id: str, secrets: Mapping[str, str]) -> bytes | None:
        """So that only the worker can open it, and for this destination only; None where there is nothing to seal."""
        ...


@dataclass(frozen=True, slots=True)
class NotifyingPorts:
    """Who is told of what. `sealer` is None until a worker has left its key."""

    settings: NotificationSettings
    chains: EscalationSettings
    log: MessageLog
    sealer: Sealer | None


class Papers(ContractBook, AnswerBook, PolicyBook, Protocol):
    """What people hand in."""


@dataclass(frozen=True, slots=True)
class ConsolePorts:
    estate: EstateReader
    device_history: EstateHistory
    overview: EstateOverview
    search: EstateSearch
    series: SeriesReader
    assessments: AssessmentStore
    acceptances: AcceptanceStore
    papers: Papers
    report_outbox: ReportOutbox
    configurations: ConfigurationHistory
    agreements: AgreementBook
    backups: StandingReader
    expectations: ExpectationBook
    events: EventLog
    incidents: IncidentBook
    accounts: Accounts
    second_factors: SecondFactors
    identities: IdentityBook
    sign_on: IdentityProvider | None
    api_tokens: ApiTokenStore
    agents: AgentRegistry
    agent_sessions: AgentSessions
    audit: AuditLog
    jobs: JobQueue
    commands: CommandBook
    delivery: DeliveryReader
    knowledge: KnowledgeAge
    notifying: NotifyingPorts
    narrowed: Callable[[Collection[str]], "ConsolePorts"] | None = None  # the same over a database that shows these customers only


@dataclass(frozen=True, slots=True)
class HashingCost:
    """argon2id: RFC 9106, section 4, second recommended option (64 MiB)."""

    memory_kibibytes: int = 65_536
    passes: int = 3
    lanes: int = 4


@dataclass(frozen=True, slots=True)
class ConsoleSettings:
    """`secret`: 32 bytes from a key file; TOTP seeds lie sealed under it, and form and device marks are made with keys derived from it.

    `address`: scheme, host and port under which people reach the console. `thresholds`: what a customer may set otherwise.
    """

    partner: str
    language: str
    time_zone: str
    address: str
    version: str
    session_lifetime_ns: int
    session_idle_ns: int
    secret: bytes = field(repr=False)
    hashing: HashingCost = HashingCost()
    thresholds: Sequence[Threshold] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Time and chance, passed in."""

    clock: Clock
    random: Callable[[int], bytes]
    new_id: Callable[[], str]
