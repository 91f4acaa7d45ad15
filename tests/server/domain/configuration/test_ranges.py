"""Lists of interfaces and numbers as configurations write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.domain.configuration.ranges import EXPANSION_LIMIT, expand_interfaces, expand_numbers, interface_key


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("GigabitEthernet1/0/1", ["GigabitEthernet1/0/1"]),
        ("range Gi1/0/1 - 3 , Gi1/0/7", ["Gi1/0/1", "Gi1/0/2", "Gi1/0/3", "Gi1/0/7"]),
        ("Ethernet1/1-2,Ethernet2/5", ["Ethernet1/1", "Ethernet1/2", "Ethernet2/5"]),
        ("Gi1/0/1-2,1/0/9", ["Gi1/0/1", "Gi1/0/2", "Gi1/0/9"]),
        ("Ethernet1/1-Ethernet1/3", ["Ethernet1/1", "Ethernet1/2", "Ethernet1/3"]),
        ("Port-channel1-2", ["Port-channel1", "Port-channel2"]),
        ("Vlan10,20", ["Vlan10", "Vlan20"]),
    ],
)
def test_a_list_of_interfaces_names_each(written: str, meant: list[str]) -> None:
    assert list(expand_interfaces(written)) == meant


@pytest.mark.parametrize(
    "written", ["", "1/0/1", "Gi1/0/9-3", "Gi1/0/1-Gi2/0/3", "Gi1/0/1-Te1/0/3", "Gi1/0/1-99999", "Gi1/0/x", "Gi1/0/1,,"]
)
def test_a_list_that_cannot_be_read_is_an_error_that_names_the_member(written: str) -> None:
    with pytest.raises(ValueError, match="'"):
        expand_interfaces(written)


def test_numbers() -> None:
    assert list(expand_numbers("1,10-12, 20")) == [1, 10, 11, 12, 20]
    for wrong in ("", "a", "5-1", f"1-{EXPANSION_LIMIT * 2}"):
        with pytest.raises(ValueError, match="'"):
            expand_numbers(wrong)


@given(numbers=st.sets(st.integers(1, EXPANSION_LIMIT - 1), min_size=1))
def test_numbers_come_back_as_they_were_written(numbers: set[int]) -> None:
    assert set(expand_numbers(",".join(map(str, sorted(numbers))))) == numbers


@pytest.mark.parametrize("name", ["Gi1/0/1", "GigabitEthernet1/0/1", "gigabitethernet 1/0/1", "GIGABITETHERNET1/0/1"])
def test_short_and_long_names_are_one_interface(name: str) -> None:
    assert interface_key(name) == ("gi", "1/0/1")


def test_different_interfaces_are_not_one() -> None:
    names = ["Gi1/0/1", "Gi1/0/2", "Te1/0/1", "Fa1/0/1", "Vlan1", "Port-channel1", "Loopback1", "Gi1/0/1.10"]
    assert len({interface_key(name) for name in names}) == len(names)
