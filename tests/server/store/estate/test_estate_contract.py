"""The SQL estate keeps the contract, over SQLite and PostgreSQL."""

import pytest
from contracts.estate_contract import EstateContract
from sqlalchemy import Engine
from testkit.sql_estate import SqlEstate


class TestSqlEstate(EstateContract):
    @pytest.fixture
    def estate(self, engine: Engine) -> SqlEstate:
        return SqlEstate(engine)
