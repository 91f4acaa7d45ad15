"""Which addresses are one device: by serial, base MAC, engine id, own addresses; whatever the order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_agent.discovery.identity import Oddity, Remembered, Sighting, compared, duplicates, grouped, merged_facts
from natvakt_agent.discovery.words import Facts

ADDRESSES = [f"10.0.0.{host}" for host in range(1, 9)]
FACTS = st.builds(
    Facts,
    name=st.sampled_from([None, "a", "b"]),
    serial=st.sampled_from([None, "S1", "S2"]),
    engine_id=st.sampled_from([None, "8000000901", "8000000902"]),
    base_mac=st.sampled_from([None, "00aa", "00bb", "000000000000"]),
    addresses=st.lists(st.sampled_from(ADDRESSES), max_size=3).map(tuple),
)
SIGHTINGS = st.dictionaries(st.sampled_from(ADDRESSES), FACTS, max_size=8).map(
    lambda by_address: [Sighting(address, facts) for address, facts in by_address.items()]
)


@given(SIGHTINGS, st.randoms())
def test_the_order_of_sightings_changes_nothing(sightings, random):
    shuffled = list(sightings)
    random.shuffle(shuffled)
    assert grouped(shuffled) == grouped(sightings)


@given(SIGHTINGS)
def test_every_sighting_is_in_exactly_one_device(sightings):
    assert sorted(s.address for group in grouped(sightings) for s in group) == sorted(s.address for s in sightings)


@given(SIGHTINGS)
def test_a_device_never_has_two_serials(sightings):
    for group in grouped(sightings):
        assert len({sighting.facts.serial for sighting in group} - {None}) <= 1


def groups(*facts):
    return [[s.address for s in group] for group in grouped([Sighting(ADDRESSES[n], each) for n, each in enumerate(facts)])]


def test_one_serial_on_two_addresses_is_one_device():
    assert groups(Facts(serial="S1"), Facts(serial="S1", base_mac="00aa")) == [ADDRESSES[:2]]


def test_one_base_mac_joins_a_sighting_that_tells_no_serial():
    assert groups(Facts(serial="S1", base_mac="00aa"), Facts(base_mac="00aa")) == [ADDRESSES[:2]]


def test_one_engine_id_with_two_serials_is_two_devices_and_told():
    one, two = Facts(serial="S1", engine_id="8000000901"), Facts(serial="S2", engine_id="8000000901")
    assert len(groups(one, two)) == 2
    (notice,) = duplicates({"10.0.0.1": one, "10.0.0.2": two})
    assert notice.kind == Oddity.DUPLICATE_ENGINE_ID
    assert notice.addresses == ("10.0.0.1", "10.0.0.2")
    assert "cloned configuration" in notice.text


def test_one_engine_id_with_two_names_and_nothing_better_is_two_devices():
    assert len(groups(Facts(name="a", engine_id="8000000901"), Facts(name="b", engine_id="8000000901"))) == 2


def test_cloned_virtual_machines_share_a_serial_but_neither_mac_nor_engine_id():
    one, two = Facts(serial="S1", base_mac="00aa", engine_id="8000000901"), Facts(serial="S1", base_mac="00bb", engine_id="8000000902")
    assert len(groups(one, two)) == 2
    assert [notice.kind for notice in duplicates({"10.0.0.1": one, "10.0.0.2": two})] == [Oddity.DUPLICATE_SERIAL]


def test_a_nameless_address_belongs_to_whoever_lists_it():
    assert groups(Facts(serial="S1", addresses=("10.0.0.2",)), Facts()) == [ADDRESSES[:2]]


def test_the_zero_mac_identifies_nobody():
    assert len(groups(Facts(base_mac="000000000000", name="a"), Facts(base_mac="000000000000", name="b"))) == 2


def test_merged_facts_keep_what_any_address_told():
    merged = merged_facts([Sighting("10.0.0.2", Facts(serial="S1")), Sighting("10.0.0.1", Facts(name="a", addresses=("10.0.0.9",)))])
    assert (merged.name, merged.serial, merged.addresses) == ("a", "S1", ("10.0.0.1", "10.0.0.2", "10.0.0.9"))


KNOWN = Remembered("sw1", "10.0.0.1", "plain", serial="S1", engine_id="8000000901")


@pytest.mark.parametrize(
    ("facts", "address", "name", "became"),
    [
        (Facts(name="sw1", serial="S1"), "10.0.0.1", "sw1", None),
        (Facts(name="sw1", serial="S1"), "10.0.0.7", "sw1", Oddity.MOVED),
        (Facts(name="sw1", serial="S1", addresses=("10.0.0.1",)), "10.0.0.7", "sw1", None),
        (Facts(name="other", serial="S2"), "10.0.0.1", "sw1", Oddity.REPLACED),
        (Facts(name="sw1", serial="S2"), "10.0.0.7", "sw1", Oddity.REPLACED),
        (Facts(name="other", serial="S2"), "10.0.0.7", None, None),
        (Facts(name="sw1"), "10.0.0.1", "sw1", None),
    ],
    ids=["same", "moved", "another address of it", "replaced at its address", "replaced under its name", "stranger", "says too little"],
)
def test_a_device_is_compared_with_what_was_there_before(facts, address, name, became):
    known, found = compared([KNOWN], facts, address)
    assert (known.name if known else None, found) == (name, became)
