"""security.mgmt.services: small servers, old services and zero-touch features that nobody uses are off."""

from dataclasses import dataclass

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.defaults import by_default
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line

UNNECESSARY = "CISC-ND-000470"
NON_ESSENTIAL = "CISC-RT-000070"
ZERO_TOUCH = "CISC-RT-000090"
IOS = ("ios", "ios-xe")


@dataclass(frozen=True, slots=True)
class Service:
    """`command` as a pattern; `default` names a default of the system where no line stands."""

    command: str
    off: str
    default: str | None = None


SERVERS = (
    Service(r"service tcp-small-servers\b", "no service tcp-small-servers", "small servers"),
    Service(r"service udp-small-servers\b", "no service udp-small-servers"),
    Service(r"service finger$", "no service finger", "service finger"),
    Service(r"ip finger\b", "no ip finger"),
    Service(r"service pad\b(?! to-xot| from-xot)", "no service pad", "service pad"),
    Service(r"ip bootp server$", "no ip bootp server", "ip bootp server"),
    Service(r"ip boot server$", "no ip boot server"),
    Service(r"ip identd$", "no ip identd"),
    Service(r"service config$", "no service config"),
    Service(r"boot (?:network|host)\b", "no boot network"),
    Service(r"ip rcmd (?:rcp|rsh)-enable$", "no ip rcmd rcp-enable"),
    Service(r"ip dns server\b", "no ip dns server"),
    Service(r"ip http server$", "no ip http server"),
)
TFTP = Service(r"tftp-server \S", "no tftp-server")
AUTOMATIC = (
    Service(r"service config$", "no service config"),
    Service(r"boot (?:network|host)\b", "no boot network"),
    Service(r"pnp profile \S", "no pnp profile"),
    Service(r"cns (?:config|exec|event|trusted-server)\b", "no cns config initial"),
    Service(r"autoinstall\b", "no autoinstall"),
)


def servers(subject: Subject) -> Outcome:
    return _judged(subject.reading, SERVERS)


def files(subject: Subject) -> Outcome:
    """Files are not given out by TFTP, and the archive does not travel in the clear."""
    reading = subject.reading
    lines = reading.below(r"archive$", r"path (?:ftp|tftp|http):")
    breaches = [Breach(Severity.MEDIUM, (line,), "archive", ("archive", " path scp://<user>@<server>/<file>")) for line in lines]
    return settle([*breaches, *_breaches(reading, (TFTP,))], 1)


def zero_touch(subject: Subject) -> Outcome:
    return _judged(subject.reading, AUTOMATIC)


def call_home(subject: Subject) -> Outcome:
    """Call-home is for licensing only: by the profile that reports licences, or the old transport of Smart Licensing."""
    reading = subject.reading
    told = reading.setting(r"service call-home$")
    licensing = reading.below(r"call-home$", r"reporting smart-licensing-data") or reading.find(
        r"license smart (?:transport callhome|enable)"
    )
    modern = reading.find(r"license smart transport (?:smart|cslu|off)")
    breaches = [] if not told.on or (licensing and not modern) else [Breach(Severity.MEDIUM, told.lines, None, ("no service call-home",))]
    return settle(breaches, 1, (*told.lines, *licensing))


def _judged(reading: Reading, services: tuple[Service, ...]) -> Outcome:
    return settle(_breaches(reading, services), len(services), [line for each in services for line in reading.find(f"no {each.command}")])


def _breaches(reading: Reading, services: tuple[Service, ...]) -> list[Breach]:
    found: list[Breach] = []
    for service in services:
        told = reading.setting(service.command)
        if told.on and told.line is not None:
            found.append(Breach(Severity.MEDIUM, told.lines, told.line.text, (f"no {told.line.text}",)))
        elif told.line is None and service.default is not None and by_default(reading, service.default):
            found.append(Breach(Severity.MEDIUM, (), service.off.removeprefix("no "), (service.off,)))
    return found


def nx_os(subject: Subject) -> Outcome:
    reading = subject.reading
    lines = reading.find(r"(?:boot poap enable|feature (?:ftp|tftp-server|http-server)|nxapi http port|tftp-server)\b")
    return settle([Breach(Severity.MEDIUM, (line,), line.text, (_off(line),)) for line in lines], 1)


def asa(subject: Subject) -> Outcome:
    """Servers beside the firewall's work, and reports to the vendor."""
    reading = subject.reading
    lines = reading.find(
        r"(?:tftp-server \S|call-home reporting anonymous|service call-home$|snmp-server listen-port|wccp \S|dhcpd enable outside)"
    )
    return settle([Breach(Severity.MEDIUM, (line,), line.text, (_off(line),)) for line in lines], 1)


def _off(line: Line) -> str:
    return f"no {line.text}"


CHECK = ConfigurationRule(
    id="security.mgmt.services",
    title=Text("Services that nobody needs are on", "Tjänster som ingen behöver är på"),
    impact=Text(
        "Each service is another way in, most of them without a password, some for files and the configuration itself.",
        "Varje tjänst är ännu en väg in, de flesta utan lösenord, några till filer och själva konfigurationen.",
    ),
    recommendation=Text("Turn off what is not used and copy files by SCP.", "Stäng av det som inte används och kopiera filer med SCP."),
    severities=(Severity.MEDIUM,),
    effort_minutes=10,
    requirements=(
        Requirement(IOS, servers, (UNNECESSARY, NON_ESSENTIAL)),
        Requirement(IOS, call_home, (UNNECESSARY, ZERO_TOUCH)),
        Requirement(IOS, zero_touch, (ZERO_TOUCH,)),
        Requirement(IOS, files),
        Requirement(("nx-os",), nx_os, (ZERO_TOUCH,)),
        Requirement(("asa",), asa, ("CASA-FW-000130",)),
    ),
)
