"""Addresses are replaced so that subnets stay subnets, and vendors stay vendors."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_agent.capture.addresses import V4_BITS, V6_BITS, AddressMap, Network
from natvakt_agent.capture.keyed import Key

KEY = Key(bytes(range(32)))
V4 = st.integers(0, (1 << 32) - 1)
INSIDE = st.integers(0, (1 << 24) - 1).map(lambda host: 10 << 24 | host)
V6 = st.integers(0, (1 << 61) - 1).map(lambda low: (0x2A02_0000 << 96) | low)


def v4(number: int, addresses: AddressMap | None = None) -> int:
    return int.from_bytes((addresses or AddressMap(KEY)).octets(number.to_bytes(4, "big")), "big")


def v4_text(text: str) -> str:
    return str(IPv4Address(AddressMap(KEY).octets(IPv4Address(text).packed)))


def shared_bits(one: int, two: int, bits: int) -> int:
    return bits - (one ^ two).bit_length()


@given(INSIDE, INSIDE)
def test_private_addresses_share_as_many_leading_bits_as_before(one: int, two: int) -> None:
    addresses = AddressMap(KEY)
    assert shared_bits(v4(one, addresses), v4(two, addresses), 32) == shared_bits(one, two, 32)


@given(V4, V4)
def test_what_shared_16_bits_or_more_shares_as_many_and_two_never_become_one(one: int, two: int) -> None:
    addresses, before = AddressMap(KEY), shared_bits(one, two, 32)
    after = shared_bits(v4(one, addresses), v4(two, addresses), 32)
    assert after == before if before >= 16 else after < 16


@given(V6, V6)
def test_ipv6_networks_share_as_many_leading_bits_as_before(one: int, two: int) -> None:
    addresses = AddressMap(KEY)
    new = [int.from_bytes(addresses.octets(number.to_bytes(16, "big")), "big") for number in (one, two)]
    before = shared_bits(one, two, 128)
    assert min(64, shared_bits(new[0], new[1], 128)) == min(64, before)
    assert (new[0] == new[1]) == (one == two)


@given(V4)
def test_private_stays_private_and_public_stays_public(number: int) -> None:
    old, new = IPv4Address(number), IPv4Address(v4(number))
    if not any(old in IPv4Network(documented) for documented in ("192.0.0.0/16", "198.0.0.0/8", "203.0.0.0/16")):
        assert (old.is_private, old.is_multicast, old.is_loopback) == (new.is_private, new.is_multicast, new.is_loopback)


@given(INSIDE, st.integers(9, 24))
def test_a_known_network_is_the_first_address_of_its_own_afterwards(number: int, length: int) -> None:
    base = number >> (32 - length) << (32 - length)
    addresses = AddressMap(KEY, [Network(base, length, V4_BITS)])
    assert v4(base, addresses) & ((1 << (32 - length)) - 1) == 0
    assert shared_bits(v4(number, addresses), v4(base, addresses), 32) >= length


@pytest.mark.parametrize("kept", ["0.0.0.0", "127.0.0.1", "255.255.255.0", "224.0.0.5", "0.0.0.255", "255.255.255.255", "239.255.255.250"])
def test_what_is_nobodys_stays(kept: str) -> None:
    assert v4_text(kept) == kept


@pytest.mark.parametrize("text", ["10.20.30.40", "192.168.17.5", "172.20.9.1", "8.8.4.4", "193.10.66.7"])
def test_what_is_somebodys_goes(text: str) -> None:
    assert v4_text(text) != text
    assert v4_text(text).rpartition(".")[2] == text.rpartition(".")[2]


def test_a_zone_stays_and_two_keys_have_nothing_in_common() -> None:
    octets = bytes((10, 20, 30, 40, 0, 0, 0, 7))
    assert AddressMap(KEY).octets(octets)[4:] == octets[4:]
    assert AddressMap(KEY).octets(octets) != AddressMap(Key(b"o" * 32)).octets(octets)


def test_a_mac_inside_an_ipv6_address_is_replaced_as_the_mac_is() -> None:
    addresses = AddressMap(KEY)
    mac = bytes.fromhex("00112233445a")
    new = addresses.octets(IPv6Address("2a02:1:2:3:211:22ff:fe33:445a").packed)
    assert new[8:] == bytes((addresses.mac(mac)[0] ^ 2, *addresses.mac(mac)[1:3], 0xFF, 0xFE, *addresses.mac(mac)[3:]))
    assert addresses.octets(IPv6Address("2a02:1:2:3::1").packed)[8:] == bytes(7) + b"\1"


def test_ipv6_local_and_group_addresses_keep_what_they_are() -> None:
    addresses = AddressMap(KEY, [Network(int(IPv6Address("2a02:1:2::")), 48, V6_BITS)])
    for text in ("::", "::1", "ff02::5"):
        assert addresses.octets(IPv6Address(text).packed) == IPv6Address(text).packed
    assert addresses.octets(IPv6Address("fe80::1").packed) == IPv6Address("fe80::1").packed
    assert addresses.octets(IPv6Address("2a02:1:2::").packed)[6:] == bytes(10)
    assert addresses.octets(IPv6Address("::ffff:10.20.30.40").packed)[12:] == addresses.octets(bytes((10, 20, 30, 40)))


@given(st.binary(min_size=6, max_size=6), st.binary(min_size=6, max_size=6))
def test_macs_keep_vendor_and_last_octet_and_two_never_become_one(one: bytes, two: bytes) -> None:
    addresses = AddressMap(KEY)
    assert (addresses.mac(one) == addresses.mac(two)) == (one == two)
    assert addresses.mac(one)[5] == one[5]
    if not one[0] & 2:
        assert addresses.mac(one)[:3] == one[:3]


@pytest.mark.parametrize("kept", ["01000ccccccc", "ffffffffffff", "000000000000", "00000c07ac0a", "00005e00010b", "00000c9ff00a"])
def test_groups_and_virtual_macs_stay(kept: str) -> None:
    assert AddressMap(KEY).mac(bytes.fromhex(kept)).hex() == kept
