"""security.plane.iacl: the list on an interface outside drops false senders and what is meant for the network's own devices."""

from natvakt_server.analysis.configuration.access_lists import AccessList
from natvakt_server.analysis.configuration.addresses import is_public
from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.filters import BOGONS, lets_source_in, permits_everything
from natvakt_server.analysis.configuration.interfaces import Interface
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line
from natvakt_server.domain.registry import Role

_V4 = r"(?:ip|ipv4) access-group (?P<name>\S+) (?:in|ingress)"
_V6 = r"ipv6 (?:traffic-filter|access-group) \S+ (?:in|ingress)"


def _bound(reading: Reading, port: Interface) -> tuple[Line | None, AccessList | None]:
    told = port.last(_V4)
    return told, reading.access_lists.get(told.text.split()[2]) if told is not None else None


def _breach(port: Interface, lines: tuple[Line, ...], *commands: str) -> Breach:
    return Breach(Severity.HIGH, lines, port.name, commands or (f"interface {port.name}", " ip access-group <list> in"))


def bound(subject: Subject) -> Outcome:
    """Every interface outside has a list, for each version of IP that it speaks."""
    reading = subject.reading
    breaches, good = [], []
    for port in reading.outside:
        told, known = _bound(reading, port)
        if known is None and port.last(r"ip(?:v4)? address \S") is not None:
            breaches.append(_breach(port, (told or port.line,)))
        good += [told] if told is not None else []
        if port.last(r"ipv6 (?:address|enable)\b") is not None and port.last(_V6) is None:
            breaches.append(_breach(port, (port.line,), f"interface {port.name}", " ipv6 traffic-filter <list> in"))
    return settle(breaches, len(reading.outside), good, "no-outside-interface")


def by_exception(subject: Subject) -> Outcome:
    """What no entry permits is dropped: no entry permits everything."""
    reading = subject.reading
    breaches, good = [], []
    for port in reading.outside:
        told, known = _bound(reading, port)
        wide = next((entry for entry in known.entries if permits_everything(entry)), None) if known is not None else None
        if told is None or known is None:
            breaches.append(_breach(port, (told or port.line,)))
        elif wide is not None:
            fix = (f"ip access-list extended {known.name}", f" no {wide.line.text}", " deny ip any any log-input")
            breaches.append(_breach(port, (wide.line, told), *fix))
        else:
            good.append(told)
    return settle(breaches, len(reading.outside), good, "no-outside-interface")


def bogons(subject: Subject) -> Outcome:
    """Senders that nobody outside can have: private and reserved ranges, and the own public networks."""
    reading = subject.reading
    breaches, good = [], []
    own = [
        address.network for port in reading.interfaces if port not in reading.outside for address in port.addresses if is_public(address.ip)
    ]
    for port in reading.outside:
        told, known = _bound(reading, port)
        if told is None or known is None:
            breaches.append(_breach(port, (told or port.line,)))
            continue
        beside = [str(address.network) for address in port.addresses]
        passing = [each for each in BOGONS if lets_source_in(known, each) and not _reaches(each, beside)]
        passing += [str(each) for each in own if each.version == known.version and lets_source_in(known, each)]
        if passing:
            fix = (f"ip access-list extended {known.name}", *(f" deny ip {each} any log-input" for each in passing))
            breaches.append(_breach(port, (known.head, told), *fix))
        good.append(told)
    return settle(breaches, len(reading.outside), good, "no-outside-interface")


def _reaches(bogon: str, own: list[str]) -> bool:
    """A transit network of a private range lets its own range in."""
    first = bogon.split(".", maxsplit=1)[0]
    return any(network.split(".", maxsplit=1)[0] == first for network in own)


CHECK = ConfigurationRule(
    id="security.plane.iacl",
    title=Text("No list on the outside that protects the network", "Ingen lista på yttersidan som skyddar nätet"),
    impact=Text(
        "Whoever is outside sends to routers and servers as he likes, under any address.",
        "Den som är utanför sänder till routrar och servrar som han vill, under vilken adress som helst.",
    ),
    recommendation=Text(
        "Bind an inbound list that drops false senders and the addresses of the own devices, and ends with a deny.",
        "Bind en inkommande lista som kastar falska avsändare och de egna enheternas adresser, och slutar med neka.",
    ),
    severities=(Severity.HIGH,),
    effort_minutes=60,
    requirements=(
        Requirement(("ios", "ios-xe", "nx-os", "ios-xr"), bound, ("CISC-RT-000330",)),
        Requirement(("ios", "ios-xe", "nx-os", "ios-xr"), by_exception, ("CISC-RT-000240",)),
        Requirement(("ios", "ios-xe", "nx-os", "ios-xr"), bogons, ("CISC-RT-000270",)),
    ),
    roles=frozenset((Role.ROUTER, Role.WAN_EDGE, Role.VOICE_GATEWAY)),
    references=("RFC 6192", "BCP 38"),
)
