"""Layer 3 and what stands beside it: gateways, neighbours, QoS, tunnels, IP SLA, redundancy, limits, licences."""

from collections.abc import Mapping
from dataclasses import dataclass

from generator.recording import Recording, counter, counter64, gauge, index_of, integer, ip, octets, packed, text, ticks

QOS = "1.3.6.1.4.1.9.9.166.1"
FLOW = "1.3.6.1.4.1.9.9.171.1"
POLICY_MAP, CLASS_MAP, MATCH, QUEUEING, SHAPING, POLICE = 1, 2, 3, 4, 6, 7


def hsrp(to: Recording, if_index: int, group: int, virtual: str, state: int, priority: int, active: str, standby: str) -> None:
    to.note("CISCO-HSRP-MIB")
    to.row(
        "1.3.6.1.4.1.9.9.106.1.2.1.1",
        f"{if_index}.{group}",
        {
            3: gauge(priority),
            4: integer(1),
            11: ip(virtual),
            13: ip(active),
            14: ip(standby),
            15: integer(state),
            16: octets(f"00000c07ac{group:02x}"),
        },
    )


def vrrp(to: Recording, if_index: int, group: int, virtual: str, state: int, priority: int, master: str) -> None:
    to.note("VRRP-MIB")
    cells = {
        2: octets(f"00005e0001{group:02x}"), 3: integer(state), 4: integer(1), 5: integer(priority), 7: ip(master), 8: ip(master),
        12: integer(1),
    }  # fmt: skip
    to.row("1.3.6.1.2.1.68.1.3.1", f"{if_index}.{group}", cells)
    to.put(f"1.3.6.1.2.1.68.1.4.1.2.{if_index}.{group}.{virtual}", integer(1))


def vrrp_three(to: Recording, if_index: int, group: int, virtual: str, state: int, priority: int, master: str) -> None:
    to.note("VRRPV3-MIB")
    cells = {
        3: octets(packed(master)), 4: octets(packed(master)), 5: octets(f"00005e0001{group:02x}"), 6: integer(state), 7: gauge(priority),
        10: integer(1),
    }  # fmt: skip
    to.row("1.3.6.1.2.1.207.1.1.1.1", f"{if_index}.{group}.1", cells)
    to.put(f"1.3.6.1.2.1.207.1.1.2.1.2.{if_index}.{group}.1.4.{virtual}", integer(1))


def eigrp(to: Recording, number: int, neighbours: Mapping[str, int]) -> None:
    """Autonomous system; neighbour -> ifIndex."""
    to.note("CISCO-EIGRP-MIB")
    to.put("1.3.6.1.4.1.9.9.449.1.1.1.1.2.65536", text("default"))
    for handle, (address, if_index) in enumerate(neighbours.items()):
        to.row(
            "1.3.6.1.4.1.9.9.449.1.4.1.1",
            f"65536.{number}.{handle}",
            {
                2: integer(1),
                3: octets(packed(address)),
                4: integer(if_index),
                5: gauge(13),
                6: text("3d04h"),
                7: gauge(9),
                9: gauge(0),
                12: counter(2),
                13: gauge(0),
            },
        )


@dataclass(frozen=True)
class TrafficClass:
    name: str
    packets: int
    drops: int
    is_priority: bool = False
    bandwidth_percent: int | None = None
    police_bits: int | None = None
    exceeded: int = 0


