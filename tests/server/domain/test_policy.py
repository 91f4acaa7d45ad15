"""What a customer sets otherwise than the defaults, as people write it; what is none is refused with place, value and way out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.domain.policy import (
    MANAGEMENT_NETWORKS,
    MOST_PLACES,
    TIME_SERVERS,
    NotAPolicy,
    Threshold,
    read_number,
    read_places,
)

MINUTES, SHARE = Threshold("exec_timeout_minutes", 10, 5), Threshold("capacity.poe.share", 0.85, is_share=True)


@pytest.mark.parametrize(("text", "number"), [("5", 5), (" 7,5 ", 7.5), ("", None), ("10", None), ("0", 0)])
def test_a_number_is_what_differs_from_the_default(text: str, number: float | None) -> None:
    assert read_number(MINUTES, text) == number


@pytest.mark.parametrize(
    ("threshold", "text", "word"),
    [
        (MINUTES, "ten", "policy-no-number"),
        (MINUTES, "-1", "policy-out-of-range"),
        (MINUTES, "nan", "policy-out-of-range"),
        (MINUTES, "1e12", "policy-out-of-range"),
        (SHARE, "85", "policy-out-of-range"),
    ],
)
def test_what_is_no_threshold_is_refused_with_place_value_and_example(threshold: Threshold, text: str, word: str) -> None:
    with pytest.raises(NotAPolicy) as refused:
        read_number(threshold, text)
    assert refused.value.word == word
    for part in (threshold.name, text, f"{threshold.default:g}"):
        assert part in str(refused.value)
    assert refused.value.values["value"] == text


def test_places_are_read_one_a_line_or_with_commas_each_once() -> None:
    assert read_places(TIME_SERVERS, "10.1.0.61\n 10.1.0.62, 10.1.0.61\n\n2001:db8::1") == ("10.1.0.61", "10.1.0.62", "2001:db8::1")
    assert read_places(MANAGEMENT_NETWORKS, "10.1.9.0/24") == ("10.1.9.0/24",)
    assert read_places(TIME_SERVERS, "") == ()


@pytest.mark.parametrize(
    ("kind", "text", "word", "line", "value"),
    [
        (TIME_SERVERS, "10.1.0.61\nntp.example", "policy-no-address", "2", "ntp.example"),
        (TIME_SERVERS, "10.1.0.0/24", "policy-no-address", "1", "10.1.0.0/24"),
        (MANAGEMENT_NETWORKS, "\n10.1.9.1/24", "policy-no-network", "2", "10.1.9.1/24"),
    ],
)
def test_what_is_no_address_is_refused_with_its_line(kind: str, text: str, word: str, line: str, value: str) -> None:
    with pytest.raises(NotAPolicy) as refused:
        read_places(kind, text)
    assert (refused.value.word, refused.value.values["line"], refused.value.values["value"]) == (word, line, value)


def test_more_places_than_anybody_has_are_refused() -> None:
    with pytest.raises(NotAPolicy, match="51 are more than 50"):
        read_places(TIME_SERVERS, "\n".join(f"10.0.0.{number}" for number in range(MOST_PLACES + 1)))


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (lambda: read_number(MINUTES, text), lambda: read_places(MANAGEMENT_NETWORKS, text)):
        try:
            read()
        except NotAPolicy as refused:
            assert refused.word.startswith("policy-")  # noqa: PT017 - either outcome is right
