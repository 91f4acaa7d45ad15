"""Who is at the site and what is plugged into what: fourteen devices, their phones and access points, one cable list.

Neighbour tables are made from the cables, so both ends always tell the same story.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from demo.device import Duplex, Identity
from demo.world import World


def _cisco_banner(software: str, version: str, compiled: str) -> str:
    """sysDescr as IOS and IOS-XE write it."""
    return (
        f"Cisco IOS Software{software}, Version {version}\r\nTechnical Support: http://www.cisco.com/techsupport\r\n"
        f"Copyright (c) 1986-2023 by Cisco Systems, Inc.\r\nCompiled {compiled} by mcpre"
    )


CATALYST = _cisco_banner(" [Cupertino], Catalyst L3 Switch Software (CAT9K_IOSXE)", "17.9.3, RELEASE SOFTWARE (fc6)", "Tue 14-Mar-23 18:12")
CATALYST_LITE = _cisco_banner(
    " [Cupertino], Catalyst L3 Switch Software (CAT9K_LITE_IOSXE)", "17.9.5, RELEASE SOFTWARE (fc5)", "Tue 30-Jan-24 16:23"
)
ROUTER = _cisco_banner(
    " [Cupertino], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M)", "17.9.4a, RELEASE SOFTWARE (fc1)", "Fri 20-Oct-23 10:28"
)
CONTROLLER = _cisco_banner(" [Cupertino], C9800 Software (C9800_IOSXE-K9)", "17.9.5, RELEASE SOFTWARE (fc5)", "Tue 30-Jan-24 16:25")
CATALYST_2960X = _cisco_banner(", C2960X Software (C2960X-UNIVERSALK9-M)", "15.2(7)E8, RELEASE SOFTWARE (fc2)", "Mon 13-Mar-23 06:01")
UPS_CARD = (
    "APC Web/SNMP Management Card (MB:v4.2.9 PF:v2.5.2.1 PN:apc_hw21_aos_2.5.2.1.bin AF1:v2.5.2.1 AN1:apc_hw21_sumx_2.5.2.1.bin "
    "MN:AP9641 HR:5 SN: ZA2213X0C10 MD:03/28/2022)"
)
CALL_MANAGER = "Linux release:4.18.0-372.32.1.el8_6.x86_64 machine:x86_64"
FIREWALL = "Cisco Adaptive Security Appliance Version 9.18(4)22"
LINUX = "Linux hq-lin 6.1.0-18-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01) x86_64"
WINDOWS = (
    "Hardware: Intel64 Family 6 Model 85 Stepping 7 AT/AT COMPATIBLE - Software: Windows Version 6.3 (Build 20348 Multiprocessor Free)"
)
CISCO = "1.3.6.1.4.1.9.1"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the device list. `mac` is the end of the base MAC, `days_up` the time since boot at the epoch."""

    name: str
    address: str
    community: str
    sys_descr: str
    sys_object_id: str
    platform: str
    mac: int
    days_up: float


