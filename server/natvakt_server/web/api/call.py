"""One call of one operation: who asks, where that reaches, and everything it asks with, checked."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from natvakt_server.domain.bearers import Bearer
from natvakt_server.domain.estate import Device
from natvakt_server.domain.listing import Comparison, Condition, EstateListing, Wish
from natvakt_server.domain.rights import Permission, Scope
from natvakt_server.web.api.house import ApiHouse
from natvakt_server.web.api.operation import Operation
from natvakt_server.web.api.problem import not_found
from natvakt_server.web.ports import ConsolePorts
from natvakt_server.web.reading import ReportShelf
from natvakt_server.web.walls.ports import walled

Argument = str | int | bool


@dataclass(frozen=True, slots=True)
class Call:
    """`arguments` are the operation's own parameters that were given; `wish` holds the filters of a list."""

    house: ApiHouse
    operation: Operation
    bearer: Bearer
    now_ns: int
    path: Mapping[str, str]
    arguments: Mapping[str, Argument]
    wish: Wish
    body: msgspec.Struct | None = None
    key: str = ""  # of idempotency

    @property
    def ports(self) -> ConsolePorts:
        """Everything outside the scope is as if it were not there."""
        return walled(self.house.ports.console, self.scope)

    @property
    def listing(self) -> EstateListing:
        return self.house.ports.listing

    @property
    def scope(self) -> Scope:
        """Where the permission that this operation needs holds."""
        return self.scope_of(self.operation.permission)

    def scope_of(self, permission: Permission) -> Scope:
        return self.bearer.grants.scope(permission)

    @property
    def reports(self) -> ReportShelf:
        return self.house.shelf.within(self.scope)

    def text(self, name: str, default: str = "") -> str:
        return str(self.arguments.get(name, default))

    def device(self) -> Device:
        """The one the path names; refused like one that does not exist where it is out of reach."""
        wanted = Wish((Condition("id", Comparison.IS, (self.path["device"],)),), limit=1)
        found = next(iter(self.listing.list_devices(self.scope, wanted).items), None)
        whole = None if found is None else self.ports.estate.device(found.tenant, found.id)
        if whole is None:
            raise not_found(f"device {self.path['device'][:64]!r}")
        return whole

    def tenant(self) -> str:
        """The customer the path names, where this token sees all of it."""
        tenant = self.path["customer"]
        if not self.scope.covers(tenant) or self.ports.estate.customer(tenant) is None:
            raise not_found(f"customer {tenant[:64]!r}")
        return tenant
