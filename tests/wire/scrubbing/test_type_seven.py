import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_wire.scrubbing.type_seven import SALTS, decode, encode

VECTORS = [("02050D480809", "cisco"), ("094F471A1A0A", "cisco"), ("0822455D0A16", "cisco"), ("060506324F41", "cisco")]


@pytest.mark.parametrize(("text", "plain"), VECTORS)
def test_published_texts_decode(text, plain):
    assert decode(text) == plain
    assert encode(plain, int(text[:2])) == text


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=60), st.integers(0, SALTS - 1))
def test_whatever_is_encoded_decodes_again(plain, salt):
    assert decode(encode(plain, salt)) == plain


@pytest.mark.parametrize("text", ["", "7", "07", "0G1234", "991234", "07123", "cisco", "٠٧1234"])
def test_what_is_no_type_7_text_decodes_to_nothing(text):
    assert decode(text) is None
