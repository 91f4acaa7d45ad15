"""Is the vulnerable feature on? A table of features, as data: what an advisory calls it, and the lines that show it on or off.

A feature is proved off by a line that turns it off, or, where it is off by default, by the absence of every line that turns it on from
a whole configuration. Anything else proves nothing: the release stays affected.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from natvakt_server.domain.configuration.model import Configuration, Line

MOST_LINES = 10
"""A feature that is on in many places is shown in so many of them."""
IOS_LIKE = ("ios", "ios-xe")


@dataclass(frozen=True, slots=True)
class Feature:
    """`said`: how advisories name it, searched in titles. `on`, `off`: lines from their start, at any depth. `stop`: what turns it off.

    `needs_all_off`: every one of the `off` patterns must be there. `off_by_default`: without a line of `on` it is off.
    """

    name: str
    systems: Sequence[str]
    said: str
    on: Sequence[str] = ()
    off: Sequence[str] = ()
    needs_all_off: bool = False
    off_by_default: bool = False
    stop: Sequence[str] = ()


FEATURES: Sequence[Feature] = (
    Feature(
        "http-server",
        IOS_LIKE,
        r"\bweb ui\b|\bweb[- ]based (?:management|user) interface|\bhttp(?:s)? server\b|\bweb framework\b",
        (r"ip http (?:secure-)?server$",),
        (r"no ip http server$", r"no ip http secure-server$"),
        needs_all_off=True,
        stop=("no ip http server", "no ip http secure-server"),
    ),
    Feature("smart-install", IOS_LIKE, r"\bsmart install\b", (r"vstack$",), (r"no vstack$",), stop=("no vstack",)),
    Feature("cdp", (*IOS_LIKE, "nx-os"), r"\bcisco discovery protocol\b", (r"cdp run$",), (r"no cdp (?:run|enable)$",)),
    Feature(
        "lldp",
        (*IOS_LIKE, "nx-os"),
        r"\blink layer discovery protocol\b|\blldp\b",
        (r"lldp run$", r"feature lldp$"),
        (r"no lldp run$",),
        off_by_default=True,
    ),
    Feature(
        "snmp",
        (*IOS_LIKE, "nx-os", "asa"),
        r"\bsnmp\b|simple network management protocol",
        (r"snmp-server (?:community|group|user|host|enable|view)\b",),
        off_by_default=True,
    ),
    Feature(
        "iox", ("ios-xe",), r"\biox\b|application hosting environment", (r"iox$",), (r"no iox$",), off_by_default=True, stop=("no iox",)
    ),
    Feature("guest-shell", ("ios-xe",), r"\bguest shell\b", (r"iox$",), (r"no iox$",), off_by_default=True),
    Feature(
        "ike",
        (*IOS_LIKE, "asa"),
        r"\binternet key exchange\b|\bikev?[12]?\b|\bipsec\b|\bisakmp\b",
        (
            r"crypto map \S+(?: interface|$)",
            r"crypto ikev[12] enable",
            r"crypto isakmp (?:enable|key|profile)",
            r"tunnel protection ipsec",
            r"crypto ikev2 profile",
        ),
        off_by_default=True,
    ),
    Feature("netconf", ("ios-xe", "nx-os"), r"\bnetconf\b", (r"netconf-yang$", r"netconf ssh", r"feature netconf$"), off_by_default=True),
    Feature("restconf", ("ios-xe", "nx-os"), r"\brestconf\b", (r"restconf$", r"feature restconf$"), off_by_default=True),
    Feature("nx-api", ("nx-os",), r"\bnx-?api\b", (r"feature nxapi$",), off_by_default=True, stop=("no feature nxapi",)),
    Feature(
        "webvpn",
        ("asa",),
        r"\bwebvpn\b|\bclientless\b|\banyconnect\b|\bssl ?vpn\b|\bremote access (?:ssl )?vpn\b",
        (r"webvpn$", r"crypto ikev2 enable \S+ client-services"),
        off_by_default=True,
    ),
    Feature("asdm", ("asa",), r"\basdm\b|\bweb services interface\b", (r"http server enable",), off_by_default=True),
    Feature("dhcp-relay", IOS_LIKE, r"\bdhcp (?:version 4 )?relay\b", (r"ip helper-address ", r"ip dhcp relay "), off_by_default=True),
    Feature(
        "ospf",
        (*IOS_LIKE, "nx-os", "asa"),
        r"\bospf(?:v[23])?\b|open shortest path first",
        (r"router ospf(?:v3)? ", r"ip ospf \d+ area", r"feature ospf"),
        off_by_default=True,
    ),
    Feature("bgp", (*IOS_LIKE, "nx-os", "asa"), r"\bbgp\b|border gateway protocol", (r"router bgp ", r"feature bgp$"), off_by_default=True),
    Feature("eigrp", (*IOS_LIKE, "nx-os"), r"\beigrp\b", (r"router eigrp ", r"feature eigrp$"), off_by_default=True),
    Feature(
        "sip",
        IOS_LIKE,
        r"\bsession initiation protocol\b|\bsip\b(?! inspection)",
        (r"dial-peer voice \d+ voip", r"voice service voip$", r"sip-ua$"),
        off_by_default=True,
    ),
    Feature(
        "nat",
        IOS_LIKE,
        r"\bnetwork address translation\b|\bnat(?:64)?\b",
        (r"ip nat (?:inside|outside)", r"nat64 enable"),
        off_by_default=True,
    ),
    Feature(
        "zone-based-firewall",
        IOS_LIKE,
        r"\bzone-based (?:policy )?firewall\b",
        (r"zone-member security ", r"zone-pair security "),
        off_by_default=True,
    ),
    Feature(
        "multicast",
        IOS_LIKE,
        r"\bprotocol independent multicast\b|\bpim\b|\bmsdp\b|\bigmp\b",
        (r"ip pim ", r"ip multicast-routing"),
        off_by_default=True,
    ),
    Feature("telnet", IOS_LIKE, r"\btelnet\b", (r"transport input (?:.*\b)?(?:telnet|all)\b",)),
    Feature(
        "mpls", IOS_LIKE, r"\bmpls\b|\bmultiprotocol label switching\b", (r"mpls ip$", r"mpls traffic-eng tunnels"), off_by_default=True
    ),
    Feature("ssh", ("asa",), r"\bssh\b", (r"ssh \d",), off_by_default=True),
    Feature("tacacs", (*IOS_LIKE, "nx-os"), r"\btacacs\+?", (r"tacacs(?:-server)? ", r"feature tacacs\+"), off_by_default=True),
    Feature("dot1x", IOS_LIKE, r"\b802\.1x\b", (r"dot1x system-auth-control$",), off_by_default=True),
    Feature("lisp", ("ios-xe",), r"\blisp\b|locator id separation", (r"router lisp$",), off_by_default=True),
    Feature(
        "fabric-services", ("nx-os",), r"\bfabric services\b|\bcfs\b", (r"cfs (?:ipv4|ipv6|eth) distribute",), (r"no cfs distribute$",)
    ),
)


@dataclass(frozen=True, slots=True)
class ProvedOff:
    """`lines` turn it off; none where the absence of every line that turns it on is the proof."""

    feature: str
    lines: Sequence[Line]


def proved_off(os: str, title: str, configuration: Configuration) -> ProvedOff | None:
    """The feature that an advisory's title names, if the configuration shows that it is off; None proves nothing.

    A title that names several features is proved off only when each of them is.
    """
    named = _named(os, title)
    proofs = [_proof(feature, configuration) for feature in named]
    found = [proof for proof in proofs if proof is not None]
    if not found or len(found) != len(named):
        return None
    return ProvedOff(", ".join(proof.feature for proof in found), [line for proof in found for line in proof.lines])


@lru_cache(maxsize=8_192)  # devices of a system are held against the same advisories
def _named(os: str, title: str) -> Sequence[Feature]:
    return [feature for feature in FEATURES if os in feature.systems and re.search(feature.said, title, re.IGNORECASE)]


def shown_on(os: str, title: str, configuration: Configuration) -> Sequence[Line]:
    """The lines that turn on a feature which the title names, in their order; at most MOST_LINES."""
    patterns = [pattern for feature in _named(os, title) for pattern in feature.on]
    lines = {line.number: line for pattern in patterns for line in configuration.anywhere(pattern)}
    return [lines[number] for number in sorted(lines)][:MOST_LINES]


def commands_to_stop(os: str, title: str) -> Sequence[str]:
    """What turns off the features that a title names; empty where turning them off is no remedy."""
    return tuple(command for feature in _named(os, title) for command in feature.stop)


def names_feature(os: str, title: str) -> bool:
    return bool(_named(os, title))


def _proof(feature: Feature, configuration: Configuration) -> ProvedOff | None:
    if any(configuration.anywhere(pattern) for pattern in feature.on):
        return None
    off = [configuration.anywhere(pattern) for pattern in feature.off]
    if off and (all(off) if feature.needs_all_off else any(off)):
        return ProvedOff(feature.name, [line for lines in off for line in lines])
    return ProvedOff(feature.name, ()) if feature.off_by_default and is_whole(configuration) else None


def is_whole(configuration: Configuration) -> bool:
    """Whether the text may be taken for all of a configuration, so that what it does not hold is not there."""
    return not configuration.problems and bool(configuration.anywhere(r"(?:hostname|switchname) \S"))
