"""How each operating system writes its configuration down, as data for the parser, and which of them a text looks like.

Sources: the vendor's command references ("show running-config"): IOS 12.2 and later, IOS-XE, NX-OS 6 and later, ASA 8 and later,
IOS-XR 6 and later, AireOS 8 (`show run-config commands`), CBS and SG small-business switches (`show running-config`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from re import Pattern
from types import MappingProxyType


def _words(*patterns: str) -> Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_NEVER = re.compile(r"(?!)")
CLOSING = _words(r"[a-z-]+-control-end\b", r"exit(-[\w-]+)?$", r"quit$", r"@$", r"end(-[\w-]+)?$", r": end$")
# Message texts of the command line itself: a configuration never begins a line so.
MESSAGES = _words(
    r"% ?(invalid|incomplete|ambiguous|unknown|unrecognized|error|authorization|access denied|permission|bad|cannot|file not|no such)\b",
    r"%error\b",
    r"error: ?%",
    r"error: +(command|invalid|unrecognized|unknown|permission)\b",
    r"command authorization failed",
    r"(syntax error|permission denied|incorrect (usage|input)|unrecognized command|unknown command)\b",
    r"line has invalid autocommand",
    r"startup-config is not present",
    r"no startup configuration\b",
    r"no configuration\.?$",
    r"\s*\^$",
)
PAGING = re.compile(r"<?-+ ?more ?-+>?|press any key to continue|more: <space>", re.IGNORECASE)
PREAMBLE = _words(
    r"(building|generating) configuration",
    r"current configuration *:",
    r"using \d+ out of \d+ bytes",
    r"load for five secs",
    r"time source is\b",
    r"cryptochecksum:",
    r"uncompressed configuration from",
    r"\[ok\]$",
    r"(mon|tue|wed|thu|fri|sat|sun) \w{3} +\d+ \d\d:\d\d:\d\d(\.\d+)? \S+$",  # IOS-XR, before every answer
)
PROMPT = re.compile(r"(\([^()]{1,64}\) ?|RP/\S+:)?[\w.\-/@:()]{0,64} ?[#>] ?((show|more|sh|write|terminal|term)\b.*)?$", re.IGNORECASE)
CERTIFICATE_HEAD = _words(r"certificate(\s+(self-signed|ca|ra-\w+|rollover))*\s+[0-9a-f]{2,}$", r"certificate( ca)?$", r"key-string$")
CERTIFICATE_BODY = re.compile(r"[0-9A-Fa-f]{2,}(\s+[0-9A-Fa-f]{2,})*$|<natvakt:[^>]*>$")  # in hexadecimal, or scrubbed


@dataclass(frozen=True, slots=True)
class Flat:
    """A block whose lines may stand at the depth of its head: all of them belong to it until its end. `must_end`: the system always
    writes the end, however the lines stand."""

    head: Pattern[str]
    end: Pattern[str]
    must_end: bool = False


@dataclass(frozen=True, slots=True)
class Dialect:
    """`banners`: what opens a text between delimiters. `end_marks`: the last line of a whole text; empty: the system writes none."""

    name: str
    comment: Pattern[str] = field(default_factory=lambda: re.compile(r"!"))
    banners: Pattern[str] = _NEVER
    flat_blocks: tuple[Flat, ...] = ()
    hierarchical: bool = True
    end_marks: tuple[str, ...] = ()
    header_block: Flat | None = None


_DELIMITED = _words(
    r"banner\s+(exec|incoming|login|motd|prompt-timeout|slip-ppp|save-password)\s+(?=\S)",
    r"aaa authentication (banner|fail-message)\s+(?=\S)",
    r"menu \S+ title\s+(?=\S)",
    r"ip (auth-proxy|admission) auth-proxy-banner \w+\s+(?=\S)",
)
_FAMILIES = (
    Flat(re.compile(r"address-family\b"), re.compile(r"exit-address-family$")),
    Flat(re.compile(r"template peer-policy\b"), re.compile(r"exit-peer-policy$")),
    Flat(re.compile(r"template peer-session\b"), re.compile(r"exit-peer-session$")),
)
_MACRO = Flat(re.compile(r"macro name \S+$"), re.compile(r"@$"))
_POLICY_LANGUAGE = (
    Flat(re.compile(r"route-policy \S+$"), re.compile(r"end-policy$"), must_end=True),
    Flat(re.compile(r"(prefix|as-path|community|extcommunity|rd|ospf-area)-set \S+$"), re.compile(r"end-set$"), must_end=True),
)

IOS = Dialect("ios", banners=_DELIMITED, flat_blocks=(*_FAMILIES, _MACRO), end_marks=("end",))
NX_OS = Dialect("nx-os", banners=_DELIMITED)
IOS_XR = Dialect("ios-xr", banners=_DELIMITED, flat_blocks=_POLICY_LANGUAGE, end_marks=("end",))
ASA = Dialect("asa", comment=re.compile(r"!|:(?! end$)"), end_marks=(": end",))
AIREOS = Dialect("aireos", comment=re.compile(r"[#!]"), hierarchical=False)
SMALL_BUSINESS = Dialect(
    "small-business",
    banners=_DELIMITED,
    flat_blocks=(
        Flat(re.compile(r"vlan database$"), re.compile(r"exit$")),
        _MACRO,
        Flat(re.compile(r"ssd-control-start$"), re.compile(r"ssd-control-end\b")),
        Flat(re.compile(r"unit-type-control-start$"), re.compile(r"unit-type-control-end$")),
        Flat(re.compile(r"crypto key pubkey-chain ssh$"), re.compile(r"exit$")),
        Flat(re.compile(r"user-key \S+ \w+$"), re.compile(r"exit$")),
    ),
    header_block=Flat(re.compile(r"config-file-header$"), re.compile(r"@$")),
)
GENERIC = Dialect("generic", comment=re.compile(r"[!#]"), banners=_DELIMITED)

DIALECTS: Mapping[str, Dialect] = MappingProxyType(
    {
        "ios": IOS,
        "ios-xe": IOS,
        "nx-os": NX_OS,
        "aci": NX_OS,
        "ios-xr": IOS_XR,
        "asa": ASA,
        "pix": ASA,
        "ftd": ASA,
        "aireos": AIREOS,
        "small-business": SMALL_BUSINESS,
    }
)
# In the order asked: what only one system writes comes before what several write alike.
_MARKS: tuple[tuple[Dialect, Pattern[str]], ...] = (
    (SMALL_BUSINESS, _words(r"config-file-header$", r"file SSD indicator", r"ssd-control-start$", r"!System Description ")),
    (IOS_XR, _words(r"!! IOS XR Configuration", r"RP/\d+/", r"hw-module location all", r"telnet vrf \S+ ipv4 server")),
    (
        ASA,
        _words(r"(ASA|PIX|NGFW) Version ", r": (Saved|Written by|Serial Number:|Hardware:)", r"xlate per-session ", r"security-level \d"),
    ),
    (NX_OS, _words(r"!Command: show (running|startup)", r"vdc \S+ id ", r"feature(-set)? [a-z]", r"version \d+\.\d+\(")),
    (AIREOS, _words(r"config (sysname|interface|wlan|mgmtuser|802\.11|radius|network|country|ap|mobility|location|advanced|snmp|time) ?")),
    (IOS, _words(r"current configuration *:", r"boot-start-marker$", r"version \d+\.\d+$", r"aaa new-model$", r"! Last configuration")),
)
MARKS_READ_LINES = 400
ENOUGH_PLAIN_WORDS = re.compile(
    r"(no )?(hostname|interface|line vty|line con|router|ip (access-list|route)|spanning-tree|service|enable secret)\b", re.IGNORECASE
)


def dialect_of(system: str) -> Dialect:
    """By the word for an operating system; GENERIC where its grammar is not known."""
    return DIALECTS.get(system, GENERIC)


def detected(lines: list[str]) -> Dialect | None:
    """The system whose marks the first lines bear; None where they bear none: prose, an empty text, a system that is not known."""
    told = [line.strip() for line in lines[:MARKS_READ_LINES]]
    sure = marked(told)
    if sure is not None:
        return sure
    plain = sum(ENOUGH_PLAIN_WORDS.match(line) is not None for line in told)
    return IOS if plain >= 2 else None


def marked(lines: Sequence[str]) -> Dialect | None:
    """The system that alone writes something these lines hold; None where they hold only what several write alike."""
    return next((dialect for dialect, marks in _MARKS if any(marks.match(line) for line in lines)), None)
