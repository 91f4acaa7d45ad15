"""voice.qos.trust: the switch does not believe the phone's marks, or believes the computer's."""

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line
from natvakt_server.domain.registry import Role

SWITCHES = frozenset((Role.ACCESS, Role.DISTRIBUTION, Role.CORE))
ROUTERS = frozenset((Role.ROUTER, Role.WAN_EDGE, Role.VOICE_GATEWAY))

PHONE = r"(?:(?:mls qos )?trust device cisco-phone|auto qos voip (?:cisco-phone|cisco-softphone|trust)|service-policy input \S+)"
ANYBODY = r"(?:mls qos trust (?:cos|dscp|ip-precedence)|auto qos trust)"


def judge(subject: Subject) -> Outcome:
    ports = [port for port in subject.reading.interfaces if port.faces_hosts]
    phones = [port for port in ports if port.voice]
    good: list[Line] = []
    breaches: list[Breach] = []
    for port in phones:
        line = port.on(PHONE)
        if line is None:
            breaches.append(Breach(Severity.MEDIUM, (port.line,), port.name, (f"interface {port.name}", " trust device cisco-phone")))
        else:
            good.append(line)
    for port in ports:
        line = port.on(ANYBODY)
        if line is not None and not port.voice:
            breaches.append(Breach(Severity.MEDIUM, (port.line, line), port.name, (f"interface {port.name}", f" no {line.text}")))
    return settle(breaches, len(ports) if phones or breaches else 0, good, "no-phone-port")


CHECK = ConfigurationRule(
    id="voice.qos.trust",
    title=Text("Marks of phones are not trusted, or those of computers are", "Telefoners märkning är inte betrodd, eller datorers är det"),
    impact=Text(
        "Calls lose their priority at the first switch, or any computer may take it.",
        "Samtal tappar sin prioritet redan i första switchen, eller så kan vilken dator som helst ta den.",
    ),
    recommendation=Text(
        "Trust what a phone marks, on condition that a phone is there.",
        "Lita på det en telefon märker, på villkor att en telefon sitter där.",
    ),
    severities=(Severity.MEDIUM,),
    effort_minutes=10,
    requirements=(Requirement(("ios", "ios-xe"), judge),),
    roles=SWITCHES,
    references=("AutoQoS",),
)
