"""Backups inside a scope. Their store walls by itself; what people expect is changed by who holds the whole customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from natvakt_server.domain.backup_jobs.expecting import ExpectationBook, Said
from natvakt_server.domain.backup_jobs.judging import State
from natvakt_server.domain.backup_jobs.standing import PlacedStanding, StandingReader, What
from natvakt_server.domain.rights import EVERYWHERE, Scope
from natvakt_server.web.walls.estate import WalledEstate
from natvakt_server.web.walls.outside import OutsideScope


@dataclass(frozen=True, slots=True)
class WalledBackups:
    inner: StandingReader
    own: Scope

    def standings(self, what: What, tenant: str | None = None, scope: Scope = EVERYWHERE) -> Sequence[PlacedStanding]:
        del scope  # nobody sees past their own
        return self.inner.standings(what, tenant, self.own)

    def standing(self, tenant: str, device: str, job: str, scope: Scope = EVERYWHERE) -> PlacedStanding | None:
        del scope
        return self.inner.standing(tenant, device, job, self.own)

    def configuration_counts(self, tenant: str | None = None, scope: Scope = EVERYWHERE) -> Mapping[State, int]:
        del scope
        return self.inner.configuration_counts(tenant, self.own)


@dataclass(frozen=True, slots=True)
class WalledExpectations:
    inner: ExpectationBook
    estate: WalledEstate

    def expect(self, said: Said) -> None:
        self._hold(said.tenant)
        self.inner.expect(said)

    def forget(self, tenant: str, device: str, job: str) -> bool:
        self._hold(tenant)
        return self.inner.forget(tenant, device, job)

    def expectations(self, tenant: str | None) -> Sequence[Said]:
        wanted = sorted(self.estate.scope.touched) if tenant is None else [tenant]
        return [each for owner in wanted if self.estate.scope.touches(owner) for each in self._of(owner)]

    def _of(self, tenant: str) -> Sequence[Said]:
        found = self.inner.expectations(tenant)
        if self.estate.scope.covers(tenant):
            return found
        inside = {device.id for device in self.estate.devices(tenant)}
        return [each for each in found if each.device in inside]

    def _hold(self, tenant: str) -> None:
        if not self.estate.scope.covers(tenant):
            raise OutsideScope
