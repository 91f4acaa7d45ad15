"""Discovery's core in simulated time, on the site of 12 subnets and 105 devices and on small ones."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from natvakt_agent.discovery.core import Discovery
from natvakt_agent.discovery.credentials import Card, Matcher, Refusals
from natvakt_agent.discovery.memory import Memory as Stored
from natvakt_agent.discovery.memory import decoded, encoded, interrupted, restored
from natvakt_agent.discovery.pace import SECOND_NS, Pace, burst_of
from natvakt_agent.discovery.places import Outcome
from natvakt_agent.discovery.result import found_devices
from natvakt_agent.discovery.scope import scope_of, subnet_of
from natvakt_agent.discovery.words import Hint, Method, Source
from testkit import discovery_site as site
from testkit.discovery_network import ALL_METHODS, Device, Network, Pc

RATE, SUBNET_RATE = 100.0, 25.0
WEEK = 7 * 86_400.0
POLICY = ["10.20.0.0/16"]
STRONG = Card("strong", "v3", 44, user="nms")
STRONG_KEYS = Card("strong-other-keys", "v3", 42, user="nms")
PLAIN = Card("plain", "v2c", 10)
OTHER = Card("other", "v2c", 10)


class Trial:
    """One discovery of one network."""

    def __init__(self, network, networks, allowed=(), seeds=(), excluded=(), known=(), refusals=None, places=(), well_known=False):
        self.network = network
        self.pace = Pace(RATE, SUBNET_RATE, network.now_ns)
        self.refusals = refusals or Refusals(WEEK, lambda: network.now_ns)
        self.matcher = Matcher(network.cards, self.refusals, well_known)
        scope = scope_of(networks, seeds, allowed, excluded, RATE)
        self.discovery = Discovery(scope, self.matcher, ALL_METHODS, seeds, known, places)

    def run(self, **options):
        self.seconds = self.network.run(self.discovery, self.pace, **options)
        return self

    @property
    def devices(self):
        return found_devices(self.discovery.places, self.matcher.cards)

    @property
    def names(self):
        return {found.facts.name for found in self.devices}

    def outcome(self, address):
        return self.discovery.places[address].outcome


def small(devices, cards=(STRONG, PLAIN, OTHER), pcs=(), **options):
    return Trial(Network(devices, cards, pcs), ["10.20.0.0/28"], **options).run()


@pytest.fixture(scope="module")
def whole_site():
    return Trial(Network(site.devices(), site.CARDS, site.pcs()), site.NETWORKS, POLICY).run()


def test_all_105_devices_of_a_12_subnet_site_are_found_in_less_than_5_minutes(whole_site):
    assert whole_site.names == {device.name for device in whole_site.network.devices}
    assert len(whole_site.devices) == site.DEVICES
    assert whole_site.seconds < 300


def test_no_device_is_refused_by_a_credential_or_a_v3_user_more_than_once(whole_site):
    assert set(whole_site.network.failures.values()) == {1}
    assert set(whole_site.network.user_failures.values()) == {1}


def test_packets_stay_inside_the_rate_of_the_site_and_of_each_subnet(whole_site):
    by_subnet = {}
    for at_ns, address in whole_site.network.packets:
        by_subnet.setdefault(subnet_of(address), []).append(at_ns)
    assert most_in_a_second([at_ns for at_ns, _ in whole_site.network.packets]) <= RATE + burst_of(RATE) + 1
    assert max(most_in_a_second(times) for times in by_subnet.values()) <= SUBNET_RATE + burst_of(SUBNET_RATE) + 1


def most_in_a_second(times):
    ordered, first, most = sorted(times), 0, 0
    for last, at_ns in enumerate(ordered):
        while ordered[first] <= at_ns - SECOND_NS:
            first += 1
        most = max(most, last - first + 1)
    return most


def test_hints_outside_the_policy_are_told_and_never_asked(whole_site):
    assert {"192.0.2.1", "10.99.0.1"} <= whole_site.discovery.board.outside.keys()
    assert all(address.startswith("10.20.") for address in whole_site.network.asked)


def test_a_well_known_credential_is_not_tried_unless_the_site_allows_it(whole_site):
    assert not any(name == site.FACTORY.name for _, name in whole_site.network.logins)
    device = Device("old", ["10.20.0.5"], frozenset((site.FACTORY.name,)), "S1")
    assert small([device], cards=(site.FACTORY,), well_known=True).names == {"old"}


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_order_of_arrival_changes_neither_what_is_found_nor_who_is_refused(seed):
    devices = [device for device in site.devices() if any(address.startswith(("10.20.0.", "10.20.1.")) for address in device.addresses)]
    network = Network(devices, site.CARDS, site.pcs()[:8], random=Random(seed))
    trial = Trial(network, site.NETWORKS[:2], ["10.20.0.0/23"]).run()
    assert trial.names == {device.name for device in devices}
    assert {found.facts.name: found.credential for found in trial.devices} == {
        device.name: max(device.takes, key=lambda name: next(card.strength for card in site.CARDS if card.name == name))
        for device in devices
    }
    assert set(network.failures.values()) <= {1}
    assert set(network.user_failures.values()) <= {1}


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32), packets=st.integers(10, 2500))
def test_a_discovery_that_was_cancelled_goes_on_where_it_was(seed, packets):
    devices = [device for device in site.devices() if device.addresses[0].startswith("10.20.0.")]
    network = Network(devices, site.CARDS, random=Random(seed))
    first = Trial(network, site.NETWORKS[:1]).run(stop=lambda network: len(network.packets) >= packets)
    stored = interrupted([], first.discovery.places.values(), first.discovery.board.outside)
    memory = decoded(encoded(Stored(list(first.refusals.remembered()), [], stored)))
    refusals = Refusals(WEEK, lambda: network.now_ns, memory.refusals)
    second = Trial(network, site.NETWORKS[:1], refusals=refusals, places=restored(memory.interrupted, [c.name for c in site.CARDS])).run()
    assert second.discovery.is_complete
    assert second.names == {device.name for device in devices}
    assert set(network.failures.values()) <= {1}


def test_after_cancel_nothing_more_is_sent():
    network = Network(site.devices(), site.CARDS)
    trial = Trial(network, site.NETWORKS).run(stop=lambda network: len(network.packets) >= 500)
    assert not trial.discovery.is_complete
    assert trial.discovery.start(network.now_ns + SECOND_NS, trial.pace) == []


def test_what_was_refused_stays_refused_until_it_is_forgotten():
    device = Device("sw", ["10.20.0.5"], frozenset(), "S1", "80000009030000000000aa")
    network = Network([device], (PLAIN, STRONG))
    refusals = Refusals(WEEK, lambda: network.now_ns)
    for _ in range(3):
        trial = Trial(network, ["10.20.0.5/32"], refusals=refusals).run()
    assert trial.outcome("10.20.0.5") is Outcome.UNMATCHED
    assert "it refused strong, plain" in trial.discovery.places["10.20.0.5"].detail
    assert set(network.failures.values()) == {1}
    network.now_ns += round(WEEK * 1e9)
    Trial(network, ["10.20.0.5/32"], refusals=refusals).run()
    assert set(network.failures.values()) == {2}


def test_a_credential_whose_secret_was_replaced_is_tried_again():
    device = Device("sw", ["10.20.0.5"], frozenset(("plain",)), "S1")
    network = Network([device], (Card("plain", "v2c", 10, revision="new"),))
    refusals = Refusals(WEEK, lambda: network.now_ns)
    refusals.note(Card("plain", "v2c", 10, revision="old"), ["10.20.0.5"])
    assert Trial(network, ["10.20.0.5/32"], refusals=refusals).run().names == {"sw"}


def test_of_two_credentials_that_both_work_the_stronger_is_kept():
    device = Device("sw", ["10.20.0.5"], frozenset(("plain", "strong")), "S1", "80000009030000000000aa")
    network = Network([device], (PLAIN, STRONG))
    trial = Trial(network, ["10.20.0.5/32"])
    trial.matcher.note_success("plain", "10.20.0.0/24")  # so that the weaker one comes first
    (found,) = trial.run().devices
    assert (found.credential, found.others) == ("strong", ("plain",))


def test_a_v3_user_that_was_refused_is_not_tried_under_another_credentials_name():
    device = Device("sw", ["10.20.0.5"], frozenset(("strong-other-keys",)), "S1", "80000009030000000000aa")
    trial = small([device], cards=(STRONG, STRONG_KEYS))
    assert trial.outcome("10.20.0.5") is Outcome.UNMATCHED
    assert sum(trial.network.user_failures.values()) == 1
    assert "its user was refused there already, with strong" in trial.discovery.places["10.20.0.5"].detail


def test_one_device_on_several_addresses_is_one_device_and_logged_in_to_once():
    router = Device("rtr", ["10.20.0.1", "10.20.0.5", "10.20.0.9"], frozenset(("plain",)), "S1", speaks_v3=False)
    trial = small([router])
    (found,) = trial.devices
    assert found.facts.addresses == ("10.20.0.1", "10.20.0.5", "10.20.0.9")
    assert trial.network.logins["rtr", "plain"] == 1
    assert sorted(trial.outcome(address) for address in router.addresses) == [Outcome.ALIAS, Outcome.ALIAS, Outcome.DEVICE]


def test_an_engine_that_answers_from_another_address_is_told_and_asked_there():
    odd = Device("odd", ["10.20.0.4", "10.20.0.9"], frozenset(("plain",)), "S1", "80000009030000000000aa", answers_from="10.20.0.9")
    trial = small([odd])
    assert trial.outcome("10.20.0.4") is Outcome.ELSEWHERE
    assert trial.outcome("10.20.0.9") is Outcome.DEVICE
    assert [notice.addresses for notice in trial.discovery.board.notices] == [("10.20.0.4", "10.20.0.9")]


def test_neighbours_lead_from_a_seed_to_devices_that_no_sweep_asks():
    chain = [
        Device(f"sw-{n}", [f"10.20.{n}.1"], frozenset(("plain",)), f"S{n}", pings=False, speaks_v3=False, ssh=False,
               hints=(Hint(f"10.20.{n + 1}.1", Source.CDP),))
        for n in range(5)
    ]  # fmt: skip
    trial = Trial(Network(chain, (PLAIN,)), [], POLICY, seeds=["10.20.0.1"]).run()
    assert trial.names == {device.name for device in chain}


def test_without_a_policy_hints_beyond_the_given_networks_are_only_told():
    device = Device("sw", ["10.20.0.5"], frozenset(("plain",)), "S1", hints=(Hint("10.20.9.1", Source.LLDP, "far"),))
    trial = small([device])
    assert trial.discovery.board.outside == {"10.20.9.1": {("lldp", "far")}}


def test_excluded_addresses_are_asked_by_nobody():
    device = Device("sw", ["10.20.0.5"], frozenset(("plain",)), "S1", hints=(Hint("10.20.0.9", Source.CDP),))
    medical = Device("pump", ["10.20.0.9"], frozenset(("plain",)), "S2")
    trial = small([device, medical], excluded=["10.20.0.8/29"])
    assert trial.names == {"sw"}
    assert "10.20.0.9" not in trial.network.asked


def test_a_host_whose_snmp_port_is_closed_is_never_logged_in_to():
    trial = small([], pcs=[Pc("10.20.0.5")])
    assert trial.outcome("10.20.0.5") is Outcome.NO_SNMP
    assert not trial.network.logins


def test_a_silent_address_costs_one_packet_a_method_and_one_more():
    trial = small([])
    assert len(trial.network.packets) == 14 * (len(ALL_METHODS) + 1)
    assert trial.network.packets[0][1] == "10.20.0.1"
    assert Method.ICMP in ALL_METHODS


def test_what_works_for_the_neighbour_is_tried_first():
    first = Device("a", ["10.20.0.1"], frozenset(("other",)), "S1", speaks_v3=False, hints=(Hint("10.20.0.9", Source.CDP),))
    second = Device("b", ["10.20.0.9"], frozenset(("other",)), "S2", speaks_v3=False)
    trial = small([first, second], cards=(PLAIN, OTHER))
    assert trial.network.failures["b", "plain"] == 0
