"""Wireless, call servers, rack servers, and what is not a network device."""

from collections.abc import Iterator

from generator import chassis as c
from generator import routing as r
from generator import services as v
from generator.recording import Recording, gauge, integer, text

UCOS = "Hardware:VMware, 2  Intel(R) Xeon(R) Gold CPU, 8192 MB Memory: Software:UCOS 6.0.0.0-2"
ACCESS_POINTS = (
    v.AccessPoint("020000e00100", "test-ap1", "C9120AXI-E", "TSTAP912001", "10.9.40.11"),
    v.AccessPoint("020000e00200", "test-ap2", "C9120AXI-E", "TSTAP912002", "10.9.40.12", status=3),
)


def aireos() -> Recording:
    to = Recording("wlc-3504", "AireOS: a 3504 controller with two access points")
    c.system(to, "Cisco Controller", "1.3.6.1.4.1.9.1.2427", "test-wlc1", mac="020000a02000")
    c.ports(to, [c.Port(1, "Unit: 0 Slot: 0 Port: 1 Gigabit")])
    to.note("AIRESPACE-SWITCHING-MIB")
    to.scalars("1.3.6.1.4.1.14179.1.1.1", {3: text("AIR-CT3504-K9"), 4: text("TSTWLC35001"), 14: text("8.10.185.0")})
    to.scalars("1.3.6.1.4.1.14179.1.1.5", {1: integer(7), 2: gauge(7_000_000), 3: gauge(3_000_000)})
    v.access_points(to, ACCESS_POINTS, {"office": 31, "guests": 7}, 3_000)
    r.supervisors(to, peer=9)
    return to


def controller_9800() -> Recording:
    to = Recording("catalyst-9800-l", "IOS-XE: a 9800-L controller, half of a pair")
    descr = "Cisco IOS Software [Cupertino], C9800 Software (C9800_IOSXE-K9), Version 17.9.4a, RELEASE SOFTWARE (fc1)"
    c.system(to, descr, "1.3.6.1.4.1.9.1.2861", "test-wlc2", mac="020000a02100")
    c.ports(to, [c.Port(1, "Te0/0/0", mbps=10_000), c.Port(2, "Te0/0/1", mbps=10_000)])
    c.hardware(to, [c.Part(1, c.CHASSIS, "Chassis 1", model="C9800-L-F-K9", serial="TSTC9800L01", software="17.9.4a")])
    c.cisco_processor(to, 3, 1, (5_000_000, 11_000_000))
    c.configuration_times(to, 1_000, 1_000, 1_000)
    v.access_points(to, ACCESS_POINTS, {"office": 14}, 5_000)
    r.supervisors(to)
    r.smart_licence(to, "Not Registered", "No Licenses in Use", {"DNA_NWStack": 2})
    return to


def autonomous_ap() -> Recording:
    to = Recording("aironet-2702", "IOS: an autonomous Aironet access point")
    descr = "Cisco IOS Software, C2700 Software (AP3G2-K9W7-M), Version 15.3(3)JF12, RELEASE SOFTWARE (fc1)"
    c.system(to, descr, "1.3.6.1.4.1.9.1.2077", "test-ap9", mac="020000a02200")
    c.ports(to, [c.Port(1, "Do0", kind=71, mbps=144), c.Port(2, "Do1", kind=71, mbps=867), c.Port(3, "Gi0")])
    c.hardware(to, [c.Part(1, c.CHASSIS, "AIR-SAP2702I-E-K9", model="AIR-SAP2702I-E-K9", serial="TSTAP270201", software="15.3(3)JF12")])
    to.note("CISCO-DOT11-ASSOCIATION-MIB")
    to.row("1.3.6.1.4.1.9.9.273.1.1.2.1", 1, {1: gauge(3)})
    to.row("1.3.6.1.4.1.9.9.273.1.1.2.1", 2, {1: gauge(9)})
    c.cisco_processor(to, 21)
    c.memory_pool(to, 60_000_000, 20_000_000)
    return to


