"""security.l2.root-guard: no access switch becomes root of the spanning tree, for the ports towards it do not let it."""

import re

from natvakt_server.analysis.configuration.check import ConfigurationRule, Outcome, Requirement, Subject, does_not_apply
from natvakt_server.analysis.configuration.interfaces import Interface, PortRole
from natvakt_server.analysis.configuration.ports import SWITCH_SYSTEMS, each_port
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line
from natvakt_server.domain.registry import Role

_NOT_BELOW = re.compile(
    r"\b(?:core|dist\w*|agg\w*|uplink|wan|rtr|router|fw|firewall|asa|isp|internet|peer|vpc|ise|wlc|wlan)\b|-(?:core|rtr|fw|wlc)\b", re.I
)


def judge(subject: Subject) -> Outcome:
    reading = subject.reading
    if reading.role is Role.ACCESS:
        return does_not_apply("another-role")
    below = [port for port in reading.interfaces if _leads_down(reading, port)]
    guarding = any(port.on(r"spanning-tree guard root$") for port in below)
    if reading.role is None and not guarding and len(reading.host_ports) > len(below):
        return does_not_apply("an-access-switch")

    def guarded(port: Interface) -> Line | None:
        return port.on(r"spanning-tree guard root$")

    return each_port(below, Severity.LOW, guarded, "spanning-tree guard root", nothing="no-access-switch-below")


def _leads_down(reading: Reading, port: Interface) -> bool:
    """A trunk, or a port of which nothing is said, that its description does not lead elsewhere."""
    if not port.switchport or port.shut or _NOT_BELOW.search(port.description or ""):
        return False
    bare = port.mode == "dynamic" and port.last(r"switchport (?:access|voice) |spanning-tree portfast|description ") is None
    vpc_peer = port.last(r"vpc peer-link|spanning-tree port type network$")
    return (port in reading.trunks and port.mode == "trunk" and port.role is PortRole.UPLINK and vpc_peer is None) or (
        bare and not port.bundled
    )


CHECK = ConfigurationRule(
    id="security.l2.root-guard",
    title=Text("An access switch may become root", "En accessswitch kan bli rot"),
    impact=Text(
        "A switch at the edge that is root pulls all traffic through itself, by mistake or on purpose.",
        "En switch i kanten som är rot drar all trafik genom sig, av misstag eller med avsikt.",
    ),
    recommendation=Text(
        "Turn root guard on at every port towards an access switch.", "Slå på root guard på varje port mot en accessswitch."
    ),
    severities=(Severity.LOW,),
    effort_minutes=10,
    requirements=(Requirement((*SWITCH_SYSTEMS, "nx-os"), judge, ("CISC-L2-000090",)),),
    roles=frozenset((Role.ACCESS, Role.CORE, Role.DISTRIBUTION)),
)
