"""All ports of delivery over one database, and the site its batches belong to."""

from natvakt_server.domain.estate import Customer, Site
from natvakt_server.store.estate.administration import SqlEstateAdministration
from natvakt_server.store.inbox.effects import SqlEffects
from natvakt_server.store.inbox.gateway import SqlGatewayStore
from natvakt_server.store.inbox.quarantine import SqlDeliveryReader, SqlQuarantine
from natvakt_server.store.inbox.queue import SqlInboxQueue
from sqlalchemy import Engine
from testkit.databases import counting_ids


class SqlInbox(SqlGatewayStore, SqlInboxQueue, SqlEffects, SqlQuarantine, SqlDeliveryReader):
    """As the contract sees it: one object."""

    def __init__(self, engine: Engine) -> None:
        SqlGatewayStore.__init__(self, engine)
        SqlEffects.__init__(self, engine, counting_ids())
        self.engine = engine


def add_site(engine: Engine, tenant: str = "acme", site: str = "hq") -> None:
    administration = SqlEstateAdministration(engine)
    administration.add_customer(Customer(tenant, tenant.title()))
    administration.add_site(Site(tenant, site, site.upper()))
