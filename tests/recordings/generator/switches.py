"""Switches: IOS-XE and IOS, NX-OS, the small ones."""

from collections.abc import Iterator

from generator import chassis as c
from generator import routing as r
from generator import switching as s
from generator.recording import Recording, gauge, integer, text

IOS_XE = (
    "Cisco IOS Software [Cupertino], {image} Software ({build}), Version {version}, RELEASE SOFTWARE (fc1)\n"
    "Technical Support: http://www.cisco.com/techsupport"
)
IOS = "Cisco IOS Software, {image} Software ({build}), Version {version}, RELEASE SOFTWARE (fc3)"


def stack_of_9300() -> Recording:
    to = Recording("catalyst-9300-stack", "IOS-XE: a stack of two Catalyst 9300-24P with an open ring, access layer with phones")
    c.system(to, IOS_XE.format(image="Catalyst L3 Switch", build="CAT9K_IOSXE", version="17.9.4a"), "1.3.6.1.4.1.9.1.2494", "test-acc1")
    rows = [
        c.Port(index, f"Gi{1 + index // 30}/0/{index % 30 + 1}", kind=c.ETHERNET, oper=c.UP if index % 5 else c.DOWN)
        for index in (9, 10, 11, 39, 40)
    ]
    rows += [
        c.Port(60, "Te1/1/1", mbps=10_000, alias="core"),
        c.Port(61, "Te2/1/1", mbps=10_000, alias="core"),
        c.Port(70, "Po1", kind=c.BUNDLE, mbps=20_000),
        c.Port(80, "StackSub-St1-1", kind=c.VIRTUAL),
        c.Port(81, "StackSub-St1-2", kind=c.VIRTUAL),
    ]
    c.ports(to, rows)
    c.hardware(
        to,
        [
            c.Part(1, c.STACK, "c93xx Stack", model="C9300-24P", serial="TST9300A001", is_fru=False),
            c.Part(1000, c.CHASSIS, "Switch 1", model="C9300-24P", serial="TST9300A001", parent=1, software="17.09.04a", hardware="V02"),
            c.Part(2000, c.CHASSIS, "Switch 2", model="C9300-24P", serial="TST9300A002", parent=1, software="17.09.04a", hardware="V02"),
            c.Part(1005, c.SUPPLY, "Switch 1 - Power Supply A", model="PWR-C1-715WAC", serial="TST9300P001", parent=1000),
            c.Part(1010, c.SENSOR, "Switch 1 - Inlet Temp Sensor", parent=1000, is_fru=False),
            c.Part(1060, c.PORT, "Te1/1/1", descr="SFP-10GBase-SR", model="SFP-10G-SR", serial="TST9300O001", parent=1000),
        ],
    )
    c.cisco_sensor(to, 1010, 8, 27, limits=(46, 56))
    c.cisco_processor(to, 11, 1000, (1_400_000, 2_600_000), 19)
    c.cisco_processes(to, {"Chunk Manager": 0, "SNMP ENGINE": 4, "HRPC": 7})
    c.enhanced_pool(to, 1000, 300_000_000, 700_000_000)
    c.flash(to, 11_353_194_496, 8_000_000_000)
    c.nvram(to, 2_097_152, 41_000, "Reload Command")
    c.environment(to, {"Switch 1 - Inlet": (27, 46)}, {"Switch 1 - FAN 1": 1}, {"Switch 1 - A": 1, "Switch 2 - B": 5})
    c.configuration_times(to, 2_500_000, 2_400_000, 2_400_000)
    c.clock(to, 4, 6, 0.0025)
    c.cdp(to, 60, "test-core1", "Te1/0/1", "10.9.0.1", "cisco C9500-16X", 999)
    c.addresses(to, {"10.9.0.11": (70, "255.255.255.0")})
    s.vlans(to, {1: "default", 10: "users", 20: "voice"}, mode=2, revision=41)
    s.trunk(to, 70, 999, [10, 20, 30])
    s.trunk(to, 9, 1, [1], is_trunking=False)
    to.note("CISCO-VLAN-MEMBERSHIP-MIB")
    for port in (9, 10, 11):
        s.access_port(to, port, 10, 20)
    s.access_port(to, 39, 10)
    s.error_disabled(to, 40, 2)
    s.spanning_tree(to, "020000a00100", 32_769, "1001020000a0ff00", {1: (9, 5), 2: (10, 5), 70: (70, 5)}, cost=1_000, root_port=70)
    s.roles(to, {(10, 1): s.DESIGNATED, (10, 70): s.ROOT, (20, 1): s.DESIGNATED, (20, 70): s.DESIGNATED})
    s.lacp(to, {60: (70, 70, "bc"), 61: (70, 0, "a2"), 9: (0, 0, "a2")})
    s.stack(to, {1000: (1, s.MASTER, s.READY), 2000: (2, s.STANDBY, s.READY)}, {80: (1, 2000), 81: (2, 0)}, is_ring=False)
    s.power_over_ethernet(to, 740, 210, {1: 3, 2: 3, 3: 2})
    r.supervisors(to)
    r.smart_licence(to, "Registered", "Authorized", {"network-advantage": 2, "dna-advantage": 2})
    return to


