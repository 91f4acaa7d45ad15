"""security.l2.dai: answers of ARP are held against what DHCP gave out, in every VLAN of hosts."""

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, does_not_apply, settle
from natvakt_server.analysis.configuration.ports import SWITCH_SYSTEMS
from natvakt_server.analysis.configuration.reading import SWITCH_ROLES
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity


def judge(subject: Subject) -> Outcome:
    reading = subject.reading
    if not reading.may_switch:
        return does_not_apply("not-a-switch")
    covered, lines = reading.vlans(r"ip arp inspection vlan")
    hosts = reading.host_vlans
    if reading.interfaces and not hosts:
        return does_not_apply("no-host-port")
    breaches = [Breach(Severity.MEDIUM, (), f"VLAN {vlan}", (f"ip arp inspection vlan {vlan}",)) for vlan in sorted(hosts - covered)]
    if not hosts and not covered:
        breaches.append(Breach(Severity.MEDIUM, (), None, ("ip arp inspection vlan <vlans of hosts>",)))
    return settle(breaches, max(len(hosts), 1), lines)


CHECK = ConfigurationRule(
    id="security.l2.dai",
    title=Text("ARP is believed unseen", "ARP tros på utan kontroll"),
    impact=Text(
        "A host that answers ARP for the gateway reads and changes the traffic of its neighbours.",
        "En enhet som svarar på ARP för gatewayen läser och ändrar grannarnas trafik.",
    ),
    recommendation=Text(
        "Turn on dynamic ARP inspection in every VLAN of hosts, after DHCP snooping.",
        "Slå på dynamisk ARP-inspektion i varje VLAN med användare, efter DHCP-snooping.",
    ),
    severities=(Severity.MEDIUM,),
    effort_minutes=30,
    requirements=(Requirement((*SWITCH_SYSTEMS, "nx-os"), judge, ("CISC-L2-000150",)),),
    roles=SWITCH_ROLES,
)
