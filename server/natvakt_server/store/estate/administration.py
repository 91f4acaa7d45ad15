"""Changes a person makes to the estate."""

from sqlalchemy import Engine, update
from sqlalchemy.exc import IntegrityError

from natvakt_server.domain.estate import Customer, Site
from natvakt_server.domain.registry import Role
from natvakt_server.store.estate.statements import insert_missing
from natvakt_server.store.estate.tables import estate as t
from natvakt_server.store.estate.transactions import writing


class SqlEstateAdministration:
    """Implements `EstateAdministration`. Adding what is there already changes nothing; naming what is not there raises LookupError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_customer(self, customer: Customer) -> None:
        values = {
            "tenant": customer.tenant,
            "name": customer.name,
            "language": customer.language,
            "time_zone": customer.time_zone,
            "schedule": customer.schedule,
            "created_ns": customer.created_ns,
        }
        writing(self._engine, lambda c: insert_missing(c, t.customer, [values], ["tenant"]))

    def add_site(self, site: Site) -> None:
        values = {"tenant": site.tenant, "site": site.site, "name": site.name, "created_ns": site.created_ns}
        try:
            writing(self._engine, lambda c: insert_missing(c, t.site, [values], ["tenant", "site"]))
        except IntegrityError as error:
            raise LookupError(f"customer {site.tenant} does not exist; add it first") from error

    def set_schedule(self, tenant: str, schedule: str | None) -> None:
        statement = update(t.customer).where(t.customer.c.tenant == tenant).values(schedule=schedule)
        if not writing(self._engine, lambda c: c.execute(statement).rowcount):
            raise LookupError(f"customer {tenant} does not exist")

    def set_role(self, tenant: str, device_id: str, role: Role) -> None:
        """From now on this is the device's role, whatever it says about itself."""
        here = update(t.device).where(t.device.c.tenant == tenant, t.device.c.id == device_id)
        if not writing(self._engine, lambda c: c.execute(here.values(role=role, role_overridden=True)).rowcount):
            raise LookupError(f"customer {tenant} has no device {device_id}")
