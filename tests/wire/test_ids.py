import pytest
from natvakt_wire.errors import Malformed
from natvakt_wire.ids import AgentName, check_slug, check_uuid7, parse_spiffe_id, uuid7
from testkit.wire import AGENT, NOW_NS, seeded_random


@pytest.mark.parametrize("text", ["a", "0", "acme", "acme-2", "a" * 40, "a-"])
def test_slugs_are_letters_digits_and_dashes(text):
    assert check_slug(text, "tenant") == text


@pytest.mark.parametrize("text", ["", "-a", "Acme", "a" * 41, "å", "a/b", "a b", "a\n", "a.b", "../x"])
def test_anything_else_is_refused_with_place_value_and_rule(text):
    with pytest.raises(Malformed, match=r"tenant .* is not a slug: use 1 to 40 of a-z"):
        check_slug(text, "tenant")


def test_uuid7_carries_its_milliseconds_and_sorts_by_time():
    earlier, later = uuid7(NOW_NS, seeded_random(1)), uuid7(NOW_NS + 10**6, seeded_random(1))
    assert earlier < later
    assert int(earlier.replace("-", "")[:12], 16) == NOW_NS // 10**6


def test_uuid7_spends_all_its_randomness():
    assert uuid7(NOW_NS, lambda count: b"\xff" * count)[14:] == "7fff-bfff-ffffffffffff"
    assert uuid7(NOW_NS, bytes)[14:] == "7000-8000-000000000000"


@pytest.mark.parametrize("text", ["", AGENT.upper(), AGENT.replace("-7", "-4", 1), AGENT + "0", "{" + AGENT + "}"])
def test_only_the_canonical_spelling_of_a_uuid7_counts(text):
    with pytest.raises(Malformed, match="is not a UUIDv7"):
        check_uuid7(text, "agent")


def test_spiffe_ids_come_back_as_the_name_they_were_made_from():
    name = AgentName("acme", "hq", AGENT)
    assert name.spiffe_id == f"spiffe://natvakt/acme/hq/{AGENT}"
    assert parse_spiffe_id(name.spiffe_id) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "spiffe://natvakt/acme/hq",
        f"spiffe://natvakt/acme/hq/{AGENT}/",
        f"spiffe://natvakt/acme/hq/{AGENT}/x",
        f"spiffe://other/acme/hq/{AGENT}",
        f"https://natvakt/acme/hq/{AGENT}",
        f"spiffe://natvakt/ACME/hq/{AGENT}",
        f"spiffe://natvakt/acme/../{AGENT}",
        f"acme/hq/{AGENT}",
    ],
)
def test_other_uris_name_no_agent(text):
    with pytest.raises(Malformed):
        parse_spiffe_id(text)
