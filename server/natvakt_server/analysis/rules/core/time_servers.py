"""core.time.ntp, as the configuration tells: fewer than two time servers, or others than the customer says it has."""

import ipaddress
import re

from natvakt_server.analysis.configuration.check import (
    Breach,
    ConfigurationRule,
    Outcome,
    Requirement,
    Subject,
    fails,
    passes,
)
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.policy import TIME_SERVERS
from natvakt_server.domain.registry import Role

SWITCHES = frozenset((Role.ACCESS, Role.DISTRIBUTION, Role.CORE))
ROUTERS = frozenset((Role.ROUTER, Role.WAN_EDGE, Role.VOICE_GATEWAY))

WANTED = 2
SERVER = re.compile(r"ntp server (?:vrf \S+ )?(?:ip |ipv6 )?(\S+)", re.IGNORECASE)


def _is_stranger(server: str, own: frozenset[str]) -> bool:
    """An address that is none of the customer's time servers; what a name leads to, no configuration tells."""
    try:
        return str(ipaddress.ip_address(server)) not in own
    except ValueError:
        return False


def judge(subject: Subject) -> Outcome:
    lines = subject.reading.find(r"ntp server ")
    named = {match[1].lower() for line in lines if (match := SERVER.match(line.text)) is not None}
    own = frozenset(subject.places.get(TIME_SERVERS, ()))
    strangers = [line for line in lines if own and (match := SERVER.match(line.text)) is not None and _is_stranger(match[1], own)]
    if strangers:
        fix = (*(f"no {line.text}" for line in strangers), *(f"ntp server {each}" for each in sorted(own - named)))
        return fails(Breach(Severity.MEDIUM, strangers, "servers", fix), judged=len(lines))
    if len(named) >= WANTED:
        return passes(lines)
    return fails(
        Breach(
            Severity.MEDIUM, lines, "servers", tuple(f"ntp server <time server {number}>" for number in range(len(named) + 1, WANTED + 1))
        )
    )


CHECK = ConfigurationRule(
    id="core.time.ntp",
    title=Text("Clock is not synchronised", "Klockan är inte synkroniserad"),
    impact=Text(
        "Logs of different devices cannot be put in order, certificates seem expired or not yet valid, and logins that use time fail.",
        "Loggar från olika enheter går inte att ordna, certifikat verkar utgångna och inloggning som bygger på tid misslyckas.",
    ),
    recommendation=Text("Point the device to two time servers that it can reach.", "Peka enheten mot två tidsservrar som den når."),
    severities=(Severity.MEDIUM,),
    effort_minutes=10,
    requirements=(
        Requirement(("ios", "ios-xe", "nx-os"), judge, ("CISC-ND-001030",)),
        Requirement(("asa",), judge, ("CASA-ND-000940",)),
    ),
    references=("RFC 5905",),
)
