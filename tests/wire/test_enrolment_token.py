"""The token is whole or refused, and never shows its secret."""

import pytest
from natvakt_wire.enrolment_token import EnrolmentToken, secret_from_text
from natvakt_wire.errors import Malformed, NotAdmitted

TOKEN = EnrolmentToken(bytes(range(32)), "noc.example:7444", b"certificate" * 30, b"\7" * 32, 1_790_000_600_000_000_000)


def test_a_token_comes_back_from_its_text():
    assert EnrolmentToken.from_text(TOKEN.to_text()) == TOKEN
    assert secret_from_text(TOKEN.secret_text) == TOKEN.secret


def test_blanks_and_line_breaks_of_the_clipboard_do_no_harm():
    text = TOKEN.to_text()
    assert EnrolmentToken.from_text(f"  {text[:50]}\n{text[50:]}\r\n") == TOKEN


def test_a_token_never_prints_its_secret():
    assert TOKEN.secret_text not in repr(TOKEN)
    assert repr(TOKEN.secret)[2:10] not in repr(TOKEN)


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: t[:40], lambda t: t[:60] + "A" * 4 + t[64:], lambda t: t[4:], lambda t: t + "å"]
)
def test_a_token_cut_or_mistyped_is_refused_without_repeating_it(spoil):
    spoiled = spoil(TOKEN.to_text())
    with pytest.raises(Malformed, match="copy the whole text") as caught:
        EnrolmentToken.from_text(spoiled)
    assert spoiled[:20] not in str(caught.value)


@pytest.mark.parametrize("text", ["", "abc", "guess", "åäö", "A" * 5000])
def test_what_no_token_ever_held_is_not_admitted(text):
    with pytest.raises(NotAdmitted):
        secret_from_text(text)