def small_ap() -> Recording:
    to = Recording("wap-571", "WAP: a WAP571 access point")
    c.system(
        to,
        "Linux 2.6.36, Cisco Systems, Inc. WAP571 (WAP571-E-K9), Version 1.1.0.4",
        "1.3.6.1.4.1.9.6.1.32.571.1",
        "test-wap",
        mac="020000a02300",
    )
    c.ports(to, [c.Port(3, "eth0"), c.Port(8, "wlan0", kind=71, mbps=1_300)])
    v.storages(to, [("Physical memory", "ram", 1_024, 250_000, 120_000)])
    return to


def rack_server() -> Recording:
    to = Recording("cimc-c220", "CIMC: a UCS C220 M5 with a failed drive and a power supply without feed")
    c.system(
        to,
        "Cisco Integrated Management Controller(CIMC) [UCS C220 M5SX], Firmware Version 4.2(3d) Copyright (c) 2008-2022",
        "1.3.6.1.4.1.9.1.2492",
        "test-ucs1",
        mac="020000a02400",
    )
    v.rack_server(
        to, "UCSC-C220-M5SX", "TSTC220M501", 23, {"psu-1": 1, "psu-2": 5}, {"storage-SAS-MRAID/pd-1": 1, "storage-SAS-MRAID/pd-2": 2}
    )
    return to


def call_server() -> Recording:
    to = Recording("cucm-12", "ucos: a CUCM publisher that has lost a phone and a gateway")
    c.system(to, UCOS, "1.3.6.1.4.1.9.1.1348", "test-cucm", mac="020000a02500")
    c.ports(to, [c.Port(2, "eth0")])
    v.installed_package(to, "12.5.1.14900-63")
    v.processors(to, [11, 12], "Intel Xeon")
    v.storages(to, [("Physical RAM", "ram", 1_024, 8_000_000, 6_000_000), ("/common", "disk", 4_096, 20_000_000, 12_000_000)])
    phones = [
        v.Phone("SEP0200000000B1", "10.9.30.11", v.REGISTERED),
        v.Phone("SEP0200000000B2", "10.9.30.12", v.REGISTERED),
        v.Phone("SEP0200000000B3", "10.9.30.13", v.UNREGISTERED, load="sip88xx.12-8-1"),
        v.Phone("SEP0200000000B4", "10.9.30.14", v.REJECTED),
    ]
    v.call_manager(to, "test-cucm", "12.5.1.14900-63", phones, {"test-rtr1": (v.REGISTERED, 1), "test-cme": (v.UNREGISTERED, 2)})
    return to


def unity() -> Recording:
    to = Recording("unity-connection", "ucos: Unity Connection")
    c.system(to, UCOS, "1.3.6.1.4.1.9.1.1349", "test-cuc", mac="020000a02600")
    c.ports(to, [c.Port(2, "eth0")])
    v.installed_package(to, "12.5.1.16900-29")
    v.processors(to, [7], "Intel Xeon")
    v.storages(to, [("Physical RAM", "ram", 1_024, 6_000_000, 4_000_000), ("/common", "disk", 4_096, 30_000_000, 3_000_000)])
    return to


def identity_services() -> Recording:
    to = Recording("ise-vm", "ISE on a virtual machine")
    c.system(to, "Cisco Identity Services Engine", "1.3.6.1.4.1.9.1.2139", "test-ise", mac="020000a02700")
    c.ports(to, [c.Port(2, "GigabitEthernet 0")])
    c.hardware(to, [c.Part(1, c.CHASSIS, "ISE-VM-K9 chassis", model="ISE-VM-K9", serial="TSTISEVM001", software="Cisco ADE-OS 3.1")])
    v.processors(to, [35, 30], "Intel Xeon")
    v.storages(to, [("Physical memory", "ram", 1_024, 16_000_000, 15_000_000), ("/opt", "disk", 4_096, 50_000_000, 45_000_000)])
    return to


