"""security.l2.dot1x: who plugs in at a host port is asked who he is, by 802.1X or by the address of his device."""

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, does_not_apply, settle
from natvakt_server.analysis.configuration.interfaces import Interface
from natvakt_server.analysis.configuration.ports import SWITCH_SYSTEMS, breach
from natvakt_server.analysis.configuration.reading import SWITCH_ROLES
from natvakt_server.analysis.rule import Change, Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line

_CONTROL = r"(?:authentication|access-session|dot1x) port-control auto$"
_ASKS = r"(?:dot1x pae (?:authenticator|both)|mab)\b"
_ONE_FOR_ALL = r"(?:authentication|access-session|dot1x) host-mode multi-host$"
_COMMANDS = ("authentication port-control auto", "dot1x pae authenticator", "mab")


def asks(port: Interface) -> Line | None:
    """The line that makes a port ask; None where it does not, or where one who answered opens it for all."""
    control = port.on(_CONTROL)
    if control is None or port.on(_ONE_FOR_ALL) is not None:
        return None
    old_form = control.text.lower().startswith("dot1x")
    return control if old_form or port.on(_ASKS) is not None else None


def judge(subject: Subject) -> Outcome:
    reading = subject.reading
    ports = reading.host_ports
    if not ports:
        return does_not_apply("no-host-port")
    asked = [(port, asks(port)) for port in ports]
    breaches = [breach(Severity.MEDIUM, port, _COMMANDS, port.on(_ONE_FOR_ALL)) for port, line in asked if line is None]
    missing = [
        command
        for command, pattern in (
            ("dot1x system-auth-control", r"dot1x system-auth-control$"),
            ("aaa authentication dot1x default group radius", r"aaa authentication dot1x (?:default|\S+) group "),
        )
        if not reading.find(pattern)
    ]
    if missing and len(breaches) < len(ports):
        breaches.append(Breach(Severity.MEDIUM, remediation=missing))
    return settle(breaches, len(ports), [line for _, line in asked if line is not None])


CHECK = ConfigurationRule(
    id="security.l2.dot1x",
    title=Text("Host ports let in anybody", "Användarportar släpper in vem som helst"),
    impact=Text(
        "Whoever reaches a wall socket is on the network, with any device.",
        "Den som når ett vägguttag är inne på nätet, med vilken enhet som helst.",
    ),
    recommendation=Text(
        "Turn on 802.1X on host ports, with MAC authentication for devices that cannot answer; try it on a few ports first.",
        "Slå på 802.1X på användarportar, med MAC-autentisering för enheter som inte kan svara; pröva på några portar först.",
    ),
    severities=(Severity.MEDIUM,),
    effort_minutes=240,
    requirements=(Requirement(SWITCH_SYSTEMS, judge, ("CISC-L2-000020",)),),
    references=("VVoIP 5310", "IEEE 802.1X"),
    change=Change.INTERRUPTION,
    roles=SWITCH_ROLES,
)
