"""What people hand in: lists of service contracts, answers, and what a customer sets otherwise."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy import Connection, Engine, RowMapping, delete, insert, select

from natvakt_server.domain.answers import GivenAnswer
from natvakt_server.domain.contracts import ContractList, ServiceContract
from natvakt_server.domain.policy import CustomerPolicy
from natvakt_server.store.estate.mapping import printable
from natvakt_server.store.estate.tables.papers import answer, contract, contract_list, customer_policy
from natvakt_server.store.estate.transactions import reading, writing


class SqlPapers:
    """Implements `ContractBook`, `AnswerBook` and `PolicyBook`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put_contracts(self, tenant: str, contracts: ContractList) -> None:
        rows = [
            {
                "tenant": tenant,
                "serial": each.serial,
                "number": each.number,
                "ends_on": each.ends_on.isoformat() if each.ends_on else None,
                "service": each.service,
            }
            for each in contracts.contracts
        ]

        def put(connection: Connection) -> None:
            _forget(connection, tenant)
            head = {"tenant": tenant, "given_ns": contracts.given_ns, "by": printable(contracts.by)}
            connection.execute(insert(contract_list).values(**head))
            if rows:
                connection.execute(insert(contract), rows)

        writing(self._engine, put)

    def forget_contracts(self, tenant: str) -> bool:
        return writing(self._engine, lambda c: _forget(c, tenant)) > 0

    def contracts(self, tenant: str) -> ContractList | None:
        def read(connection: Connection) -> ContractList | None:
            head = connection.execute(select(contract_list).where(contract_list.c.tenant == tenant)).mappings().one_or_none()
            if head is None:
                return None
            query = select(contract).where(contract.c.tenant == tenant).order_by(contract.c.serial)
            found = [_contract(row) for row in connection.execute(query).mappings()]
            return ContractList(found, head["given_ns"], head["by"])

        return reading(self._engine, read)

    def give(self, given: GivenAnswer) -> None:
        values = asdict(given) | {name: printable(str(getattr(given, name))) for name in ("by", "remark")}

        def put(connection: Connection) -> None:
            _withdraw(connection, given.tenant, given.rule, given.device)
            connection.execute(insert(answer).values(**values))

        writing(self._engine, put)

    def withdraw_answer(self, tenant: str, rule: str, device: str) -> bool:
        return writing(self._engine, lambda c: _withdraw(c, tenant, rule, device)) > 0

    def answers(self, tenant: str) -> Sequence[GivenAnswer]:
        query = select(answer).where(answer.c.tenant == tenant).order_by(answer.c.rule, answer.c.device)
        return reading(self._engine, lambda c: [GivenAnswer(**row) for row in c.execute(query).mappings()])

    def put_policy(self, policy: CustomerPolicy) -> None:
        values = {
            "tenant": policy.tenant,
            "numbers": json.dumps(dict(policy.numbers), sort_keys=True),
            "places": json.dumps({kind: list(found) for kind, found in policy.places.items()}, sort_keys=True),
            "given_ns": policy.given_ns,
            "by": printable(policy.by),
        }

        def put(connection: Connection) -> None:
            connection.execute(delete(customer_policy).where(customer_policy.c.tenant == policy.tenant))
            connection.execute(insert(customer_policy).values(**values))

        writing(self._engine, put)

    def policy(self, tenant: str) -> CustomerPolicy | None:
        query = select(customer_policy).where(customer_policy.c.tenant == tenant)
        row = reading(self._engine, lambda c: c.execute(query).mappings().one_or_none())
        if row is None:
            return None
        places = {kind: tuple(found) for kind, found in json.loads(row["places"]).items()}
        return CustomerPolicy(row["tenant"], json.loads(row["numbers"]), places, row["given_ns"], row["by"])


def _contract(row: RowMapping) -> ServiceContract:
    return ServiceContract(row["serial"], row["number"], date.fromisoformat(row["ends_on"]) if row["ends_on"] else None, row["service"])


def _forget(connection: Connection, tenant: str) -> int:
    connection.execute(delete(contract).where(contract.c.tenant == tenant))
    return connection.execute(delete(contract_list).where(contract_list.c.tenant == tenant)).rowcount


def _withdraw(connection: Connection, tenant: str, rule: str, device: str) -> int:
    wanted = (answer.c.tenant == tenant) & (answer.c.rule == rule) & (answer.c.device == device)
    return connection.execute(delete(answer).where(wanted)).rowcount