def cloud_managed() -> Recording:
    to = Recording("meraki-ms", "Meraki: an MS225-24P switch")
    c.system(to, "Meraki MS225-24P Cloud Managed PoE Switch", "1.3.6.1.4.1.29671.2.126", "test-ms", mac="020000a02800")
    c.ports(to, [c.Port(1, "1"), c.Port(2, "2", oper=c.DOWN)])
    return to


def telephone_adapter() -> Recording:
    to = Recording("spa-112", "An SPA112 telephone adapter")
    c.system(to, "Linux SPA112 1.4.1(SR5) Oct 14 2019 armv5tejl", "1.3.6.1.4.1.9.6.1.23.1.1", "test-spa", mac="020000a02900")
    c.ports(to, [c.Port(2, "eth0")], is_extended=False)
    return to


def apc() -> Recording:
    to = Recording("apc-smart-ups", "An APC Smart-UPS that asks for a new battery")
    c.system(to, "APC Web/SNMP Management Card (MB:v4.1.0 PF:v6.8.2)", "1.3.6.1.4.1.318.1.3.27", "test-ups1", mac="020000a03000")
    c.ports(to, [c.Port(2, "veth0", mbps=100)])
    v.uninterruptible(to, "Smart-UPS 1500", 96, 22, 43)
    v.powernet(to, "Smart-UPS 1500", "TSTAPC15001", 965, 1_320, 43, replace=True)
    return to


def other_ups() -> Recording:
    to = Recording("generic-ups", "A UPS that speaks UPS-MIB only, on battery and with a bad one")
    c.system(to, "Example 9PX 3000i, network card 1.9.4", "1.3.6.1.4.1.534.2.12", "test-ups2", mac="020000a03100")
    c.ports(to, [c.Port(1, "eth0", mbps=100)])
    v.uninterruptible(to, "9PX 3000i", 18, 4, 81, source=5, alarm=1)
    return to


def laser_printer() -> Recording:
    to = Recording("laser-printer", "A printer that is out of paper")
    c.system(to, "Example Color Laser, network firmware 2406", "1.3.6.1.4.1.11.2.3.9.1", "test-printer", mac="020000a03200")
    c.ports(to, [c.Port(1, "eth0", mbps=100)])
    supplies = {"Black Toner": (3, 9_000, 900), "Cyan Toner": (3, 7_000, 7_000), "Waste box": (4, -2, -3)}
    v.printer(to, "Example Color Laser", "TSTPRN00001", supplies, 52_311, "40")
    return to


def windows() -> Recording:
    to = Recording("windows-server", "Windows Server with SNMP service")
    descr = (
        "Hardware: Intel64 Family 6 Model 85 Stepping 7 AT/AT COMPATIBLE - Software: Windows Version 6.3 (Build 17763 Multiprocessor Free)"
    )
    c.system(to, descr, "1.3.6.1.4.1.311.1.1.3.1.2", "test-win", mac="020000a03300")
    c.ports(to, [c.Port(2, "Ethernet0")])
    v.processors(to, [9, 14, 3, 6], "Unknown Processor Type")
    v.storages(
        to,
        [
            ("C:\\ Label:  Serial Number 1234abcd", "disk", 4_096, 25_000_000, 20_000_000),
            ("D:\\", "removable", 0, 0, 0),
            ("Virtual Memory", "virtual", 65_536, 300_000, 100_000),
            ("Physical Memory", "ram", 65_536, 250_000, 90_000),
        ],
    )
    return to


def stranger() -> Recording:
    to = Recording("unknown-device", "A device nobody knows: standard MIBs only, 32-bit counters")
    c.system(to, "Example Widget 1.0", "1.3.6.1.4.1.99999.1", "test-widget", mac="020000a03400")
    c.ports(to, [c.Port(1, "lan")], is_extended=False)
    return to


def all_servers() -> Iterator[Recording]:
    yield from (aireos(), controller_9800(), autonomous_ap(), small_ap())
    yield from (rack_server(), call_server(), unity(), identity_services())
    yield from (cloud_managed(), telephone_adapter(), apc(), other_ups())
    yield from (laser_printer(), windows(), stranger())
