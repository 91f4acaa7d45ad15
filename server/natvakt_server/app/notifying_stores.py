"""The stores behind notifications: who hears of what, and what goes out."""

from dataclasses import dataclass

from sqlalchemy import Engine

from natvakt_server.store.estate.escalating import SqlEscalations
from natvakt_server.store.estate.escalations import SqlEscalationSettings
from natvakt_server.store.estate.notifications import SqlNotificationSettings
from natvakt_server.store.estate.occasions import SqlAnnouncements
from natvakt_server.store.estate.outbox import SqlOutbox


@dataclass(frozen=True, slots=True)
class NotifyingStores:
    announcements: SqlAnnouncements
    settings: SqlNotificationSettings
    chains: SqlEscalationSettings
    escalations: SqlEscalations
    outbox: SqlOutbox


def notifying_stores(engine: Engine) -> NotifyingStores:
    return NotifyingStores(
        announcements=SqlAnnouncements(engine),
        settings=SqlNotificationSettings(engine),
        chains=SqlEscalationSettings(engine),
        escalations=SqlEscalations(engine),
        outbox=SqlOutbox(engine),
    )
