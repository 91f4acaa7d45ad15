"""Where addresses were seen: learned MAC addresses (Q-BRIDGE-MIB, BRIDGE-MIB) and the ARP and ND caches (IP-MIB).

Whole tables, and large: they are asked for seldom, and at most so many rows of them.
"""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.oids import Index
from natvakt_agent.collectors.snmp.pack import Pack, Row, document, looked_up
from natvakt_agent.collectors.snmp.packs.spanning_tree import PORT_IF_INDEX
from natvakt_agent.collectors.snmp.reading import address_of_octets, hexadecimal, words

Q_FDB = "1.3.6.1.2.1.17.7.1.2.2.1"
FDB = "1.3.6.1.2.1.17.4.3.1"
NEIGHBOURS = "1.3.6.1.2.1.4.35.1"
ARP = "1.3.6.1.2.1.4.22.1"
STATUSES = {1: "other", 2: "invalid", 3: "learned", 4: "self", 5: "mgmt"}
TYPES = {1: "other", 2: "invalid", 3: "dynamic", 4: "static", 5: "local"}
STATES = {1: "reachable", 2: "stale", 3: "delay", 4: "probe", 5: "invalid", 6: "unknown", 7: "incomplete"}
MAC_OCTETS = 6
MOST_ROWS = 8_000
LARGEST_OCTET = 255


def _octets(index: Index) -> bytes | None:
    return bytes(index) if index and max(index) <= LARGEST_OCTET else None


def in_database(index: Index) -> Row | None:
    """Filtering database (on most devices the VLAN's number), then the address."""
    octets = _octets(index[1:])
    return {"vlan": index[0], "mac": octets.hex()} if octets is not None and len(octets) == MAC_OCTETS else None


def in_bridge(index: Index) -> Row | None:
    """Only the address: the device shows one tree's addresses, and does not say whose."""
    octets = _octets(index)
    return {"vlan": 0, "mac": octets.hex()} if octets is not None and len(octets) == MAC_OCTETS else None


def learned(row: Row) -> Iterable[Row]:
    """Without the device's own addresses and those being forgotten."""
    if row.get("status") not in ("self", "invalid"):
        yield row


LEARNED_BY_VLAN = Pack(
    name="q-bridge-fdb",
    mib="Q-BRIDGE-MIB",
    table="fdb",
    index=in_database,
    columns=(
        document("port", f"{Q_FDB}.2"),
        document("status", f"{Q_FDB}.3", words(STATUSES)),
        looked_up("ifIndex", PORT_IF_INDEX, at="port"),
    ),
    derive=learned,
    most_rows=MOST_ROWS,
    tested=1,
)
LEARNED = Pack(
    name="bridge-fdb",
    mib="BRIDGE-MIB",
    table="fdb",
    index=in_bridge,
    columns=(
        document("port", f"{FDB}.2"),
        document("status", f"{FDB}.3", words(STATUSES)),
        looked_up("ifIndex", PORT_IF_INDEX, at="port"),
    ),
    derive=learned,
    unless=("q-bridge-fdb",),
    most_rows=MOST_ROWS,
    tested=1,
)


def neighbour(index: Index) -> Row | None:
    """ifIndex, address type, then the address with its length before it (InetAddress, RFC 4001)."""
    if len(index) < 4 or index[2] != len(index) - 3:
        return None
    octets = _octets(index[3:])
    address = address_of_octets(octets) if octets is not None else None
    return {"ifIndex": index[0], "address": address} if address else None


def arp_entry(index: Index) -> Row | None:
    octets = _octets(index[1:])
    return {"ifIndex": index[0], "address": address_of_octets(octets)} if octets is not None and len(octets) == 4 else None


def resolved(row: Row) -> Iterable[Row]:
    if row.get("mac") and row.get("type") != "invalid":
        yield row


NEIGHBOUR_CACHE = Pack(
    name="ip-neighbours",
    mib="IP-MIB",
    table="arp",
    index=neighbour,
    columns=(
        document("mac", f"{NEIGHBOURS}.4", hexadecimal),
        document("type", f"{NEIGHBOURS}.6", words(TYPES)),
        document("state", f"{NEIGHBOURS}.7", words(STATES)),
    ),
    derive=resolved,
    most_rows=MOST_ROWS,
    tested=1,
)
ARP_CACHE = Pack(
    name="arp",
    mib="IP-MIB",
    table="arp",
    index=arp_entry,
    columns=(document("mac", f"{ARP}.2", hexadecimal), document("type", f"{ARP}.4", words(TYPES))),
    derive=resolved,
    unless=("ip-neighbours",),
    most_rows=MOST_ROWS,
    tested=1,
)
FORWARDING_PACKS = (LEARNED_BY_VLAN, LEARNED, NEIGHBOUR_CACHE, ARP_CACHE)
