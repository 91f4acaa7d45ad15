"""What the packs of switching, redundancy and time read out of octets, and when a table is asked for at all."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_agent.collectors.snmp.collector import SnmpCollector
from natvakt_agent.collectors.snmp.packs.first_hop import vrrp_three_address
from natvakt_agent.collectors.snmp.packs.forwarding import neighbour
from natvakt_agent.collectors.snmp.packs.link_aggregation import lacp_state
from natvakt_agent.collectors.snmp.packs.ntp import fixed_point
from natvakt_agent.collectors.snmp.packs.spanning_tree import bridge_identifier
from natvakt_agent.collectors.snmp.packs.switch_ports import allowed, vlan_map
from natvakt_agent.collectors.snmp.reading import Flaw
from natvakt_agent.collectors.snmp.vlan_contexts import in_vlan
from natvakt_agent.model.observation import Observation
from natvakt_agent.model.target import SnmpCredential, Target
from testkit.snmp import Answers, FakeSession, StillClock, v2c_target

STACK = Answers.recorded("families/catalyst-9300-stack")
GATEWAY = Answers.recorded("families/isr-4331-gateway")


class Device:
    """A device that is polled again and again, and what it was asked each time."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self._collector = SnmpCollector(lambda target, timeout: self._session())

    def _session(self) -> FakeSession:
        session = FakeSession(self.answers)
        self.asked = session.asked
        return session

    def poll(self, *tables: str, snapshot: bool = False) -> Observation:
        return self._collector.collect(v2c_target(), tables, StillClock(), snapshot)

    def questions_below(self, oid: str) -> int:
        return sum(f"{oid}." in question for question in self.asked)


