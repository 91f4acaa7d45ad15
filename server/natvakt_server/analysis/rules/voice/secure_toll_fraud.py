"""voice.secure.toll-fraud: anybody may place calls through the gateway."""

import re

from natvakt_server.analysis.configuration.check import (
    Breach,
    ConfigurationRule,
    Outcome,
    Requirement,
    Subject,
    does_not_apply,
    settle,
)
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.registry import Role

SWITCHES = frozenset((Role.ACCESS, Role.DISTRIBUTION, Role.CORE))
ROUTERS = frozenset((Role.ROUTER, Role.WAN_EDGE, Role.VOICE_GATEWAY))

VOIP = r"(?:voice service voip|dial-peer voice \d+ voip)"
ANY = re.compile(r"ipv4 0\.0\.0\.0(?: 0\.0\.0\.0)?$|ipv6 ::/0$", re.IGNORECASE)


def judge(subject: Subject) -> Outcome:
    """On by default since 15.1(2)T: only addresses of dial peers and of the list are let in."""
    reading = subject.reading
    used = subject.configuration.anywhere(VOIP)
    if not used:
        return does_not_apply("no-voip")
    off = reading.below("voice service voip", r"no ip address trusted authenticate")
    open_lines = [line for line in reading.below("voice service voip", r"ipv[46] \S") if ANY.match(line.text)]
    breaches = []
    if off:
        fix = (
            "voice service voip",
            " ip address trusted authenticate",
            " ip address trusted list",
            "  ipv4 <address of the provider> 255.255.255.255",
        )
        breaches.append(Breach(Severity.CRITICAL, off, "trusted list", fix))
    if open_lines:
        closing = ("voice service voip", " ip address trusted list", *(f"  no {line.text}" for line in open_lines))
        breaches.append(Breach(Severity.CRITICAL, open_lines, "trusted list", closing))
    return settle(breaches, 1, used[:1])


CHECK = ConfigurationRule(
    id="voice.secure.toll-fraud",
    title=Text("Anybody may place calls through the gateway", "Vem som helst får ringa via gatewayen"),
    impact=Text(
        "Scanners find it within hours and call premium numbers over a weekend; the company pays.",
        "Skanners hittar den inom timmar och ringer betalnummer över en helg; företaget betalar.",
    ),
    recommendation=Text("Let in only the call manager and the provider.", "Släpp bara in samtalsväxeln och leverantören."),
    severities=(Severity.CRITICAL,),
    effort_minutes=10,
    requirements=(Requirement(("ios", "ios-xe"), judge),),
    roles=ROUTERS,
)
