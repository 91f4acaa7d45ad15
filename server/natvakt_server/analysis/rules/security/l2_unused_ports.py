"""security.l2.unused-ports: what is not used is shut, and a switch port that is shut is in a VLAN that leads nowhere."""

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.interfaces import ALL_VLANS, Interface
from natvakt_server.analysis.configuration.ports import SWITCH_SYSTEMS, breach
from natvakt_server.analysis.configuration.reading import SWITCH_ROLES
from natvakt_server.analysis.rule import Text
from natvakt_server.analysis.rules.security.l2_dot1x import asks
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.registry import Role

_IN_USE = (
    r"(?:ip(?:v4|v6)? address \S|ip unnumbered|pppoe|dialer|xconnect|bridge-group|service instance|channel-group|encapsulation|isdn|pvc"
    r"|voice-port|ipv6 enable|frame-relay|ppp |no keepalive|bundle |l2transport|vrf forwarding|standby|bundle-enable|dsl )"
)


def parked(subject: Subject) -> Outcome:
    """Shut access ports are in a VLAN that no port in use and no trunk has. Ports that ask for 802.1X are left out."""
    reading = subject.reading
    shut = [port for port in reading.interfaces if port.switchport and port.physical and port.shut and not port.trunks and not port.bundled]
    judged = [port for port in shut if asks(port) is None]
    used = {port.access_vlan for port in reading.host_ports}
    breaches = [
        breach(Severity.LOW, port, ("switchport access vlan <parking VLAN>", "shutdown"))
        for port in judged
        if port.access_vlan in used | {1}
    ]
    inactive = {port.access_vlan for port in judged} - used - {1}
    for trunk in reading.trunks:
        carried = sorted(inactive & trunk.allowed_vlans)
        if carried and trunk.allowed_vlans != ALL_VLANS:
            told = trunk.last(r"switchport trunk allowed vlan ")
            breaches += [breach(Severity.LOW, trunk, (f"switchport trunk allowed vlan remove {carried[0]}",), told)]
        elif carried:
            breaches += [breach(Severity.LOW, trunk, (f"switchport trunk allowed vlan except {carried[0]}",))]
    return settle(breaches, len(judged), nothing="no-port-shut")


def shut_down(subject: Subject) -> Outcome:
    """Routed ports that carry nothing are shut; of a text that shows bare ports only, all of them."""
    reading = subject.reading
    bare = all(_is_bare(port) for port in reading.interfaces if port.switchport)  # nothing tells a switch from a router
    ports = [port for port in reading.interfaces if port.physical and (bare or not port.switchport) and not port.management]
    divided = {port.name.partition(".")[0] for port in reading.interfaces if "." in port.name}
    idle = [port for port in ports if port.name not in divided and port.last(_IN_USE) is None]
    breaches = [Breach(Severity.LOW, (port.line,), port.name, (f"interface {port.name}", " shutdown")) for port in idle if not port.shut]
    return settle(breaches, len(idle), [line for port in idle if (line := port.on(r"shutdown$"))], "no-idle-port")


def _is_bare(port: Interface) -> bool:
    return all(line.text.lower() in ("shutdown", "no shutdown") for line in port.lines)


CHECK = ConfigurationRule(
    id="security.l2.unused-ports",
    title=Text("Unused ports lead into the network", "Oanvända portar leder in i nätet"),
    impact=Text(
        "Whoever finds a free socket, or turns a port on by mistake, is in a VLAN that is in use.",
        "Den som hittar ett ledigt uttag, eller slår på en port av misstag, hamnar i ett VLAN som används.",
    ),
    recommendation=Text(
        "Shut what is not used and put it in a VLAN that no trunk carries.",
        "Stäng det som inte används och lägg det i ett VLAN som ingen trunk bär.",
    ),
    severities=(Severity.LOW,),
    effort_minutes=10,
    requirements=(
        Requirement((*SWITCH_SYSTEMS, "nx-os"), parked, ("CISC-L2-000210",)),
        Requirement((*SWITCH_SYSTEMS, "ios-xr"), shut_down, ("CISC-RT-000060",)),
    ),
    roles=SWITCH_ROLES | {Role.ROUTER, Role.WAN_EDGE, Role.VOICE_GATEWAY},
)
