"""Recorded devices and what natvakt must make of them, table by table."""

from collections.abc import Mapping, Sequence

import pytest
from natvakt_agent.collectors.snmp.collector import SnmpCollector
from natvakt_agent.collectors.snmp.packs.cisco_power_budget import watts_each
from natvakt_agent.collectors.snmp.reading import MOST_CHARACTERS
from natvakt_agent.model.observation import Observation, Value
from testkit.snmp import Answers, FakeSession, StillClock, v2c_target

SWITCH, SERVER = Answers.recorded("access-switch"), Answers.recorded("linux-server")
EDGE, FIREWALL, CONTROLLER = Answers.recorded("edge-router"), Answers.recorded("firewall"), Answers.recorded("wireless-controller")
SMALL, BLADES = Answers.recorded("small-switch"), Answers.recorded("blade-chassis")


def observed(answers: Answers) -> Observation:
    return SnmpCollector(lambda target, timeout: FakeSession(answers)).collect(v2c_target(), None, StillClock())


def rows(answers: Answers, table: str) -> Sequence[Mapping[str, Value]]:
    return next(found.rows for found in observed(answers).tables if found.name == table)


def has(row: Mapping[str, Value], **fields: Value) -> bool:
    return all(row.get(name) == value for name, value in fields.items())


