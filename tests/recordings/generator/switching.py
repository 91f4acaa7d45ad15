"""Layer 2: VLANs, trunks, spanning tree, bundles, stacks, PoE, learned addresses."""

from collections.abc import Mapping, Sequence

from generator.recording import Recording, counter, gauge, index_of, integer, octets, text, ticks

VTP = "1.3.6.1.4.1.9.9.46.1"
STP = "1.3.6.1.2.1.17.2"
STP_EXTENSIONS = "1.3.6.1.4.1.9.9.82.1"
ROOT, DESIGNATED, ALTERNATE = 2, 3, 4
MASTER, MEMBER, STANDBY, READY = 1, 2, 4, 4


def vlans(to: Recording, names: Mapping[int, str], mode: int = 3, domain: str = "test", revision: int = 0) -> None:
    """CISCO-VTP-MIB; `mode`: client 1, server 2, transparent 3, off 4."""
    to.note("CISCO-VTP-MIB")
    to.scalar(f"{VTP}.1.1", integer(2))
    to.row(f"{VTP}.2.1.1", 1, {2: text(domain), 3: integer(mode), 4: gauge(revision)})
    for number, name in names.items():
        to.row(f"{VTP}.3.1.1", f"1.{number}", {2: integer(1), 3: integer(1), 4: text(name)})


