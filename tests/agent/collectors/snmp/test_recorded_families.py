"""The project's own recordings of device families, each through the real collector: what it is, and what must be in its tables."""

import functools
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

import pytest
from natvakt_agent.collectors.snmp.collector import SnmpCollector
from natvakt_agent.collectors.snmp.tables import TABLES
from natvakt_agent.model.observation import Observation, Value
from natvakt_agent.model.target import Target
from testkit.snmp import RECORDINGS, Answers, FakeSession, StillClock, v2c_target

FAMILIES = sorted(path.stem for path in (RECORDINGS / "families").glob("*.txt") if "@" not in path.stem)

FACTS = {
    "catalyst-9300-stack": ("ios-xe", "17.9.4a", "C9300-24P", "TST9300A001"),
    "catalyst-9500-svl": ("ios-xe", "17.12.4", "C9500-16X", "TST9500A001"),
    "catalyst-2960x": ("ios", "15.2(7)E9", "WS-C2960X-24PS-L", "TST2960X001"),
    "catalyst-6500-vss": ("ios", "15.1(2)SY16", "WS-C6509-E", "TST6509A001"),
    "nexus-93180": ("nx-os", "9.3(10)", "N9K-C93180YC-EX", "TST9318A001"),
    "cbs350": ("small-business", "3.3.0.16", "CBS350-24P-4G", "TSTCBS35001"),
    "sg350": ("small-business", "2.5.9.54", "SG350-10P-K9", "TSTSG350001"),
    "catalyst-1300": ("small-business", "4.1.0.82", "C1300-24P-4G", "TSTC130001"),
    "isr-4331-gateway": ("ios-xe", "17.9.4a", "ISR4331/K9", "TST4331A001"),
    "isr-2911-cme": ("ios", "15.7(3)M8", "CISCO2911/K9", "TST2911A001"),
    "asr-9001": ("ios-xr", "6.8.2", "ASR-9001", "TSTASR9A001"),
    "asa-5516-pair": ("asa", "9.16(4)", "ASA5516", "TSTASA5516A"),
    "ftd-1120": ("ftd", "7.2.5 (Build 208)", "FPR-1120", "TSTFTD1120A"),
    "fxos-4110": ("fxos", "2.10(1.271)", "FPR-4110-K9", "TSTFX4110A"),
    "wlc-3504": ("aireos", "8.10.185.0", "AIR-CT3504-K9", "TSTWLC35001"),
    "catalyst-9800-l": ("ios-xe", "17.9.4a", "C9800-L-F-K9", "TSTC9800L01"),
    "aironet-2702": ("ios", "15.3(3)JF12", "AIR-SAP2702I-E-K9", "TSTAP270201"),
    "wap-571": ("wap", "1.1.0.4", "WAP571", None),
    "cimc-c220": ("cimc", "4.2(3d)", "UCSC-C220-M5SX", "TSTC220M501"),
    "cucm-12": ("ucos", "12.5.1.14900-63", "ciscoUCVirtualMachine", None),
    "unity-connection": ("ucos", "12.5.1.16900-29", None, None),
    "ise-vm": ("ise", "Cisco ADE-OS 3.1", "ISE-VM-K9", "TSTISEVM001"),
    "meraki-ms": ("meraki", None, "Meraki MS225-24P", None),
    "spa-112": ("ciscospa", "1.4.1(SR5)", "SPA112", None),
    "windows-server": ("windows", "17763", None, None),
}
STRANGERS = {"apc-smart-ups", "generic-ups", "laser-printer", "unknown-device"}