def trees_of_9300() -> Iterator[Recording]:
    """What the stack shows in the contexts of its VLANs: it is the root of the voice VLAN, which it should not be."""
    for vlan, root, cost, root_port, changes in ((10, "100a020000a0ff00", 1_000, 70, 31), (20, "8014020000a00100", 0, 0, 450)):
        to = Recording(f"catalyst-9300-stack@{vlan}", f"The Catalyst 9300 stack in the context of VLAN {vlan}")
        s.spanning_tree(
            to, "020000a00100", 32_768 + vlan, root, {1: (9, 5), 70: (70, 5)}, cost=cost, root_port=root_port, kind=None, changes=changes
        )  # fmt: skip
        to.note("BRIDGE-MIB: learned addresses")
        to.row("1.3.6.1.2.1.17.4.3.1", f"2.0.0.208.0.{vlan}", {2: integer(70), 3: integer(3)})
        yield to


def virtual_9500() -> Recording:
    to = Recording("catalyst-9500-svl", "IOS-XE: two Catalyst 9500-16X as one (StackWise Virtual), core with HSRP, OSPF and EIGRP")
    c.system(
        to,
        IOS_XE.format(image="Catalyst L3 Switch", build="CAT9K_IOSXE", version="17.12.4"),
        "1.3.6.1.4.1.9.1.2593",
        "test-core1",
        mac="020000a00200",
    )
    c.ports(
        to,
        [
            c.Port(1, "Te1/0/1", mbps=10_000),
            c.Port(2, "Te2/0/1", mbps=10_000),
            c.Port(30, "Vl10", kind=c.VIRTUAL),
            c.Port(70, "Po1", kind=c.BUNDLE),
        ],
    )
    c.hardware(
        to,
        [
            c.Part(1, c.STACK, "c95xx Stack", model="C9500-16X", serial="TST9500A001", is_fru=False),
            c.Part(1000, c.CHASSIS, "Switch 1", model="C9500-16X", serial="TST9500A001", parent=1, software="17.12.04"),
            c.Part(2000, c.CHASSIS, "Switch 2", model="C9500-16X", serial="TST9500A002", parent=1, software="17.12.04"),
        ],
    )
    c.cisco_processor(to, 22, 1000, (3_000_000, 5_000_000), 19)
    c.enhanced_pool(to, 1000, 900_000_000, 100_000_000)
    c.configuration_times(to, 86_000, 90_000, 90_000)
    c.clock(to, 3, 6, -0.5)
    s.vlans(to, {1: "default", 10: "users"})
    s.trunk(to, 70, 1, range(1, 1_005))
    s.spanning_tree(to, "020000a00200", 4_106, "100a020000a00200", {1: (1, 5), 70: (70, 5)})
    s.roles(to, {(10, 1): s.DESIGNATED, (10, 70): s.DESIGNATED})
    s.lacp(to, {1: (70, 70, "3d"), 2: (70, 70, "3d")})
    s.stack(to, {1000: (1, s.MASTER, s.READY), 2000: (2, s.STANDBY, s.READY)}, {})
    r.supervisors(to)
    r.hsrp(to, 30, 10, "10.9.10.1", 6, 110, "10.9.10.2", "10.9.10.3")
    r.eigrp(to, 100, {"10.9.1.2": 1, "10.9.1.6": 2})
    r.ospf_neighbour(to, "10.9.1.10", "10.255.0.2")
    r.forwarding_prefixes(to, 1000, 412)
    r.vrf(to, "Mgmt-vrf")
    r.arp(to, {(30, "10.9.10.50"): "020000d00050", (30, "10.9.10.51"): "020000d00051"})
    return to


