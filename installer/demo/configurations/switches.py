"""The Catalyst switches: hq-core, hq-acc1, hq-acc2, hq-acc3, br-sw.

Planted: hq-core answers HTTPS (its release has a known hole there); hq-acc1 Gi1/0/12 has a phone and no voice VLAN; the uplinks of hq-acc2
have native VLAN 1; hq-acc3 takes Telnet on its lines 5 to 15 and its release has Smart Install on unless a line turns it off; br-sw does
not snoop DHCP on VLAN 30. Near miss: the access points of hq-acc1 stand on trunks without 802.1X.
"""

from collections.abc import Mapping, Sequence

from demo.configurations import blocks
from demo.configurations.blocks import Lines, text_of
from demo.device import Identity, Interface, SimulatedDevice
from demo.estate import cables_of, endpoints_of

DATA, VOICE, PARKING = 20, 30, 999
HOST: Lines = (
    f" switchport access vlan {DATA}",
    " switchport mode access",
    " switchport nonegotiate",
    " switchport block unicast",
    " switchport port-security maximum 3",
    " switchport port-security",
    " authentication port-control auto",
    " mab",
    " dot1x pae authenticator",
    " storm-control broadcast level 1.00",
    " spanning-tree portfast",
    " spanning-tree bpduguard enable",
    " ip verify source",
)
WITH_PHONE: Lines = (*HOST[:2], f" switchport voice vlan {VOICE}", *HOST[2:], " trust device cisco-phone", " auto qos voip cisco-phone")
UNUSED: Lines = (f" switchport access vlan {PARKING}", " switchport mode access", " switchport nonegotiate", *HOST[3:])
ACCESS_POINT: Lines = (
    " switchport trunk native vlan 10",
    " switchport trunk allowed vlan 10,50,60",
    " switchport mode trunk",
    " switchport nonegotiate",
    " spanning-tree portfast trunk",
    " spanning-tree bpduguard enable",
)


def trunk(native: int, allowed: str, *extra: str, trusts: bool = True) -> Lines:
    snooping = (" ip dhcp snooping trust", " ip arp inspection trust") if trusts else ()
    return (
        f" switchport trunk native vlan {native}",
        f" switchport trunk allowed vlan {allowed}",
        " switchport mode trunk",
        " switchport nonegotiate",
        *extra,
        *snooping,
    )


def switching(snooped: str, *extra: str) -> Lines:
    return [
        "vtp mode transparent",
        "udld aggressive",
        f"ip dhcp snooping vlan {snooped}",
        "no ip dhcp snooping information option",
        "ip dhcp snooping",
        f"ip arp inspection vlan {snooped}",
        "spanning-tree mode rapid-pvst",
        "spanning-tree loopguard default",
        "spanning-tree portfast bpduguard default",
        "spanning-tree extend system-id",
        "dot1x system-auth-control",
        *extra,
    ]


def vlan_names(names: Mapping[int, str]) -> Lines:
    return [line for number, name in names.items() for line in (f"vlan {number}", f" name {name}")]


HQ_NAMES = {10: "mgmt", 20: "data", 30: "voice", 40: "servers", 50: "wifi", 60: "guest", 900: "transit", 999: "parking"}
BRANCH_NAMES = {10: "mgmt", 20: "data", 30: "voice", 999: "parking"}


def _management(own: Identity, gateway: str) -> tuple[Lines, str]:
    address = (f" ip address {own.address} 255.255.255.0", " no ip redirects", " no ip unreachables", " no ip proxy-arp")
    return address, f"ip default-gateway {gateway}"


def _by_use(device: SimulatedDevice, special: Mapping[str, Lines]) -> dict[str, Lines]:
    """Phones' ports, hosts' ports and those that nobody uses, as they are told over SNMP."""
    with_phone = {endpoint.port for endpoint in endpoints_of(device.identity.name) if "Phone" in endpoint.platform}
    found: dict[str, Lines] = {}
    for row in device.interfaces:
        if row.connector:
            found[row.name] = WITH_PHONE if row.name in with_phone else HOST if row.up == 1 else UNUSED
    return found | dict(special)


