"""Routers, firewalls and voice gateways."""

from collections.abc import Iterator

from generator import chassis as c
from generator import routing as r
from generator import services as v
from generator import switching as s
from generator.recording import Recording


def gateway_4331() -> Recording:
    to = Recording("isr-4331-gateway", "IOS-XE: an ISR 4331 at the WAN edge, voice gateway with a primary rate line, SIP trunk and SRST")
    descr = "Cisco IOS Software [Cupertino], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 17.9.4a, RELEASE SOFTWARE (fc3)"
    c.system(to, descr, "1.3.6.1.4.1.9.1.2068", "test-rtr1", mac="020000a01000")
    c.ports(
        to,
        [
            c.Port(1, "Gi0/0/0", alias="WAN"),
            c.Port(2, "Gi0/0/1"),
            c.Port(10, "E1 0/1/0", kind=c.DS_ONE, mbps=2),
            c.Port(11, "Se0/1/0:15", kind=c.ISDN, mbps=0),
            c.Port(60, "Tu100", kind=c.TUNNEL, mbps=0),
        ],
    )
    c.hardware(
        to,
        [
            c.Part(1, c.CHASSIS, "Chassis", model="ISR4331/K9", serial="TST4331A001", software="17.9.4a"),
            c.Part(20, c.MODULE, "subslot 0/4 module", descr="PVDM4-32", model="PVDM4-32", serial="TST4331D001", parent=1),
        ],
    )
    c.cisco_processor(to, 29, 7000, (1_900_000, 2_000_000))
    c.memory_pool(to, 700_000_000, 300_000_000)
    c.flash(to, 3_249_049_600, 1_200_000_000, "bootflash:")
    c.nvram(to, 33_554_432, 60_000, "PowerOn")
    c.configuration_times(to, 500_000, 100, 100)
    c.clock(to, 3, 6, 0.01)
    r.qos(
        to,
        1,
        "WAN-EDGE",
        (
            r.TrafficClass("VOICE", 50_000, 60, is_priority=True),
            r.TrafficClass("SIGNALLING", 4_000, 0, bandwidth_percent=5),
            r.TrafficClass("SCAVENGER", 9_000, 500, police_bits=512_000, exceeded=500),
            r.TrafficClass("class-default", 200_000, 900),
        ),
        shape=50_000_000,
    )
    r.jitter_operation(to, 10, "10.9.200.1", 406, "branch-voice")
    r.jitter_operation(to, 11, "10.9.201.1", 0, "lost-branch")
    r.tunnels(to, {"198.51.100.10": 2, "198.51.100.20": 1})
    r.bgp_peer(to, "198.51.100.1", 64_500)
    r.ospf_neighbour(to, "10.9.0.1", "10.255.0.1")
    v.signal_processors(to, 20, 71, 94, failed=1)
    v.dial_peers(to, {100: (1, "0T", "0/1/0:15"), 200: (2, "5...", "ipv4:10.9.0.51")}, active=7)
    v.primary_rate(to, 10, 11, busy=12)
    v.sip_user_agent(to, 8_000, 3)
    v.survivable(to, 60)
    return to


def express_2911() -> Recording:
    to = Recording("isr-2911-cme", "IOS: a 2911 with CallManager Express, DHCP and VRRP; its primary rate line is down")
    descr = "Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.7(3)M8, RELEASE SOFTWARE (fc1)"
    c.system(to, descr, "1.3.6.1.4.1.9.1.1045", "test-cme", mac="020000a01100")
    c.ports(
        to,
        [
            c.Port(1, "Gi0/0"),
            c.Port(2, "Gi0/1"),
            c.Port(10, "E1 0/0/0", kind=c.DS_ONE, oper=c.DOWN),
            c.Port(11, "Se0/0/0:15", kind=c.ISDN, oper=c.DOWN),
        ],
    )
    c.hardware(to, [c.Part(1, c.CHASSIS, "CISCO2911/K9 chassis", model="CISCO2911/K9", serial="TST2911A001", software="15.7(3)M8")])
    c.cisco_processor(to, 9)
    c.memory_pool(to, 200_000_000, 300_000_000)
    r.vrrp(to, 2, 5, "10.9.50.1", 3, 120, "10.9.50.2")
    r.dhcp_pools(to, {"users": (200, 8), "phones": (100, 90)})
    r.licence_file(to, "uck9", 8, 4, 0)
    v.ephones(to, 35, {"SEP0200000000A1": 1, "SEP0200000000A2": 2, "SEP0200000000A3": 3})
    v.primary_rate(to, 10, 11, busy=0, status=64, errored=900)
    return to