def qos(to: Recording, if_index: int, policy_map: str, classes: tuple[TrafficClass, ...], shape: int | None = None) -> None:
    """A policy on an interface, outbound; with `shape`, below a class-default that shapes to so many bits a second."""
    to.note("CISCO-CLASS-BASED-QOS-MIB")
    policy = 18
    to.row(f"{QOS}.1.1.1", policy, {2: integer(1), 3: integer(2), 4: integer(if_index)})
    objects = iter(range(65_536, 70_000, 16))
    configurations = iter(range(1_500, 3_000, 7))

    def add(kind: int, parent: int, name: str = "") -> tuple[int, int]:
        number, configuration = next(objects), next(configurations)
        cells = {2: gauge(configuration), 3: integer(kind), 4: gauge(parent)}
        to.row(f"{QOS}.5.1.1", f"{policy}.{number}", cells)
        if kind in (POLICY_MAP, CLASS_MAP):
            to.put(f"{QOS}.{6 if kind == POLICY_MAP else 7}.1.1.1.{configuration}", text(name))
        return number, configuration

    def figures(number: int, packets: int, drops: int) -> None:
        cells = {
            3: counter64(packets), 6: counter64(packets * 200), 10: counter64((packets - drops) * 200), 13: counter(drops),
            14: counter64(drops), 17: counter64(drops * 200), 21: counter64(0),
        }  # fmt: skip
        to.row(f"{QOS}.15.1.1", f"{policy}.{number}", cells)

    top, _ = add(POLICY_MAP, 0, f"{policy_map}-SHAPE" if shape else policy_map)
    if shape:
        above, _ = add(CLASS_MAP, top, "class-default")
        figures(above, sum(one.packets for one in classes), 0)
        shaper, configuration = add(SHAPING, above)
        to.put(f"{QOS}.13.1.1.1.{configuration}", gauge(shape))
        to.row(f"{QOS}.19.1.1", f"{policy}.{shaper}", {6: counter64(900), 12: counter64(40)})
        top, _ = add(POLICY_MAP, above, policy_map)
    for one in classes:
        number, _ = add(CLASS_MAP, top, one.name)
        figures(number, one.packets, one.drops)
        add(MATCH, number)
        if one.is_priority or one.bandwidth_percent is not None:
            queue, configuration = add(QUEUEING, number)
            cells = {1: gauge(one.bandwidth_percent or 33), 2: integer(2), 4: integer(1 if one.is_priority else 2)}
            to.row(f"{QOS}.9.1.1", configuration, cells)
            to.row(f"{QOS}.18.1.1", f"{policy}.{queue}", {1: gauge(2), 2: gauge(64), 8: counter64(one.drops)})
        if one.police_bits is not None:
            policer, configuration = add(POLICE, number)
            to.put(f"{QOS}.12.1.1.1.{configuration}", gauge(one.police_bits))
            cells = {3: counter64(one.packets - one.exceeded), 10: counter64(one.exceeded), 17: counter64(0)}
            to.row(f"{QOS}.17.1.1", f"{policy}.{policer}", cells)


def tunnels(to: Recording, peers: Mapping[str, int], mode: int = 1) -> None:
    """IKE and IPsec tunnels: peer -> number of IPsec tunnels."""
    to.note("CISCO-IPSEC-FLOW-MONITOR-MIB")
    to.scalar(f"{FLOW}.2.1.1", gauge(len(peers)))
    to.scalar(f"{FLOW}.3.1.1", gauge(sum(peers.values())))
    number = 0
    for ike, (peer, count) in enumerate(peers.items(), 1):
        to.row(
            f"{FLOW}.2.3.1",
            ike,
            {
                4: octets(packed("192.0.2.1")),
                7: text(peer),
                8: octets(packed(peer)),
                10: integer(mode),
                11: integer(3),
                12: integer(3),
                13: integer(3),
                14: integer(2),
                15: integer(86_400),
                16: integer(3_600_00),
                19: counter(5_000),
                21: counter(0),
                27: counter(6_000),
                29: counter(0),
            },
        )
        for _ in range(count):
            number += 1
            to.row(
                f"{FLOW}.3.2.1",
                number,
                {
                    4: octets(packed("192.0.2.1")),
                    5: octets(packed(peer)),
                    9: integer(28_800),
                    10: integer(1_800_00 * number),
                    16: integer(1),
                    17: integer(3),
                    19: integer(3),
                    27: counter64(1_000_000),
                    33: counter(1),
                    40: counter64(2_000_000),
                    46: counter(0),
                },
            )


