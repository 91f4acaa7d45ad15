"""Configurations of our own making, one a system, and ways to write the same thing differently. Nothing in them is from a real device."""

import random
from collections.abc import Sequence

from hypothesis import strategies as st

IOS = """\
Building configuration...

Current configuration : 1523 bytes
!
! Last configuration change at 14:23:11 CET Mon Nov 23 2026 by anna
!
version 17.9
service timestamps log datetime msec
no service pad
!
hostname hq-acc1
!
clock timezone CET 1 0
clock summer-time CEST recurring last Sun Mar 2:00 last Sun Oct 3:00
!
aaa new-model
!
crypto pki certificate chain SLA-TrustPoint
 certificate ca 01
  30820321 30820209 A0030201 02020101 300D0609 2A864886 F70D0101 0B050030
  32310E30 0C060355 040A1305 43697363 6F312030
  \tquit
license udi pid C9200L-48P-4X sn FCW0000A0AA
!
interface GigabitEthernet1/0/1
 description desk 1
 switchport access vlan 10
 switchport mode access
 no shutdown
!
interface GigabitEthernet1/0/2
 description desk 2
 switchport mode trunk
!
interface Vlan10
 ip address 10.0.10.1 255.255.255.0
!
router bgp 65000
 neighbor 10.0.0.2 remote-as 65001
 !
 address-family ipv4
  neighbor 10.0.0.2 activate
 exit-address-family
 !
 address-family vpnv4
  neighbor 10.0.0.2 send-community extended
 exit-address-family
!
ip access-list extended GUEST
 permit udp any any eq 53
 deny ip any 10.0.0.0 0.255.255.255
 permit ip any any
access-list 10 permit 10.0.0.5
access-list 10 deny any
!
snmp-server community <natvakt:snmp-community:len=9:eq=0123456789ab> RO 10
banner motd ^C
Only for those who may.
 interface of Acme AB
^C
!
line con 0
 logging synchronous
line vty 0 4
 transport input ssh
!
ntp clock-period 17208943
ntp server 10.0.0.1
end
"""
NX_OS = """\

!Command: show running-config
!Running configuration last done at: Mon Nov 23 13:23:11 2026
!Time: Tue Nov 24 02:00:00 2026

version 9.3(10) Bios:version 07.69
hostname dc-core1
vdc dc-core1 id 1
  limit-resource vlan minimum 16 maximum 4094

feature bgp
feature interface-vlan
vlan 1,10-12

route-map OUT permit 10
  match ip address prefix-list OWN
  set metric 50

interface Ethernet1/1
  description to dc-core2
  switchport mode trunk

interface Ethernet1/2
  no shutdown
router bgp 65000
  address-family ipv4 unicast
    redistribute direct route-map OUT
  neighbor 10.0.0.2
    remote-as 65001
line console
line vty
"""
ASA = """\
: Saved
: Written by anna at 14:23:11.184 CEST Tue Jun 30 2026
: Serial Number: JMX00000A0A
:
ASA Version 9.16(4)
!
hostname edge-fw
names
clock timezone CET 1
clock summer-time CEST recurring last Sun Mar 2:00 last Sun Oct 3:00
!
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 192.0.2.2 255.255.255.0
!
interface GigabitEthernet0/1
 nameif inside
 security-level 100
!
access-list OUT_IN extended permit tcp any host 192.0.2.10 eq https
access-list OUT_IN extended deny ip any any log
banner motd Only for those who may
banner motd interface of Acme AB
tunnel-group ACME type remote-access
tunnel-group ACME general-attributes
 address-pool VPN
Cryptochecksum:571d01b7b08342e35db838e9acec00f6
: end
"""
IOS_XR = """\
Tue Nov 24 02:00:00.123 CET
Building configuration...
!! IOS XR Configuration 7.3.2
!! Last configuration change at Mon Nov 23 13:23:11 2026 by anna
!
hostname pe1
interface GigabitEthernet0/0/0/0
 description to hq
 ipv4 address 192.0.2.1 255.255.255.252
!
prefix-set OWN
  10.0.0.0/8,
  192.0.2.0/24
end-set
!
route-policy PASS
  if destination in OWN then
    pass
  endif
end-policy
!
router bgp 65000
 neighbor 192.0.2.2
  remote-as 65001
  address-family ipv4 unicast
   route-policy PASS in
   route-policy PASS out
  !
 !
!
end
"""
AIREOS = """\
config sysname hq-wlc
config interface address management 10.0.0.20 255.255.255.0 10.0.0.1
config wlan create 1 guest guest
config acl rule action GUEST 1 permit
config acl rule action GUEST 2 deny
config time ntp server 1 10.0.0.1
config snmp version v3 enable
"""
SMALL_BUSINESS = """\
config-file-header
branch-sw1
v3.2.0.84 / RTESLA3.2_930_181_144
CLI v1.0
file SSD indicator encrypted
@
ssd-control-start
ssd config
ssd file passphrase control unrestricted
no ssd file integrity control
ssd-control-end cb0a3fdb1f3a1af4e4430033719968c0
!
unit-type-control-start
unit-type unit 1 network gi uplink none
unit-type-control-end
!
vlan database
vlan 10,20
exit
hostname branch-sw1
ip ssh server
crypto key pubkey-chain ssh
user-key anna rsa
key-string row <natvakt:public-key:eq=0123456789ab>
exit
exit
!
interface vlan 10
 name staff
 ip address 10.1.10.2 255.255.255.0
!
interface GigabitEthernet1
 description desk
 switchport access vlan 10
!
exit
"""
BY_SYSTEM = {
    "ios-xe": IOS,
    "nx-os": NX_OS,
    "asa": ASA,
    "ios-xr": IOS_XR,
    "aireos": AIREOS,
    "small-business": SMALL_BUSINESS,
}