ROWS = {  # how many rows the tables hold that a family is known for
    "catalyst-9300-stack": {
        "interface": 10, "component": 6, "transceiver": 1, "vlan": 3, "neighbour": 1, "poe": 1, "poe_port": 3, "stp": 3, "stp_port": 7,
        "vtp": 1, "lag": 2, "stack": 2, "stack_port": 2, "redundancy": 1, "license": 3, "configchange": 1, "ntp": 1, "ntp_peer": 1,
        "process": 2, "fdb": 2, "storage": 2,
    },
    "catalyst-9500-svl": {"lag": 2, "stack": 2, "fhrp": 1, "eigrp_neighbour": 2, "ospf_neighbour": 1, "vrf": 1, "arp": 2, "stp_port": 2},
    "catalyst-2960x": {"lag": 2, "vtp": 1, "license": 1, "ntp": 1, "storage": 2, "port": 4},
    "catalyst-6500-vss": {"capacity": 3, "fhrp": 1, "redundancy": 1},
    "nexus-93180": {"vpc": 3, "lag": 2, "bgp_peer": 1, "stp": 1},
    "cbs350": {"vlan": 2, "poe": 1, "stp": 1, "fdb": 1, "sensor": 4},
    "sg350": {"vlan": 2, "stp_port": 2},
    "catalyst-1300": {"vlan": 2, "cpu": 1},
    "isr-4331-gateway": {
        "qos": 5, "ipsla": 2, "vpn": 6, "voice": 5, "dsp": 1, "dial_peer": 2, "srst": 1, "sip": 1, "isdn": 1, "ds1": 1, "bgp_peer": 1,
    },
    "isr-2911-cme": {"phone": 3, "voice": 5, "fhrp": 1, "capacity": 2, "license": 1, "isdn": 1, "ds1": 1},
    "asr-9001": {"fhrp": 1, "lag": 2, "bgp_peer": 1},
    "asa-5516-pair": {"redundancy": 3, "vpn": 4, "capacity": 5, "configchange": 1},
    "ftd-1120": {"redundancy": 3, "license": 2},
    "fxos-4110": {"ntp": 1, "component": 1},
    "wlc-3504": {"access_point": 2, "radio": 4, "wireless": 5, "capacity": 2, "redundancy": 1},
    "catalyst-9800-l": {"access_point": 2, "radio": 4, "license": 2},
    "aironet-2702": {"wireless": 2},
    "wap-571": {"memory": 1},
    "cimc-c220": {"sensor": 5},
    "cucm-12": {"phone": 4, "call_manager": 1, "voice_device": 5, "voice": 9, "cpu": 2},
    "unity-connection": {"storage": 1, "memory": 1},
    "ise-vm": {"storage": 1, "cpu": 2},
    "meraki-ms": {"interface": 2},
    "spa-112": {"interface": 1},
    "apc-smart-ups": {"ups": 1},
    "generic-ups": {"ups": 1},
    "laser-printer": {"printer": 1, "supply": 4},
    "windows-server": {"cpu": 4, "memory": 2, "storage": 1},
    "unknown-device": {"interface": 1},
}  # fmt: skip

