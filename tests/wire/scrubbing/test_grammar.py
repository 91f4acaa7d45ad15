"""Where secrets stand, line by line: only the secret is taken, the words before and after it stay."""

import re

import pytest
from natvakt_wire.scrubbing.grammar import GRAMMAR
from natvakt_wire.scrubbing.kinds import KINDS
from natvakt_wire.scrubbing.marks import parse_mark
from natvakt_wire.scrubbing.reading import Finding, find_secrets
from natvakt_wire.scrubbing.redaction import redact
from natvakt_wire.scrubbing.type_seven import encode
from testkit.secret_pieces import pieces

FILLED = {
    "%s": "Kaffe9Rep!Tak",
    "%7": encode("Kaffe9Rep!Tak", 7),
    "%5": "$1$mERr$hx5rVt7rPNoS4wqbXKX7m0",
    "%8": "$8$dsYGNam3K1SIJO$7nv/35M/qr6t.dVc7UY9zrJDWRVqncHub1PE9UlMQFs",
    "%9": "$9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4v7pqCxkKM",
    "%6": "JDYkqyIFWeBvzpljSfWmRZrmRSRE8syxKlOSjP9RCCkFinZbJI3GD5c6rckJR/Qju2PKLmOewbheAA==",
    "%x": "7d1c0ba93fe2214455667788aabbccdd",
    "%d": "839215",
}
SECRET = re.compile(r"\$6\$%x\$%x|\$sha512\$5000\$%x\$%x|0x%x|%[s75689xd]")
CASES = [(name, piece) for name, own in pieces().items() if name != "ios-xe" for piece in own]


def filled(line: str) -> str:
    return re.sub("%[s75689xd]", lambda match: FILLED[match[0]], line)


@pytest.mark.parametrize(("name", "piece"), CASES, ids=lambda value: value if isinstance(value, str) else " ".join(value.lines)[:60])
def test_only_the_secret_is_taken(name, piece):
    text = "\n".join(map(filled, piece.lines))
    expected = [(number, filled(match[0])) for number, line in enumerate(piece.lines) for match in SECRET.finditer(line)]
    found = find_secrets(text)
    assert [(finding.line, finding.text) for finding in found] == expected
    assert {finding.kind for finding in found} == set(piece.kinds)


ORDINARY = """
service password-encryption
service password-recovery
security passwords min-length 10
no service password-recovery
password encryption aes
feature password encryption aes
password strength-check
aaa authentication login default group tacacs+ local enable
aaa authentication enable default enable
aaa new-model
ntp server 10.1.1.1 key 5 prefer
ntp trusted-key 5
key chain EIGRP-KEYS
crypto key generate rsa general-keys modulus 2048 label SSH-KEY
ip ssh rsa keypair-name SSH-KEY
crypto pki trustpoint TP-self-signed-1234567890
crypto pki certificate chain TP-self-signed-1234567890
 subject-name cn=IOS-Self-Signed-Certificate-1234567890
 rsakeypair TP-self-signed-1234567890
ip community-list standard CUSTOMERS permit 65010:100
 set community 65010:100 additive
 neighbor 192.0.2.1 send-community extended
ip bgp-community new-format
 ip ospf authentication message-digest
 authentication key-management wpa version 2
 ip authentication key-chain eigrp 10 EIGRP-KEYS
 ip authentication mode eigrp 10 md5
 standby 10 authentication md5 key-chain HSRP-KEYS
 mka pre-shared-key key-chain MKA
 authentication pre-share
snmp-server group OPS v3 priv read ALL access 10
snmp-server host 10.1.1.1 version 3 priv monitor
snmp-server enable traps snmp authentication linkdown linkup coldstart warmstart
snmp-server engineID local 80000009030000C1B1129480
username fwadmin attributes
username admin passphrase  lifetime 99999 warntime 14 gracetime 3
username guest nopassword
license udi pid WS-C2960X-24TS-L sn FOC1234X0AB
license boot level network-advantage addon dna-advantage
boot system flash:packages.conf
boot system bootflash:cat9k_iosxe.17.06.05.SPA.bin
boot nxos bootflash:/nxos64-cs.10.3.6.M.bin
boot system flash:/c2960x-universalk9-mz.152-7.E6/c2960x-universalk9-mz.152-7.E6.bin
ipv6 address 2001:db8:aaaa:12::1/64
mac address-table static 0011.22aa.bbcc vlan 100 interface Gi1/0/1
crypto ipsec transform-set ESP-AES256-SHA esp-aes 256 esp-sha256-hmac
crypto ikev2 proposal AES-GCM-256
 match access-group name VOICE_RTP
ip as-path access-list 10 permit ^65010_[0-9]+$
 description Uplink to SW-CORE-01 Te1/1/1 (circuit 12345678)
 description AP-PLAN3-RUM214
 remark Allow backup server, see change CHG0012345
! Last configuration change at 10:15:42 CET Tue Mar 5 2024 by anders
! NVRAM config last updated at 10:15:50 CET Tue Mar 5 2024 by anders
hostname SE-STO-ACC01
ip domain name example.com
vlan 310
 name USERS_FLOOR3
 switchport port-security mac-address sticky 0011.22aa.bbcc
 storm-control broadcast level pps 1k
 dot1x pae authenticator
snmp-server location Växjö, Storgatan 12, plan 3
banner motd ^C Unauthorized access is prohibited. Use your own username and password. ^C
tunnel-group 192.0.2.1 type ipsec-l2l
 vpn-tunnel-protocol ikev2 l2tp-ipsec
ssh key-exchange group dh-group14-sha256
ssl cipher tlsv1.2 custom "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256"
timeout sip-provisional-media 0:02:00 uauth 0:05:00 absolute
config wlan create 3 OFFICE OFFICE
config wlan security wpa akm psk enable 3
config interface address management 10.1.1.2 255.255.255.0 10.1.1.1
""".strip("\n").split("\n")


