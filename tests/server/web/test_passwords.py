"""Which passwords will do, and how they are kept."""

import pytest
from natvakt_server.web.access.passwords import PasswordRules, Passwords, read_common_passwords
from testkit.console import CHEAP, Randomness

RULES = PasswordRules(read_common_passwords())


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("elva tecken", "password-short"),
        ("x" * 129, "password-long"),
        ("aaaaaaaaaaaa", "password-simple"),
        ("abababababab", "password-simple"),
        ("qwertyuiopåa", "password-simple"),
        ("123456789012", "password-simple"),
        ("abcdefghijkl", "password-simple"),
        ("lkjihgfedcba", "password-simple"),
        ("password1234", "password-common"),
        ("PASSWORD!!!!", "password-common"),
        ("sommar202611", "password-common"),
        ("Administrator1!", "password-common"),
        ("dragondragon", "password-common"),
        ("olga-natvakt", "password-own-name"),
        ("Norrsken-1234", "password-own-name"),
        ("sju lila traktorer", None),
        ("correct horse battery", None),
        ("åäö räksmörgås nu", None),
    ],
)
def test_promise_51_a_password_is_long_and_not_among_those_tried_first(password: str, problem: str | None) -> None:
    assert RULES.problem(password, "olga", "Norrsken", "natvakt") == problem


def test_a_long_phrase_may_hold_the_own_name() -> None:
    assert RULES.problem("olga plockar kantareller", "olga") is None


def test_the_shipped_list_is_worth_its_name() -> None:
    common = read_common_passwords()
    assert len(common) > 5000
    assert {"password", "letmein", "sommar", "lösenord"} <= common


def test_a_hash_is_argon2id_with_its_own_salt_and_tells_nothing() -> None:
    passwords = Passwords(CHEAP, Randomness())
    one, other = passwords.hashed("sju lila traktorer"), passwords.hashed("sju lila traktorer")
    assert one.startswith("$argon2id$")
    assert one != other
    assert "traktorer" not in one
    assert passwords.matches(one, "sju lila traktorer")
    assert not passwords.matches(one, "sju lila traktoren")


@pytest.mark.parametrize("stored", [None, "", "plain", "$argon2id$v=19$m=8,t=1,p=1$broken"])
def test_nothing_matches_a_hash_that_is_none(stored: str | None) -> None:
    assert not Passwords(CHEAP, Randomness()).matches(stored, "sju lila traktorer")
