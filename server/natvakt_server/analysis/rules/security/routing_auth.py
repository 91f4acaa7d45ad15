"""security.routing.auth: routers believe only neighbours that prove who they are, and speak only where routers are."""

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.igp import Proof, Speaker, speakers
from natvakt_server.analysis.rule import Change, Text
from natvakt_server.domain.assessment import Severity

_COMMANDS = {
    "ospf": ("ip ospf authentication key-chain <chain>",),
    "ospfv3": ("ospfv3 authentication key-chain <chain>",),
    "eigrp": ("ip authentication mode eigrp <as> md5", "ip authentication key-chain eigrp <as> <chain>"),
    "rip": ("ip rip authentication mode md5", "ip rip authentication key-chain <chain>"),
    "isis": ("isis authentication mode md5", "isis authentication key-chain <chain>"),
}


def proof(subject: Subject) -> Outcome:
    """Nothing or clear text is a fault; MD5 is a smaller one."""
    found = speakers(subject.reading)
    breaches = [each for speaker in found if (each := _breach(speaker)) is not None]
    return settle(breaches, len(found), [line for speaker in found for line in speaker.lines], "no-igp")


def _breach(speaker: Speaker) -> Breach | None:
    if speaker.proof is Proof.STRONG:
        return None
    severity = Severity.LOW if speaker.proof is Proof.MD5 else Severity.MEDIUM
    name = speaker.port.name
    fix = (f"interface {name}", *(f" {command}" for command in _COMMANDS[speaker.protocol]))
    return Breach(severity, speaker.lines, name, fix)


def place(subject: Subject) -> Outcome:
    """Where hosts get their addresses, or outside, no routing protocol speaks."""
    reading = subject.reading
    found = speakers(reading)
    outside = {port.name for port in reading.outside}
    wrong = [each for each in found if each.port.name in outside or each.port.last(r"ip helper-address|ip dhcp relay address") is not None]
    breaches = [
        Breach(
            Severity.MEDIUM,
            (each.port.line, each.process),
            each.port.name,
            (each.process.text, f" passive-interface {each.port.name}"),
        )
        for each in wrong
    ]
    return settle(breaches, len(found), nothing="no-igp")


SYSTEMS = ("ios", "ios-xe", "nx-os", "asa")
CHECK = ConfigurationRule(
    id="security.routing.auth",
    title=Text("Routing neighbours need not prove who they are", "Routinggrannar behöver inte visa vem de är"),
    impact=Text(
        "A computer that speaks the protocol leads the traffic of the network wherever it wants.",
        "En dator som talar protokollet leder nätets trafik vart den vill.",
    ),
    recommendation=Text(
        "Authenticate with a key chain of HMAC-SHA-256, both ends at the same time; make segments of hosts passive.",
        "Autentisera med en nyckelkedja med HMAC-SHA-256, båda ändar samtidigt; gör användarnas segment passiva.",
    ),
    severities=(Severity.MEDIUM, Severity.LOW),
    effort_minutes=30,
    requirements=(
        Requirement(SYSTEMS, proof, ("CISC-RT-000020", "CISC-RT-000050")),
        Requirement(SYSTEMS, place),
    ),
    references=("RFC 5709", "RFC 7166"),
    change=Change.INTERRUPTION,
)