def _text(
    device: SimulatedDevice, version: str, special: Mapping[str, Lines], names: Mapping[int, str], switch_lines: Lines, **parts: Lines
) -> str:
    own = device.identity
    gateway = "10.1.0.1" if own.site == "hq" else "10.2.0.1"
    address, route = _management(own, gateway)
    settings = _by_use(device, {**special, "Vl10": parts.get("management", address)})
    return text_of(
        blocks.head(own, version, 14_000),
        blocks.accounts(),
        switch_lines,
        vlan_names(names),
        blocks.policing(),
        blocks.ports(_without_bundled(device.interfaces), settings, ()),
        parts.get("routing", [route]),
        blocks.access(own, https=parts.get("https", ("no ip http secure-server",))),
        blocks.lines(*parts.get("vty", ())),
    )


def _without_bundled(rows: Sequence[Interface]) -> Sequence[Interface]:
    return rows


def _uplinks(own: Identity) -> Sequence[str]:
    return [seen.local.port for seen in cables_of(own.name)]


def core(device: SimulatedDevice) -> str:
    servers = dict.fromkeys(("Gi1/0/11", "Gi1/0/12", "Gi1/0/13", "Gi1/0/14"), (" switchport access vlan 40", *HOST[1:]))
    down = trunk(999, "10,20,30,50,60", " spanning-tree guard root", trusts=False)
    routed = (" no switchport", " no ip redirects", " no ip unreachables", " no ip proxy-arp")
    special: dict[str, Lines] = {**servers, **dict.fromkeys(("Te1/1/1", "Te2/1/1", "Te1/1/2", "Te2/1/2", "Gi1/0/24", "Gi2/0/24"), down)}
    special |= {
        "Gi1/0/1": routed,
        "Gi1/0/2": trunk(999, "900"),
        "Gi2/0/2": trunk(999, "900"),
        "Te1/1/8": trunk(999, "10,50,60"),
        "Te2/1/8": trunk(999, "10,50,60"),
    }
    return _text(
        device,
        "17.9",
        special,
        HQ_NAMES,
        switching("20,30,50,60", "spanning-tree vlan 10,20,30,40,50,60,900 priority 24576"),
        https=("ip http access-class ipv4 MANAGEMENT", "ip http tls-version TLSv1.2", "ip http max-connections 2", "ip http secure-server"),
        routing=[
            "ip routing",
            "router ospf 1",
            " passive-interface default",
            " no passive-interface GigabitEthernet1/0/1",
            " network 10.1.0.0 0.0.255.255 area 0",
        ],
    )


def access_one(device: SimulatedDevice) -> str:
    up = trunk(999, "10,20,30,50,60")
    special: dict[str, Lines] = {"Te1/1/1": up, "Te1/1/2": up, "Po1": up, "Gi1/0/45": ACCESS_POINT, "Gi1/0/46": ACCESS_POINT}
    special |= {"Gi1/0/12": HOST, "Gi1/0/48": (*trunk(999, "10,20"), " duplex half", " speed 100")}
    return _text(device, "17.9", special, HQ_NAMES, switching("20,30,50,60"))


def access_two(device: SimulatedDevice) -> str:
    up = (" switchport trunk allowed vlan 10,20,30,50,60", *trunk(1, "")[2:])
    special: dict[str, Lines] = {"Te1/1/1": up, "Te1/1/2": up, "Gi1/0/23": ACCESS_POINT, "Gi1/0/24": ACCESS_POINT}
    return _text(device, "17.9", special, HQ_NAMES, switching("20,30,50,60"))


def access_three(device: SimulatedDevice) -> str:
    up = trunk(999, "10,20,30")
    special: dict[str, Lines] = {"Gi1/0/25": up, "Gi1/0/26": up, "Po1": up}
    inside = [" access-class MANAGEMENT in", " exec-timeout 10 0"]
    vty = ["line vty 0 4", *inside, " transport input ssh", "line vty 5 15", *inside, " transport input telnet ssh"]
    qos = ("mls qos", "spanning-tree vlan 20 priority 4096")
    return _text(device, "15.2", special, HQ_NAMES, switching("20,30", *qos), vty=vty)


def branch(device: SimulatedDevice) -> str:
    return _text(device, "17.9", {"Gi1/1/1": trunk(999, "10,20,30")}, BRANCH_NAMES, switching("20"))
