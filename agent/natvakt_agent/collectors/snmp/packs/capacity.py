"""How full what is limited is: sessions and connections, address pools, forwarding tables. One row a resource.

`limit` is what the device says it can hold, `peak` the most it has held; both are empty where it does not say.
"""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.oids import Index
from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS, Derivation, Pack, Row, fixed, looked_up, numbers, series
from natvakt_agent.collectors.snmp.packs.entity import NAME
from natvakt_agent.collectors.snmp.packs.firewall import CONNECTIONS, HIGHEST, IN_USE, SESSIONS
from natvakt_agent.collectors.snmp.reading import filled_text

CAPACITY_LIMITS = "1.3.6.1.4.1.9.9.392.1.1"  # crasCapacity
DHCP_SHARED = "1.3.6.1.4.1.9.10.102.1.4.1.1"
HARDWARE = "1.3.6.1.4.1.9.9.663.1.1"
FIB_PREFIXES = "1.3.6.1.4.1.9.9.492.1.1.1.1.1.2"  # cefFIBSummaryFwdPrefixes, at physical index and IP version
BRIDGE_FDB_COUNT = "1.3.6.1.2.1.17.7.1.2.1.1.2"  # dot1qFdbDynamicCount, by filtering database
CONTROLLER = "1.3.6.1.4.1.9.9.618.1.8"  # CISCO-LWAPP-SYS-MIB: most clients at 3, access points at 4, clients at 12
TCAM_PROTOCOLS = {
    1: "ipv4", 2: "mpls", 3: "eom", 4: "ipv6", 5: "ipv4Multicast", 6: "ipv6Multicast", 7: "l2VpnPeer", 8: "l2VpnIpv4Multicast",
    9: "l2VpnIpv6Multicast", 10: "fcoe", 11: "mplsVpn", 12: "fcMpls", 13: "ipv6LocalLink", 14: "allProtocols",
}  # fmt: skip
ALL_IP = 40  # the protocol that cfwConnectionStatService uses for the whole firewall
IP_VERSIONS = {1: "IPv4", 2: "IPv6"}


def scalars(*resources: tuple[str, str, str, str, str]) -> Derivation:
    """Resources told by scalars: name of the resource, its title, and the material fields of use, limit and peak."""

    def derive(row: Row) -> Iterable[Row]:
        for resource, title, used, limit, peak in resources:
            if isinstance(row.get(used), int):
                yield {
                    "resource": resource, "index": "all", "name": title, "used": row[used], "limit": row.get(limit) or None,
                    "peak": row.get(peak),
                }  # fmt: skip

    return derive


REMOTE_ACCESS_SESSIONS = Pack(
    name="cisco-capacity-remote-access",
    mib="CISCO-REMOTE-ACCESS-MONITOR-MIB",
    table="capacity",
    index=fixed(),
    columns=(
        series("_sessions", f"{SESSIONS}.1"),
        series("_most_sessions", f"{CAPACITY_LIMITS}.1"),
        series("_users", f"{SESSIONS}.3"),
        series("_most_users", f"{CAPACITY_LIMITS}.2"),
        series("_client", f"{SESSIONS}.35"),
        series("_client_peak", f"{SESSIONS}.37"),
        series("_lan", f"{SESSIONS}.29"),
        series("_lan_peak", f"{SESSIONS}.31"),
    ),
    derive=scalars(
        ("vpn-sessions", "Remote-access sessions", "_sessions", "_most_sessions", ""),
        ("vpn-users", "Remote-access users", "_users", "_most_users", ""),
        ("anyconnect-sessions", "AnyConnect sessions", "_client", "_most_sessions", "_client_peak"),
        ("lan-to-lan-sessions", "LAN-to-LAN sessions", "_lan", "_most_sessions", "_lan_peak"),
    ),
    applies=CISCO_PRODUCTS,
    scalar=True,
)
CONTROLLER_LOAD = Pack(
    name="cisco-capacity-controller",
    mib="CISCO-LWAPP-SYS-MIB",
    table="capacity",
    index=fixed(),
    columns=(series("_clients", f"{CONTROLLER}.12"), series("_most_clients", f"{CONTROLLER}.3"), series("_joined", f"{CONTROLLER}.4")),
    derive=scalars(
        ("wireless-clients", "Wireless clients", "_clients", "_most_clients", ""),
        ("access-points", "Access points", "_joined", "", ""),
    ),
    applies=CISCO_PRODUCTS,
    scalar=True,
)


def whole_firewall(rows: list[Row]) -> list[Row]:
    """In use and highest are rows of their own in the MIB, and one row here."""
    values = {row["_type"]: row.get("_value") for row in rows if row["_service"] == ALL_IP}
    if not isinstance(values.get(IN_USE), int):
        return []
    return [
        {
            "resource": "firewall-connections", "index": "all", "name": "Connections", "used": values[IN_USE], "limit": None,
            "peak": values.get(HIGHEST),
        }
    ]  # fmt: skip