@pytest.mark.parametrize(
    ("answers", "table", "expected"),
    [
        (SWITCH, "device", {"sysName": "test-acc1", "sysUpTime": 3600.0, "snmpEngineBoots": 7, "engine_id": "8000000903001122334400"}),
        (SWITCH, "device", {"os": "ios-xe", "version": "17.9.4a", "model": "C9200L-24P-4G", "serial": "TST0000A001"}),
        (SWITCH, "device", {"base_mac": "001122334400", "vendor": "cisco"}),
        (SWITCH, "interface", {"ifIndex": 1, "ifName": "Gi1/0/1", "ifType": "ethernetCsmacd", "ifOperStatus": 1, "ifHighSpeed": 1000}),
        (SWITCH, "interface", {"ifIndex": 1, "ifHCInOctets": 9007199254740993, "ifInErrors": 12, "ifPhysAddress": "001122334401"}),
        (SWITCH, "interface", {"ifIndex": 9, "ifName": "Serial0", "ifOperStatus": 7, "ifHCInOctets": 4294967000, "ifHighSpeed": 0.512}),
        (SWITCH, "port", {"ifIndex": 1, "dot3StatsFCSErrors": 3, "dot3StatsLateCollisions": 1, "dot3StatsDuplexStatus": 2}),
        (SWITCH, "component", {"index": 1, "class": "chassis", "model": "C9200L-24P-4G", "is_fru": True, "contained_in": 0}),
        (SWITCH, "transceiver", {"index": "20", "model": "GLC-LX-SM", "serial": "TST0000A020"}),
        (SWITCH, "sensor", {"oid": "1.3.6.1.4.1.9.9.91.1.1.1.1.4.21", "kind": "optical-power", "unit": "dbm", "value": -7.3}),
        (SWITCH, "sensor", {"oid": "1.3.6.1.4.1.9.9.91.1.1.1.1.4.21", "low_critical": -23.0, "high_warning": -3.0, "component": 20}),
        (SWITCH, "sensor", {"oid": "1.3.6.1.4.1.9.9.13.1.4.1.3.1", "kind": "state", "value": 3, "state": "critical"}),
        (SWITCH, "cpu", {"index": "1", "name": "Switch 1", "used_ratio": 0.17, "oid": "1.3.6.1.4.1.9.9.109.1.1.1.1.8.1"}),
        (SWITCH, "cpu", {"index": "1.0", "name": "Switch 1 core 0", "used_ratio": 0.09}),
        (SWITCH, "memory", {"name": "Processor", "used_bytes": 300, "total_bytes": 1000}),
        (SWITCH, "storage", {"name": "flash:", "used_bytes": 7_000_000_000, "total_bytes": 11_000_000_000}),
        (SWITCH, "neighbour", {"protocol": "cdp", "local_ifIndex": 1, "local_port": "Gi1/0/1", "remote_name": "test-core",
                               "remote_address": "10.0.0.1", "remote_capabilities": "router,switch,igmp", "remote_duplex": "half",
                               "remote_native_vlan": 10}),
        (SWITCH, "neighbour", {"protocol": "lldp", "local_ifIndex": 2, "local_port": "Gi1/0/2", "remote_name": "SEP00AABBCCDDEE",
                               "remote_port": "00:aa:bb:cc:dd:ee", "remote_address": "10.0.0.77", "remote_capabilities": "bridge,phone"}),
        (SWITCH, "address", {"address": "10.0.0.11", "prefix_length": 26, "ifIndex": 1}),
        (SWITCH, "address", {"address": "2001:db8::11", "prefix_length": 64, "ifIndex": 1}),
        (SWITCH, "ipsla", {"index": 1, "type": "jitter", "tag": "branch-voice", "mos": 4.07, "icpif": 2, "rtt_ms": 25.0, "codec": "g729a",
                           "target": "10.1.0.1", "tos": 184, "packets_lost_source_destination": 2, "packets_sent": 1000}),
        (SWITCH, "ipsla", {"index": 2, "type": "echo", "rtt_ms": 23, "sense": 1, "mos": None, "timeouts": 4}),
        (SWITCH, "poe", {"group": 1, "budget_watts": 370, "consumption_watts": 115, "oper_status": 1, "usage_threshold_percent": 80}),
        (SWITCH, "poe_port", {"group": 1, "port": 2, "ifIndex": 2, "detection_status": 3, "denied": 6, "power_class": "class3"}),
        (SWITCH, "sensor", {"oid": "1.3.6.1.4.1.9.9.117.1.1.1.1.4.1", "name": "Switch 1 power drawn", "unit": "watt", "value": 203.4}),
        (SWITCH, "sensor", {"oid": "1.3.6.1.4.1.9.9.117.1.1.1.1.3.1", "name": "Switch 1 power available", "value": 714.96}),
        (SWITCH, "bgp_peer", {"remote_address": "2001:db8::1", "remote_as": 65001, "state": 6, "accepted_prefixes": 12}),
        (SWITCH, "ospf_neighbour", {"address": "10.0.0.2", "router_id": "192.0.2.2", "state": 8}),
        (SWITCH, "vrf", {"name": "Mgmt", "description": "management"}),
        (SERVER, "cpu", {"name": "GenuineIntel", "used_ratio": 0.4}),
        (SERVER, "memory", {"name": "Physical memory", "total_bytes": 16_384_000_000, "used_bytes": 3_072_000_000}),
        (SERVER, "memory", {"name": "Swap space", "used_bytes": 102_400_000}),
        (SERVER, "storage", {"name": "/srv", "total_bytes": (2**32 - 2_000_000_000) * 4096, "used_bytes": 4_096_000_000_000}),
        (SERVER, "device", {"os": "linux", "vendor": "linux", "version": "6.1.0-18-amd64"}),
        (EDGE, "device", {"os": "ios-xe", "version": "17.12.4", "model": "ciscoC83002N2S6T"}),
        (EDGE, "sensor", {"oid": "1.3.6.1.4.1.9.9.106.1.2.1.1.15.3.1", "kind": "state", "name": "HSRP 10.1.0.254", "state": "standby"}),
        (EDGE, "sensor", {"oid": "1.3.6.1.4.1.9.9.601.1.3.1.1.4.7", "kind": "state", "name": "REP segment 7", "state": "incomplete"}),
        (EDGE, "sensor", {"oid": "1.3.6.1.4.1.9.9.41.1.1.5.0", "kind": "count", "name": "syslog messages dropped", "value": 2}),
        (EDGE, "sensor", {"oid": "1.3.6.1.4.1.9.9.862.1.1.0", "kind": "state", "name": "GNSS lock", "value": 1, "state": "down"}),
        (EDGE, "sensor", {"oid": "1.3.6.1.4.1.9.9.862.1.6.0", "kind": "count", "value": 3}),
        (EDGE, "sensor", {"oid": "1.3.6.1.4.1.9.9.862.1.9.0", "kind": "state", "state": "raise"}),
        (EDGE, "sensor", {"oid": "1.3.6.1.4.1.9.9.63.1.3.8.1.1.2.2", "kind": "count", "name": "SIP calls", "value": 4}),
        (EDGE, "sensor", {"oid": "1.3.6.1.4.1.9.2.9.2.1.1.3", "kind": "state", "name": "line 3 test-acc1", "state": "active"}),
        (EDGE, "sensor", {"oid": "1.3.6.1.4.1.9.9.176.1.1.4.0", "kind": "state", "name": "redundancy peer", "state": "standbyHot"}),
        (EDGE, "sensor", {"oid": "1.3.6.1.4.1.9.9.661.1.1.1.12.70", "kind": "temperature", "unit": "celsius", "value": 41}),
        (EDGE, "sensor", {"oid": "1.3.6.1.4.1.9.9.661.1.3.2.1.5.70", "name": "packet service Modem on Cellular0/2/0", "state": "lteFdd"}),
        (EDGE, "sensor", {"oid": "1.3.6.1.4.1.9.9.661.1.3.2.1.6.70", "kind": "state", "state": "roaming"}),
        (EDGE, "sensor", {"oid": "1.3.6.1.4.1.9.9.661.1.3.5.1.1.2.70", "kind": "state", "state": "locked"}),
        (EDGE, "sensor", {"oid": "1.3.6.1.4.1.9.9.661.1.3.4.1.1.5.70", "kind": "count", "value": 6}),
        (EDGE, "sensor", {"oid": "1.3.6.1.4.1.9.9.817.1.1.1.1.1.6.70", "kind": "count", "value": 20}),
        (EDGE, "wireless", {"kind": "rsrp", "value": -104, "unit": "dbm", "name": "Modem on Cellular0/2/0"}),
        (EDGE, "sensor", {"oid": "1.3.6.1.2.1.99.1.1.1.4.30", "kind": "temperature", "value": 24, "name": "Temp: Inlet R0/0"}),
        (EDGE, "sensor", {"oid": "1.3.6.1.2.1.99.1.1.1.4.31", "kind": "optical-power", "unit": "dbm", "value": -5.7}),
        (EDGE, "sensor", {"oid": "1.3.6.1.4.1.9.9.91.1.1.1.1.4.31", "kind": "optical-power", "unit": "dbm", "value": -5.7}),
        (EDGE, "bgp_peer", {"remote_address": "10.9.0.1", "remote_as": 65020, "local_as": 65010, "state": 3, "established_transitions": 9}),
        (EDGE, "ipsla", {"index": 11, "type": "echo", "tag": "10.1.0.1", "rtt_ms": 7}),
        (EDGE, "ipsla", {"index": 12, "type": "jitter", "tag": "10.1.0.2:16384 (g729a @ 20ms)", "rtt_ms": 24, "mos": 4.07}),
        (EDGE, "ipsla", {"index": 13, "type": "http", "tag": "http://www.example.net/"}),
        (EDGE, "ipsla", {"index": 14, "type": "dns", "tag": "www.example.net"}),
        (FIREWALL, "sensor", {"oid": "1.3.6.1.4.1.9.9.147.1.2.1.1.1.3.6", "name": "Primary unit (this device)", "state": "error"}),
        (FIREWALL, "sensor", {"oid": "1.3.6.1.4.1.9.9.147.1.2.2.2.1.5.40.6", "kind": "count", "value": 31415}),
        (FIREWALL, "sensor", {"oid": "1.3.6.1.4.1.9.9.392.1.3.35.0", "kind": "count", "name": "AnyConnect sessions", "value": 20}),
        (FIREWALL, "sensor", {"oid": "1.3.6.1.4.1.3076.2.1.2.36.1.1.0", "kind": "state", "state": "slave"}),
        (FIREWALL, "sensor", {"oid": "1.3.6.1.4.1.3076.2.1.2.36.1.5.0", "kind": "load", "unit": "percent", "value": 12}),
        (CONTROLLER, "cpu", {"name": "Processor", "used_ratio": 0.12, "oid": "1.3.6.1.4.1.14179.1.1.5.1.0"}),
        (CONTROLLER, "memory", {"name": "Memory", "total_bytes": 8 * 2**30, "used_bytes": 5 * 2**30}),
        (CONTROLLER, "wireless", {"kind": "ap-count", "value": 17}),
        (CONTROLLER, "wireless", {"kind": "client-count", "name": "guests", "value": 9}),
        (CONTROLLER, "wireless", {"kind": "client-count", "name": "Clients", "value": 50}),
        (SMALL, "sensor", {"name": "Unit 1 temperature", "value": 74, "high_warning": 112, "high_critical": 116}),
        (SMALL, "sensor", {"oid": "1.3.6.1.4.1.9.6.1.101.83.5.1.1.3.1", "kind": "fan-speed", "unit": "rpm", "value": 4200}),
        (SMALL, "sensor", {"oid": "1.3.6.1.2.1.105.1.3.1.1.4.1", "kind": "power", "name": "PoE consumption 1", "value": 62}),
        (SMALL, "sensor", {"oid": "1.3.6.1.2.1.105.1.3.1.1.2.1", "kind": "power", "unit": "watt", "value": 195}),
        (SMALL, "vlan", {"id": 1, "name": "VLAN 1"}),
        (SMALL, "vlan", {"id": 20, "name": "cameras"}),
        (SMALL, "address", {"address": "127.0.0.1", "prefix_length": 8}),
        (SMALL, "address", {"address": "192.168.7.1", "prefix_length": 24}),
        (SMALL, "address", {"address": "10.0.0.5", "prefix_length": 25}),
        (BLADES, "sensor", {"name": "sys/chassis-1", "kind": "state", "state": "degraded"}),
        (BLADES, "sensor", {"name": "sys/chassis-1/fan-module-1-1", "state": "lowerCritical", "component": "fan"}),
        (BLADES, "sensor", {"oid": "1.3.6.1.4.1.9.9.719.1.15.56.1.10.4003", "state": "failed", "component": "power-supply"}),
    ],
)  # fmt: skip
def test_a_recorded_device_gives_this_row(answers: Answers, table: str, expected: dict[str, Value]) -> None:
    assert any(has(row, **expected) for row in rows(answers, table)), rows(answers, table)


