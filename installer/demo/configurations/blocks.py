"""What the configurations of the site have in common: a partner's hardened template for IOS-XE, with what each device adds or lacks.

Names, addresses and ports are those that the device tells over SNMP; secrets are made up. A device's planted faults are in its own module.
"""

from collections.abc import Mapping, Sequence

from demo.device import Identity, Interface

OUT_OF_BAND = "10.9.0.0 0.0.0.255"
TYPE_NINE = "$9$mR4xQ8nJk2wL5s$7dGh1YpTz0VbNcXaSeUfIoLkJhGfDsAqWeRtYuIoPzX"
ADMINISTRATOR = f"username natvakt-admin privilege 15 algorithm-type scrypt secret 9 {TYPE_NINE}"
BANNER = "banner login ^\nAuthorised users only. All use is logged.\n^"
Lines = Sequence[str]


def text_of(*parts: Lines | str) -> str:
    """Blocks joined by `!`, as IOS writes them."""
    blocks = ["\n".join([part] if isinstance(part, str) else part) for part in parts]
    return "\n!\n".join(block for block in blocks if block) + "\n!\nend\n"


def head(own: Identity, version: str, bytes_told: int) -> Lines:
    return [
        f"Building configuration...\n\nCurrent configuration : {bytes_told} bytes",
        "!",
        f"version {version}",
        "service tcp-keepalives-in",
        "service tcp-keepalives-out",
        "service timestamps debug datetime msec localtime show-timezone",
        "service timestamps log datetime msec localtime show-timezone",
        "service password-encryption",
        "no service pad",
        "no service call-home",
        "!",
        f"hostname {own.name}",
        "!",
        "boot-start-marker",
        "boot system flash:packages.conf",
        "boot-end-marker",
        "!",
        "logging userinfo",
        "logging buffered 65536 informational",
        "no logging console",
        f"enable secret 9 {TYPE_NINE}",
    ]


def accounts(*extra: str) -> Lines:
    return [
        "aaa new-model",
        "aaa group server tacacs+ NOC",
        " server name NOC-A",
        " server name NOC-B",
        "aaa authentication login default group NOC local",
        "aaa authentication enable default group NOC enable",
        "aaa authorization exec default group NOC local",
        "aaa accounting exec default start-stop group NOC",
        "aaa accounting commands 15 default start-stop group NOC",
        "aaa common-criteria policy STRONG",
        " min-length 15",
        " numeric-count 1",
        " upper-case 1",
        " lower-case 1",
        " special-case 1",
        " char-changes 8",
        "aaa session-id common",
        "clock timezone CET 1 0",
        "clock summer-time CEST recurring last Sun Mar 2:00 last Sun Oct 3:00",
        "login block-for 900 attempts 3 within 120",
        "login on-failure log",
        "login on-success log",
        "no ip source-route",
        "no ip bootp server",
        "no ip domain lookup",
        "ip domain name bjorka.example",
        ADMINISTRATOR,
        *extra,
        "archive",
        " log config",
        "  logging enable",
        "  notify syslog contenttype plaintext",
        "  hidekeys",
        " path scp://backup@10.9.0.20/configs/",
        " write-memory",
        "file privilege 15",
    ]


def access(own: Identity, *communities: str, https: Lines = ("no ip http secure-server",)) -> Lines:
    """Management: SSH, SNMP, logs, time. `communities` stand beside the one that the agent uses."""
    return [
        "no ip http server",
        *https,
        "ip ssh version 2",
        "ip ssh time-out 60",
        "ip ssh server algorithm mac hmac-sha2-512 hmac-sha2-256",
        "ip ssh server algorithm encryption aes256-gcm aes256-ctr",
        "ip ssh server algorithm kex ecdh-sha2-nistp384 ecdh-sha2-nistp521",
        "!",
        "ip access-list standard MANAGEMENT",
        f" permit {OUT_OF_BAND}",
        " deny   any log",
        "!",
        "logging trap informational",
        "logging host 10.9.0.10",
        "logging host 10.9.0.11",
        f"snmp-server community {own.community} RO MANAGEMENT",
        *communities,
        "snmp-server group NOC v3 priv access MANAGEMENT",
        "snmp-server location Kista, plan 4",
        "tacacs server NOC-A",
        " address ipv4 10.9.0.30",
        " key 6 XbUaJgKdQSfNeOhPcLiMZYTWVRS^GFEDCBA",
        "tacacs server NOC-B",
        " address ipv4 10.9.0.31",
        " key 6 XbUaJgKdQSfNeOhPcLiMZYTWVRS^GFEDCBA",
        "!",
        "control-plane",
        " service-policy input PROTECT",
        "!",
        *BANNER.split("\n"),
    ]


def policing() -> Lines:
    """What the control plane takes in."""
    return [
        "ip access-list extended TO-ROUTER",
        f" permit tcp {OUT_OF_BAND} any eq 22",
        " permit ospf any any",
        "class-map match-all TO-ROUTER",
        " match access-group name TO-ROUTER",
        "policy-map PROTECT",
        " class TO-ROUTER",
        "  police 256000 conform-action transmit exceed-action drop",
        " class class-default",
        "  police 128000 conform-action transmit exceed-action drop",
    ]


def lines(*vty: str) -> Lines:
    """Console and terminal lines; `vty` are whole sections where they differ."""
    usual = [
        section
        for span in ("0 4", "5 15")
        for section in (f"line vty {span}", " access-class MANAGEMENT in vrf-also", " exec-timeout 10 0", " transport input ssh")
    ]
    return [
        "line con 0",
        " exec-timeout 10 0",
        " stopbits 1",
        "line aux 0",
        " no exec",
        " transport input none",
        *(vty or usual),
        "!",
        "ntp authentication-key 1 hmac-sha2-256 0822455D0A16544541 7",
        "ntp authenticate",
        "ntp trusted-key 1",
        "ntp server 10.1.0.1 key 1",
        "ntp server 192.0.2.123 key 1",
    ]


def ports(rows: Sequence[Interface], settings: Mapping[str, Lines], usual: Lines) -> Lines:
    """A section for each interface, named in full; `settings` by short name, `usual` for the others with a connector."""
    written: list[str] = []
    for row in rows:
        inside = settings.get(row.name, usual if row.connector else ())
        described = [f" description {row.alias}"] if row.alias else []
        written += [f"interface {row.long_name}", *described, *inside, "!"]
    return written[:-1]
