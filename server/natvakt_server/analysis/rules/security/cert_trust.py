"""security.cert.trust: who connects can tell the device's certificate from a forged one."""

import re

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line

_SELF = r"enrollment self(?:signed)?$"
_CA = r"enrollment (?:url|terminal|pkcs12|profile|mode ra|http-proxy|protocol|ca-url)"


def trustpoints(subject: Subject) -> Outcome:
    """Each trustpoint names a CA. The one the system makes for itself is judged where it is used, not here."""
    reading = subject.reading
    points = [
        line for line in reading.find(r"crypto (?:pki|ca) trustpoint \S") if not line.text.split()[3].startswith(("TP-self-signed", "_"))
    ]
    found = [(point, reading.find(_CA, point)) for point in points]
    breaches = [
        Breach(
            Severity.LOW,
            tuple(reading.find(_SELF, point)) or (point,),
            point.text.split()[3],
            (point.text, " enrollment url <url of the CA>"),
        )
        for point, named in found
        if not named
    ]
    return settle(breaches, len(points), [line for _, named in found for line in named], "no-trustpoint")


def web(subject: Subject) -> Outcome:
    """HTTPS uses the certificate the system signed itself until a trustpoint is named."""
    reading = subject.reading
    secure = reading.setting(r"ip http secure-server$")
    if not secure.on:
        return settle((), 0, nothing="feature-not-used")
    named = reading.find(r"ip http secure-trustpoint \S")
    good = [line for line in named if not _signs_itself(reading, line)]
    breaches = (
        [] if good else [Breach(Severity.LOW, named or secure.lines, "ip http secure-server", ("ip http secure-trustpoint <trustpoint>",))]
    )
    return settle(breaches, 1, good)


def _signs_itself(reading: Reading, line: Line) -> bool:
    name = line.text.split()[-1]
    return name.startswith("TP-self-signed") or bool(reading.below(rf"crypto (?:pki|ca) trustpoint {re.escape(name)}$", _SELF))


def asa_interfaces(subject: Subject) -> Outcome:
    """VPN and ASDM use a certificate the ASA signs itself at each start until one is bound."""
    reading = subject.reading
    used = reading.below(r"webvpn$", r"enable \S") or reading.find(r"http server enable")
    if not used:
        return settle((), 0, nothing="feature-not-used")
    bound = [
        line
        for line in reading.find(r"ssl trust-point \S")
        if not reading.below(rf"crypto ca trustpoint {re.escape(line.text.split()[2])}$", _SELF)
    ]
    breaches = [] if bound else [Breach(Severity.LOW, used[:1], "ssl trust-point", ("ssl trust-point <trustpoint> outside",))]
    return settle(breaches, 1, bound)


CHECK = ConfigurationRule(
    id="security.cert.trust",
    title=Text("Certificates that no CA vouches for", "Certifikat som ingen CA går i god för"),
    impact=Text(
        "People learn to click warnings away, and so a forged page gets their password.",
        "Folk lär sig att klicka bort varningar, och då får en förfalskad sida deras lösenord.",
    ),
    recommendation=Text("Enrol the device at a CA that clients trust.", "Låt en CA som klienterna litar på utfärda enhetens certifikat."),
    severities=(Severity.LOW,),
    effort_minutes=60,
    requirements=(
        Requirement(("ios", "ios-xe"), trustpoints, ("CISC-ND-001440",)),
        Requirement(("ios", "ios-xe"), web),
        Requirement(("asa",), trustpoints, ("CASA-ND-001370",)),
        Requirement(("asa",), asa_interfaces),
    ),
)
