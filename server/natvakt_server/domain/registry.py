"""One name for each thing: table of the probe document = measurement of the time series = evidence of a rule.

A `TableDefinition` says which fields identify a row (tags), which are kept over time and how (series), and which are
state that is kept as a whole (document). Units are base units; counters carry the MIB's own names.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from natvakt_server.domain.network_tables import NETWORK_TABLES
from natvakt_server.domain.service_tables import SERVICE_TABLES
from natvakt_server.domain.site_tables import SITE_TABLES
from natvakt_server.domain.table_definition import Kind, Series, TableDefinition
from natvakt_server.domain.table_definition import counters as _counters
from natvakt_server.domain.table_definition import gauges as _gauges
from natvakt_server.domain.table_definition import states as _states

__all__ = ["OPERATING_SYSTEMS", "ROLE_WEIGHT", "TABLES", "Kind", "Role", "Series", "TableDefinition"]


class Role(StrEnum):
    """Device roles; `weight` is the role weight of the score."""

    ACCESS = "access"
    DISTRIBUTION = "distribution"
    CORE = "core"
    WAN_EDGE = "wan-edge"
    ROUTER = "router"
    FIREWALL = "firewall"
    WLC = "wlc"
    VOICE_GATEWAY = "voice-gateway"
    CALL_SERVER = "call-server"
    SERVER = "server"
    UPS = "ups"

    @property
    def weight(self) -> int:
        return ROLE_WEIGHT.get(self, 1)


ROLE_WEIGHT: Mapping[Role, int] = MappingProxyType(
    {
        Role.CORE: 4,
        Role.FIREWALL: 4,
        Role.WAN_EDGE: 4,
        Role.CALL_SERVER: 4,
        Role.DISTRIBUTION: 2,
        Role.WLC: 2,
        Role.VOICE_GATEWAY: 2,
        Role.SERVER: 2,
    }
)

OPERATING_SYSTEMS = (
    "ios",
    "ios-xe",
    "ios-xr",
    "nx-os",
    "asa",
    "ftd",
    "aireos",
    "small-business",
    "cimc",
    "ucos",
    "ise",
    "wap",
    "meraki",
    "fxos",
    "fmc",
    "aci",
    "pix",
    "catos",
    "ciscospa",
    "linux",
    "windows",
    "unknown",
)


_DEFINITIONS = (
    TableDefinition(
        "device",
        (),
        _gauges(sysUpTime="s", snmpEngineTime="s") | {"snmpEngineBoots": Series(Kind.GAUGE)},
        (
            "sysDescr",
            "sysObjectID",
            "sysName",
            "sysLocation",
            "sysContact",
            "vendor",
            "os",
            "version",
            "model",
            "serial",
            "engine_id",
            "base_mac",
            "whyReload",
        ),
        "SNMPv2-MIB, SNMP-FRAMEWORK-MIB",
        60,
    ),
    TableDefinition(
        "interface",
        ("ifIndex",),
        _counters("ifHCInOctets", "ifHCOutOctets", unit="octets")
        | _counters(
            "ifHCInUcastPkts",
            "ifHCOutUcastPkts",
            "ifHCInMulticastPkts",
            "ifHCOutMulticastPkts",
            "ifHCInBroadcastPkts",
            "ifHCOutBroadcastPkts",
            "ifInErrors",
            "ifOutErrors",
            "ifInDiscards",
            "ifOutDiscards",
            unit="packets",
        )
        | _states("ifOperStatus", "ifAdminStatus")
        | _gauges(ifHighSpeed="Mbit/s", ifLastChange="s", ifCounterDiscontinuityTime="s"),
        ("ifName", "ifDescr", "ifAlias", "ifType", "ifMtu", "ifPhysAddress", "ifConnectorPresent"),
        "IF-MIB",
        60,
    ),
    TableDefinition(
        "port",
        ("ifIndex",),
        _counters("dot3StatsFCSErrors", "dot3StatsAlignmentErrors", "dot3StatsLateCollisions", "dot3StatsSymbolErrors", unit="frames")
        | _states("dot3StatsDuplexStatus", "trunking", "errdisable_cause"),
        ("access_vlan", "voice_vlan", "native_vlan", "trunk_mode", "trunk_encapsulation", "allowed_vlans"),
        "EtherLike-MIB, CISCO-VLAN-MEMBERSHIP-MIB, CISCO-VTP-MIB, CISCO-ERR-DISABLE-MIB",
    ),
    TableDefinition("cpu", ("index",), _gauges(used_ratio="ratio"), ("name", "oid"), "CISCO-PROCESS-MIB, HOST-RESOURCES-MIB, psutil", 60),
    TableDefinition(
        "memory",
        ("index",),
        _gauges(used_bytes="B", total_bytes="B"),
        ("name",),
        "CISCO-MEMORY-POOL-MIB, CISCO-ENHANCED-MEMPOOL-MIB, HOST-RESOURCES-MIB, psutil",
    ),
    TableDefinition(
        "storage",
        ("index",),
        _gauges(used_bytes="B", total_bytes="B"),
        ("name", "fs_type"),
        "HOST-RESOURCES-MIB, UCD-SNMP-MIB, CISCO-FLASH-MIB, psutil",
    ),
    TableDefinition(
        "sensor",
        ("oid",),
        _gauges(value="") | _states("state_code"),
        ("kind", "name", "unit", "state", "low_warning", "low_critical", "high_warning", "high_critical", "component"),
        "ENTITY-SENSOR-MIB, CISCO-ENTITY-SENSOR-MIB, CISCO-ENVMON-MIB",
    ),
    TableDefinition(
        "component",
        ("index",),
        {},
        (
            "class",
            "name",
            "descr",
            "model",
            "serial",
            "hardware_version",
            "firmware_version",
            "software_version",
            "contained_in",
            "is_fru",
            "oper_state",
        ),
        "ENTITY-MIB",
        3600,
    ),
    TableDefinition(
        "neighbour",
        ("protocol", "local_ifIndex", "index"),
        {},
        (
            "local_port",
            "remote_name",
            "remote_port",
            "remote_address",
            "remote_platform",
            "remote_capabilities",
            "remote_duplex",
            "remote_native_vlan",
            "remote_mtu",
        ),
        "CISCO-CDP-MIB, LLDP-MIB",
        300,
    ),
    TableDefinition("address", ("address",), {}, ("prefix_length", "ifIndex"), "IP-MIB", 3600),
    TableDefinition("vlan", ("id",), {}, ("name",), "CISCO-VTP-MIB", 3600),
    TableDefinition(
        "ipsla",
        ("index",),
        _gauges(
            rtt_ms="ms",
            mos="",
            icpif="",
            jitter_source_destination_ms="ms",
            jitter_destination_source_ms="ms",
            one_way_source_destination_ms="ms",
            one_way_destination_source_ms="ms",
            packets_lost_source_destination="packets",
            packets_lost_destination_source="packets",
            packets_sent="packets",
        )
        | _states("sense")
        | _counters("timeouts", "completions", unit="operations"),
        ("type", "tag", "target", "codec", "threshold_ms", "frequency_seconds", "tos"),
        "CISCO-RTTMON-MIB",
        60,
    ),
    TableDefinition(
        "poe",
        ("group",),
        _gauges(budget_watts="W", consumption_watts="W") | _states("oper_status"),
        ("usage_threshold_percent",),
        "POWER-ETHERNET-MIB",
    ),
    TableDefinition(
        "poe_port",
        ("group", "port"),
        _states("detection_status") | _counters("denied", unit="events"),
        ("ifIndex", "power_class", "admin"),
        "POWER-ETHERNET-MIB",
        300,
    ),
    TableDefinition("transceiver", ("index",), {}, ("model", "serial", "name", "descr", "vendor", "contained_in"), "ENTITY-MIB", 3600),
    TableDefinition(
        "bgp_peer",
        ("remote_address",),
        _states("state", "admin") | _counters("established_transitions") | _gauges(established_seconds="s", accepted_prefixes="prefixes"),
        ("remote_as", "local_as"),
        "BGP4-MIB, CISCO-BGP4-MIB",
        60,
    ),
    TableDefinition("ospf_neighbour", ("address",), _states("state") | _counters("events"), ("router_id", "priority"), "OSPF-MIB", 60),
    TableDefinition("vrf", ("name",), {}, ("description",), "MPLS-L3VPN-STD-MIB, MPLS-VPN-MIB, CISCO-VRF-MIB", 3600),
    TableDefinition(
        "wireless",
        ("kind", "index"),
        _gauges(value=""),
        ("name", "unit", "oid"),
        "AIRESPACE-WIRELESS-MIB, CISCO-LWAPP-SYS-MIB, CISCO-WAN-3G-MIB",
    ),
    TableDefinition("reachability", ("method",), _gauges(up="", rtt_seconds="s", loss_ratio="ratio"), (), "RFC 792, TCP connect, SNMP", 60),
    TableDefinition(
        "disk",
        ("name",),
        _counters("read_bytes", "write_bytes", unit="B") | _counters("reads", "writes", unit="operations"),
        (),
        "psutil",
        60,
    ),
    TableDefinition("service", ("name",), _gauges(running=""), ("start_mode", "state"), "psutil, systemd", 300),
    TableDefinition("session", (), _gauges(users=""), (), "psutil", 300),
    *SITE_TABLES,
    *NETWORK_TABLES,
    *SERVICE_TABLES,
)

TABLES: Mapping[str, TableDefinition] = MappingProxyType({definition.name: definition for definition in _DEFINITIONS})
