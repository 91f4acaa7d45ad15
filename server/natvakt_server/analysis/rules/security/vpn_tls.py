"""security.vpn.tls: VPN and management over TLS in version 1.2 or later, without weak ciphers."""

import re

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.defaults import by_default
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity

_GOOD_VERSION = re.compile(r"tlsv1\.[23]", re.IGNORECASE)
_WEAK = re.compile(r"\b(?:rc4|des|3des|null|md5|low|medium|all)\b|rc4|3des|des-cbc|null-", re.IGNORECASE)


def _used(reading: Reading) -> bool:
    """Somebody is served over TLS; a part of a configuration without interfaces is taken at its word."""
    return bool(reading.below(r"webvpn$", r"enable \S") or reading.find(r"(?:http server enable|ssl \S)")) or not reading.interfaces


def version(subject: Subject) -> Outcome:
    """Old trains accept TLS 1.0 until told otherwise."""
    reading = subject.reading
    told = reading.find(r"ssl server-version \S")[-1:]
    good = [line for line in told if _GOOD_VERSION.match(line.text.split()[2])]
    bad = not good and (bool(told) or by_default(reading, "old tls"))
    breaches = [Breach(Severity.HIGH, told, "ssl server-version", ("ssl server-version tlsv1.2",))] if bad else []
    return settle(breaches, 1 if _used(reading) else 0, good, "feature-not-used")


def cipher(subject: Subject) -> Outcome:
    """A level or a list of ciphers for TLS 1.2: high, fips, or names of strong ones. By default the level is medium."""
    reading = subject.reading
    told = reading.find(r"ssl (?:cipher (?:tlsv1\.2|default|tlsv1\.3) |encryption )\S")
    weak = [line for line in told if _WEAK.search(line.text.partition("cipher")[2] or line.text.partition("encryption")[2])]
    bad = bool(weak) or not told
    breaches = [Breach(Severity.HIGH, weak, "ssl cipher", ("ssl cipher tlsv1.2 high",))] if bad else []
    return settle(breaches, 1 if _used(reading) else 0, told, "feature-not-used")


CHECK = ConfigurationRule(
    id="security.vpn.tls",
    title=Text("Old TLS or weak ciphers", "Gammal TLS eller svaga chiffer"),
    impact=Text(
        "Sessions of people who work from afar can be read or taken over on the way.",
        "Sessioner för dem som arbetar på distans kan läsas eller tas över på vägen.",
    ),
    recommendation=Text("Allow TLS 1.2 and later with ciphers of level high.", "Tillåt TLS 1.2 och senare med chiffer på nivå high."),
    severities=(Severity.HIGH,),
    effort_minutes=10,
    requirements=(
        Requirement(("asa",), version, ("CASA-VN-000550",)),
        Requirement(("asa",), cipher, ("CASA-VN-000560",)),
    ),
    references=("RFC 8996", "RFC 9325"),
)
