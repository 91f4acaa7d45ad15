"""Incidents over SQLite and PostgreSQL."""

import pytest
from contracts.incidents_contract import IncidentsContract, Land
from natvakt_server.store.estate.incident_book import SqlIncidentBook
from natvakt_server.store.estate.incidents import SqlIncidentWriter, apply_observations
from natvakt_server.store.estate.transactions import writing
from sqlalchemy import Engine


class TestIncidents(IncidentsContract):
    @pytest.fixture
    def writer(self, engine: Engine) -> SqlIncidentWriter:
        return SqlIncidentWriter(engine)

    @pytest.fixture
    def book(self, engine: Engine) -> SqlIncidentBook:
        return SqlIncidentBook(engine)

    @pytest.fixture
    def land(self, engine: Engine) -> Land:
        return lambda tenant, site, observed: writing(engine, lambda c: apply_observations(c, tenant, site, 1, observed))
