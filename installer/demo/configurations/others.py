"""The firewall, the wireless controller and the small switch.

Planted: hq-fw lets anything in with line 12 of its outside list, takes IKEv1 with SHA-1, and ASDM from anywhere outside; hq-sb answers
plain HTTP and kept the account of its manual. Near miss: `permit ip any any` of hq-fw in a list that only a class-map uses.
"""

from collections.abc import Sequence

from demo.configurations import blocks
from demo.configurations.blocks import Lines, text_of
from demo.configurations.switches import HQ_NAMES, trunk, vlan_names
from demo.device import SimulatedDevice

OUTSIDE_HOLES = tuple(f"access-list outside_in extended permit tcp any host 192.0.2.{number} eq 443" for number in range(20, 31))


HARDWARE: Lines = (
    ": Saved",
    ":",
    ": Serial Number: JAD2512X0F1",
    ": Hardware:   FPR-1120, 5274 MB RAM, CPU Atom C3000 series 2000 MHz, 1 CPU (12 cores)",
)
OUTSIDE: Lines = (
    "interface Ethernet1/1",
    " description Telia Internet circuit 4711-23",
    " nameif outside",
    " security-level 0",
    " ip address 192.0.2.2 255.255.255.224 standby 192.0.2.3",
)
INSIDE: Lines = (
    "interface Ethernet1/2",
    " description hq-core Gi1/0/2",
    " nameif inside",
    " security-level 100",
    " ip address 10.1.90.1 255.255.255.0 standby 10.1.90.2",
)
FAILOVER_PORT: Lines = ("interface Ethernet1/7", " description LAN/STATE Failover Interface")
GREETING: Lines = ("banner login Authorised users only. All use is logged.", "ftp mode passive", "clock timezone CET 1")
LISTS: Lines = (
    *OUTSIDE_HOLES,
    "access-list outside_in extended permit ip any any",
    "access-list outside_in extended deny ip any any log",
    "access-list inside_out extended permit tcp 10.1.0.0 255.255.0.0 any eq 443 log",
    "access-list inside_out extended deny ip any any log",
    "access-list ALL-TRAFFIC extended permit ip any any",
)
LOGGING: Lines = (
    "logging enable",
    "logging timestamp",
    "logging buffer-size 65536",
    "logging buffered informational",
    "logging trap informational",
    "logging queue 1024",
    "logging host inside 10.9.0.10 tcp/1470",
    "logging host inside 10.9.0.11 tcp/1470",
    "logging permit-hostdown",
)
FAILOVER: Lines = (
    "failover",
    "failover lan unit primary",
    "failover lan interface folink Ethernet1/7",
    "failover key *****",
    "failover link folink Ethernet1/7",
    "failover interface ip folink 10.254.0.1 255.255.255.252 standby 10.254.0.2",
)
PROTECTION: Lines = ("ip verify reverse-path interface outside", "threat-detection basic-threat", "threat-detection statistics access-list")
BINDINGS: Lines = (
    "access-group outside_in in interface outside",
    "access-group inside_out in interface inside",
    "route outside 0.0.0.0 0.0.0.0 192.0.2.1 1",
)
ADMINISTRATORS: Lines = (
    "aaa-server NOC protocol tacacs+",
    "aaa-server NOC (inside) host 10.9.0.30",
    " key *****",
    "aaa-server NOC (inside) host 10.9.0.31",
    " key *****",
    "aaa authentication ssh console NOC LOCAL",
    "aaa authentication http console NOC LOCAL",
    "aaa authentication serial console NOC LOCAL",
    "aaa authorization exec authentication-server auto-enable",
    "aaa accounting command NOC",
    "aaa local authentication attempts max-fail 3",
)
ASDM: Lines = ("http server enable", "http 0.0.0.0 0.0.0.0 outside", "http 10.9.0.0 255.255.255.0 inside")
TUNNEL: Lines = (
    "crypto ipsec ikev1 transform-set SUPPLIER esp-aes-256 esp-sha-hmac",
    "crypto map OUTSIDE 10 match address SUPPLIER",
    "crypto map OUTSIDE 10 set peer 198.51.100.9",
    "crypto map OUTSIDE 10 set ikev1 transform-set SUPPLIER",
    "crypto map OUTSIDE 10 set pfs group19",
    "crypto map OUTSIDE 10 set security-association lifetime seconds 3600",
    "crypto map OUTSIDE interface outside",
    "access-list SUPPLIER extended permit ip 10.1.40.0 255.255.255.0 198.51.100.128 255.255.255.128",
    "crypto ikev1 enable outside",
    "crypto ikev1 policy 10",
    " authentication pre-share",
    " encryption aes-256",
    " hash sha",
    " group 14",
    " lifetime 86400",
    "tunnel-group 198.51.100.9 type ipsec-l2l",
    "tunnel-group 198.51.100.9 ipsec-attributes",
    " ikev1 pre-shared-key *****",
)
SSH: Lines = (
    "telnet timeout 5",
    "ssh stricthostkeycheck",
    "ssh timeout 10",
    "ssh version 2",
    "ssh key-exchange group dh-group14-sha256",
    "ssh cipher integrity high",
    "ssh cipher encryption high",
    "ssh 10.9.0.0 255.255.255.0 inside",
    "console timeout 10",
)
TIME: Lines = (
    "ntp authentication-key 1 md5 *****",
    "ntp authenticate",
    "ntp trusted-key 1",
    "ntp server 10.1.0.1 key 1 source inside",
    "ntp server 10.1.0.2 key 1 source inside",
)
TLS: Lines = ("ssl server-version tlsv1.2", "ssl cipher tlsv1.2 high", "ssl dh-group group24")
PASSWORDS: Lines = (
    "password-policy minimum-length 15",
    "password-policy minimum-changes 8",
    "password-policy minimum-lowercase 1",
    "password-policy minimum-uppercase 1",
    "password-policy minimum-numeric 1",
    "password-policy minimum-special 1",
)
ACCOUNT: Lines = (f"username natvakt-admin password {blocks.TYPE_NINE} pbkdf2 privilege 15",)
INSPECTION: Lines = (
    "class-map EVERYTHING",
    " match access-list ALL-TRAFFIC",
    "class-map inspection_default",
    " match default-inspection-traffic",
    "policy-map global_policy",
    " class inspection_default",
    "  inspect dns ",
    "  inspect ftp ",
    " class EVERYTHING",
    "  set connection conn-max 100000 embryonic-conn-max 2000",
    "service-policy global_policy global",
)
FIREWALL_REST: Sequence[Lines] = (TUNNEL, SSH, TIME, TLS, PASSWORDS, ACCOUNT, INSPECTION)
FIREWALL_END = "\nprompt hostname context \nCryptochecksum:0f1e2d3c4b5a69788796a5b4c3d2e1f0\n: end\n"


