"""IF-MIB (RFC 2863) with its extensions, and EtherLike-MIB (RFC 3635)."""

from collections.abc import Sequence

from demo.device import Identity, Interface, InterfaceType
from demo.mib import MibBuilder, Number, Value, counter32, counter64, gauge, integer, octets, pointer, text, ticks

IF_NUMBER = "1.3.6.1.2.1.2.1"
IF_ENTRY = "1.3.6.1.2.1.2.2.1"
IF_X_ENTRY = "1.3.6.1.2.1.31.1.1.1"
IF_TABLE_LAST_CHANGE = "1.3.6.1.2.1.31.1.5"
IF_STACK_STATUS_ENTRY = "1.3.6.1.2.1.31.1.2.1"
DOT3_STATS_ENTRY = "1.3.6.1.2.1.10.7.2.1"

MULTICAST_SHARE = 0.02
BROADCAST_SHARE = 0.01
LARGEST_IF_SPEED = 4_294_967_295
BOOT_TICKS = 4_500


def interfaces(mib: MibBuilder, identity: Identity, rows: Sequence[Interface]) -> None:
    """All interface tables of a device."""
    mib.scalar(IF_NUMBER, integer(len(rows)))
    mib.scalar(IF_TABLE_LAST_CHANGE, ticks(BOOT_TICKS))
    for row in rows:
        counters = _counters(row, identity.boot_ns)
        index = (row.index,)
        mib.row(IF_ENTRY, index, _if_columns(row, identity, counters))
        mib.row(IF_X_ENTRY, index, _if_x_columns(row, counters))
        if row.kind is InterfaceType.ETHERNET:
            mib.row(DOT3_STATS_ENTRY, index, _dot3_columns(row))


def stacked(mib: MibBuilder, bundle: int, members: Sequence[int]) -> None:
    """ifStackStatus: which interfaces run below which bundle."""
    for member in members:
        mib.row(IF_STACK_STATUS_ENTRY, (bundle, member), {3: integer(1)})


def _counters(row: Interface, boot_ns: int) -> dict[str, Number]:
    """Octets and packets per direction; all zero where no traffic flows."""
    names = ("octets", "unicast", "multicast", "broadcast")
    if row.traffic is None:
        return {f"{direction}_{name}": 0 for direction in ("in", "out") for name in names}
    traffic = row.traffic
    counters: dict[str, Number] = {}
    for direction, rate, frame in (
        ("in", traffic.in_octets_per_second, traffic.in_frame_octets),
        ("out", traffic.out_octets_per_second, traffic.out_frame_octets),
    ):
        packets = rate / frame
        counters[f"{direction}_octets"] = traffic.curve.count_since(boot_ns, rate)
        counters[f"{direction}_multicast"] = traffic.curve.count_since(boot_ns, packets * MULTICAST_SHARE)
        counters[f"{direction}_broadcast"] = traffic.curve.count_since(boot_ns, packets * BROADCAST_SHARE)
        counters[f"{direction}_unicast"] = traffic.curve.count_since(boot_ns, packets * (1 - MULTICAST_SHARE - BROADCAST_SHARE))
    return counters


def _if_columns(row: Interface, identity: Identity, counters: dict[str, Number]) -> dict[int, Value]:
    changed = BOOT_TICKS if row.changed_ns is None else identity.uptime_ticks(row.changed_ns)
    return {
        1: integer(row.index),
        2: text(row.long_name),
        3: integer(int(row.kind)),
        4: integer(row.mtu),
        5: gauge(min(row.speed_mbps * 1_000_000, LARGEST_IF_SPEED)),
        6: octets(row.mac),
        7: integer(1 if row.admin_up else 2),
        8: integer(row.up),
        9: ticks(changed),
        10: counter32(counters["in_octets"]),
        11: counter32(counters["in_unicast"]),
        13: counter32(0),
        14: counter32(row.fcs_errors),
        15: counter32(0),
        16: counter32(counters["out_octets"]),
        17: counter32(counters["out_unicast"]),
        19: counter32(0),
        20: counter32(row.late_collisions),
        22: pointer("0.0"),
    }


def _if_x_columns(row: Interface, counters: dict[str, Number]) -> dict[int, Value]:
    return {
        1: text(row.name),
        2: counter32(counters["in_multicast"]),
        3: counter32(counters["in_broadcast"]),
        4: counter32(counters["out_multicast"]),
        5: counter32(counters["out_broadcast"]),
        6: counter64(counters["in_octets"]),
        7: counter64(counters["in_unicast"]),
        8: counter64(counters["in_multicast"]),
        9: counter64(counters["in_broadcast"]),
        10: counter64(counters["out_octets"]),
        11: counter64(counters["out_unicast"]),
        12: counter64(counters["out_multicast"]),
        13: counter64(counters["out_broadcast"]),
        14: integer(1),
        15: gauge(row.speed_mbps),
        16: integer(2),
        17: integer(1 if row.connector else 2),
        18: text(row.alias),
        19: ticks(0),
    }


def _dot3_columns(row: Interface) -> dict[int, Value]:
    zeros: dict[int, Value] = {column: counter32(0) for column in (2, 4, 5, 6, 7, 9, 10, 11, 13, 16, 18)}
    return zeros | {
        1: integer(row.index),
        3: counter32(row.fcs_errors),
        8: counter32(row.late_collisions),
        19: integer(int(row.duplex)),
    }