def access_2960x() -> Recording:
    to = Recording("catalyst-2960x", "IOS: a Catalyst 2960-X with LAN Base, PAgP upwards and a VTP client")
    c.system(
        to,
        IOS.format(image="C2960X", build="C2960X-UNIVERSALK9-M", version="15.2(7)E9"),
        "1.3.6.1.4.1.9.1.1697",
        "test-acc3",
        mac="020000a00300",
    )
    c.ports(
        to,
        [c.Port(10101, "Gi1/0/1"), c.Port(10149, "Gi1/0/49"), c.Port(10150, "Gi1/0/50"), c.Port(5001, "Po1", kind=c.VIRTUAL, mbps=2_000)],
    )
    c.hardware(
        to, [c.Part(1001, c.CHASSIS, "1", descr="WS-C2960X-24PS-L", model="WS-C2960X-24PS-L", serial="TST2960X001", software="15.2(7)E9")]
    )
    c.cisco_processor(to, 31)
    c.memory_pool(to, 40_000_000, 60_000_000)
    c.flash(to, 122_185_728, 80_000_000)
    c.nvram(to, 524_288, 12_000, "power-on")
    c.configuration_times(to, 0, 0, 0)
    c.clock(to, 16, 3, 0.0)
    s.vlans(to, {1: "default", 10: "users"}, mode=1, revision=41)
    s.trunk(to, 5001, 1, [1, 10, 20])
    to.note("CISCO-VLAN-MEMBERSHIP-MIB")
    s.access_port(to, 10101, 10, 4095)
    s.spanning_tree(to, "020000a00300", 32_769, "1001020000a0ff00", {1: (10101, 5), 56: (5001, 5)}, cost=3_000, root_port=56, kind=1)
    s.pagp(to, {10149: (3, 5001), 10150: (3, 5001), 10101: (1, 10101)})
    s.power_over_ethernet(to, 370, 90, {1: 3})
    r.licence_file(to, "lanbase", 4, 3)
    return to


def virtual_6500() -> Recording:
    to = Recording("catalyst-6500-vss", "IOS: two Catalyst 6500 as one (VSS), with the use of the hardware's tables")
    c.system(
        to,
        IOS.format(image="s72033_rp", build="s72033_rp-IPSERVICESK9-M", version="15.1(2)SY16"),
        "1.3.6.1.4.1.9.1.896",
        "test-core2",
        mac="020000a00400",
    )
    c.ports(to, [c.Port(1, "Te1/5/4", mbps=10_000), c.Port(20, "Vl10", kind=c.VIRTUAL)])
    c.hardware(
        to,
        [
            c.Part(1, c.CHASSIS, "VS-C6509E chassis", model="WS-C6509-E", serial="TST6509A001", software="15.1(2)SY16"),
            c.Part(1000, c.MODULE, "module 5", descr="VS-SUP2T-10G", model="VS-SUP2T-10G", serial="TST6509M005", parent=1),
        ],
    )
    c.cisco_processor(to, 17, 1000)
    c.memory_pool(to, 500_000_000, 500_000_000)
    s.vlans(to, {1: "default", 10: "users"})
    r.hardware_tables(to, 1000, (1_200, 131_072), (9_000, 245_760), (800, 1_048_576))
    r.supervisors(to, peer=2)
    r.hsrp(to, 20, 1, "10.9.11.1", 5, 100, "10.9.11.2", "0.0.0.0")
    return to