def supervisors(to: Recording, own: int = 14, peer: int = 9, mode: int = 8) -> None:
    to.note("CISCO-RF-MIB")
    base = "1.3.6.1.4.1.9.9.176.1"
    to.scalars(
        f"{base}.1",
        {1: integer(1), 2: integer(own), 3: integer(2), 4: integer(peer), 5: integer(1), 6: integer(1), 8: integer(4), 9: ticks(3_000)},
    )
    to.scalar(f"{base}.2.16", integer(mode))


def failover(to: Recording, primary: int, secondary: int, connections: tuple[int, int]) -> None:
    """CISCO-FIREWALL-MIB: states of the units, connections in use and highest."""
    to.note("CISCO-FIREWALL-MIB")
    rows = (
        (4, "Failover LAN Interface", 2, "folink"),
        (6, "Primary unit (this device)", primary, "Active unit"),
        (7, "Secondary unit", secondary, ""),
    )
    for index, name, state, detail in rows:
        to.row("1.3.6.1.4.1.9.9.147.1.2.1.1.1", index, {2: text(name), 3: integer(state), 4: text(detail or "Standby unit")})
    for kind, value in zip((6, 7), connections, strict=True):
        to.row("1.3.6.1.4.1.9.9.147.1.2.2.2.1", f"40.{kind}", {3: text("connections"), 4: counter(0), 5: gauge(value)})


def remote_access(to: Recording, sessions: int, most: int, users: int) -> None:
    to.note("CISCO-REMOTE-ACCESS-MONITOR-MIB")
    base = "1.3.6.1.4.1.9.9.392.1"
    to.scalars(f"{base}.1", {1: gauge(most), 2: gauge(most)})
    to.scalars(
        f"{base}.3",
        {1: gauge(sessions), 3: gauge(users), 26: gauge(0), 29: gauge(2), 31: gauge(4), 35: gauge(sessions - 2), 37: gauge(sessions + 9)},
    )


def dhcp_pools(to: Recording, pools: Mapping[str, tuple[int, int]]) -> None:
    """Name -> addresses in all, free ones."""
    to.note("CISCO-IETF-DHCP-SERVER-MIB")
    for name, (total, free) in pools.items():
        index = f"{len(name)}.{index_of(name.encode().hex())}"
        to.row("1.3.6.1.4.1.9.10.102.1.4.1.1", index, {4: integer(free), 5: integer(0), 6: integer(total)})


def hardware_tables(to: Recording, physical: int, mac: tuple[int, int], fib: tuple[int, int], adjacency: tuple[int, int]) -> None:
    to.note("CISCO-SWITCH-HARDWARE-CAPACITY-MIB")
    base = "1.3.6.1.4.1.9.9.663.1.1"
    to.row(f"{base}.1.1.1", physical, {2: gauge(mac[0]), 3: gauge(mac[1])})
    to.row(f"{base}.2.2.1", f"{physical}.1", {2: gauge(fib[0]), 3: gauge(fib[1])})
    to.row(f"{base}.2.3.1", physical, {1: gauge(adjacency[0]), 2: gauge(adjacency[1])})


def smart_licence(to: Recording, registration: str, compliance: str, entitlements: Mapping[str, int]) -> None:
    to.note("CISCO-SMART-LIC-MIB: the objects lie below a zero arc")
    base = "1.3.6.1.4.1.9.9.831.0"
    to.scalars(base, {3: text("5.6.16/4"), 4: integer(1)})
    to.scalars(f"{base}.6", {1: text(registration), 2: text("Test"), 3: gauge(1_900_000_000)})
    to.scalars(f"{base}.7", {1: gauge(1_890_000_000), 2: text(compliance), 3: gauge(0), "4.1": integer(2), "4.3": gauge(7_776_000)})
    for index, (name, count) in enumerate(entitlements.items(), 1):
        to.row(
            f"{base}.5.1.1",
            index,
            {2: gauge(count), 3: text(f"regid.example.{name}"), 4: text("1.0"), 5: text("InCompliance"), 6: text(name), 7: text(name)},
        )


