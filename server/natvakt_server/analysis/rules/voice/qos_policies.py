"""voice.qos.priority, as the configuration tells: a policy on the way out without a priority class."""

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
from natvakt_server.domain.configuration.model import Line
from natvakt_server.domain.registry import Role

SWITCHES = frozenset((Role.ACCESS, Role.DISTRIBUTION, Role.CORE))
ROUTERS = frozenset((Role.ROUTER, Role.WAN_EDGE, Role.VOICE_GATEWAY))

ATTACHED = re.compile(r"service-policy output (\S+)", re.IGNORECASE)
NESTED = re.compile(r"service-policy (\S+)$", re.IGNORECASE)
MARKS = re.compile(r"match (?:ip )?(?:dscp|precedence|cos|mpls experimental(?: topmost)?) (.+)$", re.IGNORECASE)
EXPEDITED = re.compile(r"(?<!\S)(?:ef|46|cs5|40|va|voice-admit|44|5|critical)(?!\S)", re.IGNORECASE)
VOICE = r"(?:dial-peer voice|voice-port|voice service|telephony-service|call-manager-fallback|ccm-manager|sccp ccm)"


def judge(subject: Subject) -> Outcome:
    reading = subject.reading
    attached = [(port, line) for port in reading.interfaces if not port.shut for line in port.all(r"service-policy output \S")]
    if not attached:
        if not subject.configuration.anywhere(VOICE):
            return does_not_apply("no-voice")
        bare = [port for port in reading.outside if not port.shut]
        attach = " service-policy output <policy with a priority class>"
        return settle(
            [Breach(Severity.HIGH, (port.line,), port.name, (f"interface {port.name}", attach)) for port in bare],
            len(bare),
            (),
            "no-outside",
        )
    good: list[Line] = []
    breaches: list[Breach] = []
    for port, line in attached:
        match = ATTACHED.match(line.text)
        name = match[1] if match is not None else ""
        found = priority_lines(subject, name, set())
        if found:
            good += found
        else:
            fix = (f"policy-map {name}", " class VOICE", "  priority percent 20")
            breaches.append(Breach(Severity.HIGH, (line, *reading.find(rf"policy-map {re.escape(name)}$")), port.name, fix))
    return settle(breaches, len(attached), good)


def priority_lines(subject: Subject, name: str, seen: set[str]) -> list[Line]:
    """`priority` lines of a policy and of those below it."""
    if name in seen:
        return []
    seen.add(name)
    section = rf"policy-map {re.escape(name)}$"
    found = [line for line in subject.reading.below(section, r"priority\b(?! level 2$)") if may_hold_voice(subject, line)]
    for line in subject.reading.below(section, r"service-policy \S+$"):
        match = NESTED.match(line.text)
        found += priority_lines(subject, match[1], seen) if match is not None else []
    return found


def may_hold_voice(subject: Subject, priority: Line) -> bool:
    """Whether the class of that line takes voice: marked EF (RFC 3246), or told by anything but marks, such as protocol, list or group.

    A class that the text does not define is taken at its word."""
    parent = subject.configuration.parent(priority)
    name = parent.text.split()[-1] if parent is not None else ""
    matches = subject.reading.below(rf"class-map (?:match-(?:all|any) )?{re.escape(name)}$", r"match \S")
    marks = [found[1] for line in matches if (found := MARKS.match(line.text))]
    return len(marks) < len(matches) or not matches or any(EXPEDITED.search(values) for values in marks)


CHECK = ConfigurationRule(
    id="voice.qos.priority",
    title=Text("No priority for voice on the way out", "Ingen prioritet för röst på vägen ut"),
    impact=Text(
        "Whenever somebody uploads a file the calls of the whole site break up.",
        "Varje gång någon laddar upp en fil hackar hela platsens samtal.",
    ),
    recommendation=Text(
        "Put voice in a priority class of about a fifth, below a shaper set to the bought rate.",
        "Lägg röst i en prioritetsklass på ungefär en femtedel, under en shaper på den köpta hastigheten.",
    ),
    severities=(Severity.HIGH,),
    effort_minutes=60,
    requirements=(Requirement(("ios", "ios-xe"), judge, ("CISC-RT-000770",)),),
    roles=ROUTERS,
    references=("VVoIP 6205",),
)
