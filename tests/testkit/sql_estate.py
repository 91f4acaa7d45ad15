"""All ports of the estate over one database, and documents applied as one batch."""

from collections.abc import Sequence

from natvakt_server.domain.estate import DocumentEffect
from natvakt_server.store.estate.administration import SqlEstateAdministration
from natvakt_server.store.estate.documents import apply_documents
from natvakt_server.store.estate.reader import SqlEstateReader
from natvakt_server.store.estate.transactions import writing
from sqlalchemy import Engine
from testkit.databases import counting_ids
from testkit.sql_inbox import add_site


class SqlEstate(SqlEstateReader, SqlEstateAdministration):
    """As the contract sees it: one object, with the customers acme and beta."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.engine = engine
        self._ids = counting_ids()
        for tenant in ("acme", "beta"):
            for site in ("hq", "branch"):
                add_site(engine, tenant, site)

    def apply(self, documents: Sequence[DocumentEffect], tenant: str = "acme", site: str = "hq") -> None:
        writing(self.engine, lambda c: apply_documents(c, tenant, site, documents, self._ids))