VALUES: Sequence[tuple[str, str, Mapping[str, Value]]] = (
    ("catalyst-9300-stack", "device", {"whyReload": "Reload Command", "base_mac": "020000a00100"}),
    ("catalyst-9300-stack", "sensor", {"oid": "1.3.6.1.4.1.9.9.91.1.1.1.1.4.1010", "value": 27.0, "high_warning": 46.0}),
    ("catalyst-9300-stack", "stp", {"vlan": 1, "root_mac": "020000a0ff00", "root_priority": 4097, "type": "rapidPvstPlus"}),
    ("catalyst-9300-stack", "stp", {"vlan": 10, "is_root": False, "root_port": 70, "root_mac": "020000a0ff00", "topology_changes": 31}),
    ("catalyst-9300-stack", "stp", {"vlan": 20, "is_root": True, "root_port": 0, "root_priority": 32_788, "topology_changes": 450}),
    ("catalyst-9300-stack", "stp_port", {"vlan": 1, "port": 70, "ifIndex": 70, "state": 5}),
    ("catalyst-9300-stack", "stp_port", {"vlan": 10, "port": 70, "ifIndex": 70, "role": 2, "state": 5}),
    ("catalyst-9300-stack", "port", {"ifIndex": 9, "access_vlan": 10, "voice_vlan": 20, "trunking": 2}),
    ("catalyst-9300-stack", "port", {"ifIndex": 39, "access_vlan": 10, "voice_vlan": None}),
    ("catalyst-9300-stack", "port", {"ifIndex": 70, "trunking": 1, "native_vlan": 999, "allowed_vlans": "10,20,30"}),
    ("catalyst-9300-stack", "port", {"ifIndex": 40, "errdisable_cause": 2}),
    ("catalyst-9300-stack", "lag", {"ifIndex": 60, "bundled": 1, "aggregator": 70, "protocol": "lacp"}),
    ("catalyst-9300-stack", "lag", {"ifIndex": 61, "bundled": 0, "actor_state": "activity,aggregation,defaulted"}),
    ("catalyst-9300-stack", "stack", {"member": 2, "role": 4, "state": 4, "ring_redundant": 2, "component": 2000}),
    ("catalyst-9300-stack", "stack_port", {"ifIndex": 81, "state": 2, "name": "StackSub-St1-2", "neighbour_component": None}),
    ("catalyst-9300-stack", "redundancy", {"kind": "unit", "state": 14, "peer_state": 9, "mode": "hotStandbyRedundant"}),
    ("catalyst-9300-stack", "vtp", {"name": "test", "mode": "server", "revision": 41, "version": "two"}),
    ("catalyst-9300-stack", "license", {"kind": "smart", "registration": "Registered", "compliance": "Authorized"}),
    ("catalyst-9300-stack", "license", {"kind": "entitlement", "name": "network-advantage", "used": 2}),
    ("catalyst-9300-stack", "configchange", {"ccmHistoryRunningLastChanged": 2_500_000.0, "ccmHistoryRunningLastSaved": 2_400_000.0}),
    ("catalyst-9300-stack", "ntp_peer", {"address": "10.9.0.123", "offset_seconds": 0.002502, "reach": 255, "selected": True}),
    ("catalyst-9300-stack", "storage", {"name": "nvram:", "total_bytes": 2_097_152, "used_bytes": 41_000}),
    ("catalyst-9300-stack", "process", {"name": "HRPC", "used_ratio": 0.07}),
    ("catalyst-9300-stack", "fdb", {"vlan": 20, "mac": "020000d00014", "ifIndex": 70}),
    ("catalyst-9300-stack", "neighbour", {"remote_name": "test-core1", "remote_native_vlan": 999}),
    ("catalyst-9500-svl", "fhrp", {"protocol": "hsrp", "group": 10, "state": 6, "virtual_address": "10.9.10.1"}),
    ("catalyst-9500-svl", "eigrp_neighbour", {"as_number": 100, "address": "10.9.1.6", "interface": "Te2/0/1", "vrf": "default"}),
    ("catalyst-9500-svl", "stp", {"vlan": 10, "is_root": True, "root_cost": 0}),
    ("catalyst-9500-svl", "port", {"ifIndex": 70, "allowed_vlans": "1-1004"}),
    ("catalyst-9500-svl", "arp", {"address": "10.9.10.50", "mac": "020000d00050", "type": "dynamic"}),
    ("catalyst-9500-svl", "capacity", {"resource": "fib-prefixes", "used": 412, "limit": None}),
    ("catalyst-9500-svl", "ntp_peer", {"offset_seconds": -0.5}),
    ("catalyst-2960x", "lag", {"ifIndex": 10149, "protocol": "pagp", "aggregator": 5001, "partner_name": "test-peer"}),
    ("catalyst-2960x", "ntp", {"stratum": 16, "status": 3, "leap": 3}),
    ("catalyst-2960x", "license", {"name": "lanbase", "type": "permanent", "status": 3, "evaluation_seconds_left": None}),
    ("catalyst-6500-vss", "capacity", {"resource": "fib-tcam", "used": 9_000, "limit": 245_760, "name": "module 5 FIB TCAM ipv4"}),
    ("catalyst-6500-vss", "fhrp", {"state": 5, "active_router": "10.9.11.2", "standby_router": None}),
    ("catalyst-6500-vss", "redundancy", {"peer_state": 2}),
    ("nexus-93180", "vpc", {"vpc": 0, "keepalive": 2, "role": 2, "dual_active": 2}),
    ("nexus-93180", "vpc", {"vpc": 101, "link": 1, "consistency": 2}),
    ("nexus-93180", "lag", {"bundled": 1, "actor_state": "activity,aggregation,synchronization,collecting,distributing"}),
    ("cbs350", "stp", {"vlan": 0, "is_root": True}),
    ("cbs350", "fdb", {"vlan": 1, "ifIndex": 49}),
    ("isr-4331-gateway", "qos", {"class": "VOICE", "policy_map": "WAN-EDGE", "parent_class": "class-default", "is_priority": True,
                                 "cbQosCMDropPkt64": 60, "cbQosQueueingDiscardPkt64": 60, "interface": "Gi0/0/0", "direction": "output"}),
    ("isr-4331-gateway", "qos", {"class": "SCAVENGER", "police_bits_per_second": 512_000, "cbQosPoliceExceededPkt64": 500}),
    ("isr-4331-gateway", "qos", {"class": "SIGNALLING", "bandwidth": 5, "bandwidth_unit": "percentage", "is_priority": False}),
    ("isr-4331-gateway", "qos", {"class": "class-default", "policy_map": "WAN-EDGE-SHAPE", "shape_bits_per_second": 50_000_000,
                                 "cbQosTSStatsDropPkt64": 40}),
    ("isr-4331-gateway", "ipsla", {"index": 10, "mos": 4.06, "tag": "branch-voice", "target": "10.9.200.1"}),
    ("isr-4331-gateway", "ipsla", {"index": 11, "mos": None, "icpif": None, "sense": 4}),
    ("isr-4331-gateway", "vpn", {"kind": "ipsec", "peer": "198.51.100.10", "tunnels": 2, "in_octets": 2_000_000}),
    ("isr-4331-gateway", "vpn", {"kind": "ike", "peer": "all", "tunnels": 2}),
    ("isr-4331-gateway", "dsp", {"used_ratio": 0.71, "peak_ratio": 0.94, "processors_failed": 1, "name": "subslot 0/4 module"}),
    ("isr-4331-gateway", "dial_peer", {"peer": 200, "type": "voip", "session_target": "ipv4:10.9.0.51", "destination": "5..."}),
    ("isr-4331-gateway", "dial_peer", {"peer": 100, "session_target": "0/1/0:15", "max_connections": None}),
    ("isr-4331-gateway", "isdn", {"ifIndex": 11, "layer": 3, "calls_in": 900, "name": "Se0/1/0:15"}),
    ("isr-4331-gateway", "ds1", {"ifIndex": 10, "line_status": 1, "alarms": None, "clock_source": "loopTiming"}),
    ("isr-4331-gateway", "voice", {"kind": "isdn-channels-busy", "value": 12, "limit": 30}),
    ("isr-4331-gateway", "voice", {"kind": "calls", "value": 7, "limit": 100}),
    ("isr-4331-gateway", "srst", {"state": 2, "max_phones": 60, "enabled": True}),
    ("isr-4331-gateway", "sip", {"options_out": 4_000, "service_unavailable_in": 3}),
    ("isr-2911-cme", "phone", {"system": "cme", "name": "SEP0200000000A1", "status": 2, "load": "SCCP45.9-4-2"}),
    ("isr-2911-cme", "phone", {"name": "SEP0200000000A3", "status": 3}),
    ("isr-2911-cme", "voice", {"kind": "ephones-configured", "value": 3, "limit": 35}),
    ("isr-2911-cme", "fhrp", {"protocol": "vrrp", "state": 6, "virtual_address": "10.9.50.1", "active_router": "10.9.50.2"}),
    ("isr-2911-cme", "capacity", {"resource": "dhcp-pool", "index": "users", "used": 192, "limit": 200}),
    ("isr-2911-cme", "license", {"name": "uck9", "status": 4, "evaluation_seconds_left": 0}),
    ("isr-2911-cme", "ds1", {"line_status": 64, "alarms": "lossOfSignal", "errored_seconds": 900}),
    ("isr-2911-cme", "isdn", {"layer": 1}),
    ("asr-9001", "fhrp", {"protocol": "vrrp", "group": 7, "state": 5, "virtual_address": "10.9.60.1"}),
    ("asr-9001", "lag", {"ifIndex": 6, "bundled": 0}),
    ("asa-5516-pair", "redundancy", {"kind": "failover", "unit": "secondary", "failover_state": 4}),
    ("asa-5516-pair", "capacity", {"resource": "firewall-connections", "used": 1_850, "peak": 9_400}),
    ("asa-5516-pair", "capacity", {"resource": "anyconnect-sessions", "used": 20, "limit": 300, "peak": 31}),
    ("asa-5516-pair", "vpn", {"kind": "ike", "peer": "198.51.100.30", "negotiation_mode": "aggressive", "encryption": "des3"}),
    ("ftd-1120", "license", {"kind": "smart", "compliance": "Out of Compliance"}),
    ("wlc-3504", "access_point", {"name": "test-ap2", "status": 3, "serial": "TSTAP912002", "uptime_seconds": 432_000.0}),
    ("wlc-3504", "radio", {"mac": "020000e00100", "slot": 0, "channel_used_ratio": 0.61, "band": "dot11b", "channel": 6}),
    ("wlc-3504", "capacity", {"resource": "wireless-clients", "used": 38, "limit": 3_000}),
    ("cimc-c220", "sensor", {"name": "sys/rack-unit-1/board/storage-SAS-MRAID/pd-2", "state": "inoperable"}),
    ("cucm-12", "voice", {"kind": "phones-registered", "value": 2}),
    ("cucm-12", "voice", {"kind": "phones-rejected", "value": 1}),
    ("cucm-12", "phone", {"name": "SEP0200000000B3", "status": 3, "load": "sip88xx.12-8-1", "model": "Cisco 8851", "protocol": "sip"}),
    ("cucm-12", "voice_device", {"kind": "gateway", "name": "test-cme", "status": 3, "d_channel": 2}),
    ("cucm-12", "voice_device", {"kind": "media-device", "name": "CFB_2", "status": 3, "reason": "connectivityError"}),
    ("cucm-12", "voice_device", {"kind": "sip-trunk", "address": "198.51.100.5"}),
    ("cucm-12", "call_manager", {"name": "test-cucm", "status": 2, "version": "12.5.1.14900-63"}),
    ("ise-vm", "storage", {"name": "/opt", "used_bytes": 45_000_000 * 4_096}),
    ("apc-smart-ups", "ups", {"replace_battery": 1, "runtime_seconds": 1_320, "load_ratio": 0.43, "serial": "TSTAPC15001"}),
    ("generic-ups", "ups", {"replace_battery": 1, "output_source": 5, "seconds_on_battery": 340, "charge_ratio": 0.18}),
    ("generic-ups", "ups", {"low_battery_seconds": 300, "battery_volts": 27.3}),
    ("laser-printer", "printer", {"errors": "noPaper", "pages": 52_311, "serial": "TSTPRN00001"}),
    ("laser-printer", "supply", {"kind": "marker", "name": "Black Toner", "level_ratio": 0.1}),
    ("laser-printer", "supply", {"kind": "marker", "name": "Waste box", "some_left": True, "level": None}),
    ("laser-printer", "supply", {"kind": "tray", "name": "Tray 1", "level_ratio": 0.25}),
    ("unknown-device", "interface", {"ifHCInOctets": 1_000_000, "ifName": "lan"}),
)  # fmt: skip


