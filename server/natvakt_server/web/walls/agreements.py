"""Agreements inside a scope: who holds single sites sees what the customer agreed, and services that stand on those sites alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from natvakt_server.domain.agreements import Agreement, AgreementBook
from natvakt_server.web.walls.estate import WalledEstate
from natvakt_server.web.walls.outside import OutsideScope


@dataclass(frozen=True, slots=True)
class WalledAgreements:
    inner: AgreementBook
    estate: WalledEstate

    def agree(self, agreement: Agreement) -> None:
        self._hold(agreement.tenant)
        self.inner.agree(agreement)

    def end_agreement(self, tenant: str, name: str) -> bool:
        self._hold(tenant)
        return self.inner.end_agreement(tenant, name)

    def agreements(self, tenant: str) -> Sequence[Agreement]:
        scope = self.estate.scope
        if not scope.touches(tenant):
            return []
        found = self.inner.agreements(tenant)
        if scope.covers(tenant):
            return found
        inside = {device.id for device in self.estate.devices(tenant)}
        return [each for each in found if inside.issuperset(each.devices)]

    def _hold(self, tenant: str) -> None:
        if not self.estate.scope.covers(tenant):
            raise OutsideScope
