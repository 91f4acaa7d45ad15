"""What every store of accounts must do. Subclass `AccountsContract` and give it the fixture `accounts`."""

from abc import abstractmethod
from dataclasses import replace
from typing import Protocol

import pytest
from natvakt_server.domain.accounts import AccountStore, LinkReader, LoginCounter, SecondFactorStore, Session, SessionUse, User

NOW_NS = 1_800_000_000_000_000_000
ANNA = User("u1", "anna", "Anna Å", "owner", password_hash="$argon2id$...", totp_sealed=b"\x00sealed")
BO = User("u2", "bo", "Bo", "engineer", language="en")


class WholeAccounts(AccountStore, SecondFactorStore, LoginCounter, SessionUse, LinkReader, Protocol):
    """Every port in one store."""


def session_of(user: User, token: bytes = b"t" * 32) -> Session:
    return Session(token, user.id, NOW_NS, NOW_NS + 100, NOW_NS, "csrf", True)


class AccountsContract:
    @pytest.fixture
    @abstractmethod
    def accounts(self) -> WholeAccounts: ...

    @pytest.fixture(autouse=True)
    def _two_users(self, accounts: WholeAccounts) -> None:
        accounts.put_user(BO)
        accounts.put_user(ANNA)

    def test_users_are_found_by_id_and_by_name_whatever_its_case(self, accounts: WholeAccounts) -> None:
        assert accounts.user("u1") == ANNA
        assert accounts.user_by_name("Anna") == ANNA
        assert accounts.user_by_name("nobody") is None
        assert accounts.user("nobody") is None
        assert list(accounts.users()) == [ANNA, BO]

    def test_putting_a_user_again_replaces_it(self, accounts: WholeAccounts) -> None:
        changed = replace(ANNA, failed_logins=3, locked_until_ns=NOW_NS)
        accounts.put_user(changed)
        assert accounts.user("u1") == changed

    def test_a_link_works_once_and_in_time(self, accounts: WholeAccounts) -> None:
        accounts.add_link(b"l" * 32, "u2", NOW_NS + 10)
        assert accounts.use_link(b"x" * 32, NOW_NS) is None
        assert accounts.use_link(b"l" * 32, NOW_NS + 10) is None
        assert accounts.use_link(b"l" * 32, NOW_NS + 9) == "u2"
        assert accounts.use_link(b"l" * 32, NOW_NS + 9) is None

    def test_a_session_is_kept_and_moved_on_under_its_token(self, accounts: WholeAccounts) -> None:
        opened = session_of(ANNA)
        accounts.put_session(opened)
        assert accounts.session(opened.token_hash) == opened
        accounts.put_session(replace(opened, last_used_ns=NOW_NS + 5))
        found = accounts.session(opened.token_hash)
        assert found is not None
        assert found.last_used_ns == NOW_NS + 5

    def test_promise_52_an_ended_session_is_gone_at_once(self, accounts: WholeAccounts) -> None:
        one, other, bos = session_of(ANNA, b"1" * 32), session_of(ANNA, b"2" * 32), session_of(BO, b"3" * 32)
        for opened in (one, other, bos):
            accounts.put_session(opened)
        accounts.end_session(one.token_hash)
        assert [accounts.session(each.token_hash) is None for each in (one, other, bos)] == [True, False, False]
        accounts.end_sessions_of("u1")
        assert [accounts.session(each.token_hash) is None for each in (one, other, bos)] == [True, True, False]

    def test_promise_52_disabling_a_user_ends_the_sessions(self, accounts: WholeAccounts) -> None:
        opened = session_of(BO)
        accounts.put_session(opened)
        accounts.put_user(replace(BO, disabled=True))
        assert accounts.session(opened.token_hash) is None

    def test_promise_51_a_one_time_code_is_used_once_and_none_before_it(self, accounts: WholeAccounts) -> None:
        assert accounts.use_totp_step("u1", 100)
        assert not accounts.use_totp_step("u1", 100)
        assert not accounts.use_totp_step("u1", 99)
        assert accounts.use_totp_step("u1", 101)
        assert not accounts.use_totp_step("nobody", 1)

    def test_promise_51_a_code_used_meanwhile_stays_used_when_the_person_is_put_again(self, accounts: WholeAccounts) -> None:
        assert accounts.use_totp_step("u1", 100)
        accounts.put_user(replace(ANNA, language="en"))
        assert not accounts.use_totp_step("u1", 100)
        stored = accounts.user("u1")
        assert stored is not None
        assert stored.language == "en"

    def test_promise_51_failures_are_counted_one_by_one_and_forgotten_together(self, accounts: WholeAccounts) -> None:
        assert [accounts.count_failure("u1") for _ in range(3)] == [1, 2, 3]
        assert accounts.count_failure("nobody") == 0
        assert accounts.count_failure("u2") == 1
        accounts.lock_until("u1", NOW_NS + 10)
        accounts.lock_until("u1", NOW_NS + 5)
        locked = accounts.user("u1")
        assert locked is not None
        assert (locked.failed_logins, locked.locked_until_ns) == (3, NOW_NS + 10)
        accounts.clear_failures("u1")
        assert accounts.user("u1") == ANNA

    def test_the_owner_of_a_link_is_told_without_using_it(self, accounts: WholeAccounts) -> None:
        accounts.add_link(b"l" * 32, "u2", NOW_NS + 10)
        assert [accounts.link_owner(b"l" * 32, NOW_NS) for _ in range(2)] == ["u2", "u2"]
        assert accounts.link_owner(b"x" * 32, NOW_NS) is None
        assert accounts.link_owner(b"l" * 32, NOW_NS + 10) is None
        accounts.use_link(b"l" * 32, NOW_NS)
        assert accounts.link_owner(b"l" * 32, NOW_NS) is None

    def test_promise_52_a_use_neither_revives_an_ended_session_nor_moves_it_back(self, accounts: WholeAccounts) -> None:
        opened = session_of(ANNA)
        accounts.put_session(opened)
        accounts.touch_session(opened.token_hash, NOW_NS + 7)
        accounts.touch_session(opened.token_hash, NOW_NS + 3)
        assert accounts.session(opened.token_hash) == replace(opened, last_used_ns=NOW_NS + 7)
        accounts.end_session(opened.token_hash)
        accounts.touch_session(opened.token_hash, NOW_NS + 9)
        assert accounts.session(opened.token_hash) is None
