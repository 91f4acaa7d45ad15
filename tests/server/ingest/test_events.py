"""Documents of kind `event` become rows of the log, each once, in the transaction of their batch; none becomes a state."""

import json

import pytest
from contracts.inbox_contract import LEASE_NS, LaneChain
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.domain.delivery import Outcome
from natvakt_server.domain.estate import DocumentEffect
from natvakt_server.ingest.events import events, refused, without_events
from natvakt_server.store.estate.events import SqlEventLog
from natvakt_server.store.estate.reader import SqlEstateReader
from sqlalchemy import Engine
from testkit.databases import database_url, engine, migrated_file, migrated_postgres, postgres
from testkit.events import event
from testkit.sql_inbox import SqlInbox, add_site
from testkit.wire import NOW_NS

__all__ = ["database_url", "engine", "migrated_file", "migrated_postgres", "postgres"]

SECOND_NS = 1_000_000_000
ROW = {
    "kind": "syslog", "name": "SYS-5-CONFIG_I", "severity": 5, "source": "10.0.0.2", "known": True, "mnemonic": "CONFIG_I",
    "message": "Configured",
    "user": "bo", "origin": "10.0.0.5", "is_change": True, "count": 1, "age_ns": 2 * SECOND_NS, "monotonic_ns": 5,
}  # fmt: skip


def told(*rows: object, kind: str = "event") -> DocumentEffect:
    return DocumentEffect("sw", kind, NOW_NS, "digest", list(rows))


def test_a_row_is_an_event_of_its_own_age() -> None:
    (found,) = events([told(ROW), told(ROW, kind="device")])
    shown = (found.agent_device, found.at_ns, found.name, found.user, found.is_change)
    assert shown == (
        "sw",
        NOW_NS - 2 * SECOND_NS,
        "SYS-5-CONFIG_I",
        "bo",
        True,
    )
    assert without_events([told(ROW), told({}, kind="device")]) == [told({}, kind="device")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "rumour"},
        {"kind": ["trap"]},
        {"severity": 8},
        {"severity": True},
        {"severity": "5"},
        {"source": ""},
        {"age_ns": -1},
        {"count": 2**40},
    ],
    ids=str,
)
def test_a_row_that_is_none_is_left_out_and_counted(wrong: dict[str, object]) -> None:
    document = told(ROW, ROW | wrong)
    assert len(events([document])) == 1
    assert [(each.measurement, each.points) for each in refused([document])] == [("event", 1)]


def test_promise_39_texts_of_strangers_stay_on_one_line_and_within_bounds() -> None:
    (found,) = events([told(ROW | {"message": "a\nFAKE log\x00 \u202e" + "x" * 9000, "user": "<script>\r\n"})])
    assert found.message.startswith("a FAKE log x")
    assert len(found.message) == 4096
    assert found.user == "<script>"


@given(
    st.dictionaries(
        st.sampled_from(sorted(ROW)), st.one_of(st.none(), st.integers(), st.text(), st.booleans(), st.floats(), st.lists(st.text()))
    )
)
def test_no_row_is_so_wrong_that_it_raises(changes: dict[str, object]) -> None:
    for found in events([told(ROW | changes)]):
        assert json.dumps(found.message)
        assert 0 <= found.severity <= 7


class TestStored:
    @pytest.fixture
    def inbox(self, engine: Engine) -> SqlInbox:
        add_site(engine, "acme", "hq")
        return SqlInbox(engine)

    def apply(self, inbox: SqlInbox, *found: object) -> None:
        chain = LaneChain()
        inbox.receive([chain.next()])
        (pending,) = inbox.claim(1, NOW_NS, LEASE_NS)
        inbox.apply(pending, Outcome(events=found), NOW_NS)  # type: ignore[arg-type]
        inbox.apply(pending, Outcome(events=found), NOW_NS)  # type: ignore[arg-type]

    def test_an_event_comes_before_its_device_is_known_and_is_kept_once(self, inbox: SqlInbox, engine: Engine) -> None:
        self.apply(inbox, event("sw", NOW_NS - 5), event("sw", NOW_NS, is_change=True), event("host", NOW_NS - 9, known=False))
        log = SqlEventLog(engine)
        device = log.events("acme", NOW_NS, 1)[0].device_id
        assert [each.told.at_ns for each in log.events("acme", 0, 10)] == [NOW_NS, NOW_NS - 5, NOW_NS - 9]
        assert [each.told.at_ns for each in log.events("acme", 0, 10, device)] == [NOW_NS, NOW_NS - 5]
        assert [each.told.at_ns for each in log.changes("acme", device)] == [NOW_NS]
        assert log.events("beta", 0, 10) == []
        assert SqlEstateReader(engine).devices("acme") == []  # nothing is known of them yet but that they spoke
        assert log.events("acme", NOW_NS, 10)[0].told == event("sw", NOW_NS, is_change=True)

    def test_what_has_had_its_time_goes(self, inbox: SqlInbox, engine: Engine) -> None:
        self.apply(inbox, event("sw", NOW_NS - 5), event("sw", NOW_NS))
        log = SqlEventLog(engine)
        assert log.expire_events(NOW_NS) == 1
        assert [each.told.at_ns for each in log.events("acme", 0, 10)] == [NOW_NS]
