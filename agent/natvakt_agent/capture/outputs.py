"""Configurations and show commands as text: where names stand in them, and where prose.

A command's words have to stay, or no reader understands the text any more. So words are replaced only where they were met as a name: on the
device's SNMP side, or in a place of a configuration that takes one.
"""

import re
from collections.abc import Iterator

from natvakt_agent.capture.kinds import Kind

_PLACES = {
    Kind.NAME: r"""
        hostname|switchname|sysname|prompt\ name|(?:ip\ )?domain(?:[\ -]name|\ list)|vtp\ domain
        |(?:ip\ )?vrf(?:\ definition|\ context|\ forwarding|\ member)?|vrf|ip\ host|name-server
        |class-map(?:\ type\ \S+)?(?:\ match-(?:any|all))?|policy-map(?:\ type\ \S+)?|class
        |service-policy(?:\ (?:input|output))?|(?:ip|ipv6)\ access-list(?:\ (?:extended|standard))?|access-list
        |access-class|(?:ip|ipv6)\ (?:access-group|traffic-filter)|access-group|route-map|(?:ip|ipv6)\ prefix-list
        |object-group(?:\ (?:network|service|protocol))?|object(?:\ (?:network|service))?|tunnel-group|group-policy
        |crypto\ (?:map|keyring|(?:isakmp|ikev2)\ (?:profile|policy|keyring))
        |crypto\ (?:ipsec\ (?:transform-set|profile)|pki\ (?:trustpoint|certificate\ chain))
        |aaa\ (?:group\ server\ (?:radius|tacacs\+)|authentication\ login)|(?:radius|tacacs)\ server|aaa-server
        |key\ chain|nameif|name|ip\ dhcp\ pool|snmp-server\ group|snmp-server\ view|wlan|ap\ name|wireless\ profile\ \S+
        |voice\ class\ \S+|ephone-template|template|peer-group|peer-session
        |neighbor\ \S+\ (?:description|peer-group|route-map)|Device\ ID|System\ Name|host|mop\ device-id|location\ name
        |flow\ (?:exporter|monitor|record)
    """,
    Kind.CONTACT: r"snmp-server\ contact",
    Kind.PLACE: r"snmp-server\ location|location|Location",
    Kind.USER: r"username|mgmtuser\ add|(?:config\ )?mgmtuser\ add|snmp-server\ user|^!.*\ by|ephone-hunt\ login|user",
    Kind.SSID: r"(?:dot11\ )?ssid|SSID",
    Kind.COMMUNITY: r"snmp-server\ community|snmp-server\ host\ \S+(?:\ version\ \S+)?",
    Kind.PHONE: r"destination-pattern|number|incoming\ called-number|answer-address|session\ target\ dtmf|voicemail|dn",
}
_PLACE = {
    kind: re.compile(rf"(?:^|(?<=\s))(?:{places})(?:\s*:\s*|\s+)(?P<value>\S.*?)\s*$", re.VERBOSE) for kind, places in _PLACES.items()
}
_WHOLE_LINE = frozenset((Kind.CONTACT, Kind.PLACE))
"""Kinds whose value is the rest of the line; of the others it is one word."""
_WORDS_OF_GRAMMAR = re.compile(
    r"<natvakt:.*|input|output|in|out|any|all|host|extended|standard|class-default|permit|deny|type|match-\S+|\d{1,4}|\W+"
)

_PROSE = re.compile(r"^(?P<head>.*?(?:^|\s)(?:description|remark|title|comment|label|text)\s+)(?P<tail>\S.*)$", re.IGNORECASE)
_BANNER = re.compile(r"^\s*(?:no\s+)?banner(?:\s+\S+)?\s+(?P<mark>\^C|\^\S|[^\sA-Za-z0-9])")


def told(text: str) -> Iterator[tuple[Kind, str]]:
    """Names and the like, by where they stand."""
    for line in text.splitlines():
        for kind, place in _PLACE.items():
            found = place.search(line)
            if found is None:
                continue
            value = found.group("value").strip("\"'")
            if kind not in _WHOLE_LINE:
                value = value.split()[0].strip("\"',;") if value.split() else ""
            if value and _WORDS_OF_GRAMMAR.fullmatch(value) is None:
                yield kind, value


def pieces(text: str) -> Iterator[tuple[str, Kind]]:
    """The text cut where commands end and prose begins, each piece with what it is to be treated as."""
    ends: str | None = None
    for line in text.splitlines(keepends=True):
        if ends is not None:
            yield line, Kind.LABEL
            ends = None if ends in line else ends
            continue
        banner = _BANNER.match(line)
        if banner is not None:
            yield line, Kind.LABEL
            ends = None if banner.group("mark") in line[banner.end() :] else banner.group("mark")
            continue
        prose = _PROSE.match(line)
        if prose is None:
            yield line, Kind.COMMAND
            continue
        yield prose.group("head"), Kind.COMMAND
        yield line[prose.start("tail") :], Kind.LABEL
