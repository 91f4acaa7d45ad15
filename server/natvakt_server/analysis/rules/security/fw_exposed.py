"""security.fw.exposed: nobody outside may open a session to what only insiders should reach."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from natvakt_server.analysis.configuration.access_lists import Entry
from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.filters import permits_everything
from natvakt_server.analysis.configuration.firewall import Binding, Zone, bindings
from natvakt_server.analysis.configuration.object_groups import port_number
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.registry import Role

_SERVICES = MappingProxyType(
    {3389: "RDP", 445: "SMB", 139: "SMB", 1433: "SQL", 1521: "SQL", 3306: "SQL", 5432: "SQL", 22: "SSH", 23: "Telnet"}
)
_ANSWERS_ONLY = re.compile(r"\b(?:established|reflect|evaluate)\b")


def judge(subject: Subject) -> Outcome:
    """Lists bound inbound on interfaces outside; what permits everything is security.fw.any-any."""
    found = [each for each in bindings(subject.reading) if each.zone is Zone.OUTSIDE]
    forwarded = _forwarded(subject)
    breaches = [
        Breach(Severity.CRITICAL, (entry.line,), f"{each.name}: {', '.join(services)}", _removed(subject, each, entry))
        for each in found
        if each.known is not None
        for entry in each.known.entries
        if (services := _open(entry, forwarded))
    ]
    return settle(breaches, len(found), [each.line for each in found if each.line is not None], "no-outside-interface")


def _forwarded(subject: Subject) -> dict[int, str]:
    """Ports that lead to such a service; a router translates after its inbound list, so the list names the port outside."""
    found = dict(_SERVICES)
    for line in subject.reading.find(r"ip nat inside source static tcp \S+ \d+ (?:interface )?\S+ \d+"):
        words = line.text.split()
        inside = port_number(words[7])
        outer = port_number(words[10] if words[8].lower() == "interface" else words[9])
        if inside is not None and inside in _SERVICES and outer is not None:
            found[outer] = _SERVICES[inside]
    return found


def _open(entry: Entry, services: Mapping[int, str]) -> list[str]:
    """Names of the services a permit opens to any sender."""
    if not entry.permits or not entry.active or not entry.source.anything or permits_everything(entry) or _ANSWERS_ONLY.search(entry.rest):
        return []
    if entry.every_protocol and not entry.services:
        return ["every service"]
    return list(dict.fromkeys(name for number, name in services.items() if entry.reaches_port("tcp", number)))


def _removed(subject: Subject, each: Binding, entry: Entry) -> tuple[str, ...]:
    if subject.os == "asa" or entry.line.text.lower().startswith("access-list"):
        return (f"no {entry.line.text}",)
    return (f"ip access-list extended {each.known.name if each.known is not None else each.name}", f" no {entry.line.text}")


CHECK = ConfigurationRule(
    id="security.fw.exposed",
    title=Text("Remote access or data open to the world", "Fjärråtkomst eller data öppet mot världen"),
    impact=Text(
        "This is how most ransomware comes in: passwords are tried day and night, and vulnerabilities within hours.",
        "Så kommer de flesta utpressningsvirus in: lösenord provas dygnet runt, och sårbarheter inom timmar.",
    ),
    recommendation=Text("Put a VPN before it, then remove the rule.", "Sätt ett VPN framför och ta sedan bort regeln."),
    severities=(Severity.CRITICAL,),
    effort_minutes=30,
    requirements=(Requirement(("asa",), judge, ("CASA-FW-000170",)), Requirement(("ios", "ios-xe"), judge)),
    roles=frozenset((Role.FIREWALL, Role.ROUTER, Role.WAN_EDGE, Role.VOICE_GATEWAY)),
)
