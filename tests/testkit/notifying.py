"""What tells people, over a real database, with a clock that stands still and every destination's round run at once."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import pytest
from natvakt_server.domain.notification import Kind, Occasion, Severity
from natvakt_server.domain.notifying import Destination, Rule
from natvakt_server.jobs.notifying import Notifier, NotifierParts
from natvakt_server.notify.channels import CHANNELS
from natvakt_server.notify.composing import Names
from natvakt_server.notify.delivering import Delivery
from natvakt_server.notify.port import Mail, Origin
from natvakt_server.notify.transports.smtp import MailPost, SmtpTransport
from natvakt_server.store.estate.engine import open_engine
from natvakt_server.store.estate.escalating import SqlEscalations
from natvakt_server.store.estate.escalations import SqlEscalationSettings
from natvakt_server.store.estate.notifications import SqlNotificationSettings
from natvakt_server.store.estate.occasions import SqlAnnouncements
from natvakt_server.store.estate.outbox import SqlOutbox
from sqlalchemy import Engine
from testkit.console import MovingClock
from testkit.databases import counting_ids

ORIGIN = Origin("Norrsken IT", "natvakt@norrsken.example", "1.0")
NAMES = Names(
    lambda tenant: tenant.capitalize(),
    lambda _tenant, site: site.upper(),
    lambda tenant, incident: f"https://noc.example/{tenant}/{incident}",
)
ALL_KINDS = tuple(Kind)


def occasion(key="i1/opened/1", **changes) -> Occasion:
    told = Occasion(key, "acme", "hq", "i1", Kind.OPENED, Severity.CRITICAL, MovingClock().now_ns, "device-down", ("sw-01", "ap-01"), 12)
    return replace(told, **changes)


def destination(**changes) -> Destination:
    return replace(Destination("d1", "NOC", "mail", "en", "Europe/Stockholm", {"to": "noc@norrsken.example"}), **changes)


def rule(**changes) -> Rule:
    return replace(Rule("r1", "All", Severity.INFORMATION, ALL_KINDS, ("d1",)), **changes)


@dataclass
class Recorder:
    """A transport that takes everything, or raises what it is told."""

    error: Exception | None = None
    sent: list = field(default_factory=list)

    def send(self, outgoing):
        if self.error is not None:
            raise self.error
        self.sent.append(outgoing)
        return self.answer(outgoing)

    def answer(self, outgoing):
        return None


@pytest.fixture
def engine(tmp_path: Path, migrated_file: Path) -> Iterator[Engine]:
    """SQLite; the stores are held against both databases by tests of their own."""
    path = tmp_path / "natvakt.db"
    shutil.copy(migrated_file, path)
    opened = open_engine(f"sqlite:///{path}")
    yield opened
    opened.dispose()


class Desk:
    """`told()`: (kind, state, attempts) of every message, the oldest first."""

    def __init__(self, engine, transports, channels=CHANNELS) -> None:
        self.clock = MovingClock()
        self.announcements, self.outbox, self.settings = SqlAnnouncements(engine), SqlOutbox(engine), SqlNotificationSettings(engine)
        delivery = Delivery(channels, transports, lambda destination: {}, ORIGIN)
        self.chains, self.escalations = SqlEscalationSettings(engine), SqlEscalations(engine)
        parts = NotifierParts(
            self.outbox, self.settings, self.escalations, self.chains, delivery, NAMES, self.clock, counting_ids(), lambda work: work()
        )
        self.notifier = Notifier(parts)
        self.numbers = count(1)

    def announce(self, *occasions) -> None:
        self.announcements.announce(occasions)
        self.notifier.step()

    def later(self, seconds: float) -> None:
        self.clock.move(seconds)
        self.notifier.step()

    def told(self):
        return [(each.kind.value, each.state, each.attempts) for each in reversed(self.outbox.messages(100_000))]


def by_mail(port: int, **how) -> dict:
    return {Mail: MailPost(SmtpTransport("127.0.0.1", port, **{"security": "none", **how}))}
