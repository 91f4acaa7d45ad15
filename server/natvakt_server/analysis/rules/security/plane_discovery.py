"""security.plane.discovery: the device does not introduce itself to the world outside, nor to guests."""

import re

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.interfaces import Interface
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity

_GUEST = re.compile(r"\b(?:guest|gäst|visitor|besök)", re.IGNORECASE)


def _ports(reading: Reading) -> list[Interface]:
    outside = list(reading.outside)
    return [
        *outside,
        *(port for port in reading.interfaces if port not in outside and _GUEST.search(port.description or "") and port.physical),
    ]


def cdp(subject: Subject) -> Outcome:
    """On by default; a router of IOS-XE says `cdp run` where it is on."""
    reading = subject.reading
    by_default = subject.os in ("ios", "nx-os") or (subject.os == "ios-xe" and (reading.switches or reading.release is None))
    everywhere = reading.setting(r"cdp(?: run| enable)?$", default=by_default)
    return _judged(reading, "cdp", r"cdp enable", everywhere.on, "no cdp enable")


def lldp(subject: Subject) -> Outcome:
    """Off by default."""
    reading = subject.reading
    everywhere = reading.setting(r"(?:lldp run|feature lldp|lldp)$")
    return _judged(reading, "lldp", r"lldp transmit", everywhere.on, "no lldp transmit")


def _judged(reading: Reading, name: str, command: str, everywhere: bool, off: str) -> Outcome:
    ports = _ports(reading)
    breaches, good = [], []
    for port in ports:
        told = port.last(rf"(?:no )?{command}")
        if told is not None and told.text.lower().startswith("no "):
            good.append(told)
        elif everywhere or (told is not None and reading.system == "ios-xr"):
            breaches.append(Breach(Severity.LOW, (told or port.line,), port.name, (f"interface {port.name}", f" {off}")))
    return settle(breaches, len(ports), good or reading.find(rf"no {name} run"), "no-outside-interface")


CHECK = ConfigurationRule(
    id="security.plane.discovery",
    title=Text("The device introduces itself outside", "Enheten presenterar sig utåt"),
    impact=Text(
        "Model, software and address are told to whoever listens, enough to choose an attack.",
        "Modell, mjukvara och adress berättas för den som lyssnar, nog för att välja angrepp.",
    ),
    recommendation=Text("Turn CDP and LLDP off on these interfaces.", "Stäng av CDP och LLDP på dessa gränssnitt."),
    severities=(Severity.LOW,),
    effort_minutes=5,
    requirements=(
        Requirement(("ios", "ios-xe", "nx-os", "ios-xr"), cdp, ("CISC-RT-000370",)),
        Requirement(("ios", "ios-xe", "nx-os", "ios-xr"), lldp, ("CISC-RT-000360",)),
    ),
)
