"""The story of the site as data: what is wrong, which rules must say so, and what only looks wrong.

The report of a demo run is held against these tables: every planted fault whose rule ships must be found, no near miss
may be, and nothing critical or high may be found beyond the faults.
"""

from dataclasses import dataclass
from enum import StrEnum


class Seen(StrEnum):
    """Where a fault shows."""

    SNMP = "snmp"
    CONFIG = "config"
    KNOWLEDGE = "knowledge"
    CONTRACTS = "contracts"
    CREDENTIAL = "credential"
    JOBS = "jobs"


@dataclass(frozen=True, slots=True)
class PlantedFault:
    device: str
    fault: str
    rules: tuple[str, ...]
    seen: Seen = Seen.SNMP


@dataclass(frozen=True, slots=True)
class NearMiss:
    """`place`: the interface, neighbour or advisory that must not be named in a finding of this rule; empty: the device."""

    device: str
    what: str
    rule: str
    place: str = ""
    seen: Seen = Seen.SNMP


PLANTED: tuple[PlantedFault, ...] = (
    PlantedFault("hq-core", "power supply B of member 2 is not fed", ("core.env.psu",)),
    PlantedFault("hq-core", "17.9.3 with HTTPS on", ("security.vuln.kev",), Seen.CONFIG),
    PlantedFault("hq-core", "serial in no contract", ("core.contract.coverage",), Seen.CONTRACTS),
    PlantedFault("hq-acc1", "Gi1/0/48 half duplex, gi24 of hq-sb full", ("core.link.duplex",)),
    PlantedFault("hq-acc1", "700 of 740 W of PoE", ("core.capacity.poe",)),
    PlantedFault("hq-acc1", "phone at Gi1/0/12 without voice VLAN", ("voice.phone.vlan",)),
    PlantedFault("hq-acc2", "Te1/1/1: 0.03 % CRC errors, received light below the alarm", ("core.interface.errors", "core.optic.level")),
    PlantedFault("hq-acc2", "native VLAN 1 on the uplink, 999 at hq-core", ("core.link.trunk",)),
    PlantedFault("hq-acc3", "bridge priority 4096: root of VLAN 20", ("core.stp.root",)),
    PlantedFault("hq-acc3", "support ended", ("core.lifecycle.hardware",), Seen.KNOWLEDGE),
    PlantedFault("hq-acc3", "Telnet on vty 5 15", ("security.mgmt.telnet",), Seen.CONFIG),
    PlantedFault("hq-acc3", "no vstack line: on by default", ("security.vuln.smart-install",), Seen.CONFIG),
    PlantedFault("hq-rtr", "local user with type 7", ("security.aaa.hash-type",), Seen.CONFIG),
    PlantedFault("hq-rtr", "community private, read and write", ("security.snmp.default",), Seen.CREDENTIAL),
    PlantedFault("hq-rtr", "community private, read and write", ("security.snmp.write",), Seen.CONFIG),
    PlantedFault("hq-rtr", "memory grows by 1 % a day for 30 days", ("core.memory.leak",)),
    PlantedFault("hq-rtr", "trusted list off", ("voice.secure.toll-fraud",), Seen.CONFIG),
    PlantedFault("hq-rtr", "DSP use p95 91 %", ("voice.gateway.dsp",)),
    PlantedFault("hq-rtr", "WAN policy without priority class", ("voice.qos.priority",), Seen.CONFIG),
    PlantedFault(
        "br-rtr",
        "IP SLA to headquarters: MOS 3.4, jitter 48 ms, loss 5 %",
        ("voice.quality.mos", "voice.quality.jitter", "voice.quality.loss", "voice.quality.path", "core.wan.circuit"),
    ),
    PlantedFault("br-rtr", "backup tunnel MTU 1400 against 1500, OSPF in exstart", ("core.link.mtu", "core.routing.igp")),
    PlantedFault("br-rtr", "max-ephones 10 for 18 phones", ("voice.srst.capacity",), Seen.CONFIG),
    PlantedFault("br-sw", "NTP at stratum 16", ("core.time.ntp",)),
    PlantedFault("br-sw", "no DHCP snooping on VLAN 30", ("security.l2.dhcp-snooping",), Seen.CONFIG),
    PlantedFault("hq-fw", "permit ip any any in line 12 of outside_in", ("security.fw.any-any",), Seen.CONFIG),
    PlantedFault("hq-fw", "IKEv1 with SHA-1, aggressive mode by default", ("security.vpn.ike",), Seen.CONFIG),
    PlantedFault("hq-fw", "ASDM open to any on outside", ("security.mgmt.outside",), Seen.CONFIG),
    PlantedFault("hq-fw", "unit b failed", ("core.redundancy.failover",)),
    PlantedFault("hq-wlc", "AP3 gone", ("core.wifi.ap-join",)),
    PlantedFault("hq-sb", "plain HTTP on", ("security.mgmt.http-server",), Seen.CONFIG),
    PlantedFault("hq-sb", "vendor's login kept", ("security.aaa.default-credential",), Seen.CREDENTIAL),
    PlantedFault("hq-cucm", "53 of 60 phones registered", ("voice.phone.registered",)),
    PlantedFault("hq-ups", "replace battery", ("core.env.ups",)),
    PlantedFault("hq-lin", "/var full in 18 days", ("core.server.disk",)),
    PlantedFault("hq-win", "nightly job 31 h late", ("core.server.backup",), Seen.JOBS),
)

NEAR_MISSES: tuple[NearMiss, ...] = (
    NearMiss("hq-acc2", "sysUpTime wrapped while engine time ran on", "core.device.reboot"),
    NearMiss("hq-acc1", "4 FCS errors in 4 x 10^8 frames", "core.interface.errors", "Gi1/0/3"),
    NearMiss("hq-core", "one CPU sample of 98 %", "core.cpu.load"),
    NearMiss("hq-acc3", "a model with one power supply", "core.env.psu"),
    NearMiss("hq-rtr", "two-way to hq-fw, both with priority 0", "core.routing.igp", "10.1.9.3"),
    NearMiss("hq-fw", "two-way to hq-rtr, both with priority 0", "core.routing.igp", "10.1.9.2"),
    NearMiss("hq-rtr", "17.9.4a is fixed, HTTPS on", "security.vuln.kev", "CVE-2023-20198", Seen.CONFIG),
    NearMiss("hq-rtr", "HTTP off, HTTPS with ACL and TLS 1.2", "security.mgmt.https", seen=Seen.CONFIG),
    NearMiss("hq-fw", "permit ip any any in a class-map's ACL", "security.fw.any-any", "class-map", Seen.CONFIG),
    NearMiss("hq-acc1", "AP trunk without 802.1X", "security.l2.dot1x", "Gi1/0/45", Seen.CONFIG),
    NearMiss("hq-acc1", "AP trunk without 802.1X", "security.l2.trunk", "Gi1/0/45", Seen.CONFIG),
    NearMiss("hq-rtr", "MOS 0 of a timed-out probe", "voice.quality.mos"),
    NearMiss("hq-lin", "weekly job eight days ago, within a quarter of its week", "core.server.backup", seen=Seen.JOBS),
)