ENTRIES = (
    Entry("hq-core", "10.1.0.1", "core-7Qd2", CATALYST, f"{CISCO}.2494", "cisco C9300-24T", 0x0100, 211.3),
    Entry("hq-rtr", "10.1.0.2", "private", ROUTER, f"{CISCO}.2068", "cisco ISR4331/K9", 0x0200, 96.2),
    Entry("hq-fw", "10.1.0.5", "fw-M3xk8", FIREWALL, f"{CISCO}.2661", "FPR-1120", 0x0500, 143.9),
    Entry("hq-wlc", "10.1.0.7", "wlc-p9Rt5", CONTROLLER, f"{CISCO}.2860", "cisco C9800-L-C-K9", 0x0700, 88.4),
    Entry("hq-acc1", "10.1.0.11", "acc-Vn41z", CATALYST_LITE, f"{CISCO}.2694", "cisco C9200L-48P-4X", 0x1100, 188.0),
    Entry("hq-acc2", "10.1.0.12", "acc-Vn42y", CATALYST_LITE, f"{CISCO}.2695", "cisco C9200-24P", 0x1200, 507.4),
    Entry("hq-acc3", "10.1.0.13", "acc-Vn43x", CATALYST_2960X, f"{CISCO}.1208", "cisco WS-C2960X-24PS-L", 0x1300, 402.6),
    Entry(
        "hq-sb", "10.1.0.31", "sb-T6wq0", "CBS350-24T-4G 24-Port Gigabit Managed Switch", "1.3.6.1.4.1.9.6.1.1004.24.1",
        "Cisco CBS350-24T-4G (PID:CBS350-24T-4G)-VSD", 0x3100, 61.7,
    ),
    Entry("hq-ups", "10.1.0.41", "ups-K2me7", UPS_CARD, "1.3.6.1.4.1.318.1.3.27", "Smart-UPS 3000", 0x4100, 320.5),
    Entry("hq-cucm", "10.1.0.51", "ucm-Lh8d3", CALL_MANAGER, f"{CISCO}.1348", "VMware", 0x5100, 75.1),
    Entry("hq-lin", "10.1.0.61", "lin-Zb5c9", LINUX, "1.3.6.1.4.1.8072.3.2.10", "Debian GNU/Linux 12", 0x6100, 54.9),
    Entry("hq-win", "10.1.0.62", "win-Jy6f1", WINDOWS, "1.3.6.1.4.1.311.1.1.3.1.2", "Windows Server 2022", 0x6200, 47.3),
    Entry("br-rtr", "10.2.0.1", "brr-Hs3u6", ROUTER, f"{CISCO}.2093", "cisco ISR4321/K9", 0x8100, 96.1),
    Entry("br-sw", "10.2.0.11", "brs-Gw7a2", CATALYST_LITE, f"{CISCO}.2694", "cisco C9200L-24P-4G", 0x8B00, 95.8),
)  # fmt: skip
BASE_MAC_PREFIX = bytes.fromhex("02c15c0e")  # locally administered: no vendor's block


def identities(world: World) -> dict[str, Identity]:
    """Every device by name, in the order of their addresses."""
    return {
        entry.name: Identity(
            name=entry.name,
            site="hq" if entry.name.startswith("hq-") else "branch",
            address=entry.address,
            community=entry.community,
            sys_descr=entry.sys_descr,
            sys_object_id=entry.sys_object_id,
            platform=entry.platform,
            base_mac=BASE_MAC_PREFIX + entry.mac.to_bytes(2, "big"),
            boot_ns=world.before(days=entry.days_up),
            location="Kista, plan 4" if entry.name.startswith("hq-") else "Umeå, Storgatan 12",
        )
        for entry in ENTRIES
    }


@dataclass(frozen=True, slots=True)
class End:
    """One end of a cable: what this side's discovery protocols announce about it."""

    device: str
    port: str  # ifName
    long_port: str  # as CDP announces it
    duplex: Duplex = Duplex.FULL
    native_vlan: int | None = 999  # None: this side has no VLANs
    bundle: str = ""  # ifName of the port-channel it belongs to


@dataclass(frozen=True, slots=True)
class Cable:
    """`forth` and `back`: mean octets a second from first to second and the other way."""

    first: End
    second: End
    forth: float = 1_000_000
    back: float = 400_000

    def ends(self) -> Iterator["Seen"]:
        """The cable as either end sees it."""
        yield Seen(self.first, self.second, self.back, self.forth)
        yield Seen(self.second, self.first, self.forth, self.back)


@dataclass(frozen=True, slots=True)
class Seen:
    """A cable from one end: rates are mean octets a second into and out of the local port."""

    local: End
    far: End
    in_octets_per_second: float
    out_octets_per_second: float


LONG = {"Gi": "GigabitEthernet", "Te": "TenGigabitEthernet", "Po": "Port-channel", "Tu": "Tunnel", "Vl": "Vlan", "Lo": "Loopback"}


def long_name(short: str) -> str:
    """Gi1/0/1 -> GigabitEthernet1/0/1; names of other makes stay as they are."""
    return LONG[short[:2]] + short[2:] if short[:2] in LONG else short


