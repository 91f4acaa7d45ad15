"""Who gets reports by mail, and the mails."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, Engine, delete, insert, select, update

from natvakt_server.domain.report_mail import WAITING, Recipient, ReportMail
from natvakt_server.store.estate.mapping import printable
from natvakt_server.store.estate.statements import insert_one_missing
from natvakt_server.store.estate.tables.reports import mail, recipient
from natvakt_server.store.estate.transactions import reading, writing


class SqlReportOutbox:
    """Implements `ReportOutbox`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put_recipient(self, new: Recipient) -> None:
        def put(connection: Connection) -> None:
            _remove(connection, new.tenant, new.address)
            connection.execute(insert(recipient).values(**asdict(new)))

        writing(self._engine, put)

    def remove_recipient(self, tenant: str, address: str) -> bool:
        return writing(self._engine, lambda c: _remove(c, tenant, address)) > 0

    def recipients(self, tenant: str) -> Sequence[Recipient]:
        query = select(recipient).where(recipient.c.tenant == tenant).order_by(recipient.c.address)
        return reading(self._engine, lambda c: [Recipient(**row) for row in c.execute(query).mappings()])

    def put(self, mails: Sequence[ReportMail]) -> int:
        key = ("assessment", "address")
        return writing(self._engine, lambda c: sum(insert_one_missing(c, mail, asdict(each), key) for each in mails))

    def due(self, now_ns: int, limit: int) -> Sequence[ReportMail]:
        query = (
            select(mail)
            .where(mail.c.state == WAITING, mail.c.not_before_ns <= now_ns)
            .order_by(mail.c.not_before_ns, mail.c.assessment, mail.c.address)
            .limit(limit)
        )
        return reading(self._engine, lambda c: [ReportMail(**row) for row in c.execute(query).mappings()])

    def update(self, changed: ReportMail) -> None:
        values = asdict(changed) | {"detail": printable(changed.detail)}
        wanted = (mail.c.assessment == changed.assessment) & (mail.c.address == changed.address)
        writing(self._engine, lambda c: c.execute(update(mail).where(wanted).values(**values)))

    def mails(self, tenant: str, assessment: str | None = None) -> Sequence[ReportMail]:
        query = select(mail).where(mail.c.tenant == tenant).order_by(mail.c.created_ns.desc(), mail.c.assessment, mail.c.address)
        if assessment is not None:
            query = query.where(mail.c.assessment == assessment)
        return reading(self._engine, lambda c: [ReportMail(**row) for row in c.execute(query).mappings()])


def _remove(connection: Connection, tenant: str, address: str) -> int:
    return connection.execute(delete(recipient).where(recipient.c.tenant == tenant, recipient.c.address == address)).rowcount