def test_a_clean_recording_has_nothing_to_complain_about() -> None:
    assert observed(SWITCH).errors == []
    assert observed(SERVER).errors == []
    assert [observed(answers).errors for answers in (EDGE, FIREWALL, CONTROLLER, SMALL, BLADES)] == [[], [], [], [], []]


def test_the_fddi_vlans_of_every_switch_are_left_out() -> None:
    assert [dict(row) for row in rows(SWITCH, "vlan")] == [{"id": 10, "name": "voice"}]


def test_cache_is_not_memory_and_virtual_memory_is_not_counted_twice() -> None:
    assert {row["name"] for row in rows(SERVER, "memory")} == {"Physical memory", "Swap space"}


@pytest.mark.parametrize(
    ("units", "watts"),
    [
        ("CentiAmps @ 12V", 0.12),
        ("centiAmpsAt12V", None),
        ("Amps @ 50V", 50.0),
        ("Watts", 1.0),
        ("milliWatts", 0.001),
        ("", None),
        (None, None),
    ],
)
def test_power_is_told_in_watts_whatever_the_device_counts_in(units: str | None, watts: float | None) -> None:
    assert watts_each(units) == watts


def test_a_console_line_that_serves_nobody_is_no_sensor() -> None:
    lines = [row["oid"] for row in rows(EDGE, "sensor") if str(row["oid"]).startswith("1.3.6.1.4.1.9.2.9.2.1.1.")]
    assert lines == ["1.3.6.1.4.1.9.2.9.2.1.1.2", "1.3.6.1.4.1.9.2.9.2.1.1.3"]