def xr_9001() -> Recording:
    to = Recording("asr-9001", "IOS-XR: an ASR 9001 with VRRPv3 and bundles")
    descr = "Cisco IOS XR Software (Cisco ASR9K Series), Version 6.8.2[Default]\nCopyright (c) 2021 by Cisco Systems, Inc."
    c.system(to, descr, "1.3.6.1.4.1.9.1.1762", "test-pe1", mac="020000a01200")
    c.ports(
        to, [c.Port(5, "TenGigE0/0/2/0", mbps=10_000), c.Port(6, "TenGigE0/0/2/1", mbps=10_000), c.Port(20, "Bundle-Ether1", kind=c.BUNDLE)]
    )
    c.hardware(to, [c.Part(24555730, c.CHASSIS, "chassis ASR-9001", model="ASR-9001", serial="TSTASR9A001", software="6.8.2[Default]")])
    c.cisco_processor(to, 6, 24555730)
    c.enhanced_pool(to, 24555730, 3_000_000_000, 5_000_000_000)
    s.lacp(to, {5: (20, 20, "3d"), 6: (20, 0, "05")})
    r.vrrp_three(to, 20, 7, "10.9.60.1", 2, 90, "10.9.60.3")
    r.bgp_peer(to, "203.0.113.1", 64_501)
    return to


def firewall_pair() -> Recording:
    to = Recording("asa-5516-pair", "ASA: an ASA 5516-X whose partner has failed, with remote access and site tunnels in aggressive mode")
    c.system(to, "Cisco Adaptive Security Appliance Version 9.16(4)", "1.3.6.1.4.1.9.1.2115", "test-fw1", mac="020000a01300")
    c.ports(to, [c.Port(3, "Adaptive Security Appliance 'outside' interface"), c.Port(4, "Adaptive Security Appliance 'inside' interface")])
    c.hardware(to, [c.Part(1, c.CHASSIS, "Chassis", model="ASA5516", serial="TSTASA5516A", software="9.16(4)", hardware="V03")])
    c.cisco_processor(to, 12, 1)
    c.enhanced_pool(to, 1, 2_000_000_000, 6_000_000_000)
    c.configuration_times(to, 9_000, 9_500, 9_500)
    r.failover(to, 9, 4, (1_850, 9_400))
    r.remote_access(to, 22, 300, 20)
    r.tunnels(to, {"198.51.100.30": 3}, mode=2)
    return to


def threat_defense() -> Recording:
    to = Recording("ftd-1120", "FTD: a Firepower 1120")
    c.system(
        to,
        "Cisco Firepower Threat Defense, Version 7.2.5 (Build 208), ASA Version 9.18(3)56",
        "1.3.6.1.4.1.9.1.2885",
        "test-ftd",
        mac="020000a01400",
    )
    c.ports(to, [c.Port(2, "outside"), c.Port(3, "inside")])
    c.hardware(to, [c.Part(1, c.CHASSIS, "Chassis", model="FPR-1120", serial="TSTFTD1120A", software="9.18(3)56")])
    c.cisco_processor(to, 5, 1)
    r.failover(to, 9, 10, (400, 2_000))
    r.smart_licence(to, "Registered", "Out of Compliance", {"FIREPOWER-THREAT": 1})
    return to


def chassis_manager() -> Recording:
    to = Recording("fxos-4110", "FXOS: the chassis manager of a Firepower 4110")
    c.system(
        to,
        "Cisco FX-OS(tm) fxos, Software (fxos-k9-system), Version 2.10(1.271), RELEASE SOFTWARE",
        "1.3.6.1.4.1.9.12.3.1.3.1688",
        "test-fxos",
        mac="020000a01500",
    )
    c.ports(to, [c.Port(83886080, "mgmt0"), c.Port(436207616, "Ethernet1/1", mbps=10_000)])
    c.hardware(
        to, [c.Part(149, c.CHASSIS, "Firepower 4110 Security Appliance", model="FPR-4110-K9", serial="TSTFX4110A", software="2.10(1.271)")]
    )
    c.cisco_processor(to, 4, 149)
    c.clock(to, 4, 6, 0.0)
    return to


def all_routers() -> Iterator[Recording]:
    yield from (gateway_4331(), express_2911(), xr_9001(), firewall_pair(), threat_defense(), chassis_manager())
