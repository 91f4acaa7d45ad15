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
        "sysDescr sysObjectID sysName sysLocation sysContact vendor os version model serial engine_id base_mac whyReload", 60,
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
        "dot3StatsFCSErrors dot3StatsAlignmentErrors dot3StatsLateCollisions dot3StatsSymbolErrors dot3StatsDuplexStatus trunking"
        " errdisable_cause",
        "access_vlan voice_vlan native_vlan trunk_mode trunk_encapsulation allowed_vlans", 300,
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
    _table(
        "stp", "vlan", "priority topology_changes seconds_since_change root_cost root_port",
        "root_priority root_mac bridge_mac is_root type", 300,
    ),
    _table(
        "stp_port", "vlan port", "state role forward_transitions root_inconsistent loop_inconsistent",
        "ifIndex path_cost designated_bridge designated_root", 900,
    ),
    _table("vtp", "domain", "", "name mode revision version", 0),
    _table(
        "lag", "ifIndex", "bundled",
        "protocol aggregator actor_state partner_state partner_system partner_port partner_key partner_name partner_port_name", 300,
    ),
    _table(
        "stack", "member", "state role ring_redundant",
        "component priority hardware_priority number_next_reload mac image", 300,
    ),
    _table("stack_port", "ifIndex", "state", "name neighbour_component", 300),
    _table(
        "redundancy", "kind unit", "state peer_state failover_state failover_seconds",
        "unit_id peer_id duplex last_switch_reason mode description detail", 300,
    ),
    _table("vpc", "domain vpc", "keepalive role dual_active link consistency", "consistency_detail ifIndex", 300),
    _table(
        "fhrp", "protocol ifIndex group", "state priority",
        "preempt virtual_address active_router standby_router virtual_mac", 300, 900,
    ),
    _table(
        "qos", "policy object",
        "cbQosCMPrePolicyPkt64 cbQosCMPrePolicyByte64 cbQosCMPostPolicyByte64 cbQosCMDropPkt64 cbQosCMDropByte64 cbQosCMNoBufDropPkt64"
        " cbQosPoliceConformedPkt64 cbQosPoliceExceededPkt64 cbQosPoliceViolatedPkt64 cbQosQueueingDiscardPkt64"
        " cbQosQueueingCurrentQDepth cbQosQueueingMaxQDepth cbQosTSStatsDropPkt64 cbQosTSStatsDelayedPkt64",
        "class policy_map parent_class ifIndex interface direction is_priority bandwidth bandwidth_unit shape_bits_per_second"
        " police_bits_per_second", 300,
    ),
    _table(
        "eigrp_neighbour", "as_number address", "hold_seconds srtt_ms queued_packets retransmissions retries",
        "uptime ifIndex interface vrf", 300, 900,
    ),
    _table(
        "vpn", "kind peer", "tunnels active_seconds in_octets out_octets in_drops out_drops",
        "local_address peer_identity negotiation_mode dh_group encryption integrity authentication lifetime_seconds", 300, 900,
    ),
    _table("capacity", "resource index", "used limit peak", "name", 300),
    _table(
        "license", "kind index", "status used limit evaluation_seconds_left",
        "name tag version type compliance registration description authorization_expires out_of_compliance_since certificate_expires"
        " evaluation_in_use enabled account eula_accepted", 3600, 21_600,
    ),
    _table("configchange", "", "ccmHistoryRunningLastChanged ccmHistoryRunningLastSaved ccmHistoryStartupLastChanged", "", 300),
    _table("ntp", "", "stratum leap status root_delay_seconds root_dispersion_seconds", "selected_association", 300),
    _table(
        "ntp_peer", "association", "stratum reach offset_seconds delay_seconds dispersion_seconds",
        "address name mode configured selected", 300, 900,
    ),
    _table("voice", "kind index", "value limit", "name", 300),
    _table("call_manager", "index", "status", "name description version address cluster", 300),
    _table("phone", "system index", "status", "name mac address model load protocol description", 300),
    _table("voice_device", "kind index", "status d_channel", "name description address reason", 300, 900),
    _table(
        "dsp", "index", "used_ratio peak_ratio state processors processors_failed processors_congested",
        "name channels_per_processor", 300,
    ),
    _table(
        "dial_peer", "peer", "incoming_calls outgoing_calls",
        "type destination session_protocol session_target preference max_connections status", 300, 21_600,
    ),
    _table("srst", "", "state registered_phones call_legs max_phones max_numbers", "enabled version address", 300),
    _table(
        "sip", "",
        "invites_in invites_out invites_repeated options_in options_out registers_in registers_out unauthorized_in forbidden_in"
        " request_timeouts_in service_unavailable_in service_unavailable_out udp_connections tcp_connections", "", 300,
    ),
    _table(
        "isdn", "ifIndex", "layer peer_resets calls_in calls_in_connected calls_out calls_out_connected", "name bearer_channels", 300,
    ),
    _table(
        "ds1", "ifIndex", "line_status errored_seconds severely_errored_seconds unavailable_seconds path_code_violations",
        "name alarms circuit clock_source errored_seconds_day", 300, 900,
    ),
    _table("access_point", "mac", "status uptime_seconds", "name location model serial version address admin", 300),
    _table(
        "radio", "mac slot", "channel_used_ratio clients receive_ratio transmit_ratio channel power_level status", "band", 300,
    ),
    _table(
        "ups", "",
        "battery_status seconds_on_battery runtime_seconds charge_ratio battery_volts battery_celsius replace_battery output_source"
        " output_hertz output_volts output_watts input_volts load_ratio alarms",
        "manufacturer model serial version battery_replaced low_battery_seconds", 60,
    ),
    _table("printer", "index", "status pages", "model serial name errors", 300),
    _table("supply", "kind index", "level capacity level_ratio", "name type class some_left", 3600),
    _table("process", "cpu pid", "", "name used_ratio", 0),
    _table("fdb", "vlan mac", "", "port ifIndex status", 0, 21_600),
    _table("arp", "ifIndex address", "", "mac type state", 0, 21_600),
)  # fmt: skip

TABLES: Mapping[str, TableSpec] = MappingProxyType({table.name: table for table in _TABLES})
