"""security.l2.vlan1: nobody and nothing that manages is in VLAN 1, and no trunk carries it."""

from collections.abc import Sequence

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.ports import SWITCH_SYSTEMS, breach
from natvakt_server.analysis.configuration.reading import SWITCH_ROLES, Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity

SYSTEMS = (*SWITCH_SYSTEMS, "nx-os")


def hosts(subject: Subject) -> Outcome:
    ports = subject.reading.host_ports
    commands = ("switchport access vlan <VLAN of users>",)
    breaches = [breach(Severity.LOW, port, commands, port.on(r"switchport access vlan \d")) for port in ports if port.access_vlan == 1]
    return settle(breaches, len(ports), [line for port in ports if (line := port.on(r"switchport access vlan \d"))], "no-host-port")


def pruned(subject: Subject) -> Outcome:
    trunks = [port for port in subject.reading.trunks if port.mode == "trunk"]
    told = [line for port in trunks if (line := port.last(r"switchport trunk allowed vlan "))]
    return settle(_carrying(subject.reading), len(trunks), told, "no-trunk")


def management(subject: Subject) -> Outcome:
    """An address in VLAN 1; as the benchmark has it, trunks that carry VLAN 1 count too."""
    reading = subject.reading
    own = [port for port in reading.interfaces if port.name.lower().replace(" ", "") == "vlan1" and port.has_address and not port.shut]
    breaches = [
        Breach(
            Severity.LOW,
            tuple(port.all(r"ip(?:v6)? address ")),
            port.name,
            ("interface Vlan<management VLAN>", f" {port.all(r'ip(?:v6)? address ')[0].text}", f"interface {port.name}", " no ip address"),
        )
        for port in own
    ]
    carrying = _carrying(reading)
    return settle([*breaches, *carrying], len(own) + len(reading.trunks), nothing="no-trunk")


def _carrying(reading: Reading) -> Sequence[Breach]:
    return [
        breach(Severity.LOW, port, ("switchport trunk allowed vlan remove 1",), port.last(r"switchport trunk allowed vlan "))
        for port in reading.trunks
        if port.mode == "trunk" and 1 in port.allowed_vlans
    ]


CHECK = ConfigurationRule(
    id="security.l2.vlan1",
    title=Text("VLAN 1 is in use", "VLAN 1 används"),
    impact=Text(
        "Every port that nobody set up is in VLAN 1, and so is what the switches say among themselves.",
        "Varje port som ingen har ställt in hör till VLAN 1, liksom det switcharna säger sinsemellan.",
    ),
    recommendation=Text(
        "Move hosts and management to VLANs of their own and take VLAN 1 off the trunks.",
        "Flytta användare och hantering till egna VLAN och ta bort VLAN 1 från trunkarna.",
    ),
    severities=(Severity.LOW,),
    effort_minutes=15,
    requirements=(
        Requirement(SYSTEMS, hosts, ("CISC-L2-000220",)),
        Requirement(SYSTEMS, pruned, ("CISC-L2-000230",)),
        Requirement(SYSTEMS, management, ("CISC-L2-000240",)),
    ),
    roles=SWITCH_ROLES,
)
