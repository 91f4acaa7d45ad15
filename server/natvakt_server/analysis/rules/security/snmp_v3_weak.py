"""security.snmp.v3-weak: version 3 with authentication and privacy, by hashes and ciphers that hold."""

import re

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, cannot_tell, settle
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line

_GROUP = r"snmp-server group (?P<name>\S+) v3 (?P<level>noauth|auth|priv)\b"


def _level(line: Line) -> str:
    found = re.match(_GROUP, line.text, re.IGNORECASE)
    return found["level"].lower() if found else ""


def authenticated(subject: Subject) -> Outcome:
    return _groups(subject, ("auth", "priv"))


def encrypted(subject: Subject) -> Outcome:
    return _groups(subject, ("priv",))


def _groups(subject: Subject, good: tuple[str, ...]) -> Outcome:
    """Every group of version 3 is of a good level. A version 3 host or user without any group is none."""
    reading = subject.reading
    groups = reading.find(_GROUP)
    weak = [line for line in groups if _level(line) not in good]
    breaches = [Breach(Severity.MEDIUM, (line,), line.text.split()[2], _raised(line)) for line in weak]
    receivers = reading.find(r"snmp-server (?:host \S+ .*version 3 |view \S|user \S)")
    if not groups and receivers:
        breaches.append(Breach(Severity.MEDIUM, receivers, "snmp-server group", ("snmp-server group <group> v3 priv read <view>",)))
    return settle(breaches, len(groups), groups, "no-version-3")


def _raised(line: Line) -> tuple[str, ...]:
    return (f"no {line.text}", re.sub(r" v3 (?:noauth|auth)\b", " v3 priv", line.text, flags=re.IGNORECASE))


def unseen_users(subject: Subject) -> Outcome:
    """IOS keeps users of version 3 out of the configuration: their hashes and ciphers show on the command line only."""
    used = subject.reading.find(r"snmp-server (?:community|group|host|view|engineID) \S")
    return cannot_tell("cli-not-allowed") if used else settle((), 0, nothing="feature-not-used")


def user_hash(subject: Subject) -> Outcome:
    return _users(subject, r"auth (?P<word>\S+)", ("md5",), "auth sha")


def user_cipher(subject: Subject) -> Outcome:
    return _users(subject, r"priv (?P<word>\S+)", ("des", "3des"), "priv aes 256")


def _users(subject: Subject, pattern: str, weak: tuple[str, ...], better: str) -> Outcome:
    """Users in the text, as ASA, NX-OS and IOS-XR keep them."""
    users = subject.reading.find(r"snmp-server user \S+ ")
    breaches = []
    for line in users:
        found = re.search(pattern, line.text, re.IGNORECASE)
        bare_privacy = found is not None and pattern.startswith("priv") and subject.os == "nx-os" and "aes" not in found["word"].lower()
        if found is None or found["word"].lower() in weak or bare_privacy:
            name = line.text.split()[2]
            breaches.append(Breach(Severity.MEDIUM, (line,), f"user {name}", (f"snmp-server user {name} <group> v3 {better} <password>",)))
    return settle(breaches, len(users), users, "no-version-3-user")


CHECK = ConfigurationRule(
    id="security.snmp.v3-weak",
    title=Text("SNMPv3 below its strength", "SNMPv3 under sin styrka"),
    impact=Text(
        "What the device tells can be read on the way, or forged.",
        "Det enheten berättar kan läsas på vägen, eller förfalskas.",
    ),
    recommendation=Text("Use authPriv with SHA and AES.", "Använd authPriv med SHA och AES."),
    severities=(Severity.MEDIUM,),
    effort_minutes=15,
    requirements=(
        Requirement(("ios", "ios-xe"), authenticated, ("CISC-ND-001130",)),
        Requirement(("ios", "ios-xe"), encrypted, ("CISC-ND-001140",)),
        Requirement(("ios", "ios-xe"), unseen_users),
        Requirement(("asa",), authenticated, ("CASA-ND-001050",)),
        Requirement(("asa",), encrypted, ("CASA-ND-001070",)),
        Requirement(("asa",), user_hash, ("CASA-ND-001050",)),
        Requirement(("asa",), user_cipher, ("CASA-ND-001070",)),
        Requirement(("nx-os", "ios-xr"), user_hash),
        Requirement(("nx-os", "ios-xr"), user_cipher),
    ),
    references=("RFC 3414", "RFC 3826"),
)