@given(st.sets(st.integers(0, 1_023), max_size=60))
def test_allowed_vlans_are_told_as_ranges_that_mean_the_same(vlans: set[int]) -> None:
    bitmap = bytearray(128)
    for vlan in vlans:
        bitmap[vlan // 8] |= 0x80 >> vlan % 8
    (row,) = allowed({"_to_1023": vlan_map(bytes(bitmap))})
    spans = [span.split("-") for span in str(row["allowed_vlans"] or "").split(",") if span]
    assert {vlan for span in spans for vlan in range(int(span[0]), int(span[-1]) + 1)} == vlans
    firsts = [int(span[0]) for span in spans]
    assert firsts == sorted(firsts)


def test_a_trunk_that_lets_all_vlans_through_is_one_range_over_all_four_maps() -> None:
    everything = vlan_map(b"\xff" * 128)
    (row,) = allowed(dict.fromkeys(("_to_1023", "_to_2047", "_to_3071", "_to_4095"), everything))
    assert row["allowed_vlans"] == "0-4095"


@given(st.integers(-(2**31), 2**31 - 1))
def test_ntp_times_are_sixteen_bits_of_seconds_and_sixteen_of_fraction(raw: int) -> None:
    seconds = fixed_point(raw.to_bytes(4, "big", signed=True))
    assert isinstance(seconds, float)
    assert abs(seconds - raw / 65_536) < 1e-6


@pytest.mark.parametrize("octets", [b"", b"\0\0\0", b"\0" * 5])
def test_an_ntp_time_of_another_length_is_a_flaw(octets: bytes) -> None:
    with pytest.raises(Flaw):
        fixed_point(octets)


@pytest.mark.parametrize("octet", [0xBC, 0x3D])
def test_a_bundled_member_says_so_whichever_way_round_its_device_sends_the_bits(octet: int) -> None:
    assert lacp_state(bytes([octet])) == "activity,aggregation,synchronization,collecting,distributing"


def test_a_bridge_identifier_is_priority_and_address() -> None:
    assert bridge_identifier(bytes.fromhex("100a020000a00200")) == "4106-020000a00200"
    assert bridge_identifier(b"\0" * 3) is None


@pytest.mark.parametrize("index", [(1,), (1, 1, 9, 10, 9, 0, 1), (1, 1, 4, 10, 9, 0, 256), (1, 1, 4, 10, 9, 0)])
def test_an_address_in_an_index_must_be_as_long_as_it_says(index: tuple[int, ...]) -> None:
    assert neighbour(index) is None
    assert vrrp_three_address((7, *index)) is None


def test_a_device_without_a_table_is_asked_once_for_it_and_not_again() -> None:
    vrrp = "1.3.6.1.2.1.68"
    device = Device(STACK)
    device.poll("fhrp", snapshot=True)
    assert device.questions_below(vrrp) == 1
    device.poll("fhrp", snapshot=True)
    assert device.questions_below(vrrp) == 0


def test_features_of_qos_are_asked_only_where_there_are_classes() -> None:
    without = Device(STACK)
    without.poll("qos", snapshot=True)
    assert without.questions_below("1.3.6.1.4.1.9.9.166.1") == 1
    there = Device(GATEWAY)
    there.poll("qos", snapshot=True)
    assert there.questions_below("1.3.6.1.4.1.9.9.166.1.17") > 0


def test_a_table_that_was_emptied_is_found_again_when_it_fills() -> None:
    device = Device(GATEWAY)
    assert len(_rows(device.poll("dial_peer", snapshot=True), "dial_peer")) == 2
    device.answers = GATEWAY.changed("", without=["1.3.6.1.4.1.9.9.63.1", "1.3.6.1.2.1.10.21"])
    assert _rows(device.poll("dial_peer"), "dial_peer") == []
    device.answers = GATEWAY
    assert len(_rows(device.poll("dial_peer"), "dial_peer")) == 2


def test_a_port_that_is_switched_off_by_itself_is_seen_at_the_next_snapshot_and_followed_from_then_on() -> None:
    device = Device(STACK.changed("", without=["1.3.6.1.4.1.9.9.548"]))
    assert all(row.get("errdisable_cause") is None for row in _rows(device.poll("port", snapshot=True), "port"))
    device.answers = STACK
    for snapshot in (True, False):
        assert [row["ifIndex"] for row in _rows(device.poll("port", snapshot=snapshot), "port") if row.get("errdisable_cause") == 2] == [40]


def test_a_new_tunnel_is_seen_although_there_was_none_and_the_total_says_zero_before() -> None:
    flow = "1.3.6.1.4.1.9.9.171.1"
    quiet = GATEWAY.changed(f"{flow}.2.1.1.0|66|0\n{flow}.3.1.1.0|66|0", without=[f"{flow}.2.3", f"{flow}.3.2"])
    device = Device(quiet)
    assert [(row["kind"], row["peer"], row["tunnels"]) for row in _rows(device.poll("vpn", snapshot=True), "vpn")] == [
        ("ike", "all", 0),
        ("ipsec", "all", 0),
    ]
    device.answers = GATEWAY
    assert {row["peer"] for row in _rows(device.poll("vpn", snapshot=True), "vpn")} == {"all", "198.51.100.10", "198.51.100.20"}


def test_vlans_are_asked_one_by_one_in_snapshots_only_and_never_again_where_the_device_is_silent_there() -> None:
    opened: list[str] = []

    def open_session(target: Target, timeout_seconds: float) -> FakeSession:
        assert target.snmp is not None
        assert target.snmp.community is not None
        opened.append(target.snmp.community.reveal())
        return FakeSession(STACK, silent="@" in opened[-1])

    collector = SnmpCollector(open_session)
    for snapshot in (False, True, True):
        collector.collect(v2c_target(), ["stp"], StillClock(), snapshot)
    assert opened == ["tester", "tester", "tester@10", "tester"]


def test_a_vlan_whose_context_is_silent_is_left_out_and_the_others_are_told() -> None:
    trees = {vlan: Answers.recorded(f"families/catalyst-9300-stack@{vlan}") for vlan in (10, 20)}
    more = STACK.changed("1.3.6.1.4.1.9.9.46.1.3.1.1.3.1.15|2|1")
    opened: list[str] = []

    def open_session(target: Target, timeout_seconds: float) -> FakeSession:
        assert target.snmp is not None
        assert target.snmp.community is not None
        vlan = target.snmp.community.reveal().partition("@")[2]
        opened.append(vlan)
        return FakeSession(trees.get(int(vlan), more) if vlan else more, silent=vlan == "15")

    collector = SnmpCollector(open_session)
    for _ in range(2):
        trees_told = _rows(collector.collect(v2c_target(), ["stp"], StillClock()), "stp")
        assert [(row["vlan"], row["root_mac"]) for row in trees_told if row["vlan"] != 1] == [
            (10, "020000a0ff00"),
            (20, "020000a00100"),
        ]
    assert opened == ["", "10", "15", "20", "", "10", "20"]


def test_a_vlan_that_answered_before_and_is_silent_now_makes_the_table_incomplete_and_is_asked_again() -> None:
    trees = {vlan: Answers.recorded(f"families/catalyst-9300-stack@{vlan}") for vlan in ("10", "20")}
    silent: set[str] = set()

    def open_session(target: Target, timeout_seconds: float) -> FakeSession:
        assert target.snmp is not None
        assert target.snmp.community is not None
        vlan = target.snmp.community.reveal().partition("@")[2]
        return FakeSession(trees.get(vlan, STACK), silent=vlan in silent)

    collector = SnmpCollector(open_session)
    told = []
    for now_silent in ((), ("20",), ()):
        silent = set(now_silent)
        [table] = collector.collect(v2c_target(), ["stp"], StillClock()).tables
        told.append((table.snapshot, 20 in {row["vlan"] for row in table.rows if row.get("root_mac") == "020000a00100"}))
    assert told == [(True, True), (False, False), (True, True)]


def test_a_version_three_user_is_asked_in_the_context_of_the_vlan_unless_it_has_a_context_of_its_own() -> None:
    user = SnmpCredential("test", "v3", user="reader")
    target = replace(v2c_target(), snmp=user)
    contextual = in_vlan(target, 20)
    assert contextual is not None
    assert contextual.snmp == replace(user, context_name="vlan-20")
    assert in_vlan(contextual, 30) is None


def _rows(observation: Observation, table: str) -> list[dict[str, object]]:
    return [dict(row) for found in observation.tables if found.name == table for row in found.rows]