def trunk(to: Recording, if_index: int, native: int, allowed: Sequence[int], is_trunking: bool = True) -> None:
    bitmap = bytearray(128)
    for vlan in allowed:
        bitmap[vlan // 8] |= 0x80 >> vlan % 8
    shown = bytes(bitmap).rstrip(b"\0").hex()
    to.row(
        f"{VTP}.6.1.1",
        if_index,
        {
            4: octets(shown),
            5: integer(native),
            13: integer(1 if is_trunking else 2),
            14: integer(1 if is_trunking else 2),
            16: integer(4),
            17: octets(""),
            18: octets(""),
            19: octets(""),
        },
    )


def access_port(to: Recording, if_index: int, vlan: int, voice: int = 4096) -> None:
    to.put(f"1.3.6.1.4.1.9.9.68.1.2.2.1.2.{if_index}", integer(vlan))
    to.put(f"1.3.6.1.4.1.9.9.68.1.5.1.1.1.{if_index}", integer(voice))


def error_disabled(to: Recording, if_index: int, cause: int) -> None:
    to.note("CISCO-ERR-DISABLE-MIB")
    to.put(f"1.3.6.1.4.1.9.9.548.1.3.1.1.2.{if_index}.0", integer(cause))


def spanning_tree(
    to: Recording, mac: str, priority: int, root: str, states: Mapping[int, tuple[int, int]], cost: int = 0, root_port: int = 0,
    kind: int | None = 5, changes: int = 12,
) -> None:  # fmt: skip
    """BRIDGE-MIB of one tree. `root` is priority and address as 16 hexadecimal digits; `states`: port -> ifIndex and state."""
    to.note("BRIDGE-MIB: spanning tree")
    to.scalar("1.3.6.1.2.1.17.1.1", octets(mac))
    to.scalars(
        STP,
        {
            2: integer(priority),
            3: ticks(7_200),
            4: counter(changes),
            5: octets(root),
            6: integer(cost),
            7: integer(root_port),
        },
    )
    if kind is not None:
        to.scalar(f"{STP_EXTENSIONS}.6.1", integer(kind))
    for port, (if_index, state) in states.items():
        to.put(f"1.3.6.1.2.1.17.1.4.1.2.{port}", integer(if_index))
        own = f"{priority:04x}{mac}"
        to.row(
            f"{STP}.15.1", port, {3: integer(state), 5: integer(4), 6: octets(root), 8: octets(own), 10: counter(port)},
        )  # fmt: skip


def roles(to: Recording, rows: Mapping[tuple[int, int], int]) -> None:
    """CISCO-STP-EXTENSIONS-MIB: (VLAN, bridge port) -> role."""
    to.note("CISCO-STP-EXTENSIONS-MIB: roles")
    for (vlan, port), role in rows.items():
        to.put(f"{STP_EXTENSIONS}.12.2.1.3.{vlan}.{port}", integer(role))


def lacp(to: Recording, rows: Mapping[int, tuple[int, int, str]]) -> None:
    """ifIndex -> aggregator selected, aggregator attached, and the actor's state as hexadecimal."""
    to.note("IEEE8023-LAG-MIB")
    for if_index, (selected, attached, state) in rows.items():
        to.row(
            "1.2.840.10006.300.43.1.2.1.1",
            if_index,
            {
                9: octets("020000c00001" if selected else "000000000000"),
                11: integer(1),
                12: integer(selected),
                13: integer(attached),
                17: integer(if_index % 100),
                21: octets(state),
                23: octets(state),
            },
        )


def pagp(to: Recording, rows: Mapping[int, tuple[int, int]]) -> None:
    """ifIndex -> mode and the interface of the group."""
    to.note("CISCO-PAGP-MIB")
    for if_index, (mode, group) in rows.items():
        to.row("1.3.6.1.4.1.9.9.98.1.1.1.1", if_index, {1: integer(mode), 8: integer(group)})
        to.row("1.3.6.1.4.1.9.9.98.1.2.1.1", if_index, {13: text("test-peer"), 14: text(f"Gi0/{if_index % 100}")})


def stack(to: Recording, members: Mapping[int, tuple[int, int, int]], cables: Mapping[int, tuple[int, int]], is_ring: bool = True) -> None:
    """CISCO-STACKWISE-MIB: entity -> number, role, state; ifIndex of a stack port -> state and the neighbour's entity."""
    to.note("CISCO-STACKWISE-MIB")
    to.scalar("1.3.6.1.4.1.9.9.500.1.1.3", integer(1 if is_ring else 2))
    for entity, (number, role, state) in members.items():
        to.row(
            "1.3.6.1.4.1.9.9.500.1.2.1.1",
            entity,
            {
                1: gauge(number),
                2: gauge(number),
                3: integer(role),
                4: gauge(16 - number),
                5: gauge(0),
                6: integer(state),
                7: octets(f"020000a0{number:02x}00"),
                8: text("CAT9K_IOSXE"),
            },
        )
    for if_index, (state, neighbour) in cables.items():
        to.row("1.3.6.1.4.1.9.9.500.1.2.2.1", if_index, {1: integer(state), 2: integer(neighbour)})


def power_over_ethernet(to: Recording, budget: int, used: int, ports: Mapping[int, int]) -> None:
    """POWER-ETHERNET-MIB of one group: port -> detection status."""
    to.note("POWER-ETHERNET-MIB")
    to.row("1.3.6.1.2.1.105.1.3.1.1", 1, {2: gauge(budget), 3: integer(1), 4: gauge(used), 5: integer(80)})
    for port, status in ports.items():
        cells = {3: integer(1), 6: integer(status), 10: integer(4), 12: counter(0)}
        to.row("1.3.6.1.2.1.105.1.1.1", f"1.{port}", cells)


def learned(to: Recording, rows: Mapping[tuple[int, str], tuple[int, int]]) -> None:
    """Q-BRIDGE-MIB: (VLAN, address) -> bridge port and status."""
    to.note("Q-BRIDGE-MIB: learned addresses")
    for (vlan, mac), (port, status) in rows.items():
        to.row("1.3.6.1.2.1.17.7.1.2.2.1", f"{vlan}.{index_of(mac)}", {2: integer(port), 3: integer(status)})
    counts: dict[int, int] = {}
    for vlan, _ in rows:
        counts[vlan] = counts.get(vlan, 0) + 1
    for vlan, number in counts.items():
        to.put(f"1.3.6.1.2.1.17.7.1.2.1.1.2.{vlan}", counter(number))


def static_vlans(to: Recording, names: Mapping[int, str]) -> None:
    to.note("Q-BRIDGE-MIB: VLANs")
    for number, name in names.items():
        to.row("1.3.6.1.2.1.17.7.1.4.3.1", number, {1: text(name)})
