"""Firewalls: failover and connections (CISCO-FIREWALL-MIB), remote-access sessions (CISCO-REMOTE-ACCESS-MONITOR-MIB), VPN clusters."""

from collections.abc import Iterable, Mapping

from natvakt_agent.collectors.snmp.oids import Index
from natvakt_agent.collectors.snmp.pack import CISCO, CISCO_PRODUCTS, Pack, Row, document, lasting, numbers, series
from natvakt_agent.collectors.snmp.packs.counting import number_pack
from natvakt_agent.collectors.snmp.packs.scalar_sensors import Scalar, scalar_sensors
from natvakt_agent.collectors.snmp.reading import filled_text
from natvakt_agent.model.observation import Value

HARDWARE = "1.3.6.1.4.1.9.9.147.1.2.1.1.1"
UNIT_STATE = f"{HARDWARE}.3"  # cfwHardwareStatusValue; .4 is cfwHardwareStatusDetail
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


def failover_unit(row: Row) -> Iterable[Row]:
    """A firewall without failover tells its units as down, and only in words that there is nothing to be up."""
    code, detail = row.get("_state"), str(row.get("_detail") or "").casefold()
    if isinstance(code, int) and "not configured" not in detail:
        yield {
            "oid": f"{UNIT_STATE}.{row['_index']}", "kind": "state", "unit": "", "name": row.get("_name"), "value": code,
            "state_code": code, "state": "failoverOff" if detail == "failover off" else FAILOVER.get(code, str(code)),
        }  # fmt: skip


FAILOVER_STATES = Pack(
    name="cisco-firewall-failover", mib=FIREWALL_MIB, table="sensor", index=numbers("_unit"),
    columns=(
        series("_state", UNIT_STATE), lasting("_detail", f"{HARDWARE}.4", filled_text), document("_name", f"{HARDWARE}.2", filled_text),
    ),
    derive=failover_unit, applies=CISCO,
)  # fmt: skip
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
    applies=CISCO_PRODUCTS,
)  # fmt: skip
VPN_BALANCING = scalar_sensors(
    "vpn-load-balancing", "ALTIGA-LBSSF-STATS-MIB",
    Scalar(f"{BALANCING}.1", "VPN load-balancing role", states=ROLES),
    Scalar(f"{BALANCING}.3", "VPN load-balancing active", states=TRUTH),
    Scalar(f"{BALANCING}.4", "VPN load-balancing peers"),
    Scalar(f"{BALANCING}.5", "VPN load-balancing load", "load", "percent"),
    applies=CISCO_PRODUCTS,
)  # fmt: skip
