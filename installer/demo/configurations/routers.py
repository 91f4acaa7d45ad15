"""The routers: hq-rtr and br-rtr, voice gateways both.

Planted: hq-rtr has a local user with a type 7 password, `private` may write, its trusted list is off, and its WAN policy has no priority
class; br-rtr takes 10 phones in a fall-back where 18 stand, and its backup tunnel has another MTU than the other end. Near miss: HTTP is
off on hq-rtr, HTTPS has a list and TLS 1.2.
"""

from demo.configurations import blocks
from demo.configurations.blocks import Lines, text_of
from demo.device import SimulatedDevice

LAN: Lines = (" no ip redirects", " no ip unreachables", " no ip proxy-arp", " ip ospf authentication key-chain CORE")
KEY_CHAIN: Lines = (
    "key chain CORE",
    " key 1",
    "  key-string 7 0822455D0A16544541",
    "  cryptographic-algorithm hmac-sha-256",
)
VOICE_CLASSES: Lines = (
    "class-map match-any VOICE",
    " match dscp ef",
    "class-map match-any SIGNALLING",
    " match dscp cs3",
)
HTTPS_ALLOWED: Lines = (
    "ip http access-class ipv4 MANAGEMENT",
    "ip http tls-version TLSv1.2",
    "ip http max-connections 2",
    "ip http secure-server",
)


def _wan_policy(voice: str, megabits: int) -> Lines:
    return (
        "policy-map WAN-QUEUES",
        " class VOICE",
        f"  {voice}",
        " class SIGNALLING",
        "  bandwidth percent 5",
        " class class-default",
        "  fair-queue",
        "policy-map WAN-OUT",
        " class class-default",
        f"  shape average {megabits}000000",
        "  service-policy WAN-QUEUES",
    )


def _ospf(own: str, *quiet_but: str) -> Lines:
    return (
        "router ospf 1",
        f" router-id {own}",
        " passive-interface default",
        *(f" no passive-interface {name}" for name in quiet_but),
        " network 10.0.0.0 0.255.255.255 area 0",
    )


HQ_PROBES: Lines = (
    "ip sla 1",
    " udp-jitter 10.2.0.1 16384 codec g711alaw",
    "  tos 184",
    "ip sla schedule 1 life forever start-time now",
)
HQ_VOICE: Lines = (
    "voice service voip",
    " no ip address trusted authenticate",
    " allow-connections sip to sip",
    " fax protocol t38 version 0 ls-redundancy 0 hs-redundancy 0 fallback none",
    "voice class codec 1",
    " codec preference 1 g711alaw",
    "dial-peer voice 100 voip",
    " description to hq-cucm",
    " destination-pattern 1...",
    " session protocol sipv2",
    " session target ipv4:10.1.0.51",
    " voice-class codec 1",
    " dtmf-relay rtp-nte",
    "dial-peer voice 200 pots",
    " description PRI",
    " destination-pattern 0T",
    " port 0/1/0:15",
    "call-manager-fallback",
    " max-ephones 60",
    " max-dn 120",
    " ip source-address 10.1.0.254 port 2000",
    "voice register global",
    " max-dn 120",
    " max-pool 60",
)


def headquarters(device: SimulatedDevice) -> str:
    own = device.identity
    settings: dict[str, Lines] = {
        "Gi0/0/0": (" ip address 10.1.0.254 255.255.255.0", *LAN),
        "Gi0/0/1": (" ip address 10.255.0.1 255.255.255.252", *LAN, " service-policy output WAN-OUT"),
        "Gi0/0/2": (" no ip address", " shutdown"),
        "Tu10": (
            " ip address 10.255.1.1 255.255.255.252",
            *LAN,
            " ip mtu 1400",
            " tunnel source Loopback0",
            " tunnel destination 10.2.255.1",
        ),
        "Lo0": (" ip address 10.1.255.1 255.255.255.255",),
        "Lo1": (f" ip address {own.address} 255.255.255.255",),
    }
    interfaces = [row for row in device.interfaces if not row.name.startswith("E1")]
    return text_of(
        blocks.head(own, "17.9", 11_000),
        blocks.accounts("username drift privilege 15 password 7 053809022C4D5C444B55464B"),
        HQ_VOICE,
        KEY_CHAIN,
        VOICE_CLASSES,
        _wan_policy("bandwidth percent 20", 100),
        blocks.policing(),
        blocks.ports(interfaces, settings, ()),
        _ospf("10.1.255.1", "GigabitEthernet0/0/0", "GigabitEthernet0/0/1", "Tunnel10"),
        blocks.access(own, "snmp-server community private RW", https=HTTPS_ALLOWED),
        HQ_PROBES,
        blocks.lines(),
    )


BRANCH_VOICE: Lines = (
    "voice service voip",
    " ip address trusted list",
    "  ipv4 10.1.0.51 255.255.255.255",
    " ip address trusted authenticate",
    " fax protocol t38 version 0 ls-redundancy 0 hs-redundancy 0 fallback none",
    "call-manager-fallback",
    " max-ephones 10",
    " max-dn 40",
    " ip source-address 10.2.0.1 port 2000",
)
BRANCH_PROBES: Lines = (
    "ip sla 1",
    " udp-jitter 10.1.0.2 16384 codec g711alaw",
    "  tos 184",
    "ip sla schedule 1 life forever start-time now",
)


def branch(device: SimulatedDevice) -> str:
    own = device.identity
    settings: dict[str, Lines] = {
        "Gi0/0/0": (" ip address 10.255.0.2 255.255.255.252", *LAN, " service-policy output WAN-OUT"),
        "Gi0/0/1": (f" ip address {own.address} 255.255.255.0", *LAN),
        "Tu10": (" ip address 10.255.1.2 255.255.255.252", *LAN, " tunnel source Loopback0", " tunnel destination 10.1.255.1"),
        "Lo0": (" ip address 10.2.255.1 255.255.255.255",),
    }
    return text_of(
        blocks.head(own, "17.9", 9_000),
        blocks.accounts(),
        BRANCH_VOICE,
        KEY_CHAIN,
        VOICE_CLASSES,
        _wan_policy("priority percent 20", 20),
        blocks.policing(),
        blocks.ports(device.interfaces, settings, ()),
        _ospf("10.2.255.1", "GigabitEthernet0/0/0", "Tunnel10"),
        blocks.access(own),
        BRANCH_PROBES,
        blocks.lines(),
    )
