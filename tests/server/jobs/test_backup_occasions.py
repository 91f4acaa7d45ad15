"""Backups that turn are told of, once each, and told of as over when they are well again."""

from dataclasses import replace

import pytest
from natvakt_server.domain.backup_jobs.expecting import CONFIGURATION
from natvakt_server.domain.backup_jobs.judging import Origin, Reason, State
from natvakt_server.domain.backup_jobs.standing import Standing
from natvakt_server.domain.estate import Device
from natvakt_server.domain.notification import Kind, Severity
from natvakt_server.domain.registry import Role
from natvakt_server.jobs.backup_occasions import SEVERITIES, BackupTeller
from natvakt_server.notify.words import CAUSES
from natvakt_server.store.estate.backups import SqlBackups
from natvakt_server.store.estate.outbox import SqlOutbox
from testkit.databases import migrated_file
from testkit.notifying import engine

__all__ = ["engine", "migrated_file"]
SERVER = Device("d1", "acme", "hq", "files-1", "10.0.0.9", Role.SERVER)
OK = Standing("acme", "d1", "nightly", State.OK, Reason.DONE, 10, 10, 10, Origin.PERSON)


class Judged:
    """A book whose job stands as it is told, one moment after the other."""

    def __init__(self, engine):
        self.book, self.outbox, self.at_ns = SqlBackups(engine), SqlOutbox(engine), 10

    def stands(self, state, reason=Reason.DONE, job="nightly"):
        self.at_ns += 10
        standing = replace(OK, state=state, reason=reason, job=job, since_ns=self.at_ns, judged_ns=self.at_ns)
        self.book.keep("acme", [standing], BackupTeller({"d1": SERVER}))

    def told(self):
        return [(each.told.kind, each.told.cause, each.told.severity) for each in self.outbox.unrouted(100)]


@pytest.fixture
def judged(engine):
    return Judged(engine)


def test_a_backup_that_fails_is_told_of_once_and_when_it_is_well_again(judged):
    for state in (State.OK, State.FAILED, State.FAILED, State.OK, State.OK):
        judged.stands(state)
    assert judged.told() == [
        (Kind.OPENED, "backup-failed", Severity.WARNING),
        (Kind.CLEARED, "backup-well", Severity.WARNING),
    ]
    told = judged.outbox.unrouted(1)[0].told
    assert (told.tenant, told.site, list(told.devices), dict(told.facts)) == ("acme", "hq", ["files-1"], {"job": "nightly"})


def test_from_bad_to_worse_is_a_change_of_the_same_incident(judged):
    for state in (State.LATE, State.EMPTY, State.RESTORE_TESTED):
        judged.stands(state)
    assert judged.told() == [
        (Kind.OPENED, "backup-late", Severity.WARNING),
        (Kind.UPDATED, "backup-empty", Severity.CRITICAL),
        (Kind.CLEARED, "backup-well", Severity.CRITICAL),
    ]
    assert len({each.told.incident for each in judged.outbox.unrouted(10)}) == 1


def test_what_nobody_observed_is_neither_wrong_nor_well(judged):
    for state in (State.OK, State.NOT_OBSERVED, State.OK, State.LATE, State.NOT_OBSERVED, State.OK):
        judged.stands(state)
    assert [kind for kind, _, _ in judged.told()] == [Kind.OPENED, Kind.CLEARED]


def test_the_first_run_is_awaited_quietly(judged):
    judged.stands(State.NEVER, Reason.FIRST_RUN_AWAITED)
    assert judged.told() == []


def test_a_configuration_is_told_of_as_one(judged):
    judged.stands(State.NEVER, Reason.NEVER_RAN, CONFIGURATION)
    assert dict(judged.outbox.unrouted(1)[0].told.facts) == {"job": "configuration"}


def test_it_is_told_in_the_transaction_that_keeps_it(judged):
    class Broken(BackupTeller):
        def occasion(self, turn, *, is_open):
            raise KeyError("no words")

    with pytest.raises(KeyError):
        judged.book.keep("acme", [OK], Broken({}))
    assert judged.book.kept("acme") == []


def test_every_state_that_opens_has_words():
    assert {f"backup-{state}" for state in SEVERITIES} | {"backup-well"} <= set(CAUSES)