FIREWALL_CONNECTIONS = Pack(
    name="cisco-capacity-connections",
    mib="CISCO-FIREWALL-MIB",
    table="capacity",
    index=numbers("_service", "_type"),
    columns=(series("_value", f"{CONNECTIONS}.5"),),
    settle=whole_firewall,
    applies=CISCO_PRODUCTS,
)


def pool(index: Index) -> Row | None:
    """The pool's name is the index: its length, then its octets."""
    if not index or index[0] != len(index) - 1 or max(index[1:], default=0) > 255:
        return None
    return {"index": bytes(index[1:]).decode("utf-8", "replace")}


def addresses_used(row: Row) -> Iterable[Row]:
    total, free = row.get("_total"), row.get("_free")
    if isinstance(total, int) and isinstance(free, int) and total > 0:
        yield {"resource": "dhcp-pool", "index": row["index"], "name": row["index"], "used": total - free, "limit": total, "peak": None}


DHCP_POOLS = Pack(
    name="cisco-dhcp-pools",
    mib="CISCO-IETF-DHCP-SERVER-MIB",
    table="capacity",
    index=pool,
    columns=(series("_total", f"{DHCP_SHARED}.6"), series("_free", f"{DHCP_SHARED}.4")),
    derive=addresses_used,
    applies=CISCO_PRODUCTS,
    tested=1,
)


def table_of(resource: str, title: str) -> Derivation:
    """Entries of a hardware table and how many it holds."""

    def derive(row: Row) -> Iterable[Row]:
        used, limit = row.get("_used"), row.get("_limit")
        if isinstance(used, int):
            names = (row.get("_owner"), title, TCAM_PROTOCOLS.get(int(str(row.get("_protocol") or 0))))
            yield {
                "resource": resource, "index": row["_index"], "name": " ".join(str(name) for name in names if name), "used": used,
                "limit": limit or None, "peak": None,
            }  # fmt: skip

    return derive


def hardware(name: str, resource: str, title: str, table: str, used: int, *index: str) -> Pack:
    """A usage table of the hardware: the limit's column follows the use's."""
    return Pack(
        name=name, mib="CISCO-SWITCH-HARDWARE-CAPACITY-MIB", table="capacity", index=numbers("_physical", *index),
        columns=(
            series("_used", f"{HARDWARE}.{table}.1.{used}"),
            series("_limit", f"{HARDWARE}.{table}.1.{used + 1}"),
            looked_up("_owner", NAME, filled_text, at="_physical"),
        ),
        derive=table_of(resource, title), applies=CISCO_PRODUCTS, tested=1,
    )  # fmt: skip


MAC_TABLES = hardware("cisco-capacity-mac", "mac-table", "MAC table", "1.1", 2)
FIB_TABLES = hardware("cisco-capacity-fib", "fib-tcam", "FIB TCAM", "2.2", 2, "_protocol")
ADJACENCY_TABLES = hardware("cisco-capacity-adjacency", "adjacency-table", "Adjacency table", "2.3", 1)


def prefixes(row: Row) -> Iterable[Row]:
    version = IP_VERSIONS.get(int(str(row["_version"])), str(row["_version"]))
    yield {
        "resource": "fib-prefixes", "index": row["_index"], "name": f"{version} prefixes", "used": row["_used"], "limit": None,
        "peak": None,
    }  # fmt: skip


PREFIXES = Pack(
    name="cisco-cef-prefixes",
    mib="CISCO-CEF-MIB",
    table="capacity",
    index=numbers("_physical", "_version"),
    columns=(series("_used", FIB_PREFIXES),),
    derive=prefixes,
    applies=CISCO_PRODUCTS,
)


def learned(rows: list[Row]) -> list[Row]:
    """All filtering databases together: the table they share is what has a limit."""
    if not rows:
        return []
    used = sum(value for row in rows if isinstance(value := row.get("_used"), int))
    return [{"resource": "mac-addresses", "index": "all", "name": "MAC addresses learned", "used": used, "limit": None, "peak": None}]


LEARNED_ADDRESSES = Pack(
    name="q-bridge-fdb-count",
    mib="Q-BRIDGE-MIB",
    table="capacity",
    index=numbers("_database"),
    columns=(series("_used", BRIDGE_FDB_COUNT),),
    settle=learned,
    unless=("cisco-capacity-mac",),
)
CAPACITY_PACKS = (
    REMOTE_ACCESS_SESSIONS, FIREWALL_CONNECTIONS, CONTROLLER_LOAD, DHCP_POOLS, MAC_TABLES, FIB_TABLES, ADJACENCY_TABLES,
    PREFIXES, LEARNED_ADDRESSES,
)  # fmt: skip