def firewall(device: SimulatedDevice) -> str:
    own = device.identity
    told: list[Lines] = [
        HARDWARE,
        (
            "ASA Version 9.18(4)22 ",
            "!",
            f"hostname {own.name}",
            "domain-name bjorka.example",
            f"enable password {blocks.TYPE_NINE} pbkdf2",
            "names",
            "no mac-address auto",
        ),
        OUTSIDE,
        INSIDE,
        FAILOVER_PORT,
        (
            "interface Management1/1",
            " management-only",
            " nameif management",
            " security-level 100",
            f" ip address {own.address} 255.255.255.0 standby 10.1.0.6",
        ),
        GREETING,
        LISTS,
        LOGGING,
        FAILOVER,
        PROTECTION,
        BINDINGS,
        ADMINISTRATORS,
        ASDM,
        (
            f"snmp-server host inside 10.1.0.61 community {own.community} version 2c",
            f"snmp-server community {own.community}",
            "snmp-server location Kista, plan 4",
        ),
        *FIREWALL_REST,
    ]
    return "\n!\n".join("\n".join(block) for block in told) + FIREWALL_END


CONTROLLER_TRUNK: Lines = trunk(999, "10,50,60", trusts=False)
WIRELESS: Lines = (
    "no wireless mgmt-via-wireless",
    "redundancy",
    " mode sso",
    "wlan STAFF 1 STAFF",
    " security wpa wpa2 ciphers aes",
    " security pmf mandatory",
    " no shutdown",
    "wlan GUEST 2 GUEST",
    " peer-blocking drop",
    " security web-auth",
    " security pmf optional",
    " no shutdown",
    "ap profile default-ap-profile",
    " capwap backup primary hq-wlc2 10.1.0.8",
    "wireless profile policy GUEST",
    " ipv4 acl GUEST-OUT",
    "ip access-list extended GUEST-OUT",
    " deny   ip any 10.0.0.0 0.255.255.255",
    " deny   ip any 172.16.0.0 0.15.255.255",
    " deny   ip any 192.168.0.0 0.0.255.255",
    " permit ip any any",
)


