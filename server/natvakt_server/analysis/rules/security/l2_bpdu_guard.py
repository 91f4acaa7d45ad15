"""security.l2.bpdu-guard: a host port that hears spanning tree is shut, for there is a switch behind it."""

from natvakt_server.analysis.configuration.check import ConfigurationRule, Outcome, Requirement, Subject
from natvakt_server.analysis.configuration.interfaces import Interface
from natvakt_server.analysis.configuration.ports import SWITCH_SYSTEMS, each_port
from natvakt_server.analysis.configuration.reading import SWITCH_ROLES
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line

_GLOBAL = r"spanning-tree (?:portfast (?:edge )?|port type edge )bpduguard default$"
_EDGE_BY_DEFAULT = r"spanning-tree (?:portfast (?:edge )?|port type edge )default$"
_EDGE = r"spanning-tree (?:portfast(?: edge)?(?: trunk)?|port type edge(?: trunk)?)$"


def judge(subject: Subject) -> Outcome:
    reading = subject.reading
    everywhere = reading.setting(_GLOBAL)
    edge_by_default = reading.setting(_EDGE_BY_DEFAULT).on

    def guarded(port: Interface) -> Line | None:
        own = port.last(r"(?:no )?spanning-tree bpduguard\b")
        if own is not None:
            return own if own.text.lower().endswith("enable") else None
        edge = port.on(_EDGE) is not None or (
            edge_by_default and port.last(r"spanning-tree (?:portfast disable|port type network)") is None
        )
        return everywhere.line if everywhere.on and edge else None

    commands = ("spanning-tree portfast", "spanning-tree bpduguard enable")
    if subject.os == "nx-os":
        commands = ("spanning-tree port type edge", "spanning-tree bpduguard enable")
    return each_port(reading.host_ports, Severity.MEDIUM, guarded, *commands)


CHECK = ConfigurationRule(
    id="security.l2.bpdu-guard",
    title=Text("Host ports accept a switch", "Användarportar tar emot en switch"),
    impact=Text(
        "A switch that somebody plugs in may become root of the spanning tree or close a loop.",
        "En switch som någon kopplar in kan bli rot i spanning tree eller sluta en loop.",
    ),
    recommendation=Text(
        "Set the ports to edge and turn BPDU guard on for all of them.", "Sätt portarna till edge och slå på BPDU guard för alla."
    ),
    severities=(Severity.MEDIUM,),
    effort_minutes=5,
    requirements=(Requirement((*SWITCH_SYSTEMS, "nx-os"), judge, ("CISC-L2-000100",)),),
    roles=SWITCH_ROLES,
)
