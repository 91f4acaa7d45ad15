"""The tables this collector fills: keys, what is kept over time, and how often each is worth asking.

Names and fields are those of the server's registry; a structure test holds the two against each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class TableSpec:
    name: str
    key: tuple[str, ...]
    series: frozenset[str]
    document: frozenset[str]
    interval_seconds: int  # of the series; 0: there are none
    document_interval_seconds: int


def _table(name: str, key: str, series: str, document: str, interval_seconds: int, document_interval_seconds: int = 3600) -> TableSpec:
    return TableSpec(
        name, tuple(key.split()), frozenset(series.split()), frozenset(document.split()), interval_seconds, document_interval_seconds
    )


_TABLES = (
    _table(
        "device", "", "sysUpTime snmpEngineTime snmpEngineBoots",
        "sysDescr sysObjectID sysName sysLocation sysContact vendor os version model serial engine_id base_mac", 60,
    ),
    _table(
        "interface", "ifIndex",
        "ifHCInOctets ifHCOutOctets ifHCInUcastPkts ifHCOutUcastPkts ifHCInMulticastPkts ifHCOutMulticastPkts ifHCInBroadcastPkts"
        " ifHCOutBroadcastPkts ifInErrors ifOutErrors ifInDiscards ifOutDiscards ifOperStatus ifAdminStatus ifHighSpeed ifLastChange"
        " ifCounterDiscontinuityTime",
        "ifName ifDescr ifAlias ifType ifMtu ifPhysAddress ifConnectorPresent", 60,
    ),
    _table(
        "port", "ifIndex",
        "dot3StatsFCSErrors dot3StatsAlignmentErrors dot3StatsLateCollisions dot3StatsSymbolErrors dot3StatsDuplexStatus", "", 300,
    ),
    _table("cpu", "index", "used_ratio", "name oid", 60),
    _table("memory", "index", "used_bytes total_bytes", "name", 300),
    _table("storage", "index", "used_bytes total_bytes", "name fs_type", 300),
    _table("sensor", "oid", "value state_code", "kind name unit state low_warning low_critical high_warning high_critical component", 300),
    _table(
        "component", "index", "",
        "class name descr model serial hardware_version firmware_version software_version contained_in is_fru oper_state", 0,
    ),
    _table(
        "neighbour", "protocol local_ifIndex index", "",
        "local_port remote_name remote_port remote_address remote_platform remote_capabilities remote_duplex remote_native_vlan"
        " remote_mtu", 0, 300,
    ),
    _table("address", "address", "", "prefix_length ifIndex", 0),
    _table("vlan", "id", "", "name", 0),
    _table(
        "ipsla", "index",
        "rtt_ms mos icpif jitter_source_destination_ms jitter_destination_source_ms"
        " one_way_source_destination_ms"
        " one_way_destination_source_ms packets_lost_source_destination packets_lost_destination_source packets_sent"
        " sense timeouts completions",
        "type tag target codec threshold_ms frequency_seconds tos", 60,
    ),
    _table("poe", "group", "budget_watts consumption_watts oper_status", "usage_threshold_percent", 300),
    _table("poe_port", "group port", "detection_status denied", "ifIndex power_class admin", 300),
    _table("transceiver", "index", "", "model serial name descr vendor contained_in", 0),
    _table("bgp_peer", "remote_address", "state admin established_transitions established_seconds accepted_prefixes",
           "remote_as local_as", 60),
    _table("ospf_neighbour", "address", "state events", "router_id priority", 60),
    _table("vrf", "name", "", "description", 0),
    _table("wireless", "kind index", "value", "name unit oid", 300),
)  # fmt: skip

TABLES: Mapping[str, TableSpec] = MappingProxyType({table.name: table for table in _TABLES})