@pytest.mark.parametrize("line", ORDINARY)
def test_a_line_without_a_secret_stays_as_it_is(line):
    assert redact(line) == line


def test_a_key_number_in_a_key_chain_is_no_secret_and_a_number_as_key_is():
    assert redact("key chain A\n key 1\n  key-string 7 0822455D0A16").splitlines()[1] == " key 1"
    assert "key 12345" not in redact("tacacs server A\n key 12345")
    assert "key 12345" not in redact("tacacs server A\nkey 12345"), "also where the indentation is lost"


@pytest.mark.parametrize("secret", ["public", "private", "cisco"])
def test_words_everybody_knows_are_marked_as_such(secret):
    finding = redact(f"snmp-server community {secret} RO").split()[2]
    mark = parse_mark(finding)
    assert mark is not None
    assert (mark.kind, mark.length, mark.well_known) == ("snmp-community", len(secret), True)


def test_the_type_and_what_can_be_read_survive():
    assert redact("enable secret 9 $9$abcdefghij$klmnopqrst") == "enable secret 9 <natvakt:enable-secret:type=9>"
    assert redact("username a password 7 0822455D0A16") == "username a password 7 <natvakt:user-password:type=7:len=5:well-known>"
    assert redact("enable password 2KFQnbNIdI.2KYOU encrypted") == (
        "enable password <natvakt:enable-password:type=encrypted:well-known> encrypted"
    ), "the hash of cisco is as well known as the word"


def test_what_the_device_has_hidden_itself_stays():
    for line in (" ikev1 pre-shared-key *****", "username admin password 5 !  role vdc-operator", "enable password ***** encrypted"):
        assert redact(line) == line


def test_a_private_key_goes_line_by_line_and_its_frame_stays():
    text = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\nabc=\n-----END RSA PRIVATE KEY-----\nend"
    assert redact(text).split("\n") == [
        "-----BEGIN RSA PRIVATE KEY-----",
        "<natvakt:private-key>",
        "<natvakt:private-key>",
        "-----END RSA PRIVATE KEY-----",
        "end",
    ]


def test_a_certificate_goes_line_by_line():
    text = "crypto pki certificate chain TP\n certificate self-signed 01\n  30820229 30820192 A0030201\n  0A1B2C\n  \tquit\nend"
    assert redact(text).split("\n") == [
        "crypto pki certificate chain TP",
        " certificate self-signed 01",
        "  <natvakt:certificate>",
        "  <natvakt:certificate>",
        "  \tquit",
        "end",
    ]


def test_every_kind_has_its_place_in_the_list():
    found = {kind for rows in GRAMMAR.patterns for kind in rows.kinds}
    assert found <= KINDS


def test_a_finding_says_where_it_is():
    assert find_secrets("!\r\nvtp password abc\r") == [Finding(1, 13, 16, "vtp-password", "abc", None, "abc")]
