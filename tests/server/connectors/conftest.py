"""One server's memory of what was asked, over SQLite, with sources and a clock that tests move."""

import shutil

import pytest
from natvakt_server.connectors.credentials import Credentials, Secrets
from natvakt_server.jobs.knowledge_calling import FetchParts
from natvakt_server.jobs.knowledge_fetch import Fetch
from natvakt_server.knowledge.asking.inventory import inventory
from natvakt_server.knowledge.asking.services import SERVICES
from natvakt_server.knowledge.asking.sources import MAKERS
from natvakt_server.store.estate.asked import SqlAsked
from natvakt_server.store.estate.engine import open_engine
from natvakt_server.store.estate.knowledge import SqlKnowledge
from testkit.console import MovingClock
from testkit.databases import database_url, engine, migrated_file, migrated_postgres, postgres
from testkit.knowledge_sources import CLIENT, CLIENT_SECRET, FakeSources

__all__ = ["database_url", "engine", "migrated_file", "migrated_postgres", "postgres"]


class Centre:
    """`fetch` runs a source to its end, moving the clock where it waits; `waited` is how long that was in all."""

    def __init__(self, engine):
        self.clock = MovingClock()
        self.sources = FakeSources(self.clock.wall_ns)
        self.knowledge, self.asked = SqlKnowledge(engine), SqlAsked(engine)
        self.secrets = Secrets(CLIENT, CLIENT_SECRET)
        self.notes, self.waited, self.holder = [], 0.0, "one"
        self.models, self.pids, self.versions, self.cves = [], [], [], []

    def parts(self):
        credentials = Credentials(self.secrets)
        return FetchParts(self.sources, credentials, self.asked, self.knowledge, self.clock, lambda: 1.0, self.holder, self.notes.append)

    def inventory(self):
        return inventory(self.models, self.pids, self.versions, lambda: self.cves)

    def start(self, name, service=None):
        return Fetch(MAKERS[name](), service or SERVICES[name], self.parts()).run(self.inventory())

    def fetch(self, name, service=None):
        run = self.start(name, service)
        while True:
            try:
                seconds = next(run)
            except StopIteration as end:
                return end.value
            self.waited += seconds
            self.clock.move(seconds)

    def days_later(self, days):
        self.clock.move(days * 86_400)

    def facts(self, kind):
        return [held.fact for held in self.knowledge.every(kind)]


@pytest.fixture
def centre(tmp_path, migrated_file):
    path = tmp_path / "natvakt.db"
    shutil.copy(migrated_file, path)
    engine = open_engine(f"sqlite:///{path}")
    yield Centre(engine)
    engine.dispose()
