"""Flow exports: what is read of NetFlow v5, v9 and IPFIX, what is summed up, and that nothing a router sends grows without bound."""

import struct
from ipaddress import IPv4Address, IPv6Address

from hypothesis import given, settings
from hypothesis import strategies as st
from natvakt_agent.listeners import flow_records, talkers
from natvakt_agent.listeners.flow_records import Collector, Flow
from natvakt_agent.listeners.talkers import Talkers
from testkit.listening import flow_set, ipfix, netflow_5, netflow_9, template

A, B = int(IPv4Address("10.1.1.5")), int(IPv4Address("10.2.2.9"))
FIELDS = ((8, 4), (12, 4), (10, 2), (14, 2), (1, 4), (2, 4), (7, 2), (11, 2), (4, 1))
RECORD = struct.pack(">IIHHIIHHB", A, B, 3, 4, 1500, 2, 50000, 443, 6)
HTTPS = Flow(3, 4, "10.1.1.5", "10.2.2.9", 6, 50000, 443, 1500, 2)


def read(*datagrams, source="192.0.2.1"):
    collector = Collector()
    return [flow for datagram in datagrams for flow in collector.flows(source, datagram)], collector.counts


def test_a_record_of_version_5_with_its_sampling():
    flows, _ = read(netflow_5((A, B, 3, 4, 2, 1500, 50000, 443, 6)), netflow_5((A, B, 3, 4, 2, 1500, 50000, 443, 6), sampling=0x4000 | 100))
    assert flows == [HTTPS, Flow(3, 4, "10.1.1.5", "10.2.2.9", 6, 50000, 443, 150_000, 200)]


def test_records_of_version_9_wait_for_their_template():
    data, known = netflow_9(flow_set(256, RECORD)), netflow_9(flow_set(0, template(256, *FIELDS)))
    flows, counts = read(data, known, data)
    assert flows == [HTTPS]
    assert counts == {"template-unknown": 1}


def test_a_template_belongs_to_its_exporter_and_domain():
    collector = Collector()
    collector.flows("192.0.2.1", netflow_9(flow_set(0, template(256, *FIELDS)), domain=1))
    assert collector.flows("192.0.2.1", netflow_9(flow_set(256, RECORD), domain=2)) == []
    assert collector.flows("192.0.2.2", netflow_9(flow_set(256, RECORD), domain=1)) == []
    assert collector.flows("192.0.2.1", netflow_9(flow_set(256, RECORD), domain=1)) == [HTTPS]


def test_ipfix_with_an_enterprises_field_a_variable_one_and_ipv6():
    fields = struct.pack(">HH", 300, 5) + struct.pack(">HHHHIHHHHHH", 27, 16, 0x8000 | 12, 4, 9, 82, 0xFFFF, 10, 4, 1, 8)
    six = int(IPv6Address("2001:db8::1")).to_bytes(16, "big")
    record = six + b"cisc" + b"\x03abc" + struct.pack(">IQ", 7, 9000)
    longer = six + b"cisc" + b"\xff\x01\x00" + bytes(256) + struct.pack(">IQ", 7, 9000)
    flows, counts = read(ipfix(flow_set(2, fields), flow_set(300, record + longer)))
    assert [(flow.source, flow.input, flow.octets) for flow in flows] == [("2001:db8::1", 7, 9000)] * 2
    assert not counts


def test_a_samplers_rate_is_learned_from_options():
    options = struct.pack(">HHH", 257, 4, 8) + struct.pack(">HHHHHH", 1, 4, 48, 1, 50, 4)
    rate = flow_set(257, struct.pack(">IBI", 0, 5, 1000))
    sampled = template(258, *FIELDS, (48, 1))
    flows, _ = read(netflow_9(flow_set(1, options), rate, flow_set(0, sampled), flow_set(258, RECORD + b"\x05")))
    assert [(flow.octets, flow.packets) for flow in flows] == [(1_500_000, 2_000)]


def test_a_rate_of_ipfix_is_taken_and_passed_over_packets():
    options = struct.pack(">HHH", 257, 3, 1) + struct.pack(">HHHHHH", 302, 8, 305, 4, 306, 4)
    rate = flow_set(257, struct.pack(">QII", 1, 1, 99))
    flows, _ = read(ipfix(flow_set(3, options), rate, flow_set(2, template(258, *FIELDS)), flow_set(258, RECORD)))
    assert flows[0].octets == 150_000


def test_templates_are_bounded_and_the_oldest_are_forgotten():
    collector = Collector()
    for number in range(256, 256 + 3 * flow_records.MOST_TEMPLATES):
        collector.flows("192.0.2.1", netflow_9(flow_set(0, template(number, *FIELDS))))
    (domain,) = collector._domains.values()
    assert len(domain.templates) == flow_records.MOST_TEMPLATES
    for number in range(2 * flow_records.MOST_EXPORTERS):
        collector.flows("192.0.2.1", netflow_9(flow_set(0, template(256, *FIELDS)), domain=number))
    assert len(collector._domains) == flow_records.MOST_EXPORTERS


