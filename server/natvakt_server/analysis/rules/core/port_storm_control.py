"""core.port.storm-control: a host port lets any amount of broadcast in."""

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line
from natvakt_server.domain.registry import Role

SWITCHES = frozenset((Role.ACCESS, Role.DISTRIBUTION, Role.CORE))
ROUTERS = frozenset((Role.ROUTER, Role.WAN_EDGE, Role.VOICE_GATEWAY))


def judge(subject: Subject) -> Outcome:
    reading = subject.reading
    ports = [port for port in reading.interfaces if port.faces_hosts]
    good: list[Line] = []
    breaches: list[Breach] = []
    for port in ports:
        line = port.on(r"storm-control broadcast (?:level )?\S|storm-control action|storm-control broadcast")
        if line is not None:
            good.append(line)
        else:
            breaches.append(
                Breach(Severity.LOW, (port.line,), port.name, (f"interface {port.name}", " storm-control broadcast level 1.00"))
            )
    return settle(breaches, len(ports), good, "no-host-port")


CHECK = ConfigurationRule(
    id="core.port.storm-control",
    title=Text("Host port without storm control", "Datorport utan stormskydd"),
    impact=Text(
        "One loop behind a desk, or one broken network card, floods the whole VLAN.",
        "En slinga bakom ett skrivbord, eller ett trasigt nätverkskort, dränker hela VLAN:et.",
    ),
    recommendation=Text(
        "Limit broadcast on host ports to a hundredth of their speed.",
        "Begränsa broadcast på datorportar till en hundradel av hastigheten.",
    ),
    severities=(Severity.LOW,),
    effort_minutes=15,
    requirements=(Requirement(("ios", "ios-xe", "nx-os"), judge, ("CISC-L2-000160",)),),
    roles=SWITCHES,
)
