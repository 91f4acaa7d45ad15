"""security.plane.ip-services: services of the IP protocol that help an attacker and nobody else are off."""

from collections.abc import Callable
from dataclasses import dataclass

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, does_not_apply, settle
from natvakt_server.analysis.configuration.defaults import by_default
from natvakt_server.analysis.configuration.interfaces import Interface
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.registry import Role

IOS = ("ios", "ios-xe")


@dataclass(frozen=True, slots=True)
class Service:
    """A command on an interface that should be off; `on_by_default` by system."""

    command: str
    off: str
    on_by_default: frozenset[str]
    reference: str


ON_IOS = frozenset(IOS)
OUTSIDE = (
    Service(r"ip unreachables\b", "no ip unreachables", ON_IOS, "CISC-RT-000170"),
    Service(r"ip mask-reply\b", "no ip mask-reply", frozenset(), "CISC-RT-000180"),
    Service(r"ip redirects\b", "no ip redirects", frozenset((*IOS, "nx-os")), "CISC-RT-000190"),
    Service(r"ip proxy-arp\b", "no ip proxy-arp", ON_IOS, "CISC-RT-000380"),
)


def source_routing(subject: Subject) -> Outcome:
    told = subject.reading.setting(r"ip source-route\b", default=by_default(subject.reading, "ip source-route"))
    breaches = [Breach(Severity.MEDIUM, told.lines, "ip source-route", ("no ip source-route",))] if told.on else []
    return settle(breaches, 1, told.lines)


def options(subject: Subject) -> Outcome:
    """Packets with options are dropped by the router, or by the list on every interface outside."""
    reading = subject.reading
    told = reading.find(r"ip options (?:drop|ignore)")
    if told:
        return settle((), 1, told)
    if not reading.outside:
        return does_not_apply("no-outside-interface")
    good, breaches = [], []
    for port in reading.outside:
        bound = port.last(r"ip access-group \S+ in")
        known = reading.access_lists.get(bound.text.split()[2]) if bound is not None else None
        drops = [entry.line for entry in known.entries if not entry.permits and "option" in entry.rest] if known is not None else []
        good += drops
        if not drops:
            breaches.append(Breach(Severity.MEDIUM, (bound or port.line,), port.name, ("ip options drop",)))
    return settle(breaches, len(reading.outside), good)


def gratuitous_arp(subject: Subject) -> Outcome:
    told = subject.reading.setting(r"ip gratuitous-arps\b")
    return settle([Breach(Severity.LOW, told.lines, "ip gratuitous-arps", ("no ip gratuitous-arps",))] if told.on else [], 1, told.lines)


def directed_broadcast(subject: Subject) -> Outcome:
    """On any interface; off by default since 12.0."""
    ports = [port for port in subject.reading.interfaces if port.has_address]
    wrong = [(port, line) for port in ports if (line := port.on(r"ip directed-broadcast\b"))]
    breaches = [Breach(Severity.LOW, (line,), port.name, (f"interface {port.name}", " no ip directed-broadcast")) for port, line in wrong]
    return settle(breaches, len(ports), nothing="no-address")


def outside(service: Service) -> Callable[[Subject], Outcome]:
    def judge(subject: Subject) -> Outcome:
        ports = subject.reading.outside
        breaches, good = [], []
        for port in ports:
            told = port.last(rf"(?:no )?{service.command}")
            if told is not None and told.text.lower().startswith("no "):
                good.append(told)
            elif told is not None or subject.os in service.on_by_default:
                breaches.append(Breach(Severity.LOW, (told or port.line,), port.name, (f"interface {port.name}", f" {service.off}")))
        return settle(breaches, len(ports), good, "no-outside-interface")

    return judge


def router_advertisements(subject: Subject) -> Outcome:
    ports = [port for port in subject.reading.outside if _speaks_v6(port)]
    breaches = [
        Breach(Severity.LOW, (port.line,), port.name, (f"interface {port.name}", " ipv6 nd ra suppress all"))
        for port in ports
        if port.last(r"ipv6 nd (?:ra suppress|suppress-ra)") is None
    ]
    return settle(
        breaches, len(ports), [line for port in ports if (line := port.last(r"ipv6 nd (?:ra suppress|suppress-ra)"))], "no-ipv6-outside"
    )


def _speaks_v6(port: Interface) -> bool:
    return port.last(r"ipv6 (?:address|enable)\b") is not None


CHECK = ConfigurationRule(
    id="security.plane.ip-services",
    title=Text("IP services that help an attacker", "IP-tjänster som hjälper en angripare"),
    impact=Text(
        "Source routing and redirects lead traffic past filters; answers to probes show how the network is built.",
        "Källroutning och omdirigering leder trafik förbi filter; svar på sonderingar visar hur nätet är byggt.",
    ),
    recommendation=Text(
        "Turn source routing off everywhere, and the rest on the interfaces outside.",
        "Stäng av källroutning överallt, och resten på yttersidans gränssnitt.",
    ),
    severities=(Severity.MEDIUM, Severity.LOW),
    effort_minutes=10,
    requirements=(
        Requirement((*IOS, "nx-os"), source_routing),
        Requirement(IOS, options, ("CISC-RT-000350",)),
        Requirement(IOS, gratuitous_arp, ("CISC-RT-000150",)),
        Requirement((*IOS, "nx-os"), directed_broadcast, ("CISC-RT-000160",)),
        *(Requirement((*IOS, "nx-os"), outside(service), (service.reference,)) for service in OUTSIDE),
        Requirement((*IOS, "nx-os"), router_advertisements, ("CISC-RT-000391",)),
    ),
    roles=frozenset((Role.ROUTER, Role.WAN_EDGE, Role.VOICE_GATEWAY)),
)