def controller(device: SimulatedDevice) -> str:
    own = device.identity
    settings: dict[str, Lines] = {
        "Te0/0/0": (*CONTROLLER_TRUNK, " channel-group 1 mode active"),
        "Te0/0/1": (*CONTROLLER_TRUNK, " channel-group 1 mode active"),
        "Po1": CONTROLLER_TRUNK,
        "Vl10": (f" ip address {own.address} 255.255.255.0",),
    }
    return text_of(
        blocks.head(own, "17.9", 8_000),
        blocks.accounts(),
        vlan_names(HQ_NAMES),
        WIRELESS,
        blocks.policing(),
        blocks.ports(device.interfaces, settings, (" shutdown",)),
        ["ip route 0.0.0.0 0.0.0.0 10.1.0.1"],
        blocks.access(
            own,
            https=(
                "ip http access-class ipv4 MANAGEMENT",
                "ip http tls-version TLSv1.2",
                "ip http max-connections 2",
                "ip http secure-server",
            ),
        ),
        blocks.lines(),
    )


SMALL_HEADER: Lines = (
    "v3.4.0.17 / RCBS3.1_930_871_120",
    "CLI v1.0",
    "file SSD indicator encrypted",
    "@",
    "ssd-control-start",
    "ssd config",
    "ssd file passphrase control unrestricted",
    "no ssd file integrity control",
    "ssd-control-end cb0a3fdb1f3a1af4e4430033719968c0",
)


def _small_ports(device: SimulatedDevice) -> Lines:
    rows = [row for row in device.interfaces if row.connector]
    return [
        line
        for row in rows
        for line in (
            f"interface {row.long_name}",
            *([f" description {row.alias!r}".replace("'", '"')] if row.alias else []),
            *(
                (" switchport mode trunk", " switchport trunk native vlan 999", " switchport trunk allowed vlan 10,20")
                if row.name == "gi24"
                else (" switchport access vlan 20",)
            ),
            "!",
        )
    ]


def small_switch(device: SimulatedDevice) -> str:
    own = device.identity
    lines = [
        "config-file-header",
        own.name,
        *SMALL_HEADER,
        "!",
        "vlan database",
        "vlan 10,20,999",
        "exit",
        f"hostname {own.name}",
        "username cisco password encrypted 7 0802656A19 privilege 15",
        "ip http server",
        "ip ssh server",
        "logging host 10.9.0.10",
        "logging host 10.9.0.11",
        f"snmp-server community {own.community} ro 10.1.0.61 view Default",
        "clock timezone CET +1",
        "sntp server 10.1.0.1",
        "!",
        "interface vlan 10",
        " name mgmt",
        f" ip address {own.address} 255.255.255.0",
        "!",
        *_small_ports(device),
        "exit",
        "ip default-gateway 10.1.0.1",
    ]
    return "\n".join(lines) + "\n"