def opened(family: str) -> Callable[[Target, float], FakeSession]:
    """A device that knows its community, and those of the VLAN contexts that were recorded; to others it is silent."""

    def open_session(target: Target, timeout_seconds: float) -> FakeSession:
        assert target.snmp is not None
        assert target.snmp.community is not None
        _, at, vlan = target.snmp.community.reveal().partition("@")
        name = f"{family}{at}{vlan}"
        is_recorded = (RECORDINGS / "families" / f"{name}.txt").exists()
        return FakeSession(Answers.recorded(f"families/{name if is_recorded else family}"), silent=not is_recorded)

    return open_session


@functools.cache
def observed(family: str) -> Observation:
    return SnmpCollector(opened(family)).collect(v2c_target(), None, StillClock())


def rows(family: str, table: str) -> Sequence[Mapping[str, Value]]:
    return next(found.rows for found in observed(family).tables if found.name == table)


def test_at_least_25_families_are_recorded_and_each_has_its_expectations() -> None:
    assert len(FAMILIES) >= 25
    assert set(FACTS) | STRANGERS == set(FAMILIES)
    assert set(ROWS) == set(FAMILIES)


def test_the_recordings_are_what_the_generator_makes_of_the_mibs() -> None:
    checked = subprocess.run(
        [sys.executable, "-B", str(RECORDINGS / "generate.py"), "--check"],
        env=os.environ | {"PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("family", FAMILIES)
def test_every_recording_says_that_it_is_synthetic(family: str) -> None:
    head = (RECORDINGS / "families" / f"{family}.txt").read_text().splitlines()[:2]
    assert "Synthetic" in head[1]


@pytest.mark.parametrize("family", sorted(FACTS))
def test_the_device_is_recognised(family: str) -> None:
    (device,) = rows(family, "device")
    assert (device["os"], device["version"], device["model"], device["serial"]) == FACTS[family]


@pytest.mark.parametrize("family", sorted(STRANGERS))
def test_what_no_family_knows_is_said_to_be_unknown(family: str) -> None:
    (device,) = rows(family, "device")
    assert device["os"] == "unknown"
    assert device["sysDescr"]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_tables_hold_the_rows_the_recording_has(family: str) -> None:
    assert {table: len(rows(family, table)) for table in ROWS[family]} == ROWS[family]


@pytest.mark.parametrize(("family", "table", "expected"), VALUES)
def test_a_row_says_what_the_mib_means(family: str, table: str, expected: Mapping[str, Value]) -> None:
    found = rows(family, table)
    assert any(all(row.get(name) == value for name, value in expected.items()) for row in found), found


@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_in_a_recording_is_out_of_order(family: str) -> None:
    assert observed(family).errors == []


@pytest.mark.parametrize("family", FAMILIES)
def test_rows_hold_only_fields_of_their_table_and_each_key_once(family: str) -> None:
    for table in observed(family).tables:
        spec = TABLES[table.name]
        for row in table.rows:
            assert set(row) <= set(spec.key) | spec.series | spec.document, (table.name, row)
            assert all(row.get(name) is not None for name in spec.key), (table.name, row)
        keys = [tuple(row[name] for name in spec.key) for row in table.rows]
        assert len(set(keys)) == len(keys), table.name


@pytest.mark.parametrize("family", FAMILIES)
def test_a_series_cycle_gives_the_same_keys_as_the_snapshot(family: str) -> None:
    """What is read every few minutes must find its rows without the documents."""
    collector = SnmpCollector(opened(family))
    collector.collect(v2c_target(), None, StillClock())
    cycle = collector.collect(v2c_target(), None, StillClock(), snapshot=False)
    for table in cycle.tables:
        spec = TABLES[table.name]
        whole = {tuple(row.get(name) for name in spec.key) for row in rows(family, table.name)}
        assert {tuple(row.get(name) for name in spec.key) for row in table.rows} <= whole, table.name
        assert bool(table.rows) == any(any(row.get(name) is not None for name in spec.series) for row in rows(family, table.name)), (
            table.name
        )
