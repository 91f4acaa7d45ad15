"""SQL versions of configurations keep the contract, over SQLite and PostgreSQL, and follow a device that is recognised or merged."""

from collections.abc import Sequence

import pytest
from contracts.configuration_contract import T0, ConfigurationContract, reading
from natvakt_server.domain.configuration.history import ConfigurationReading, Source
from natvakt_server.domain.estate import DocumentEffect
from natvakt_server.store.estate.configuration_writing import apply_configurations
from natvakt_server.store.estate.configurations import SqlConfigurationHistory
from natvakt_server.store.estate.documents import apply_documents
from natvakt_server.store.estate.tables.configurations import configuration_text
from natvakt_server.store.estate.transactions import reading as read_only
from natvakt_server.store.estate.transactions import writing
from sqlalchemy import Connection, Engine, func, select
from testkit.databases import counting_ids
from testkit.flaky_database import recorded_statements
from testkit.sql_estate import SqlEstate

SECOND_NS = 1_000_000_000


class SqlHistory(SqlConfigurationHistory):
    """With the estate around it."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.engine, self.estate, self._ids = engine, SqlEstate(engine), counting_ids()

    def apply(
        self,
        readings: Sequence[ConfigurationReading],
        same: Sequence[DocumentEffect] = (),
        tenant: str = "acme",
        site: str = "hq",
        now: int = 0,
        described: Sequence[DocumentEffect] = (),
    ) -> None:
        told = [
            DocumentEffect(each.agent_device, "configuration", each.observed_ns, each.facts.document, [{"source": each.source.value}])
            for each in readings
        ]

        def write(connection: Connection) -> None:
            documents = [*described, *told, *same]
            apply_documents(connection, tenant, site, documents, self._ids)
            apply_configurations(connection, tenant, site, readings, documents, T0 + now * SECOND_NS)

        writing(self.engine, write)

    def device(self, agent_device: str = "one", tenant: str = "acme", site: str = "hq") -> str:
        return next(each.id for each in self.estate.devices(tenant, site) if agent_device in each.agent_devices)

    def texts(self, tenant: str) -> int:
        query = select(func.count()).select_from(configuration_text).where(configuration_text.c.tenant == tenant)
        return int(read_only(self.engine, lambda c: c.execute(query).scalar_one()))


class TestSqlConfigurations(ConfigurationContract):
    @pytest.fixture
    def history(self, engine: Engine) -> SqlHistory:
        return SqlHistory(engine)

    def test_versions_follow_a_device_that_two_agents_know(self, history: SqlHistory) -> None:
        history.apply([reading("a", 1), reading("a", 5, agent_device="two"), reading("b", 9, agent_device="two")])
        assert history.device("one") != history.device("two")
        known = [DocumentEffect(name, "device", T0, f"d-{name}", [{"name": "sw", "serial": "FOC1"}]) for name in ("one", "two")]
        history.apply([], described=known)
        assert history.device("one") == history.device("two")
        versions = self.versions(history)
        assert self.spans(versions) == [("running", 9, 9), ("running", 1, 5)]
        assert [history.configuration_text("acme", history.device(), each.id) for each in versions] == ["b", "a"]
        assert history.newest_configurations("acme", [history.device()], Source.RUNNING) == {history.device(): "b"}

    def test_a_batch_costs_the_same_number_of_statements_however_many_readings_it_holds(self, history: SqlHistory) -> None:
        def cost(names: Sequence[str], at: int) -> int:
            with recorded_statements(history.engine) as statements:
                history.apply([reading(f"{name}{at}", at, agent_device=name) for name in names])
            return len(statements.texts)

        cost(["one", *(f"d{number}" for number in range(20))], 1)
        assert cost(["one"], 2) == cost([f"d{number}" for number in range(20)], 3)