def test_a_firewall_without_failover_has_no_unit_that_is_down() -> None:
    status = "1.3.6.1.4.1.9.9.147.1.2.1.1.1"
    alone = FIREWALL.changed(
        f"{status}.2.4|4|Failover LAN Interface\n{status}.3.4|2|3\n{status}.4.4|4|not Configured\n"
        f"{status}.3.6|2|3\n{status}.4.6|4|Failover Off"
    )
    units = {row["oid"]: row["state"] for row in rows(alone, "sensor") if str(row["oid"]).startswith(f"{status}.3.")}
    assert units == {f"{status}.3.6": "failoverOff"}


@pytest.mark.parametrize(
    ("ring", "ports", "states"),
    [
        (1, (1, 1, 2), ["up", "up", "unused"]),  # a closed ring needs no further port
        (2, (1, 2), ["up", "down"]),  # one cable of two is out
        (2, (2, 2), ["unused", "unused"]),  # a switch by itself
    ],
)
def test_a_stack_port_is_down_only_where_the_stack_misses_it(ring: int, ports: tuple[int, ...], states: list[str]) -> None:
    stack = "1.3.6.1.4.1.9.9.500.1"
    lines = "\n".join(f"{stack}.2.2.1.1.{50 + place}|2|{state}" for place, state in enumerate(ports))
    found = rows(SWITCH.changed(f"{stack}.1.3.0|2|{ring}\n{lines}"), "sensor")
    assert [row["state"] for row in found if str(row["oid"]).startswith(f"{stack}.2.2.1.1.")] == states


