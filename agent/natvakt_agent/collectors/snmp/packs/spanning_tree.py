"""Spanning tree: BRIDGE-MIB (RFC 4188) of the tree the device shows, and the roles of every tree from CISCO-STP-EXTENSIONS-MIB.

A Cisco switch shows one tree at a time in BRIDGE-MIB, that of VLAN 1 without a context; its bridge priority carries the
VLAN's number in the low 12 bits (IEEE 802.1t), which is how a tree is told. The port roles of all trees are in one
table, so that "is this switch the root of VLAN 20" needs no context.
"""

from collections import defaultdict
from collections.abc import Iterable

from natvakt_agent.collectors.snmp.oids import Index
from natvakt_agent.collectors.snmp.pack import (
    CISCO_SYSTEMS,
    Pack,
    Row,
    document,
    fixed,
    lasting_at,
    looked_up,
    numbers,
    series,
    state,
)
from natvakt_agent.collectors.snmp.reading import Flaw, hexadecimal, ticks, words
from natvakt_agent.collectors.snmp.session import SnmpValue
from natvakt_agent.model.observation import Value

BRIDGE = "1.3.6.1.2.1.17"
STP = f"{BRIDGE}.2"
PORT = f"{STP}.15.1"
PORT_IF_INDEX = f"{BRIDGE}.1.4.1.2"  # dot1dBasePortIfIndex
EXTENSIONS = "1.3.6.1.4.1.9.9.82.1"
ROLE = f"{EXTENSIONS}.12.2.1.3"  # stpxRSTPPortRoleValue, at instance (VLAN or MST instance) and bridge port
TYPES = {1: "pvstPlus", 2: "mistp", 3: "mistpPvstPlus", 4: "mst", 5: "rapidPvstPlus"}
STATES = {1: "disabled", 2: "blocking", 3: "listening", 4: "learning", 5: "forwarding", 6: "broken"}
ROLES = {1: "disabled", 2: "root", 3: "designated", 4: "alternate", 5: "backUp", 6: "boundary", 7: "master"}
TRUTH = {1: "true", 2: "false"}
ROOT, DISABLED = 2, 1
VLAN_BITS = 0xFFF


def bridge_identifier(raw: SnmpValue) -> Value:
    """BridgeId: two octets of priority, six of address, as `32778-001122334400`."""
    if not isinstance(raw, bytes):
        raise Flaw(f"{type(raw).__name__} where a bridge identifier was expected")
    return f"{int.from_bytes(raw[:2], 'big')}-{raw[2:].hex()}" if len(raw) == 8 else None


def as_tree(row: Row) -> Iterable[Row]:
    """The tree's VLAN from the priority; who is root, from the designated root and the own address."""
    priority = row.get("priority")
    if not isinstance(priority, int):
        return
    row["vlan"] = priority & VLAN_BITS
    root, own = row.get("_root"), row.get("bridge_mac")
    if isinstance(root, str):
        weight, row["root_mac"] = root.split("-")
        row["root_priority"] = int(weight)
        row["is_root"] = row["root_mac"] == own if own else None
    yield row


SPANNING_TREE = Pack(
    name="bridge-stp",
    mib="BRIDGE-MIB, CISCO-STP-EXTENSIONS-MIB",
    table="stp",
    index=fixed(),
    columns=(
        series("priority", f"{STP}.2"),
        series("topology_changes", f"{STP}.4"),
        series("seconds_since_change", f"{STP}.3", ticks),
        series("root_cost", f"{STP}.6"),
        series("root_port", f"{STP}.7"),
        document("_root", f"{STP}.5", bridge_identifier),
        document("bridge_mac", f"{BRIDGE}.1.1", hexadecimal),
        document("type", f"{EXTENSIONS}.6.1", words(TYPES)),
    ),
    derive=as_tree,
    scalar=True,
)


def whole_trees(rows: list[Row]) -> list[Row]:
    """A tree that has ports but no root port is one this switch is the root of."""
    trees: dict[Value, list[Row]] = defaultdict(list)
    for row in rows:
        if row.get("_role") != DISABLED:
            trees[row["vlan"]].append(row)
    found: list[Row] = []
    for vlan, ports in trees.items():
        roots = [row["_port"] for row in ports if row.get("_role") == ROOT]
        found.append({"vlan": vlan, "root_port": roots[0] if roots else 0, "is_root": not roots})
    return found


TREES_BY_ROLE = Pack(
    name="cisco-stp-trees",
    mib="CISCO-STP-EXTENSIONS-MIB",
    table="stp",
    index=numbers("vlan", "_port"),
    columns=(series("_role", ROLE),),
    settle=whole_trees,
    applies=CISCO_SYSTEMS,
)


def port_place(index: Index) -> Row | None:
    """The bridge port, and where its device keeps the bridge priority that tells the tree."""
    return {"port": index[0], "_scalar": "0"} if len(index) == 1 else None


def with_tree(row: Row) -> Iterable[Row]:
    priority = row.get("_priority")
    yield {**row, "vlan": priority & VLAN_BITS if isinstance(priority, int) else 0}


SPANNING_TREE_PORTS = Pack(
    name="bridge-stp-ports",
    mib="BRIDGE-MIB",
    table="stp_port",
    index=port_place,
    columns=(
        state("state", f"{PORT}.3", STATES),
        series("forward_transitions", f"{PORT}.10"),
        lasting_at("_priority", f"{STP}.2", at="_scalar"),
        document("path_cost", f"{PORT}.5"),
        document("designated_bridge", f"{PORT}.8", bridge_identifier),
        document("designated_root", f"{PORT}.6", bridge_identifier),
        looked_up("ifIndex", PORT_IF_INDEX, at="port"),
    ),
    derive=with_tree,
    tested=1,
)
PORT_ROLES = Pack(
    name="cisco-stp-roles",
    mib="CISCO-STP-EXTENSIONS-MIB",
    table="stp_port",
    index=numbers("vlan", "port"),
    columns=(state("role", ROLE, ROLES), looked_up("ifIndex", PORT_IF_INDEX, at="port")),
    applies=CISCO_SYSTEMS,
)
INCONSISTENT_PORTS = Pack(
    name="cisco-stp-inconsistent",
    mib="CISCO-STP-EXTENSIONS-MIB",
    table="stp_port",
    index=numbers("vlan", "port"),
    columns=(
        state("root_inconsistent", f"{EXTENSIONS}.5.2.1.3", TRUTH),
        state("loop_inconsistent", f"{EXTENSIONS}.8.2.1.3", TRUTH),
    ),
    applies=CISCO_SYSTEMS,
    founds=False,
    only_with=("bridge-stp-ports", "cisco-stp-roles"),
)
SPANNING_TREE_PACKS = (SPANNING_TREE, TREES_BY_ROLE, SPANNING_TREE_PORTS, PORT_ROLES, INCONSISTENT_PORTS)