def nexus_9300() -> Recording:
    to = Recording("nexus-93180", "NX-OS: a Nexus 93180YC-EX, one of a vPC pair, with an inconsistent vPC")
    c.system(
        to,
        "Cisco NX-OS(tm) n9000, Software (n9000-dk9), Version 9.3(10), RELEASE SOFTWARE",
        "1.3.6.1.4.1.9.12.3.1.3.1812",
        "test-dc1",
        mac="020000a00500",
    )
    c.ports(
        to,
        [
            c.Port(436207616, "Ethernet1/1", mbps=25_000),
            c.Port(436211712, "Ethernet1/9", mbps=25_000),
            c.Port(369098851, "port-channel100", kind=c.BUNDLE),
        ],
    )
    c.hardware(
        to,
        [
            c.Part(149, c.CHASSIS, "Nexus9000 C93180YC-EX chassis", model="N9K-C93180YC-EX", serial="TST9318A001", software="9.3(10)"),
            c.Part(470, c.SUPPLY, "PowerSupply-1", model="NXA-PAC-650W-PI", serial="TST9318P001", parent=149),
        ],
    )
    c.cisco_processor(to, 8, 149)
    c.environment(to, {}, {}, {})
    c.clock(to, 4, 6, 0.001)
    s.static_vlans(to, {10: "servers", 20: "storage"})
    s.lacp(to, {436207616: (369098851, 369098851, "3d"), 436211712: (369098851, 369098851, "3d")})
    s.spanning_tree(to, "020000a00500", 8_202, "200a020000a00500", {1: (436207616, 5)})
    r.vpc(to, 10, 2, 2, {100: (369098851, 3, 1), 101: (369098851, 1, 2)})
    r.bgp_peer(to, "10.9.255.1", 65_010)
    return to


def small_business(name: str, title: str, descr: str, object_id: str, model: str, serial: str, version: str, mac: str) -> Recording:
    """CISCOSB MIBs below 1.3.6.1.4.1.9.6.1.101, standard MIBs for the rest."""
    to = Recording(name, title)
    c.system(to, descr, object_id, f"test-{name}", mac=mac)
    c.ports(to, [c.Port(49, "gi1"), c.Port(50, "gi2", oper=c.DOWN), c.Port(1000, "Po1", kind=c.BUNDLE, oper=c.DOWN)])
    c.hardware(to, [c.Part(67109120, c.CHASSIS, "chassis", model=model, serial=serial, software=version)])
    to.note("CISCOSB-rndMng, CISCOSB-Physicaldescription-MIB")
    base = "1.3.6.1.4.1.9.6.1.101"
    to.scalar(f"{base}.1.8", gauge(14))
    to.row(f"{base}.53.14.1", 1, {2: text(version), 5: text(serial), 7: text(model)})
    to.note("CISCOSB-HWENVIROMENT")
    to.row(f"{base}.83.1.1.1", 67109249, {2: text("fan1_unit1"), 3: integer(1)})
    to.row(f"{base}.83.1.2.1", 67109185, {2: text("ps1_unit1"), 3: integer(1)})
    s.static_vlans(to, {1: "default", 20: "guests"})
    s.spanning_tree(to, mac, 32_768, f"8000{mac}", {1: (49, 5), 2: (50, 2)}, kind=None)
    s.power_over_ethernet(to, 195, 22, {1: 3})
    s.learned(to, {(1, "020000d00061"): (1, 3)})
    return to


def small_switches() -> Iterator[Recording]:
    yield small_business(
        "cbs350", "Small Business: a CBS350-24P", "CBS350-24P-4G 24-Port Gigabit PoE Managed Switch", "1.3.6.1.4.1.9.6.1.1004.24.1",
        "CBS350-24P-4G", "TSTCBS35001", "3.3.0.16", "020000a00600",
    )  # fmt: skip
    yield small_business(
        "sg350", "Small Business: an SG350-10P", "SG350-10P 10-Port Gigabit PoE Managed Switch", "1.3.6.1.4.1.9.6.1.95.10.5",
        "SG350-10P-K9", "TSTSG350001", "2.5.9.54", "020000a00700",
    )  # fmt: skip
    yield small_business(
        "catalyst-1300", "A Catalyst 1300-24P, of the Small Business line", "Cisco Catalyst 1300 Series Managed Switch, 24-port GE, PoE",
        "1.3.6.1.4.1.9.1.3344", "C1300-24P-4G", "TSTC130001", "4.1.0.82", "020000a00800",
    )  # fmt: skip


def all_switches() -> Iterator[Recording]:
    yield from (stack_of_9300(), virtual_9500(), access_2960x(), virtual_6500(), nexus_9300())
    yield from trees_of_9300()
    yield from small_switches()