def test_a_fan_without_a_sensor_has_no_reading() -> None:
    assert not [row for row in rows(SMALL, "sensor") if str(row["oid"]).endswith(("83.5.1.1.2.2", "83.5.1.1.3.2"))]


def test_radios_of_an_autonomous_access_point_count_their_clients() -> None:
    radios = EDGE.changed("1.3.6.1.4.1.9.9.273.1.1.2.1.1.3|66|14")
    assert any(has(row, kind="client-count", name="GigabitEthernet0/0/3", value=14) for row in rows(radios, "wireless"))


def test_sensors_that_two_mibs_tell_are_polled_by_one_of_them_only() -> None:
    """Hourly, both are in the snapshot; in between, only the MIB that has the thresholds is asked."""
    session, memory_of_devices = FakeSession(EDGE), SnmpCollector(lambda target, timeout: session)
    memory_of_devices.collect(v2c_target(), ["sensor"], StillClock())
    session.asked.clear()
    polled = memory_of_devices.collect(v2c_target(), ["sensor"], StillClock(), snapshot=False).tables[0].rows
    assert not any("1.3.6.1.2.1.99.1.1.1.4" in question for question in session.asked)
    assert not [row for row in polled if str(row["oid"]).startswith("1.3.6.1.2.1.99.")]
    assert {row["oid"] for row in polled if "91.1.1.1.1.4" in str(row["oid"])} == {
        f"1.3.6.1.4.1.9.9.91.1.1.1.1.4.{place}" for place in (30, 31)
    }


def test_a_mos_of_zero_is_no_value() -> None:
    silent = SWITCH.changed("1.3.6.1.4.1.9.9.42.1.5.2.1.42.1|66|0")
    assert any(has(row, index=1, mos=None, icpif=None) for row in rows(silent, "ipsla"))


def test_the_better_mib_is_preferred_and_the_other_not_mixed_in() -> None:
    both = SWITCH.changed(
        "1.3.6.1.4.1.9.9.221.1.1.1.1.3.1.1|4|Processor\n1.3.6.1.4.1.9.9.221.1.1.1.1.18.1.1|70|5\n1.3.6.1.4.1.9.9.221.1.1.1.1.20.1.1|70|5"
    )
    assert [row["total_bytes"] for row in rows(both, "memory")] == [10]


def test_an_older_device_that_has_only_the_stand_in_columns_is_read_by_them() -> None:
    flash = "1.3.6.1.4.1.9.9.10.1.1.4.1.1"
    old = SWITCH.changed(f"{flash}.4.1.1|66|32514048\n{flash}.5.1.1|66|9083392", without=[f"{flash}.13", f"{flash}.14"])
    assert [row["used_bytes"] for row in rows(old, "storage")] == [32514048 - 9083392]


