"""Which addresses are called because somebody wrote a URL into a form."""

from ipaddress import ip_network

import pytest
from natvakt_server.notify.port import Refused
from natvakt_server.notify.reach import BadNetwork, Reach, networks

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1", "255.255.255.255",
    "::1", "fd12::1", "fe80::1", "::ffff:10.1.2.3", "::ffff:169.254.169.254",
    "64:ff9b::a01:203", "64:ff9b::a9fe:a9fe", "2002:a01:203::1", "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_refused(address):
    with pytest.raises(Refused, match=r"not a public|link-local"):
        Reach().allowed("hook.example", [address], clear=False)


def test_one_private_address_among_public_ones_is_enough():
    with pytest.raises(Refused):
        Reach().allowed("hook.example", ["93.184.215.14", "10.0.0.1"], clear=False)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_a_public_address_is_called_with_tls_only(address):
    assert Reach().allowed("hook.example", [address], clear=False) == address
    with pytest.raises(Refused, match="without TLS"):
        Reach().allowed("hook.example", [address], clear=True)


def test_the_operators_own_networks_are_called_also_in_the_clear():
    own = Reach(networks("10.20.0.0/16, fd12::/64"))
    assert own.allowed("psa.internal", ["10.20.7.5"], clear=True) == "10.20.7.5"
    assert own.allowed("psa.internal", ["fd12::5"], clear=False) == "fd12::5"
    with pytest.raises(Refused, match="own_networks"):
        own.allowed("psa.internal", ["10.21.7.5"], clear=False)


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1", "fd00:ec2::254", "::ffff:169.254.169.254"])
def test_link_local_addresses_are_never_called_whatever_is_written(address):
    with pytest.raises(Refused):
        Reach((ip_network("0.0.0.0/0"), ip_network("::/0"))).allowed("cloud.example", [address], clear=False)


@pytest.mark.parametrize("text", ["10.20.0.0/33", "10.20.0.5/16", "everywhere"])
def test_a_wrong_network_says_which(text):
    with pytest.raises(BadNetwork, match=text[:8]):
        networks(f"10.0.0.0/8, {text}")
