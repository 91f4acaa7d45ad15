"""security.l2.trunk: nobody negotiates a trunk, and no port where people plug in is one."""

import re

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.interfaces import Interface, PortRole
from natvakt_server.analysis.configuration.ports import SWITCH_SYSTEMS, breach
from natvakt_server.analysis.configuration.reading import SWITCH_ROLES
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity

_PEOPLE = re.compile(r"\b(?:host|user|pc|desktop|laptop|printer|office|desk|workstation|phone)s?\b", re.IGNORECASE)
_FOR_HOSTS = (
    r"(?:switchport voice vlan|authentication port-control auto|access-session port-control auto|dot1x pae|mab$|spanning-tree portfast$)"
)


def negotiation(subject: Subject) -> Outcome:
    """By default ports negotiate (`dynamic auto`); one that is access does not, a trunk does until it is told not to."""
    ports = [port for port in subject.reading.interfaces if port.switchport and port.physical and not port.shut]
    breaches = [each for port in ports if (each := _negotiates(port)) is not None]
    return settle(
        breaches, len(ports), [line for port in ports if (line := port.last(r"switchport (?:mode|nonegotiate)"))], "no-switch-port"
    )


def _negotiates(port: Interface) -> Breach | None:
    if port.mode == "access" or port.on(r"switchport nonegotiate$") is not None or port.mode not in ("dynamic", "trunk"):
        return None
    mode = port.last(r"switchport mode \S")
    uses = "trunk" if port.role in (PortRole.UPLINK, PortRole.AP, PortRole.SERVER) and port.trunks else "access"
    return breach(Severity.MEDIUM, port, (f"switchport mode {uses}", "switchport nonegotiate"), mode)


def people(subject: Subject) -> Outcome:
    """Ports that people use are set to one VLAN."""
    ports = [port for port in subject.reading.interfaces if port.switchport and port.physical and not port.shut and not port.bundled]
    breaches = [breach(Severity.MEDIUM, port, ("switchport mode access",), port.last(r"switchport mode ")) for port in ports if _open(port)]
    return settle(breaches, len(ports), nothing="no-switch-port")


def _open(port: Interface) -> bool:
    if port.trunks:
        edge = port.last(_FOR_HOSTS) is not None and port.role not in (PortRole.AP, PortRole.SERVER)
        return edge or (_PEOPLE.search(port.description or "") is not None and port.role is PortRole.UPLINK)
    return port.role in (PortRole.HOST, PortRole.PHONE) and port.mode == "dynamic" and port.on(r"switchport access vlan ") is None


CHECK = ConfigurationRule(
    id="security.l2.trunk",
    title=Text("Ports that may become a trunk", "Portar som kan bli trunk"),
    impact=Text(
        "A host that speaks the protocol gets a trunk, and with it every VLAN.",
        "En enhet som talar protokollet får en trunk, och med den varje VLAN.",
    ),
    recommendation=Text(
        "Set every port to access or trunk and turn negotiation off.", "Sätt varje port till access eller trunk och stäng av förhandlingen."
    ),
    severities=(Severity.MEDIUM,),
    effort_minutes=10,
    requirements=(
        Requirement(SWITCH_SYSTEMS, negotiation, ("CISC-L2-000200",)),
        Requirement((*SWITCH_SYSTEMS, "nx-os"), people, ("CISC-L2-000250",)),
    ),
    roles=SWITCH_ROLES,
)
