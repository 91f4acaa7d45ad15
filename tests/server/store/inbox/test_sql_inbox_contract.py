"""The SQL inbox keeps the contract of every inbox, over SQLite and PostgreSQL."""

from collections.abc import Sequence

import pytest
from contracts.inbox_contract import DEVICE, InboxContract, WholeInbox
from natvakt_server.domain.estate import Row
from natvakt_server.store.estate.reader import SqlEstateReader
from sqlalchemy import Engine
from testkit.sql_inbox import SqlInbox, add_site


class TestSqlInbox(InboxContract):
    @pytest.fixture
    def inbox(self, engine: Engine) -> SqlInbox:
        add_site(engine)
        return SqlInbox(engine)

    def document(self, inbox: WholeInbox, kind: str = "device") -> tuple[int, int, str, Sequence[Row]] | None:
        assert isinstance(inbox, SqlInbox)
        reader = SqlEstateReader(inbox.engine)
        (device,) = [each for each in reader.devices("acme", "hq") if DEVICE in each.agent_devices]
        kept = reader.snapshot("acme", device.id, kind)
        return None if kept is None else (kept.observed_ns, kept.confirmed_ns, kept.digest, list(kept.rows))
