"""CISCO-VTP-MIB, CISCO-VLAN-MEMBERSHIP-MIB and BRIDGE-MIB (RFC 4188) with its spanning tree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from demo.device import Interface
from demo.load import SECOND_NS
from demo.mib import MibBuilder, Number, counter32, integer, octets, text, ticks

VTP_VLAN_ENTRY = "1.3.6.1.4.1.9.9.46.1.3.1.1"
VTP_TRUNK_ENTRY = "1.3.6.1.4.1.9.9.46.1.6.1.1"
VM_MEMBERSHIP_ENTRY = "1.3.6.1.4.1.9.9.68.1.2.2.1"
VM_VOICE_VLAN_ENTRY = "1.3.6.1.4.1.9.9.68.1.5.1.1"
BRIDGE_BASE = "1.3.6.1.2.1.17.1"
BRIDGE_BASE_PORT_ENTRY = "1.3.6.1.2.1.17.1.4.1"
STP = "1.3.6.1.2.1.17.2"
STP_PORT_ENTRY = "1.3.6.1.2.1.17.2.15.1"

ALL_VLANS = b"\xff" * 128
NO_VOICE_VLAN = 4096
DISABLED, BLOCKING, FORWARDING = 1, 2, 5
TRUNKING, NOT_TRUNKING = 1, 2


@dataclass(frozen=True, slots=True)
class AccessPort:
    if_index: int
    vlan: int
    voice_vlan: int | None = None


@dataclass(frozen=True, slots=True)
class Trunk:
    if_index: int
    native_vlan: int


@dataclass(frozen=True, slots=True)
class Root:
    """The root bridge of a tree: `priority` includes the VLAN number."""

    priority: int
    mac: bytes

    @property
    def identifier(self) -> bytes:
        return self.priority.to_bytes(2, "big") + self.mac


@dataclass(frozen=True, slots=True)
class Tree:
    """One spanning tree as one bridge sees it. `root_port` None: this bridge is the root."""

    root: Root
    own: Root
    root_port: str | None
    root_cost: int = 0
    blocked: tuple[str, ...] = ()
    topology_changes: int = 12
    changed_ns: int = 0


def vlans(mib: MibBuilder, names: Mapping[int, str]) -> None:
    """vtpVlanTable of management domain 1."""
    for number, name in ({1: "default"} | dict(names)).items():
        mib.row(VTP_VLAN_ENTRY, (1, number), {2: integer(1), 3: integer(1), 4: text(name), 5: integer(1500)})


def trunks(mib: MibBuilder, rows: Sequence[Trunk]) -> None:
    for row in rows:
        mib.row(
            VTP_TRUNK_ENTRY,
            (row.if_index,),
            {2: integer(1), 3: integer(4), 4: octets(ALL_VLANS), 5: integer(row.native_vlan), 13: integer(1), 14: integer(TRUNKING)},
        )


def access_ports(mib: MibBuilder, rows: Sequence[AccessPort]) -> None:
    """vmMembershipTable and vmVoiceVlanTable."""
    for row in rows:
        mib.row(VM_MEMBERSHIP_ENTRY, (row.if_index,), {1: integer(1), 2: integer(row.vlan), 3: integer(2)})
        mib.row(VM_VOICE_VLAN_ENTRY, (row.if_index,), {1: integer(NO_VOICE_VLAN if row.voice_vlan is None else row.voice_vlan)})


def bridge(mib: MibBuilder, mac: bytes, ports: Sequence[Interface], tree: Tree) -> None:
    """The bridge of one VLAN; bridge port numbers are ifIndexes."""
    mib.scalar(f"{BRIDGE_BASE}.1", octets(mac))
    mib.scalar(f"{BRIDGE_BASE}.2", integer(len(ports)))
    mib.scalar(f"{BRIDGE_BASE}.3", integer(2))
    root_port = next((port.index for port in ports if port.name == tree.root_port), 0)
    since_change: Number = lambda now_ns: max(now_ns - tree.changed_ns, 0) * 100 // SECOND_NS  # noqa: E731
    mib.scalar(f"{STP}.1", integer(3))
    mib.scalar(f"{STP}.2", integer(tree.own.priority))
    mib.scalar(f"{STP}.3", ticks(since_change))
    mib.scalar(f"{STP}.4", counter32(tree.topology_changes))
    mib.scalar(f"{STP}.5", octets(tree.root.identifier))
    mib.scalar(f"{STP}.6", integer(tree.root_cost))
    mib.scalar(f"{STP}.7", integer(root_port))
    for column, hundredths in ((8, 2000), (9, 200), (10, 100), (11, 1500), (12, 2000), (13, 200), (14, 1500)):
        mib.scalar(f"{STP}.{column}", integer(hundredths))
    for port in ports:
        mib.row(BRIDGE_BASE_PORT_ENTRY, (port.index,), {1: integer(port.index), 2: integer(port.index)})
        state = DISABLED if port.up == 2 else BLOCKING if port.name in tree.blocked else FORWARDING
        designated = tree.root if port.name == tree.root_port else tree.own
        mib.row(
            STP_PORT_ENTRY,
            (port.index,),
            {
                1: integer(port.index),
                2: integer(128),
                3: integer(state),
                4: integer(1),
                5: integer(2 if port.speed_mbps >= 10_000 else 4),
                6: octets(tree.root.identifier),
                7: integer(0 if port.name == tree.root_port else tree.root_cost),
                8: octets(designated.identifier),
                9: octets((0x8000 | port.index).to_bytes(2, "big")),
                10: counter32(1),
            },
        )
