"""A `configuration` document becomes readings; its texts leave the document and are stored once, in the batch's own transaction."""

import json
import zlib
from hashlib import sha256

import pytest
from contracts.inbox_contract import LEASE_NS, LaneChain
from natvakt_server.domain.configuration.history import Source
from natvakt_server.domain.delivery import Outcome, StoreUnavailable
from natvakt_server.domain.estate import DocumentEffect
from natvakt_server.ingest.configurations import readings, without_texts
from natvakt_server.store.estate.configurations import SqlConfigurationHistory
from natvakt_server.store.estate.reader import SqlEstateReader
from natvakt_server.store.estate.transactions import ATTEMPTS
from sqlalchemy import Engine
from testkit.configurations import IOS, NX_OS
from testkit.databases import database_url, engine, migrated_file, migrated_postgres, postgres
from testkit.flaky_database import failing_commits
from testkit.gateway import AgentSide, Line, batch_message, document
from testkit.sql_inbox import SqlInbox, add_site
from testkit.wire import NOW_NS

__all__ = ["database_url", "engine", "migrated_file", "migrated_postgres", "postgres"]


def row(text: object = IOS, source: object = "running", **more: object) -> dict[str, object]:
    return {"source": source, "text": text, "lines": 1, "complete": True, **more}


def told(*rows: dict[str, object], kind: str = "configuration") -> DocumentEffect:
    return DocumentEffect("sw", kind, NOW_NS, "doc", list(rows))


def test_each_source_is_a_reading_with_its_text() -> None:
    running, startup = readings([told(row(), row(NX_OS, "startup"))])
    assert (running.source, startup.source) == (Source.RUNNING, Source.STARTUP)
    assert zlib.decompress(running.body).decode() == IOS
    facts = running.facts
    assert (facts.digest, facts.octets, facts.lines) == (sha256(IOS.encode()).hexdigest(), len(IOS), IOS.count("\n"))
    assert (facts.system, startup.facts.system, facts.complete, facts.document) == ("ios", "nx-os", True, "doc")


def test_who_changed_it_stands_in_the_text_or_was_told_beside_it() -> None:
    (written,) = readings([told(row(changed_by="somebody", changed_at="then"))])
    assert (written.changed_by, written.changed_at) == ("anna", "14:23:11 CET Mon Nov 23 2026")
    assert written.changed_ns > 0
    (utc,) = readings([told(row("hostname a\n", changed_at="2026-11-23T13:23:11Z"))])
    assert utc.changed_ns == written.changed_ns
    for unknown in ("2026-11-23T13:23:11", "Z", "soonZ", 7):
        assert readings([told(row("hostname a\n", changed_at=unknown))])[0].changed_ns == 0
    (beside,) = readings([told(row("hostname a\n", changed_by="bo\x00\nx", changed_at=None))])
    assert (beside.changed_by, beside.changed_at, beside.changed_ns) == ("bo x", "", 0)


@pytest.mark.parametrize(
    "effect",
    [
        told(row(), kind="device"),
        told(row(None)),
        told(row(5)),
        told(row(source="backup")),
        told(row(source=["running"])),
        told(),
        DocumentEffect("sw", "configuration", NOW_NS, "doc", None),
    ],
    ids=["other-kind", "no-text", "a-number", "other-source", "a-list", "no-rows", "still-the-same"],
)
def test_what_is_no_text_of_a_configuration_is_no_reading(effect: DocumentEffect) -> None:
    assert readings([effect]) == []


@pytest.mark.parametrize("text", ["", "\x00", "\ud800", "\ufeffhostname å\n", "prose\n"])
def test_any_text_can_be_stored(text: str) -> None:
    (reading,) = readings([told(row(text))])
    assert zlib.decompress(reading.body).decode() == text.encode("utf-8", "replace").decode()
    assert reading.facts.system == ""


def test_the_document_keeps_what_is_told_about_the_text_and_not_the_text() -> None:
    (kept,) = without_texts([told(row(changed_by="anna"))])
    assert kept.rows == [{"source": "running", "lines": 1, "complete": True, "changed_by": "anna"}]
    other = told({"text": "stays"}, kind="device")
    assert without_texts([other]) == [other]


def test_the_worker_takes_the_text_out_of_the_document() -> None:
    agent = AgentSide()
    line = Line(agent)
    talk = line.open(agent)
    talk.say(batch_message(agent.envelope(documents=[document(json.dumps([row()]).encode(), kind="configuration")])))
    line.gateway.disconnect(talk.session)
    line.work()
    assert "text" not in line.inbox.documents["acme", "hq", "dev-1", "configuration"].rows[0]
    assert line.ingest_tally["batches.applied"] == 1


@pytest.mark.parametrize("after", [False, True])
def test_promise_26_versions_are_made_once_with_the_batch_or_not_at_all(engine: Engine, after: bool) -> None:
    add_site(engine)
    inbox, chain = SqlInbox(engine), LaneChain()
    inbox.receive([chain.next()])
    (pending,) = inbox.claim(1, NOW_NS, LEASE_NS)
    documents = [told(row())]
    outcome = Outcome(without_texts(documents), configurations=readings(documents))
    with failing_commits(inbox.engine, ATTEMPTS, after=False), pytest.raises(StoreUnavailable):
        inbox.apply(pending, outcome, NOW_NS)
    assert SqlEstateReader(engine).devices("acme") == []
    with failing_commits(inbox.engine, 1, after=after):
        inbox.apply(pending, outcome, NOW_NS)
    (device,) = SqlEstateReader(engine).devices("acme")
    (version,) = SqlConfigurationHistory(engine).configurations("acme", device.id)
    assert version.changed_by == "anna"
    assert SqlConfigurationHistory(engine).configuration_text("acme", device.id, version.id) == IOS
    (snapshot,) = SqlEstateReader(engine).snapshots("acme", device.id)
    assert snapshot.rows == [{"source": "running", "lines": 1, "complete": True}]
