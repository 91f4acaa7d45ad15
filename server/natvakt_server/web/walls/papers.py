"""What people hand in, inside a scope: lists and limits are a whole customer's; an answer is of its device."""

from collections.abc import Sequence
from dataclasses import dataclass

from natvakt_server.domain.answers import GivenAnswer
from natvakt_server.domain.contracts import ContractList
from natvakt_server.domain.policy import CustomerPolicy
from natvakt_server.web.ports import Papers
from natvakt_server.web.walls.estate import WalledEstate
from natvakt_server.web.walls.outside import OutsideScope


@dataclass(frozen=True, slots=True)
class WalledPapers:
    inner: Papers
    estate: WalledEstate

    def put_contracts(self, tenant: str, contracts: ContractList) -> None:
        self._hold(tenant)
        self.inner.put_contracts(tenant, contracts)

    def forget_contracts(self, tenant: str) -> bool:
        self._hold(tenant)
        return self.inner.forget_contracts(tenant)

    def contracts(self, tenant: str) -> ContractList | None:
        return self.inner.contracts(tenant) if self.estate.scope.covers(tenant) else None

    def give(self, answer: GivenAnswer) -> None:
        self._hold(answer.tenant)
        self.inner.give(answer)

    def withdraw_answer(self, tenant: str, rule: str, device: str) -> bool:
        self._hold(tenant)
        return self.inner.withdraw_answer(tenant, rule, device)

    def answers(self, tenant: str) -> Sequence[GivenAnswer]:
        if self.estate.scope.covers(tenant):
            return self.inner.answers(tenant)
        inside = {device.id for device in self.estate.devices(tenant)}
        return [each for each in self.inner.answers(tenant) if each.device in inside] if inside else []

    def put_policy(self, policy: CustomerPolicy) -> None:
        self._hold(policy.tenant)
        self.inner.put_policy(policy)

    def policy(self, tenant: str) -> CustomerPolicy | None:
        return self.inner.policy(tenant) if self.estate.scope.covers(tenant) else None

    def _hold(self, tenant: str) -> None:
        if not self.estate.scope.covers(tenant):
            raise OutsideScope