def licence_file(to: Recording, name: str, kind: int, status: int, left_seconds: int = 4_294_967_295) -> None:
    to.note("CISCO-LICENSE-MGMT-MIB")
    cells = {
        3: text(name), 4: text("1.0"), 5: integer(kind), 8: gauge(left_seconds), 10: gauge(0), 11: gauge(0), 12: integer(1),
        14: integer(status),
    }  # fmt: skip
    to.row("1.3.6.1.4.1.9.9.543.1.2.3.1", "1.1.1", cells)


def jitter_operation(to: Recording, index: int, target: str, mos_hundredths: int, tag: str) -> None:
    """CISCO-RTTMON-MIB: a UDP jitter operation with a codec; a MOS of 0 means that there was no answer."""
    to.note("CISCO-RTTMON-MIB")
    base = "1.3.6.1.4.1.9.9.42.1"
    to.row(f"{base}.2.1.1", index, {3: text(tag), 4: integer(9), 5: integer(5_000), 6: integer(60)})
    to.row(f"{base}.2.2.1", index, {2: octets(packed(target)), 9: integer(184), 27: integer(2)})
    to.row(f"{base}.2.10.1", index, {1: gauge(24 if mos_hundredths else 0), 2: integer(1 if mos_hundredths else 4)})
    answered = 1_000 if mos_hundredths else 0
    to.row(
        f"{base}.5.2.1",
        index,
        {
            1: gauge(answered),
            2: gauge(answered * 24),
            26: gauge(0),
            27: gauge(0),
            31: integer(1 if mos_hundredths else 4),
            42: gauge(mos_hundredths),
            43: gauge(2),
            47: gauge(1),
            48: gauge(2),
        },
    )


def ospf_neighbour(to: Recording, address: str, router: str, state: int = 8) -> None:
    to.note("OSPF-MIB")
    to.row("1.3.6.1.2.1.14.10.1", f"{address}.0", {1: ip(address), 3: ip(router), 5: integer(1), 6: integer(state), 7: counter(6)})


def bgp_peer(to: Recording, address: str, number: int, state: int = 6) -> None:
    to.note("BGP4-MIB")
    to.scalar("1.3.6.1.2.1.15.2", integer(65_000))
    cells = {2: integer(state), 3: integer(2), 9: integer(number), 15: counter(1), 16: gauge(86_400)}
    to.row("1.3.6.1.2.1.15.3.1", address, cells)


def arp(to: Recording, rows: Mapping[tuple[int, str], str]) -> None:
    """IP-MIB ipNetToMediaTable: (ifIndex, address) -> MAC address."""
    to.note("IP-MIB: ARP")
    for (if_index, address), mac in rows.items():
        cells = {1: integer(if_index), 2: octets(mac), 3: ip(address), 4: integer(3)}
        to.row("1.3.6.1.2.1.4.22.1", f"{if_index}.{address}", cells)


def vpc(to: Recording, domain: int, keepalive: int, role: int, links: Mapping[int, tuple[int, int, int]]) -> None:
    """CISCO-VPC-MIB: vPC -> ifIndex, link status, consistency."""
    to.note("CISCO-VPC-MIB")
    base = "1.3.6.1.4.1.9.9.807.1"
    to.put(f"{base}.1.2.1.2.{domain}", integer(keepalive))
    to.row(f"{base}.2.1.1", domain, {2: integer(role), 3: integer(2)})
    for number, (if_index, link, consistency) in links.items():
        cells = {
            3: integer(if_index),
            4: integer(link),
            5: integer(consistency),
            6: text("success" if consistency == 1 else "Global compat check failed"),
        }
        to.row(f"{base}.4.2.1", f"{domain}.{number}", cells)


def forwarding_prefixes(to: Recording, physical: int, prefixes: int) -> None:
    to.note("CISCO-CEF-MIB")
    to.put(f"1.3.6.1.4.1.9.9.492.1.1.1.1.1.2.{physical}.1", gauge(prefixes))


def vrf(to: Recording, name: str) -> None:
    to.note("MPLS-L3VPN-STD-MIB")
    to.put(f"1.3.6.1.2.1.10.166.11.1.2.2.1.3.{len(name)}.{index_of(name.encode().hex())}", text("management"))
