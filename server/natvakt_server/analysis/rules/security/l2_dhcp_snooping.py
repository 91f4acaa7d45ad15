"""security.l2.dhcp-snooping: answers of DHCP servers are let through from uplinks only, in every VLAN of hosts."""

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, does_not_apply, settle
from natvakt_server.analysis.configuration.interfaces import PortRole
from natvakt_server.analysis.configuration.ports import SWITCH_SYSTEMS, breach
from natvakt_server.analysis.configuration.reading import SWITCH_ROLES, Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.registry import Role


def judge(subject: Subject) -> Outcome:
    reading = subject.reading
    if not reading.may_switch:
        return does_not_apply("not-a-switch")
    turned_on = reading.setting(r"ip dhcp snooping$")
    covered, lines = reading.vlans(r"ip dhcp snooping vlan")
    hosts = reading.host_vlans
    if reading.interfaces and not hosts:
        return does_not_apply("no-host-port")
    breaches: list[Breach] = []
    if not turned_on.on:
        breaches.append(Breach(Severity.MEDIUM, turned_on.lines, "ip dhcp snooping", ("ip dhcp snooping",)))
    open_vlans = sorted(hosts - covered)
    breaches += [Breach(Severity.MEDIUM, (), f"VLAN {vlan}", (f"ip dhcp snooping vlan {vlan}",)) for vlan in open_vlans]
    if not hosts and not covered:
        breaches.append(Breach(Severity.MEDIUM, (), None, ("ip dhcp snooping vlan <vlans of hosts>",)))
    if turned_on.on and covered:
        breaches += _untrusted(reading)
    return settle(breaches, max(len(hosts), 1), (*turned_on.lines, *lines))


def _untrusted(reading: Reading) -> list[Breach]:
    """Uplinks of an access switch that are not trusted, where none is: no answer of any server would reach a host."""
    uplinks = [port for port in reading.trunks if port.role is PortRole.UPLINK]
    access = reading.role in (None, Role.ACCESS)
    if not access or any(port.on(r"ip dhcp snooping trust$") for port in reading.interfaces):
        return []
    return [breach(Severity.MEDIUM, port, ("ip dhcp snooping trust",)) for port in uplinks]


CHECK = ConfigurationRule(
    id="security.l2.dhcp-snooping",
    title=Text("Anybody may play DHCP server", "Vem som helst kan agera DHCP-server"),
    impact=Text(
        "A host that answers DHCP takes over the traffic of its neighbours, or leaves them without a network.",
        "En enhet som svarar på DHCP tar över grannarnas trafik, eller lämnar dem utan nät.",
    ),
    recommendation=Text(
        "Turn on DHCP snooping in every VLAN of hosts and trust the uplinks.",
        "Slå på DHCP-snooping i varje VLAN med användare och lita på upplänkarna.",
    ),
    severities=(Severity.MEDIUM,),
    effort_minutes=30,
    requirements=(Requirement((*SWITCH_SYSTEMS, "nx-os"), judge, ("CISC-L2-000130",)),),
    roles=SWITCH_ROLES,
)
