"""security.mgmt.ssh: version 2 only, long keys, no cipher or hash that is known to be weak."""

import re
from collections.abc import Sequence

from natvakt_server.analysis.configuration.check import (
    Breach,
    ConfigurationRule,
    Outcome,
    PolicyValue,
    Requirement,
    Subject,
    cannot_tell,
    fails,
    passes,
)
from natvakt_server.analysis.configuration.defaults import by_default
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line

KEY_BITS = PolicyValue("rsa_key_bits", 2048, 3072)
_WEAK_MAC = re.compile(r"\b(?:hmac-sha1\S*|hmac-md5\S*|sha1\S*|md5\S*)", re.IGNORECASE)
_WEAK_CIPHER = re.compile(r"\b(?:3des\S*|des-cbc|\S*-cbc\S*|arcfour\S*|rc4\S*|all|low|medium)\b", re.IGNORECASE)
_WEAK_EXCHANGE = re.compile(
    r"\b(?:diffie-hellman-group1-sha1|diffie-hellman-group14-sha1|dh-group1-sha1|dh-group14-sha1|all)\b", re.IGNORECASE
)
_IOS_MAC = "ip ssh server algorithm mac hmac-sha2-512 hmac-sha2-256"
_IOS_CIPHER = "ip ssh server algorithm encryption aes256-ctr aes192-ctr aes128-ctr"


def version(subject: Subject) -> Outcome:
    """Version 1 is refused. On IOS both are allowed until `ip ssh version 2`."""
    asa = subject.os == "asa"
    command = "ssh version 2" if asa else "ip ssh version 2"
    lines = subject.reading.find(r"ssh version \d" if asa else r"ip ssh version \d")
    if lines:
        return passes(lines[-1:]) if lines[-1].text.endswith("2") else fails(Breach(Severity.HIGH, lines[-1:], None, (command,)))
    if asa and not subject.reading.find(r"ssh \S+ \S+ \S+$"):
        return passes()
    return fails(Breach(Severity.HIGH, (), None, (command,))) if by_default(subject.reading, "ssh version 1") else passes()


def key_length(subject: Subject) -> Outcome:
    """Only NX-OS shows how long its key is, and only where somebody made it anew."""
    least = int(subject.limit(KEY_BITS))
    lines = subject.reading.find(r"ssh key rsa \d+")
    if not lines:
        return cannot_tell("cli-not-allowed")
    short = [line for line in lines if int(re.findall(r"\d+", line.text)[0]) < least]
    return fails(Breach(Severity.HIGH, short, None, (f"ssh key rsa {least} force",))) if short else passes(lines)


def macs(subject: Subject) -> Outcome:
    return _algorithms(subject, r"ip ssh server algorithm mac ", _WEAK_MAC, _IOS_MAC)


def ciphers(subject: Subject) -> Outcome:
    return _algorithms(subject, r"ip ssh server algorithm encryption ", _WEAK_CIPHER, _IOS_CIPHER)


def exchange(subject: Subject) -> Outcome:
    """How keys are agreed: by the list given, else by the default one."""
    pattern = r"ssh key-exchange group " if subject.os == "asa" else r"(?:ip ssh server algorithm kex|ssh kexalgos|ssh macs|ssh ciphers) "
    fix = {
        "asa": ("ssh key-exchange group dh-group14-sha256",),
        "nx-os": ("no ssh kexalgos all", "no ssh macs all", "no ssh ciphers all"),
    }.get(subject.os, ("ip ssh server algorithm kex ecdh-sha2-nistp384 ecdh-sha2-nistp256",))
    lines = subject.reading.find(pattern)
    weak = [line for line in lines if _WEAK_EXCHANGE.search(line.text)]
    if not lines and by_default(subject.reading, "ssh weak exchange"):
        return fails(Breach(Severity.MEDIUM, (), None, fix))
    return fails(Breach(Severity.MEDIUM, weak, None, fix)) if weak else passes(lines)


def asa_integrity(subject: Subject) -> Outcome:
    return _algorithms(
        subject, r"ssh cipher integrity ", re.compile(r"\b(?:all|low|medium)\b|sha1|md5", re.IGNORECASE), "ssh cipher integrity high"
    )


def asa_encryption(subject: Subject) -> Outcome:
    return _algorithms(subject, r"ssh cipher encryption ", _WEAK_CIPHER, "ssh cipher encryption high")


def _algorithms(subject: Subject, pattern: str, weak: re.Pattern[str], fix: str) -> Outcome:
    """The last list counts; where there is none, the default list, weak on old trains."""
    lines: Sequence[Line] = subject.reading.find(pattern)[-1:]
    if lines:
        return fails(Breach(Severity.MEDIUM, lines, None, (fix,))) if weak.search(lines[0].text) else passes(lines)
    return fails(Breach(Severity.MEDIUM, (), None, (fix,))) if by_default(subject.reading, "ssh weak algorithms") else passes()


IOS = ("ios", "ios-xe")
CHECK = ConfigurationRule(
    id="security.mgmt.ssh",
    title=Text("SSH with old versions or weak algorithms", "SSH med gamla versioner eller svaga algoritmer"),
    impact=Text(
        "A session of an administrator can be read or changed by somebody on the path.",
        "En administratörs session kan läsas eller ändras av någon på vägen.",
    ),
    recommendation=Text(
        "Allow version 2 only, with a long key, counter-mode ciphers and SHA-2.",
        "Tillåt bara version 2, med lång nyckel, chiffer i räknarläge och SHA-2.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM),
    effort_minutes=15,
    requirements=(
        Requirement(IOS, version, ("CISC-ND-001200", "CISC-ND-001210")),
        Requirement(IOS, macs, ("CISC-ND-001200",)),
        Requirement(IOS, ciphers, ("CISC-ND-001210",)),
        Requirement((*IOS, "nx-os", "asa"), exchange),
        Requirement(("nx-os",), key_length),
        Requirement(("asa",), version, ("CASA-ND-001140", "CASA-ND-001150")),
        Requirement(("asa",), asa_integrity, ("CASA-ND-001140",)),
        Requirement(("asa",), asa_encryption, ("CASA-ND-001150",)),
    ),
    references=("RFC 4253", "RFC 9142"),
    thresholds=(KEY_BITS,),
)
