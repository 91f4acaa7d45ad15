"""Opens the stores the configuration names and hands out one small object a port."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine

from natvakt_server.app.config import Configuration, ConfigurationError
from natvakt_server.app.notifying_stores import NotifyingStores, notifying_stores
from natvakt_server.app.state import StatePaths
from natvakt_server.store.estate.acceptances import SqlAcceptances
from natvakt_server.store.estate.accounts import SqlAccountStore
from natvakt_server.store.estate.administration import SqlEstateAdministration
from natvakt_server.store.estate.agents import SqlAgentRegistry
from natvakt_server.store.estate.agreements import SqlAgreements
from natvakt_server.store.estate.api_tokens import SqlApiTokens
from natvakt_server.store.estate.asked import SqlAsked
from natvakt_server.store.estate.assessments import SqlAssessmentStore
from natvakt_server.store.estate.audit import SqlAuditLog
from natvakt_server.store.estate.backups import SqlBackups
from natvakt_server.store.estate.commands import SqlCommandBook
from natvakt_server.store.estate.configurations import SqlConfigurationHistory
from natvakt_server.store.estate.engine import open_engine
from natvakt_server.store.estate.events import SqlEventLog
from natvakt_server.store.estate.incident_book import SqlIncidentBook
from natvakt_server.store.estate.incidents import SqlIncidentWriter
from natvakt_server.store.estate.jobs import SqlJobQueue
from natvakt_server.store.estate.knowledge import SqlKnowledge
from natvakt_server.store.estate.listing import SqlEstateListing
from natvakt_server.store.estate.overview import SqlEstateOverview
from natvakt_server.store.estate.papers import SqlPapers
from natvakt_server.store.estate.reader import SqlEstateReader
from natvakt_server.store.estate.recipient_keys import SqlRecipientKeyStore
from natvakt_server.store.estate.report_outbox import SqlReportOutbox
from natvakt_server.store.estate.retention import SqlRetention
from natvakt_server.store.estate.search import SqlEstateSearch
from natvakt_server.store.estate.second_factors import SqlSecondFactors
from natvakt_server.store.estate.sign_on import SqlIdentityBook
from natvakt_server.store.estate.tokens import SqlTokenStore
from natvakt_server.store.inbox.effects import SqlEffects
from natvakt_server.store.inbox.gateway import SqlGatewayStore
from natvakt_server.store.inbox.mailbox import SqlMailbox, SqlNoticeBoard
from natvakt_server.store.inbox.quarantine import SqlDeliveryReader, SqlQuarantine
from natvakt_server.store.inbox.queue import SqlInboxQueue
from natvakt_server.store.inbox.vitals import SqlVitals


@dataclass(frozen=True, slots=True)
class AccessStores:
    """How people prove who they are beside a password, and what programs call the API with."""

    second_factors: SqlSecondFactors
    identities: SqlIdentityBook
    api_tokens: SqlApiTokens


@dataclass(frozen=True, slots=True)
class Stores:
    """Everything that lives in SQL."""

    engine: Engine
    reader: SqlEstateReader
    administration: SqlEstateAdministration
    overview: SqlEstateOverview
    search: SqlEstateSearch
    listing: SqlEstateListing
    agents: SqlAgentRegistry
    tokens: SqlTokenStore
    recipient_keys: SqlRecipientKeyStore
    audit: SqlAuditLog
    accounts: SqlAccountStore
    access: AccessStores
    jobs: SqlJobQueue
    commands: SqlCommandBook
    assessments: SqlAssessmentStore
    acceptances: SqlAcceptances
    papers: SqlPapers
    backups: SqlBackups
    agreements: SqlAgreements
    report_outbox: SqlReportOutbox
    notifying: NotifyingStores
    configurations: SqlConfigurationHistory
    events: SqlEventLog
    incidents: SqlIncidentBook
    incident_writer: SqlIncidentWriter
    gateway: SqlGatewayStore
    queue: SqlInboxQueue
    effects: SqlEffects
    quarantine: SqlQuarantine
    delivery: SqlDeliveryReader
    vitals: SqlVitals
    knowledge: SqlKnowledge
    asked: SqlAsked
    retention: SqlRetention
    mailbox: SqlMailbox
    notices: SqlNoticeBoard

    def close(self) -> None:
        self.engine.dispose()


def database_url(configuration: Configuration, paths: StatePaths) -> str:
    """The URL with the password from its file. Raises ConfigurationError."""
    settings = configuration.database
    if not settings.url:
        return f"sqlite:///{paths.database}"
    if not settings.password_file:
        return settings.url
    password = secret_from(Path(settings.password_file), "database.password_file")
    scheme, _, rest = settings.url.partition("://")
    user, at, host = rest.rpartition("@")
    if not at:
        raise ConfigurationError(f"database.url: {settings.url!r} names no user for the password; write postgresql://USER@HOST/NAME")
    return f"{scheme}://{user}:{quote(password, safe='')}@{host}"


def secret_from(path: Path, where: str) -> str:
    """First line of a secret file. Raises ConfigurationError."""
    try:
        text = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise ConfigurationError(f"{where}: {path} cannot be read: {error.strerror}; check that it exists and who owns it") from error
    if not text or not text[0].strip():
        raise ConfigurationError(f"{where}: {path} is empty; put the secret in its first line")
    return text[0].strip()


def open_database(configuration: Configuration, paths: StatePaths) -> Engine:
    """Raises BadDatabase, ConfigurationError."""
    return open_engine(database_url(configuration, paths))


def open_stores(configuration: Configuration, paths: StatePaths, new_id: Callable[[], str]) -> Stores:
    """Raises BadDatabase, ConfigurationError."""
    return stores_over(open_database(configuration, paths), new_id)


def stores_over(engine: Engine, new_id: Callable[[], str]) -> Stores:
    return Stores(
        engine=engine,
        reader=SqlEstateReader(engine),
        administration=SqlEstateAdministration(engine),
        overview=SqlEstateOverview(engine),
        search=SqlEstateSearch(engine),
        listing=SqlEstateListing(engine),
        agents=SqlAgentRegistry(engine),
        tokens=SqlTokenStore(engine),
        recipient_keys=SqlRecipientKeyStore(engine),
        audit=SqlAuditLog(engine),
        accounts=SqlAccountStore(engine),
        access=AccessStores(SqlSecondFactors(engine), SqlIdentityBook(engine), SqlApiTokens(engine)),
        jobs=SqlJobQueue(engine),
        commands=SqlCommandBook(engine),
        assessments=SqlAssessmentStore(engine),
        acceptances=SqlAcceptances(engine),
        papers=SqlPapers(engine),
        backups=SqlBackups(engine),
        agreements=SqlAgreements(engine),
        report_outbox=SqlReportOutbox(engine),
        notifying=notifying_stores(engine),
        configurations=SqlConfigurationHistory(engine),
        events=SqlEventLog(engine),
        incidents=SqlIncidentBook(engine),
        incident_writer=SqlIncidentWriter(engine),
        gateway=SqlGatewayStore(engine),
        queue=SqlInboxQueue(engine),
        effects=SqlEffects(engine, new_id),
        quarantine=SqlQuarantine(engine),
        delivery=SqlDeliveryReader(engine),
        vitals=SqlVitals(engine),
        knowledge=SqlKnowledge(engine),
        asked=SqlAsked(engine),
        retention=SqlRetention(engine),
        mailbox=SqlMailbox(engine),
        notices=SqlNoticeBoard(engine),
    )
