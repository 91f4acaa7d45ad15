"""Firewalls: failover states and connections (CISCO-FIREWALL-MIB), remote-access sessions (CISCO-REMOTE-ACCESS-MONITOR-MIB)."""

from collections.abc import Mapping

from natvakt_agent.collectors.snmp.oids import Index
from natvakt_agent.collectors.snmp.pack import document
from natvakt_agent.collectors.snmp.packs.counting import number_pack
from natvakt_agent.collectors.snmp.packs.state_sensor import state_pack
from natvakt_agent.collectors.snmp.reading import filled_text
from natvakt_agent.model.observation import Value

HARDWARE = "1.3.6.1.4.1.9.9.147.1.2.1.1.1"
CONNECTIONS = "1.3.6.1.4.1.9.9.147.1.2.2.2.1"
SESSIONS = "1.3.6.1.4.1.9.9.392.1.3"
FIREWALL_MIB, SESSION_MIB = "CISCO-FIREWALL-MIB", "CISCO-REMOTE-ACCESS-MONITOR-MIB"
FAILOVER = {1: "other", 2: "up", 3: "down", 4: "error", 5: "overTemp", 6: "busy", 7: "noMedia", 8: "backup", 9: "active", 10: "standby"}
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
SESSION_PACKS = (
    number_pack("cisco-sessions-ipsec", SESSION_MIB, f"{SESSIONS}.26", "IPsec sessions", scalar=True),
    number_pack("cisco-sessions-lan", SESSION_MIB, f"{SESSIONS}.29", "LAN-to-LAN sessions", scalar=True),
    number_pack("cisco-sessions-balanced", SESSION_MIB, f"{SESSIONS}.32", "load-balancing sessions", scalar=True),
    number_pack("cisco-sessions-svc", SESSION_MIB, f"{SESSIONS}.35", "AnyConnect sessions", scalar=True),
    number_pack("cisco-sessions-web", SESSION_MIB, f"{SESSIONS}.38", "clientless sessions", scalar=True),
)