def test_light_in_watts_is_told_in_dbm() -> None:
    xr = SWITCH.changed(
        "1.3.6.1.4.1.9.9.91.1.1.1.1.1.21|2|6\n1.3.6.1.4.1.9.9.91.1.1.1.1.2.21|2|8\n1.3.6.1.4.1.9.9.91.1.1.1.1.3.21|2|4\n"
        "1.3.6.1.4.1.9.9.91.1.1.1.1.4.21|2|5847",
        without=["1.3.6.1.4.1.9.9.91.1.2"],
    )
    assert any(has(row, kind="optical-power", value=-2.331) for row in rows(xr, "sensor")), rows(xr, "sensor")


def threshold(place: int, severity: int, relation: int, value: int) -> str:
    table = "1.3.6.1.4.1.9.9.91.1.2.1.1"
    return f"{table}.2.30.{place}|2|{severity}\n{table}.3.30.{place}|2|{relation}\n{table}.4.30.{place}|2|{value}\n"


@pytest.mark.parametrize(
    ("thresholds", "limits"),
    [
        (threshold(1, 10, 4, 46) + threshold(2, 20, 4, 56) + threshold(3, 20, 2, -10), (-10.0, None, 46.0, 56.0)),
        # IOS-XR: no limit is -32768, or farther than the MIB allows
        (threshold(1, 10, 4, -32768) + threshold(2, 20, 4, 2147483647) + threshold(3, 20, 2, -1), (-1.0, None, None, None)),
        # Nobody set any
        (threshold(1, 10, 2, 0) + threshold(2, 10, 4, 0) + threshold(3, 20, 4, 0), (None, None, None, None)),
        # A low limit as high as the high one: the high one is meant
        (threshold(1, 10, 4, 105) + threshold(2, 10, 2, 105) + threshold(3, 20, 2, -10), (-10.0, None, 105.0, None)),
        # Major comes before critical
        (threshold(1, 20, 4, 70) + threshold(2, 30, 4, 90), (None, None, None, 70.0)),
    ],
)
def test_only_thresholds_that_can_be_meant_become_limits(thresholds: str, limits: tuple[float | None, ...]) -> None:
    sensor = next(row for row in rows(EDGE.changed(thresholds), "sensor") if row["oid"] == "1.3.6.1.4.1.9.9.91.1.1.1.1.4.30")
    assert tuple(sensor.get(field) for field in ("low_critical", "low_warning", "high_warning", "high_critical")) == limits


def test_a_sensor_that_is_unavailable_has_no_value() -> None:
    gone = SWITCH.changed("1.3.6.1.4.1.9.9.91.1.1.1.1.5.21|2|2")
    assert any(
        has(row, oid="1.3.6.1.4.1.9.9.91.1.1.1.1.4.21", value=None, state_code=2, state="unavailable") for row in rows(gone, "sensor")
    )


@pytest.mark.parametrize(
    ("line", "shown", "flaw"),
    [
        ("1.3.6.1.2.1.1.6.0|4x|4be46c6c6172656e", "Källaren", "not UTF-8"),
        ("1.3.6.1.2.1.1.6.0|4x|61000b62", "a\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}b", "control characters"),
        (f"1.3.6.1.2.1.1.6.0|4|{'x' * 65_000}", "x" * MOST_CHARACTERS, "cut at 1024"),
        ("1.3.6.1.2.1.1.6.0|2|5", None, "int where text"),
        ("1.3.6.1.2.1.1.6.0|4x|617474696300", "attic", None),
        ("1.3.6.1.2.1.1.6.0|4|<script>alert(1)</script>", "<script>alert(1)</script>", None),
    ],
)
def test_promise_30_text_is_typed_bounded_and_flagged(line: str, shown: str | None, flaw: str | None) -> None:
    observation = observed(SWITCH.changed(line))
    device = next(table.rows[0] for table in observation.tables if table.name == "device")
    assert device["sysLocation"] == shown
    assert any(flaw in error for error in observation.errors) if flaw else not observation.errors


def test_promise_30_an_index_of_the_wrong_form_is_left_out_and_flagged() -> None:
    observation = observed(SWITCH.changed("1.3.6.1.2.1.2.2.1.8.1.2.3|2|1"))
    interfaces = next(table for table in observation.tables if table.name == "interface")
    assert [row["ifIndex"] for row in interfaces.rows] == [1, 2, 9]
    assert any("if-mib: index 1.2.3" in error for error in observation.errors)