_WORDS = st.sampled_from(["10.0.0.1", "10.0.0.2", "vlan", "10", "desk", "core", "trunk", "any", "eq", "443", "ospf", "local"])
_HEADS = (
    [f"interface GigabitEthernet1/0/{port}" for port in range(1, 9)]
    + [f"router ospf {area}" for area in range(1, 4)]
    + [f"ip access-list extended A{number}" for number in range(1, 4)]
    + [f"policy-map P{number}" for number in range(1, 3)]
    + [f"line vty {first} 4" for first in range(2)]
)
_ORDERED_HEADS = ("ip access-list", "policy-map")
_PLAIN = ("ntp server", "logging host", "ip route", "snmp-server host", "username", "vlan", "aaa authentication login")

Section = tuple[str, tuple[str, ...]]


def _phrases(first: Sequence[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda head, words: " ".join([head, *words]), st.sampled_from(first), st.lists(_WORDS, min_size=1, max_size=3))


@st.composite
def sections(draw: st.DrawFn) -> tuple[Section, ...]:
    """Heads with the lines below them; lines at the top have none. No two alike beside each other."""
    blocks = draw(st.lists(st.sampled_from(_HEADS), unique=True, max_size=6))
    lines = draw(st.lists(_phrases(_PLAIN), unique=True, max_size=6))
    below = _phrases(("description", "ip address", "switchport", "permit", "deny", "class", "transport input"))
    made = [(head, tuple(draw(st.lists(below, unique=True, max_size=5)))) for head in blocks]
    return (*made, *((line, ()) for line in lines))


def written(of: Sequence[Section], end: str = "\n", indent: str = " ", noise: Sequence[str] = ()) -> str:
    """As a device writes it, with `noise` lines at the top."""
    out = [*noise, "!"]
    for head, below in of:
        out += [head, *(indent + line for line in below), "!"]
    return end.join([*out, "end", ""])


def shuffled(of: Sequence[Section], seed: int) -> tuple[Section, ...]:
    """Another order of everything whose order means nothing."""
    chance = random.Random(seed)
    found = [(head, below if head.startswith(_ORDERED_HEADS) else tuple(chance.sample(below, len(below)))) for head, below in of]
    chance.shuffle(found)
    return tuple(found)
