"""What may be swept, and how fast."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_agent.discovery.pace import SECOND_NS, Pace, burst_of
from natvakt_agent.discovery.scope import Scope, ScopeRefused, is_askable, scope_of, subnet_of


def scope(*networks, allowed=(), seeds=(), excluded=()):
    return scope_of(networks, seeds, allowed, excluded, 100.0)


@pytest.mark.parametrize(
    ("network", "says"),
    [
        ("bananas", "write for example 192.168.10.0/24"),
        ("10.0.0.1/24", "write 10.0.0.0/24"),
        ("10.0.0.0/33", "is not a network"),
        ("10.0.0.0/8", "16,777,214 addresses in all are more than 65,536"),
        ("10.0.0.0/8", "--seed ADDRESS"),
        ("2001:db8::/64", "the prefixes in use (at most /112 each)"),
        ("2001:db8::1/64", "write 2001:db8::/64"),
        ("::/0", "years"),
    ],
)
def test_a_network_that_cannot_be_swept_is_refused_with_its_way_out(network, says):
    with pytest.raises(ScopeRefused) as refused:
        scope(network)
    assert says in str(refused.value)


def test_a_network_outside_the_site_policy_is_refused():
    with pytest.raises(ScopeRefused, match=r"10.2.0.0/24: lies outside the site policy's allowed_networks \(10.1.0.0/16\)"):
        scope("10.1.3.0/24", "10.2.0.0/24", allowed=["10.1.0.0/16"])


@pytest.mark.parametrize(("seed", "says"), [("10.9.0.1", "lies outside"), ("10.1.9.1", "is excluded"), ("core.example", "names are not")])
def test_a_seed_that_may_not_be_asked_is_refused(seed, says):
    with pytest.raises(ScopeRefused, match=says):
        scope("10.1.0.0/24", allowed=["10.1.0.0/16"], excluded=["10.1.9.0/24"], seeds=[seed])


@pytest.mark.parametrize(
    ("network", "addresses"),
    [
        ("10.0.0.0/30", ["10.0.0.1", "10.0.0.2"]),
        ("10.0.0.0/31", ["10.0.0.0", "10.0.0.1"]),
        ("10.0.0.7", ["10.0.0.7"]),
        ("2001:db8::/126", ["2001:db8::1", "2001:db8::2", "2001:db8::3"]),
        ("2001:db8::5/128", ["2001:db8::5"]),
    ],
)
def test_a_sweep_asks_the_hosts_of_a_network(network, addresses):
    assert list(scope(network).sweep()) == addresses


def test_inside_a_large_network_every_address_is_a_host_and_subnets_take_turns():
    swept = list(scope("10.0.0.0/22").sweep())
    assert len(swept) == len(set(swept)) == 1022
    assert {subnet_of(address) for address in swept[:4]} == {"10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"}
    assert "10.0.1.0" in swept


def test_networks_that_overlap_are_swept_once():
    assert list(scope("10.0.0.0/30", "10.0.0.0/31", "10.0.0.1").sweep()) == ["10.0.0.1", "10.0.0.2"]


def test_excluded_addresses_are_left_out():
    assert list(scope("10.0.0.0/29", excluded=["10.0.0.4/30"]).sweep()) == ["10.0.0.1", "10.0.0.2", "10.0.0.3"]


@pytest.mark.parametrize("address", ["224.0.0.5", "255.255.255.255", "0.0.0.0", "169.254.1.1", "fe80::1", "ff02::1", "bananas", ""])
def test_nobody_can_be_asked_there(address):
    assert not is_askable(address)


def test_hints_are_followed_inside_the_policy_or_else_inside_what_was_given():
    assert scope("10.1.0.0/24", allowed=["10.1.0.0/16"]).allows("10.1.7.7")
    assert not scope("10.1.0.0/24").allows("10.1.7.7")
    assert isinstance(scope("10.1.0.0/24", seeds=["10.1.7.7"]), Scope)


@given(
    rate=st.floats(1, 1000),
    subnet_rate=st.floats(1, 1000),
    tries=st.lists(st.tuples(st.integers(0, 200_000_000), st.integers(0, 3)), max_size=300),
)
def test_over_any_span_no_more_packets_leave_than_rate_and_burst_allow(rate, subnet_rate, tries):
    pace, now_ns, sent = Pace(rate, subnet_rate, 0), 0, []
    for wait_ns, subnet in tries:
        now_ns += wait_ns
        if pace.take(f"10.0.{subnet}.1", now_ns) == 0:
            sent.append((now_ns, subnet))
    for first in range(0, len(sent), 7):
        for limit, times in [(rate, [t for t, _ in sent[first:]])] + [
            (min(rate, subnet_rate), [t for t, s in sent[first:] if s == subnet]) for subnet in range(4)
        ]:
            for count, at_ns in enumerate(times, 1):
                assert count <= (at_ns - times[0]) * limit / SECOND_NS + burst_of(limit) + 1e-6


def test_after_the_wait_it_told_a_packet_may_go():
    pace = Pace(10, 10, 0)
    assert pace.take("10.0.0.1", 0) == 0
    wait_ns = pace.take("10.0.0.1", 0)
    assert wait_ns > 0
    assert pace.take("10.0.0.1", wait_ns) == 0
