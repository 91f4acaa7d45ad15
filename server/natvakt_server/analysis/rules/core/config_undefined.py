"""core.config.undefined: a list or policy is referred to and not defined."""

import re

from natvakt_server.analysis.configuration.check import (
    Breach,
    ConfigurationRule,
    Outcome,
    Requirement,
    Subject,
    settle,
)
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line
from natvakt_server.domain.registry import Role

SWITCHES = frozenset((Role.ACCESS, Role.DISTRIBUTION, Role.CORE))
ROUTERS = frozenset((Role.ROUTER, Role.WAN_EDGE, Role.VOICE_GATEWAY))

REFERENCES = (
    ("access list", r"ip access-group (\S+) (?:in|out)", r"(?:ip )?access-list (?:extended |standard )?{}(?: |$)"),
    ("access list", r"access-class (\S+) (?:in|out)", r"(?:ip(?:v6)? )?access-list (?:extended |standard )?{}(?: |$)"),
    ("access list", r"ipv6 traffic-filter (\S+) (?:in|out)", r"ipv6 access-list {}(?: |$)"),
    ("access list", r"match (?:ip )?address (?!prefix-list|ipv6)(\S+)", r"(?:ip(?:v6)? )?access-list (?:extended |standard )?{}(?: |$)"),
    ("access list", r"match access-group name (\S+)", r"(?:ip(?:v6)? |mac )?access-list (?:extended |standard )?{}(?: |$)"),
    ("access list", r"access-group (\S+) (?:in|out) interface", r"access-list {}(?: |$)"),
    ("access list", r"crypto map \S+ \d+ match address (\S+)", r"access-list {}(?: |$)"),
    ("access list", r"ip http access-class (?:ipv4 )?(?!ipv6 )(\S+)$", r"(?:ip )?access-list (?:standard |extended )?{}(?: |$)"),
    ("access list", r"ip nat inside source list (\S+)", r"(?:ip )?access-list (?:standard |extended )?{}(?: |$)"),
    ("route map", r"(?:.* )?route-map (\S+) (?:in|out)$", r"route-map {}(?: |$)"),
    ("route map", r"ip policy route-map (\S+)", r"route-map {}(?: |$)"),
    ("route map", r"redistribute .*route-map (\S+)", r"route-map {}(?: |$)"),
    ("prefix list", r"(?:.* )?prefix-list (\S+) (?:in|out)$", r"ip(?:v6)? prefix-list {}(?: |$)"),
    ("prefix list", r"match ip(?:v6)? address prefix-list (\S+)", r"ip(?:v6)? prefix-list {}(?: |$)"),
    (
        "policy map",
        r"service-policy (?:type \S+ )?(?:input |output )?(?!type |input |output |global|copp-system-|system-cpp-policy$)(\S+)$",
        r"policy-map (?:type (?:\S+ )+?)?{}$",
    ),
    ("policy map", r"service-policy (\S+) (?:global|interface \S+)$", r"policy-map (?:type (?:\S+ )+?)?{}$"),
    ("class map", r"class (?!class-default|type |inspection_default)(\S+)$", r"class-map (?:type (?:\S+ )+?)?(?:match-(?:all|any) )?{}$"),
)
OBJECT = re.compile(r"(?<![\w-])object(?:-group)? (\S+)", re.IGNORECASE)
SECTION_OF_CLASS = re.compile(r"policy-map ", re.IGNORECASE)


def judge(subject: Subject) -> Outcome:
    configuration = subject.configuration
    defined = [line.text for line in configuration.children()]
    breaches: list[Breach] = []
    shown: list[Line] = []
    known: dict[tuple[str, str], bool] = {}
    for kind, pattern, definition in REFERENCES:
        wanted = re.compile(pattern, re.IGNORECASE)
        for line in configuration.anywhere(pattern):
            parent = configuration.parent(line)
            if kind == "class map" and (parent is None or not SECTION_OF_CLASS.match(parent.text)):
                continue
            match = wanted.match(line.text)
            name = match[1] if match is not None else ""
            key = (definition, name.lower())
            if key not in known:
                found = re.compile(definition.format(re.escape(name)), re.IGNORECASE)
                known[key] = any(found.match(text) for text in defined)
            if known[key]:
                shown.append(line)
            else:
                head = (parent.text,) if parent is not None else ()
                breaches.append(Breach(Severity.MEDIUM, (line,), f"{kind} {name}", (*head, f"{' ' * len(head)}no {line.text}")))
    objects, missing = _objects(subject)
    return settle([*breaches, *missing], len(shown) + objects + len(breaches), shown[:1], "nothing-referred-to")


def _objects(subject: Subject) -> tuple[int, list[Breach]]:
    """Objects and groups in the access lists of an ASA: how many there are, and those that no line defines."""
    reading = subject.reading
    if subject.os != "asa":
        return 0, []
    defined = {line.text.split()[2] for line in reading.find(r"object(?:-group)? \S+ \S")}
    used = [(line, name) for line in reading.find(r"access-list \S") for name in OBJECT.findall(line.text)]
    missing: dict[str, list[Line]] = {}
    for line, name in used:
        if name not in defined:
            missing.setdefault(name, []).append(line)
    breaches = [
        Breach(Severity.MEDIUM, lines, f"object {name}", tuple(f"no {line.text}" for line in lines)) for name, lines in missing.items()
    ]
    return len(used), breaches


CHECK = ConfigurationRule(
    id="core.config.undefined",
    title=Text("Something is referred to that does not exist", "Något hänvisas till som inte finns"),
    impact=Text(
        "A filter that is missing lets everything through, or nothing, and a missing policy gives no priority: neither is what was meant.",
        "Ett filter som saknas släpper igenom allt, eller inget, och en policy som saknas ger ingen prioritet: inget av det var meningen.",
    ),
    recommendation=Text(
        "Define what is missing, or remove the line that refers to it.",
        "Definiera det som saknas, eller ta bort raden som hänvisar till det.",
    ),
    severities=(Severity.MEDIUM,),
    effort_minutes=20,
    requirements=(Requirement(("ios", "ios-xe", "nx-os", "asa"), judge),),
)
