"""security.mgmt.outside: nobody in the world outside reaches what manages the device."""

from natvakt_server.analysis.configuration.addresses import is_everything
from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, does_not_apply, settle
from natvakt_server.analysis.configuration.interfaces import Interface
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line

_ASA = r"(?:ssh|telnet|http) (?P<net>[\d.]+|\S+:\S*)(?: (?P<mask>[\d.]+))? \S+$"
_PORTS = {"vty": (("tcp", 22), ("tcp", 23)), "http": (("tcp", 80), ("tcp", 443)), "snmp": (("udp", 161),)}


def asa(subject: Subject) -> Outcome:
    """`ssh`, `telnet` and `http` name who may connect on an interface."""
    reading = subject.reading
    outside = {port.nameif for port in reading.outside}
    lines = reading.find(_ASA)
    wide = [line for line in lines if line.text.split()[-1] in outside and _anybody(line)]
    breaches = [Breach(Severity.CRITICAL, (line,), line.text.split()[-1], (f"no {line.text}",)) for line in wide]
    return settle(breaches, len(lines), [line for line in lines if line not in wide], "no-management")


def _anybody(line: Line) -> bool:
    words = line.text.split()
    return is_everything(words[1], words[2])


def router(subject: Subject) -> Outcome:
    """A service without a list of its own, on an interface outside whose list lets it in."""
    reading = subject.reading
    if not reading.outside:
        return does_not_apply("no-outside-interface")
    open_services = _open_services(reading)
    breaches = []
    for port in reading.outside:
        for name, line in open_services:
            if _lets_in(reading, port, name):
                fix = (f"interface {port.name}", " ip access-group <list without management> in")
                breaches.append(Breach(Severity.CRITICAL, (line, port.line), port.name, fix))
    return settle(breaches, len(reading.outside), [told for port in reading.outside if (told := port.last(r"ip access-group \S+ in"))])


def _open_services(reading: Reading) -> list[tuple[str, Line]]:
    """Services that answer any address: no list, or one that admits any."""
    found: list[tuple[str, Line]] = []
    vty = next(
        (each for each in reading.vty if not each.closed and not _narrow(reading, each.last(r"access-class (?!.*\bout\b)"), 1)), None
    )
    if vty is not None:
        found.append(("vty", vty.line))
    listed = reading.find(r"ip http access-class \S")
    for setting in (reading.setting(r"ip http server$"), reading.setting(r"ip http secure-server$")):
        if setting.on and setting.line is not None and not (listed and _narrow(reading, listed[-1], -1)):
            found.append(("http", setting.line))
    for community in reading.find(r"snmp-server community \S+"):
        words = community.text.split()
        if not any(word in reading.access_lists for word in words[3:]):
            found.append(("snmp", community))
            break
    return found


def _narrow(reading: Reading, line: Line | None, place: int) -> bool:
    if line is None:
        return False
    known = reading.access_lists.get(line.text.split()[place])
    return known is not None and known.admits_any is None


def _lets_in(reading: Reading, port: Interface, service: str) -> bool:
    """Whether the inbound list passes the service from any source to any address; without a list everything passes."""
    told = port.last(r"ip access-group \S+ in")
    known = reading.access_lists.get(told.text.split()[2]) if told is not None else None
    if known is None:
        return True
    for protocol, number in _PORTS[service]:
        for entry in known.entries:
            if entry.active and entry.source.anything and entry.destination.anything and entry.reaches_port(protocol, number):
                if entry.permits:
                    return True
                break
    return False


CHECK = ConfigurationRule(
    id="security.mgmt.outside",
    title=Text("Management is reachable from the Internet", "Hanteringen nås från Internet"),
    impact=Text(
        "The whole world tries passwords and each new vulnerability, within hours of its publication.",
        "Hela världen prövar lösenord och varje ny sårbarhet, inom timmar från att den blir känd.",
    ),
    recommendation=Text(
        "Take management off the outside interface, or let in the addresses of the managers alone.",
        "Ta bort hanteringen från yttersidan, eller släpp bara in förvaltarnas adresser.",
    ),
    severities=(Severity.CRITICAL,),
    effort_minutes=15,
    requirements=(
        Requirement(("asa",), asa, ("CASA-ND-000140",)),
        Requirement(("ios", "ios-xe"), router),
    ),
)
