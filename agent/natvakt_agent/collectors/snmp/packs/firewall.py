"""Firewalls: failover and connections (CISCO-FIREWALL-MIB), remote-access sessions (CISCO-REMOTE-ACCESS-MONITOR-MIB), VPN clusters."""

from collections.abc import Mapping

from natvakt_agent.collectors.snmp.oids import Index
from natvakt_agent.collectors.snmp.pack import document
from natvakt_agent.collectors.snmp.packs.counting import number_pack
from natvakt_agent.collectors.snmp.packs.scalar_sensors import Scalar, scalar_sensors
from natvakt_agent.collectors.snmp.packs.state_sensor import state_pack
from natvakt_agent.collectors.snmp.reading import filled_text
from natvakt_agent.model.observation import Value

HARDWARE = "1.3.6.1.4.1.9.9.147.1.2.1.1.1"
CONNECTIONS = "1.3.6.1.4.1.9.9.147.1.2.2.2.1"
SESSIONS = "1.3.6.1.4.1.9.9.392.1.3"
BALANCING = "1.3.6.1.4.1.3076.2.1.2.36.1"  # alStatsLBSSFGlobal: the ASA inherited it from the VPN 3000
FIREWALL_MIB = "CISCO-FIREWALL-MIB"
FAILOVER = {1: "other", 2: "up", 3: "down", 4: "error", 5: "overTemp", 6: "busy", 7: "noMedia", 8: "backup", 9: "active", 10: "standby"}
ROLES = {1: "virtualMaster", 2: "slave"}
TRUTH = {1: "true", 2: "false"}
IN_USE, HIGHEST = 6, 7  # cfwConnectionStatType: currentInUse, high


def connection_index(index: Index) -> Mapping[str, Value] | None:
    return {"_service": index[0], "_type": index[1]} if len(index) == 2 and index[1] in (IN_USE, HIGHEST) else None


FAILOVER_STATES = state_pack(
    "cisco-firewall-failover", FIREWALL_MIB, f"{HARDWARE}.3", FAILOVER, (document("_name", f"{HARDWARE}.2", filled_text),)
)
FIREWALL_CONNECTIONS = number_pack(
    "cisco-firewall-connections", FIREWALL_MIB, f"{CONNECTIONS}.5", "connections",
    names=(document("_name", f"{CONNECTIONS}.3", filled_text),), index=connection_index,
)  # fmt: skip
REMOTE_ACCESS = scalar_sensors(
    "cisco-remote-access", "CISCO-REMOTE-ACCESS-MONITOR-MIB",
    Scalar(f"{SESSIONS}.1", "remote-access sessions"),
    Scalar(f"{SESSIONS}.3", "remote-access users"),
    Scalar(f"{SESSIONS}.23", "e-mail proxy sessions"),
    Scalar(f"{SESSIONS}.26", "IPsec sessions"),
    Scalar(f"{SESSIONS}.29", "LAN-to-LAN sessions"),
    Scalar(f"{SESSIONS}.32", "load-balancing sessions"),
    Scalar(f"{SESSIONS}.35", "AnyConnect sessions"),
    Scalar(f"{SESSIONS}.38", "clientless sessions"),
)  # fmt: skip
VPN_BALANCING = scalar_sensors(
    "vpn-load-balancing", "ALTIGA-LBSSF-STATS-MIB",
    Scalar(f"{BALANCING}.1", "VPN load-balancing role", states=ROLES),
    Scalar(f"{BALANCING}.3", "VPN load-balancing active", states=TRUTH),
    Scalar(f"{BALANCING}.4", "VPN load-balancing peers"),
    Scalar(f"{BALANCING}.5", "VPN load-balancing load", "load", "percent"),
)  # fmt: skip
