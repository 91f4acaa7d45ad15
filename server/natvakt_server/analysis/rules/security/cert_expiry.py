"""security.cert.expiry: certificates in the configuration end while somebody still has time to renew them."""

from collections.abc import Iterator
from datetime import date

from cryptography import x509

from natvakt_server.analysis.configuration.check import (
    Breach,
    ConfigurationRule,
    Outcome,
    PolicyValue,
    Requirement,
    Subject,
    cannot_tell,
    settle,
)
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Kind, Line

DAYS = PolicyValue("certificate_days", 30)
LARGEST_HEX = 32_768
NOW_DAYS = 7


def judge(subject: Subject) -> Outcome:
    """Each certificate of a chain. A body that was removed, or that is kept elsewhere, cannot be read."""
    found = list(_certificates(subject.reading))
    today = subject.today
    ends = [(line, name, end) for line, name, end in found if end is not None]
    if not found:
        return settle((), 0, nothing="no-certificate")
    if today is None or not ends:
        return cannot_tell("redacted")
    breaches = []
    for line, name, end in ends:
        left = (end - today).days
        if left < int(subject.limit(DAYS)):
            severity = Severity.HIGH if left < NOW_DAYS else Severity.MEDIUM
            enrol = f"crypto ca enroll {name}" if subject.os == "asa" else f"crypto pki enroll {name}"
            breaches.append(Breach(severity, (line,), name, (enrol,)))
    return settle(breaches, len(ends), [line for line, _, _ in ends])


def _certificates(reading: Reading) -> Iterator[tuple[Line, str, date | None]]:
    for chain in reading.find(r"crypto (?:pki|ca) certificate chain \S"):
        for line in reading.find(r"certificate\b", chain):
            yield line, chain.text.split()[-1], _end(reading, line)


def _end(reading: Reading, line: Line) -> date | None:
    text = "".join(each.text for each in reading.configuration.descendants(line, {Kind.CERTIFICATE})).replace(" ", "")
    if not text or len(text) > LARGEST_HEX:
        return None
    try:
        return x509.load_der_x509_certificate(bytes.fromhex(text)).not_valid_after_utc.date()
    except ValueError:
        return None


CHECK = ConfigurationRule(
    id="security.cert.expiry",
    title=Text("A certificate ends soon", "Ett certifikat går snart ut"),
    impact=Text(
        "VPN, web access or telephones stop from one hour to the next.",
        "VPN, webbåtkomst eller telefoner slutar fungera från en timme till nästa.",
    ),
    recommendation=Text("Renew it before it ends.", "Förnya det innan det går ut."),
    severities=(Severity.HIGH, Severity.MEDIUM),
    effort_minutes=30,
    requirements=(Requirement(("ios", "ios-xe", "asa"), judge),),
    references=("RFC 5280",),
    thresholds=(DAYS,),
)
