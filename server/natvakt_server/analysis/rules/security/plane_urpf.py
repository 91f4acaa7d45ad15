"""security.plane.urpf: a packet with a false sender is dropped where it enters."""

import re

from natvakt_server.analysis.configuration.access_lists import AccessList
from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, does_not_apply, settle
from natvakt_server.analysis.configuration.filters import lets_source_in
from natvakt_server.analysis.configuration.interfaces import Interface
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line
from natvakt_server.domain.registry import Role

_CHECKED = r"(?:ip|ipv4|ipv6) verify unicast (?:source reachable-via|reverse-path|vrf)"


def judge(subject: Subject) -> Outcome:
    """Reverse path checks on every interface outside, or a list that no false sender passes."""
    reading = subject.reading
    found = [(port, port.last(_CHECKED) or _anti_spoofing(reading, port)) for port in reading.outside]
    breaches = [
        Breach(
            Severity.MEDIUM,
            (port.line,),
            port.name,
            (f"interface {port.name}", " ip verify unicast source reachable-via rx allow-default"),
        )
        for port, line in found
        if line is None
    ]
    return settle(breaches, len(found), [line for _, line in found if line is not None], "no-outside-interface")


def _anti_spoofing(reading: Reading, port: Interface) -> Line | None:
    bound = port.last(r"ip(?:v4)? access-group \S+ (?:in|ingress)")
    known = reading.access_lists.get(bound.text.split()[2]) if bound is not None else None
    return bound if known is not None and stops_false_senders(known) else None


def stops_false_senders(known: AccessList) -> bool:
    """It lets in senders that it names only, or none of the private ranges."""
    permits = [entry for entry in known.entries if entry.permits and entry.active]
    if permits and not any(entry.source.anything for entry in permits):
        return True
    return bool(permits) and not lets_source_in(known, "10.0.0.0/8") and not lets_source_in(known, "192.168.0.0/16")


def asa_outside(subject: Subject) -> Outcome:
    reading = subject.reading
    checked = _checked(reading)
    breaches = [
        Breach(Severity.MEDIUM, (port.line,), port.nameif, (f"ip verify reverse-path interface {port.nameif}",))
        for port in reading.outside
        if port.nameif not in checked
    ]
    return settle(breaches, len(reading.outside), list(checked.values()), "no-outside-interface")


def asa_inside(subject: Subject) -> Outcome:
    """Senders of the own network are held against its routes, or named in the list of each interface inside."""
    reading = subject.reading
    checked = _checked(reading)
    outside = {port.nameif for port in reading.outside}
    inside = [
        port
        for port in reading.interfaces
        if port.nameif is not None and port.nameif not in outside and not port.shut and not port.on(r"management-only")
    ]
    if not inside:
        fix = ("ip verify reverse-path interface <interface>",)
        if reading.interfaces:
            return does_not_apply("no-inside-interface")
        return settle([] if checked else [Breach(Severity.MEDIUM, (), None, fix)], 1, list(checked.values()))
    breaches = [
        Breach(Severity.MEDIUM, (port.line,), port.nameif, (f"ip verify reverse-path interface {port.nameif}",))
        for port in inside
        if port.nameif not in checked and not _named_senders(reading, port)
    ]
    return settle(breaches, len(inside), list(checked.values()))


def _named_senders(reading: Reading, port: Interface) -> bool:
    bound = reading.find(rf"access-group \S+ in interface {re.escape(port.nameif or '')}$")
    known = reading.access_lists.get(bound[-1].text.split()[1]) if bound else None
    return known is not None and stops_false_senders(known)


def _checked(reading: Reading) -> dict[str, Line]:
    return {line.text.split()[-1]: line for line in reading.find(r"ip verify reverse-path interface \S")}


CHECK = ConfigurationRule(
    id="security.plane.urpf",
    title=Text("False senders are let in", "Falska avsändare släpps in"),
    impact=Text(
        "Attacks come under the address of somebody else, and the own network can be used for them.",
        "Angrepp kommer under någon annans adress, och det egna nätet kan användas för dem.",
    ),
    recommendation=Text(
        "Check the reverse path, or filter senders by a list.", "Kontrollera returvägen, eller filtrera avsändare med en lista."
    ),
    severities=(Severity.MEDIUM,),
    effort_minutes=15,
    requirements=(
        Requirement(("ios", "ios-xe", "nx-os", "ios-xr"), judge, ("CISC-RT-000310",)),
        Requirement(("asa",), asa_outside),
        Requirement(("asa",), asa_inside, ("CASA-FW-000290",)),
    ),
    roles=frozenset((Role.ROUTER, Role.WAN_EDGE, Role.VOICE_GATEWAY, Role.FIREWALL)),
    references=("BCP 38", "RFC 8704"),
)
