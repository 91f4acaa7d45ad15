"""Is it there: by which method, how long the way, how much is lost; and what ICMP bytes mean."""

import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_agent.collectors.reachability.collector import ReachabilityCollector, snmp_row
from natvakt_agent.collectors.reachability.icmp import IPV4, IPV6, IcmpProber, checksum, echo_request, is_reply
from natvakt_agent.collectors.reachability.prober import ProbeImpossible
from natvakt_agent.collectors.reachability.tcp import TcpProber
from natvakt_agent.model.observation import TableStatus
from natvakt_agent.model.target import Target
from testkit.agent import CountedBytes, HandClock

TARGET = Target("d1", "core", "127.0.0.1", deadline_seconds=10)
TOKEN = b"0123456789abcdef"


class Answers:
    """A prober with its answers written down; each takes `seconds` of the clock."""

    def __init__(self, method, answers, clock=None, seconds=0.0):
        self.method = method
        self.answers = list(answers)
        self.clock = clock
        self.seconds = seconds
        self.timeouts = []

    def probe(self, target, sequence, timeout_seconds, clock):
        self.timeouts.append(timeout_seconds)
        if self.clock:
            self.clock.move(self.seconds)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def rows(*probers, clock=None, target=TARGET):
    (table,) = ReachabilityCollector(probers, probes=3).collect(target, None, clock or HandClock()).tables
    return table


def test_an_answer_gives_up_the_shortest_way_and_the_loss():
    table = rows(Answers("icmp", [0.004, None, 0.002]))
    assert table.rows == [{"method": "icmp", "up": 1, "rtt_seconds": 0.002, "loss_ratio": pytest.approx(1 / 3)}]


def test_silence_is_down_with_no_round_trip_and_the_next_method_is_tried():
    table = rows(Answers("icmp", [None] * 3), Answers("tcp", [0.01] * 3))
    assert [(row["method"], row["up"], row.get("rtt_seconds")) for row in table.rows] == [("icmp", 0, None), ("tcp", 1, 0.01)]


def test_a_method_that_answered_is_enough():
    tcp = Answers("tcp", [])
    assert len(rows(Answers("icmp", [0.01] * 3), tcp).rows) == 1
    assert tcp.timeouts == []


def test_what_cannot_be_tried_says_nothing_about_the_device():
    table = rows(Answers("icmp", [ProbeImpossible("no ICMP socket")]), Answers("tcp", [ProbeImpossible("no port")]))
    assert (table.rows, table.status, table.detail) == ([], TableStatus.NO_ACCESS, "icmp: no ICMP socket; tcp: no port")


def test_all_tries_together_keep_the_deadline():
    clock = HandClock()
    prober = Answers("icmp", [None] * 3, clock, seconds=0.7)
    table = rows(prober, clock=clock, target=Target("d1", "core", "127.0.0.1", deadline_seconds=1.2))
    assert prober.timeouts == [pytest.approx(1.0), pytest.approx(0.5)]
    assert table.rows[0]["loss_ratio"] == 1.0


def test_snmp_is_a_method_of_its_own():
    assert [dict(row) for row in snmp_row(True).rows] == [{"method": "snmp", "up": 1}]


@given(st.binary(min_size=16, max_size=16), st.integers(0, 65535), st.integers(0, 65535))
def test_an_echo_request_sums_to_zero_and_its_own_reply_is_known(token, identifier, sequence):
    request = echo_request(IPV4, identifier, sequence, token)
    assert checksum(request) == 0
    reply = bytes([IPV4.reply]) + request[1:]
    ip_header = bytes([0x45]) + bytes(19)
    assert is_reply(IPV4, reply, sequence, token, is_raw=False)
    assert is_reply(IPV4, ip_header + reply, sequence, token, is_raw=True)
    assert not is_reply(IPV4, request, sequence, token, is_raw=False)  # our own request, heard on a raw socket


@pytest.mark.parametrize("change", [{"kind": 3}, {"code": 1}, {"sequence": 8}, {"token": b"another token..."}, {"token": TOKEN + b"x"}])
def test_promise_32_another_answer_is_no_answer(change):
    parts = {"kind": 0, "code": 0, "sequence": 7, "token": TOKEN} | change
    packet = struct.pack("!BBHHH", parts["kind"], parts["code"], 0, 1, parts["sequence"]) + parts["token"]
    assert not is_reply(IPV4, packet, 7, TOKEN, is_raw=False)


@given(st.binary(max_size=80), st.booleans())
def test_no_packet_makes_the_reader_fail(packet, is_raw):
    for family in (IPV4, IPV6):
        assert is_reply(family, packet, 1, TOKEN, is_raw) in (True, False)


def listening():
    server = socket.create_server(("127.0.0.1", 0))
    return server, server.getsockname()[1]


def test_a_tcp_connect_is_a_sign_of_life_and_so_is_a_refusal():
    server, port = listening()
    with server:
        assert TcpProber().probe(Target("d", "n", "127.0.0.1", reachability_port=port), 1, 2.0, HandClock()) is not None
    assert TcpProber().probe(Target("d", "n", "127.0.0.1", reachability_port=port), 1, 2.0, HandClock()) is not None


def test_without_a_port_tcp_is_impossible():
    with pytest.raises(ProbeImpossible, match="reachability_port"):
        TcpProber().probe(TARGET, 1, 1.0, HandClock())


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_real_echo_on_loopback(address):
    try:
        answer = IcmpProber(CountedBytes()).probe(Target("d", "n", address), 1, 2.0, HandClock())
    except ProbeImpossible as error:
        pytest.skip(str(error))
    if answer is None and address == "::1":
        pytest.skip("no IPv6 loopback here")
    assert answer is not None
