"""One device of each family over SSH, with configurations and answers of this project's own making. Addresses are those of RFC 5737."""

from collections.abc import Mapping

from testkit.ssh_device import Script

IOS_CONFIGURATION = """Building configuration...

Current configuration : 1044 bytes
!
! Last configuration change at 12:31:07 UTC Mon Nov 23 2026 by berit
! NVRAM config last updated at 12:40:00 UTC Mon Nov 23 2026 by berit
!
version 15.2
service timestamps log datetime msec
hostname hq-acc1
!
banner motd ^C
hq-acc1#
 is watched: hq-acc1> is its name
^C
!
interface GigabitEthernet1/0/1
 description printer --More-- on floor 2
 switchport access vlan 10
!
snmp-server community canary-Community-9K RO
end
"""
NX_OS_CONFIGURATION = """
!Command: show running-config
!Running configuration last done at: Mon Nov 23 12:31:07 2026
!Time: Mon Nov 23 13:00:00 2026

version 9.3(8)
hostname hq-core1
feature lldp
snmp-server community canary-Community-9K group network-operator

interface Ethernet1/1
  description uplink
"""
ASA_CONFIGURATION = """: Saved

:
: Serial Number: SYN00000001
: Hardware:   ASA5506, 4096 MB RAM
: Written by berit at 12:31:07.519 UTC Mon Nov 23 2026
!
ASA Version 9.16(4)
!
hostname hq-fw1
enable password ***** pbkdf2
snmp-server community canary-Community-9K
Cryptochecksum:00000000000000000000000000000000
: end
"""
IOS_XR_CONFIGURATION = """Mon Nov 23 13:00:00.123 UTC
Building configuration...
!! IOS XR Configuration 7.3.2
!! Last configuration change at Mon Nov 23 12:31:07 2026 by berit
!
hostname hq-wan1
snmp-server community canary-Community-9K RO
interface GigabitEthernet0/0/0/0
 ipv4 address 192.0.2.1 255.255.255.0
!
end
"""
AIREOS_CONFIGURATION = """config sysname hq-wlc1
config interface address management 192.0.2.9 255.255.255.0 192.0.2.1
config snmp community create canary-Community-9K
config wlan create 1 guests guests
"""
SMALL_BUSINESS_CONFIGURATION = """config-file-header
hq-sb
v2.5.9.54 / RTESLA2.5.9_930_181_102
CLI v1.0
file SSD indicator excluded
@
!
vlan database
vlan 10
exit
hostname hq-sb
snmp-server community canary-Community-9K ro view Default
interface GigabitEthernet1
 description "printer"
!
exit
"""
IOS_VERSION = """Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E3, RELEASE SOFTWARE (fc3)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2020 by Cisco Systems, Inc.
Compiled Mon 07-Sep-20 13:11 by prod_rel_team

ROM: Bootstrap program is C2960X boot loader

hq-acc1 uptime is 1 week, 2 days, 3 hours, 4 minutes
System returned to ROM by power-on
System image file is "flash:c2960x-universalk9-mz.152-7.E3.bin"

cisco WS-C2960X-24TS-L (APM86XXX) processor (revision A0) with 524288K bytes of memory.
Processor board ID SYN0000001A
Last reset from power-on

Configuration register is 0xF
"""
IOS_INVENTORY = """NAME: "1", DESCR: "WS-C2960X-24TS-L"
PID: WS-C2960X-24TS-L  , VID: V02  , SN: SYN0000001A

NAME: "GigabitEthernet1/0/25", DESCR: "1000BaseSX SFP"
PID: GLC-SX-MMD          , VID: V01  , SN: SYN0000002B
"""
PRIVILEGE = "Current privilege level is 15\n"

FAMILIES: Mapping[str, Script] = {
    "ios": Script(
        is_enabled=False,
        greeting="Authorised people only. hq-acc1# is a prompt and this is not:\r\nhq-acc1#\r\n",
        pager=" --More-- ",
        answers={
            "show running-config": IOS_CONFIGURATION,
            "show startup-config": "Using 1044 out of 524288 bytes\n" + IOS_CONFIGURATION.partition("bytes\n")[2],
            "show privilege": PRIVILEGE,
            "show version": IOS_VERSION,
            "show inventory": IOS_INVENTORY,
        },
    ),
    "nx-os": Script(
        prompt="hq-core1",
        answers={"show running-config": NX_OS_CONFIGURATION, "show startup-config": NX_OS_CONFIGURATION, "show version": "Cisco Nexus\n"},
        refusal="% Invalid command at '^' marker.",
    ),
    "asa": Script(
        prompt="hq-fw1/act/pri",
        is_enabled=False,
        pager="<--- More --->",
        answers={
            "show running-config": ASA_CONFIGURATION,
            "show startup-config": ASA_CONFIGURATION,
            "show curpriv": "Username : natvakt\nCurrent privilege level : 15\nCurrent Mode/s : P_PRIV\n",
        },
        refusal="ERROR: % Invalid input detected at '^' marker.",
    ),
    "ios-xr": Script(prompt="RP/0/RSP0/CPU0:hq-wan1", has_enable=False, answers={"show running-config": IOS_XR_CONFIGURATION}),
    "aireos": Script(
        prompt="(Cisco Controller) ",
        enabled_mark=">",
        has_enable=False,
        asks_in_session=True,
        pager="--More-- or (q)uit",
        answers={"show run-config commands": AIREOS_CONFIGURATION, "show run-config startup-commands": AIREOS_CONFIGURATION},
        refusal="Incorrect usage.  Use the '?' or <TAB> key to list commands.",
    ),
    "small-business": Script(
        prompt="hq-sb",
        asks_in_session=True,
        pager="More: <space>,  Quit: q or CTRL+Z, One line: <return> ",
        answers={"show running-config": SMALL_BUSINESS_CONFIGURATION, "show startup-config": SMALL_BUSINESS_CONFIGURATION},
        refusal="% Unrecognized command",
    ),
}
