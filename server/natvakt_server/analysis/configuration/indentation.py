"""Texts that lost their indentation on the way (mail, a web page, a manual): lines that only exist below others are put back there.

Lines keep their number and their words; only blanks at the start are added. A text as a device writes it is not touched, for there such
lines are indented already. Words that are commands at the top as well are left where they stand.
"""

import re
from collections.abc import Sequence

# What opens a section, and what stands only below it.
_SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        r"interface \S",
        (
            r"(no )?(switchport|description|shutdown|duplex|speed|negotiation|storm-control|channel-group|standby)",
            r"(no )?ip (address|access-group|verify|ospf|nat (inside|outside)$|redirects|unreachables|proxy-arp|mask-reply|mtu|pim|igmp)",
            r"(no )?(ip directed-broadcast|ipv6 (address|traffic-filter|nd|verify|enable|ospf)|arp |crypto map \S+$|nameif|security-level)",
            r"(no )?authentication (port-control|host-mode|periodic|order|priority|timer|event)|(no )?(dot1x (pae|timeout)|mab$)",
            r"(no )?(spanning-tree (guard|bpduguard|portfast|bpdufilter|link-type|cost|port)|cdp enable|lldp (transmit|receive)|udld port)",
            r"(no )?(vrrp|encapsulation|tunnel |service-policy|mls qos trust|auto qos|trust device)",
        ),
    ),
    (
        r"line \S",
        (
            r"(no )?(transport|exec-timeout|access-class|ipv6 access-class|login|password|logging synchronous|exec|authorization)\b",
            r"(no )?(session-timeout|absolute-timeout|session-limit|stopbits)\b",
        ),
    ),
    (r"ip(v6)? access-list ", (r"(\d+ )?(permit|deny|remark)\b",)),
    (r"class-map ", (r"match\b",)),
    (r"control-plane", (r"service-policy\b",)),
    (
        r"aaa common-criteria policy ",
        (r"(min-length|max-length|upper-case|lower-case|numeric-count|special-case|char-changes|lifetime|copy|character-repetition)",),
    ),
    (
        r"archive$",
        (r"(log config|logging (enable|persistent|size)|hidekeys|notify syslog|path|write-memory|time-period|maximum)",),
    ),
    (r"event manager applet ", (r"(event|action|description|set|trigger|correlate) ",)),
    (
        r"crypto (pki|ca) trustpoint ",
        (r"(enrollment|revocation-check|subject-name|rsakeypair|fqdn|crl|keypair|serial-number|usage|source)",),
    ),
    (
        r"crypto isakmp policy |crypto ikev[12] policy |crypto ikev2 proposal ",
        (r"(encr\w*|hash|group|integrity|prf|authentication|lifetime)\b",),
    ),
    (r"crypto ipsec ikev2 ipsec-proposal ", (r"protocol esp\b",)),
    (r"key chain ", (r"(key \d|key-string|send-lifetime|accept-lifetime|cryptographic-algorithm)",)),
    (r"(aaa group server|radius server|tacacs server) ", (r"(server|address|key|ip (tacacs|radius)|single-connection|timeout)\b",)),
    (
        r"router (bgp|ospf|eigrp|rip|isis)",
        (r"(neighbor|network|passive-interface|address-family|exit-address-family|area|bgp |redistribute|no auto)",),
    ),
    (r"aaa-server \S+ (\(|protocol)", (r"(key|timeout|server-port|ldap-|authentication-port)",)),
    (r"(policy-map|class) ", (r"(no )?(class |police|set connection|inspect|priority|bandwidth|conform-action|exceed-action)",)),
    (
        r"(tunnel-group \S+ \S+-attributes|group-policy \S+ attributes)",
        (r"(authentication|trust-point|vpn-|ikev[12] |chain|address-pool|default-group)",),
    ),
    (r"voice service voip", (r"(ip address trusted|ipv4|sip|h323|mode )",)),
    (r"wlan \S", (r"(security|shutdown|peer-blocking|client )",)),
)
_BELOW = tuple((re.compile(head, re.IGNORECASE), re.compile("|".join(inside), re.IGNORECASE)) for head, inside in _SECTIONS)


def reindented(text: str) -> str:
    """The same text where nothing was lost. Every line is looked at once."""
    lines = text.split("\n")
    head: Sequence[re.Pattern[str]] = ()
    depth = 0
    for at, line in enumerate(lines):
        bare = line.strip()
        if not bare:
            continue
        indent = len(line) - len(line.lstrip())
        if indent > depth:
            head = ()  # indented as it should be: this section lost nothing
            continue
        if indent == depth and any(inside.match(bare) for inside in head):
            lines[at] = f" {line}"
            continue
        depth = indent
        head = [inside for opening, inside in _BELOW if opening.match(bare)]
    return "\n".join(lines)
