"""security.l2.port-security: how many devices may stand behind a host port is limited, where nobody is asked who he is."""

from natvakt_server.analysis.configuration.check import ConfigurationRule, Outcome, PolicyValue, Requirement, Subject
from natvakt_server.analysis.configuration.interfaces import Interface
from natvakt_server.analysis.configuration.ports import SWITCH_SYSTEMS, each_port
from natvakt_server.analysis.configuration.reading import SWITCH_ROLES
from natvakt_server.analysis.rule import Text
from natvakt_server.analysis.rules.security.l2_dot1x import asks
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line

ADDRESSES = PolicyValue("port_addresses", 3)


def judge(subject: Subject) -> Outcome:
    most = int(subject.limit(ADDRESSES))

    def limited(port: Interface) -> Line | None:
        told = port.last(r"switchport port-security maximum \d+$")
        number = int(told.text.split()[-1]) if told is not None else 1
        return asks(port) or (port.on(r"switchport port-security$") if number <= most else None)

    commands = (f"switchport port-security maximum {most}", "switchport port-security violation restrict", "switchport port-security")
    return each_port(subject.reading.host_ports, Severity.LOW, limited, *commands)


CHECK = ConfigurationRule(
    id="security.l2.port-security",
    title=Text("Any number of devices behind a host port", "Obegränsat antal enheter bakom en användarport"),
    impact=Text(
        "A switch or an access point of somebody's own goes unnoticed, and a flood of addresses fills the table of the switch.",
        "En egen switch eller accesspunkt märks inte, och en flod av adresser fyller switchens tabell.",
    ),
    recommendation=Text("Limit the addresses behind each host port.", "Begränsa antalet adresser bakom varje användarport."),
    severities=(Severity.LOW,),
    effort_minutes=30,
    requirements=(Requirement((*SWITCH_SYSTEMS, "nx-os"), judge),),
    references=("VVoIP 5300",),
    thresholds=(ADDRESSES,),
    roles=SWITCH_ROLES,
)
