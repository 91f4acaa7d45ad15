"""Words of the same shape, each pair as different as before."""

import string

from hypothesis import given
from hypothesis import strategies as st
from natvakt_agent.capture.keyed import Key
from natvakt_agent.capture.words import WordMap

KEY = Key(b"w" * 32)
RUNS = st.text(string.ascii_letters + string.digits, min_size=1, max_size=90)


def shape(text: str) -> str:
    return "".join("9" if one.isdigit() else "A" if one.isupper() else "a" if one.isalpha() else one for one in text)


@given(st.text(max_size=60))
def test_letters_stay_letters_digits_digits_and_everything_between_them(text: str) -> None:
    new = WordMap(KEY).replaced(text)
    assert len(new) == len(text)
    assert [one.isalnum() for one in new] == [one.isalnum() for one in text]


@given(RUNS, RUNS)
def test_two_words_never_become_one_and_capitals_make_no_difference(one: str, two: str) -> None:
    words = WordMap(KEY)
    assert shape(words.run(one)) == shape(one)
    assert (words.run(one).lower() == words.run(two).lower()) == (one.lower() == two.lower())


def test_a_name_in_a_domain_is_replaced_as_the_name_is() -> None:
    words = WordMap(KEY)
    assert words.replaced("HQ-acc1.example.net").lower().startswith(words.replaced("hq-acc1") + ".")


@given(st.text("åäöéüÅÄÖ", min_size=1, max_size=20))
def test_swedish_letters_stay_as_long_in_utf_8(text: str) -> None:
    assert len(WordMap(KEY).replaced(text).encode()) == len(text.encode())