def _end(device: str, port: str, **facts: object) -> End:
    return End(device, port, long_name(port), **facts)  # type: ignore[arg-type]


CABLES: tuple[Cable, ...] = (
    Cable(_end("hq-core", "Te1/1/1", bundle="Po11"), _end("hq-acc1", "Te1/1/1", bundle="Po1"), 6_000_000, 1_900_000),
    Cable(_end("hq-core", "Te2/1/1", bundle="Po11"), _end("hq-acc1", "Te1/1/2", bundle="Po1")),
    Cable(_end("hq-core", "Te1/1/2"), _end("hq-acc2", "Te1/1/1", native_vlan=1), 4_000_000, 1_200_000),
    Cable(_end("hq-core", "Te2/1/2"), _end("hq-acc2", "Te1/1/2"), 12_000, 6_000),  # blocked by spanning tree
    Cable(_end("hq-core", "Gi1/0/24", bundle="Po13"), _end("hq-acc3", "Gi1/0/25", bundle="Po1")),
    Cable(_end("hq-core", "Gi2/0/24", bundle="Po13"), _end("hq-acc3", "Gi1/0/26", bundle="Po1")),
    Cable(_end("hq-core", "Gi1/0/1", native_vlan=900), _end("hq-rtr", "Gi0/0/0", native_vlan=None)),
    Cable(_end("hq-core", "Te1/1/8", bundle="Po17"), _end("hq-wlc", "Te0/0/0", bundle="Po1")),
    Cable(_end("hq-core", "Te2/1/8", bundle="Po17"), _end("hq-wlc", "Te0/0/1", bundle="Po1")),
    Cable(_end("hq-acc1", "Gi1/0/48", duplex=Duplex.HALF), _end("hq-sb", "gi24"), 90_000, 64_000),
    Cable(_end("br-rtr", "Gi0/0/1", native_vlan=None), _end("br-sw", "Gi1/1/1")),
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A phone or an access point at a switch port; it announces itself, but is no managed device."""

    name: str
    device: str
    port: str
    platform: str
    address: str
    software: str
    is_phone: bool
    poe_class: int
    poe_milliwatts: int


def _phones(device: str, first: int, last: int, network: str, host: int, serial: int) -> tuple[Endpoint, ...]:
    return tuple(
        Endpoint(
            name=f"SEP02C15C{serial + number:06X}",
            device=device,
            port=f"Gi1/0/{first + number}",
            platform="Cisco IP Phone 8841",
            address=f"{network}.{host + number}",
            software="sip88xx.14-2-1-0001-15.loads",
            is_phone=True,
            poe_class=3,
            poe_milliwatts=15_400,
        )
        for number in range(last - first + 1)
    )


def _access_point(number: int, device: str, port: str) -> Endpoint:
    return Endpoint(f"AP{number}", device, port, "cisco C9120AXI-E", f"10.1.50.{10 + number}", "17.9.5.47", False, 4, 30_000)


# 60 phones: 30 + 8 + 4 at headquarters, 18 in the branch
ENDPOINTS: tuple[Endpoint, ...] = (
    *_phones("hq-acc1", 1, 30, "10.1.30", 101, 0x110000),
    *_phones("hq-acc2", 1, 8, "10.1.30", 141, 0x120000),
    *_phones("hq-acc3", 1, 4, "10.1.30", 161, 0x130000),
    *_phones("br-sw", 1, 18, "10.2.30", 101, 0x8B0000),
    _access_point(1, "hq-acc1", "Gi1/0/45"),
    _access_point(2, "hq-acc1", "Gi1/0/46"),
    _access_point(3, "hq-acc2", "Gi1/0/23"),
    _access_point(4, "hq-acc2", "Gi1/0/24"),
)


def cables_of(device: str) -> tuple[Seen, ...]:
    """The cables of a device, seen from its side."""
    return tuple(seen for cable in CABLES for seen in cable.ends() if seen.local.device == device)


def endpoints_of(device: str) -> tuple[Endpoint, ...]:
    return tuple(endpoint for endpoint in ENDPOINTS if endpoint.device == device)
