"""security.l2.native-vlan: what a trunk carries untagged is a VLAN that nobody is in."""

from natvakt_server.analysis.configuration.check import ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.interfaces import PortRole
from natvakt_server.analysis.configuration.ports import SWITCH_SYSTEMS, breach
from natvakt_server.analysis.configuration.reading import SWITCH_ROLES
from natvakt_server.analysis.rule import Change, Text
from natvakt_server.domain.assessment import Severity

_TAGS_ALL = r"vlan dot1q tag native$"


def default_vlan(subject: Subject) -> Outcome:
    """Untagged frames of trunks are not in VLAN 1, or nothing goes untagged."""
    reading = subject.reading
    tagged = reading.setting(_TAGS_ALL)
    trunks = [port for port in reading.trunks if port.mode == "trunk"]
    wrong = [port for port in trunks if port.native_vlan == 1 and not tagged.on and port.on(r"switchport trunk native vlan tag$") is None]
    breaches = [breach(Severity.MEDIUM, port, ("switchport trunk native vlan <parking VLAN>",)) for port in wrong]
    told = [line for port in trunks if (line := port.on(r"switchport trunk native vlan \d"))]
    return settle(breaches, len(trunks), (*tagged.lines, *told), "no-trunk")


def hosts(subject: Subject) -> Outcome:
    """No access port is in a VLAN that a trunk carries untagged."""
    reading = subject.reading
    native = {port.native_vlan for port in reading.trunks if port.mode == "trunk"}
    ports = [port for port in reading.interfaces if port.role in (PortRole.HOST, PortRole.PHONE) and not port.shut and not port.management]
    breaches = [
        breach(Severity.MEDIUM, port, ("switchport access vlan <another VLAN>",), port.on(r"switchport access vlan \d"))
        for port in ports
        if port.access_vlan in native
    ]
    return settle(breaches, len(ports) if native else 0, nothing="no-host-port" if native else "no-trunk")


CHECK = ConfigurationRule(
    id="security.l2.native-vlan",
    title=Text("Native VLAN is the default or holds hosts", "Native VLAN är standard-VLAN:et eller har användare"),
    impact=Text(
        "Frames with two tags get from a host's VLAN into another one past every filter.",
        "Ramar med dubbla taggar tar sig från en användares VLAN till ett annat förbi alla filter.",
    ),
    recommendation=Text(
        "Give trunks a native VLAN that nobody is in, the same at both ends.",
        "Ge trunkar ett native VLAN som ingen är i, samma i båda ändar.",
    ),
    severities=(Severity.MEDIUM,),
    effort_minutes=15,
    requirements=(
        Requirement((*SWITCH_SYSTEMS, "nx-os"), default_vlan, ("CISC-L2-000260",)),
        Requirement((*SWITCH_SYSTEMS, "nx-os"), hosts, ("CISC-L2-000270",)),
    ),
    change=Change.INTERRUPTION,
    roles=SWITCH_ROLES,
)