def test_a_template_of_no_octets_cannot_make_endless_records():
    _, counts = read(netflow_9(flow_set(0, template(256, (1, 0), (2, 0))), flow_set(256, b"x" * 100)))
    assert counts["malformed"] == 1


HEADERS = st.sampled_from([netflow_9(), ipfix(), netflow_5(), b"\x00\x09", b"\x00\x0a"])
SETS = st.builds(flow_set, st.sampled_from([0, 1, 2, 3, 256, 257, 300]), st.binary(max_size=120))
GOOD = st.sampled_from([flow_set(0, template(256, *FIELDS)), flow_set(2, template(257, *FIELDS)), flow_set(256, RECORD)])


@settings(max_examples=300)
@given(st.lists(st.tuples(HEADERS, st.lists(st.one_of(SETS, GOOD), max_size=5), st.binary(max_size=30)), max_size=6))
def test_no_export_is_so_wrong_that_it_raises(exports):
    for flow in read(*(head + b"".join(sets) + rest for head, sets, rest in exports))[0]:
        assert 0 <= flow.protocol <= 255
        assert flow.octets >= 0


@settings(max_examples=300)
@given(st.integers(0, 200), st.integers(0, 255), st.integers(0, 200))
def test_no_changed_octet_of_a_good_export_raises(at, octet, cut):
    good = ipfix(flow_set(2, template(257, *FIELDS)), flow_set(257, RECORD), flow_set(3, struct.pack(">HHHHH", 258, 1, 1, 305, 4)))
    changed = bytearray(good)
    changed[at % len(good)] = octet
    read(bytes(changed), bytes(changed[: cut % len(good)]))


def summary(flows, **changes):
    sums = Talkers(**({"key": b"k" * 32, "tells_addresses": True} | changes))
    for flow in flows:
        sums.add("192.0.2.1", flow)
    return sums.summaries(9)


def flow(octets, target="10.2.2.9", port=443, **changes):
    values = {"input": 3, "output": 4, "source": "10.1.1.5", "target": target, "protocol": 6, "source_port": 50000, "target_port": port}
    return Flow(**(values | {"octets": octets, "packets": 1} | changes))


def test_who_talks_most_comes_first_on_both_interfaces():
    (found,) = summary([flow(100), flow(900, port=22), flow(200, target="10.3.3.3"), flow(50)])
    shown = [(each.if_index, each.direction, each.rank, each.octets, each.application) for each in found.talkers]
    one = [(1, 900, "ssh"), (2, 200, "https"), (3, 150, "https")]
    assert shown == [(3, "in", *each) for each in one] + [(4, "out", *each) for each in one]
    assert (found.records, found.total_octets) == (4, 1250)


def test_only_the_first_places_leave():
    (found,) = summary([flow(number, target=f"10.2.{number}.1") for number in range(1, 200)])
    assert {each.rank for each in found.talkers} == set(range(1, talkers.RANKS + 1))
    assert found.talkers[0].octets == 199


def test_an_interface_metered_on_its_way_out_counts_each_flow_once():
    (found,) = summary([flow(100), flow(100, is_egress=True)])
    assert [(each.direction, each.octets) for each in found.talkers] == [("in", 100), ("out", 100)]


def test_addresses_stay_at_the_site_as_hashes_of_their_networks():
    (found,) = summary([flow(100), flow(50, target="10.2.2.77")], tells_addresses=False)
    (first,) = [each for each in found.talkers if each.direction == "in"]
    assert first.octets == 150
    assert first.peer_a.startswith("net-")
    assert "10." not in first.peer_a + first.peer_b
    (other,) = summary([flow(100)], tells_addresses=False, key=b"another site's key")
    assert other.talkers[0].peer_a != first.peer_a


def test_a_span_begins_anew_and_memory_is_bounded():
    sums = Talkers(b"k", tells_addresses=True)
    for number in range(3 * talkers.MOST_ENTRIES):
        sums.add("192.0.2.1", flow(number, target=str(IPv4Address(A + number))))
    (exporter,) = sums._exporters.values()
    assert all(len(place.entries) <= talkers.MOST_ENTRIES for place in exporter.places.values())
    (found,) = sums.summaries(1)
    assert found.talkers[0].octets == 3 * talkers.MOST_ENTRIES - 1
    assert found.total_octets == sum(range(3 * talkers.MOST_ENTRIES))
    assert sums.summaries(2) == []


def test_exporters_and_interfaces_are_bounded():
    sums = Talkers(b"k", tells_addresses=True)
    for number in range(talkers.MOST_EXPORTERS + 5):
        sums.add(str(IPv4Address(number)), flow(1))
    assert sums.refused_exporters == 5
    sums = Talkers(b"k", tells_addresses=True)
    for number in range(2 * talkers.MOST_INTERFACES):
        sums.add("192.0.2.1", flow(1, input=number))
    (exporter,) = sums._exporters.values()
    assert len(exporter.places) <= talkers.MOST_INTERFACES
