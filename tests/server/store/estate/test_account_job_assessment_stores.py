"""Accounts, jobs and assessments keep their contracts over SQLite and PostgreSQL; the races that matter have one winner."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from contracts.accounts_contract import BO, AccountsContract, session_of
from contracts.accounts_contract import NOW_NS as ACCOUNTS_NOW_NS
from contracts.assessments_contract import AssessmentsContract
from contracts.jobs_contract import LEASE_NS, NOW_NS, JobsContract, job
from natvakt_server.store.estate.accounts import SqlAccountStore
from natvakt_server.store.estate.assessments import SqlAssessmentStore
from natvakt_server.store.estate.jobs import SqlJobQueue
from natvakt_server.store.estate.retention import SqlRetention
from sqlalchemy import Engine


class TestSqlAccounts(AccountsContract):
    @pytest.fixture
    def accounts(self, engine: Engine) -> SqlAccountStore:
        return SqlAccountStore(engine)

    def test_promise_51_a_code_that_many_use_at_once_lets_one_in(self, accounts: SqlAccountStore) -> None:
        with ThreadPoolExecutor(8) as pool:
            assert sorted(pool.map(lambda _: accounts.use_totp_step("u1", 7), range(16))) == [False] * 15 + [True]

    def test_a_link_that_many_use_at_once_lets_one_in(self, accounts: SqlAccountStore) -> None:
        accounts.add_link(b"l" * 32, "u1", ACCOUNTS_NOW_NS + 1)
        with ThreadPoolExecutor(8) as pool:
            used = [user for user in pool.map(lambda _: accounts.use_link(b"l" * 32, ACCOUNTS_NOW_NS), range(16)) if user]
        assert used == ["u1"]

    def test_sessions_and_links_that_ran_out_are_forgotten(self, accounts: SqlAccountStore, engine: Engine) -> None:
        old, young = session_of(BO, b"1" * 32), replace(session_of(BO, b"2" * 32), expires_ns=ACCOUNTS_NOW_NS + 500)
        for opened in (old, young):
            accounts.put_session(opened)
        accounts.add_link(b"l" * 32, "u2", ACCOUNTS_NOW_NS)
        assert SqlRetention(engine).expire_sessions(ACCOUNTS_NOW_NS + 200) == 2
        assert accounts.session(old.token_hash) is None
        assert accounts.session(young.token_hash) == young


class TestSqlJobs(JobsContract):
    @pytest.fixture
    def queue(self, engine: Engine) -> SqlJobQueue:
        return SqlJobQueue(engine)

    def test_workers_at_once_never_hold_the_same_job(self, queue: SqlJobQueue) -> None:
        for number in range(12):
            queue.add_job(job(number))
        with ThreadPoolExecutor(6) as pool:
            claimed = [each.id for each in pool.map(lambda _: queue.claim_job(("assessment",), NOW_NS, LEASE_NS), range(12)) if each]
        assert len(claimed) == len(set(claimed))


class TestSqlAssessments(AssessmentsContract):
    @pytest.fixture
    def assessments(self, engine: Engine) -> SqlAssessmentStore:
        return SqlAssessmentStore(engine)
