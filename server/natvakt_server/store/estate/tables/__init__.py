"""All tables of the database in one metadata; the migrations must produce exactly this (a test compares them)."""

from natvakt_server.store.estate.tables import (
    accounts,
    asked,
    assessments,
    backups,
    commands,
    configurations,
    delivery,
    estate,
    events,
    identity,
    incidents,
    jobs,
    knowledge,
    mailbox,
    notifications,
    papers,
    reports,
)
from natvakt_server.store.estate.tables.columns import metadata

__all__ = [
    "accounts",
    "asked",
    "assessments",
    "backups",
    "commands",
    "configurations",
    "delivery",
    "estate",
    "events",
    "identity",
    "incidents",
    "jobs",
    "knowledge",
    "mailbox",
    "metadata",
    "notifications",
    "papers",
    "reports",
]
