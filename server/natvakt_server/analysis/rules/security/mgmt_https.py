"""security.mgmt.https: the web server and RESTCONF answer a list of managers only, in a version of TLS that holds."""

import re

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, does_not_apply, settle
from natvakt_server.analysis.configuration.defaults import by_default
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity

_OLD = re.compile(r"tlsv?1(?:\.?[01])?$|sslv3", re.IGNORECASE)
_OLD_OR_ANY = re.compile(r"any$|(?:sslv3|tlsv1)(?:-only)?$|tlsv1\.1$", re.IGNORECASE)
_WEAK_SUITE = re.compile(r"\b(?:rc4|3des|des|null|md5)\b|rc4|3des", re.IGNORECASE)
_ACCESS = "ip http access-class ipv4 <list of managers>"


def judge(subject: Subject) -> Outcome:
    """HTTPS without a list, or with old TLS by a line or by default; RESTCONF without a list of its own."""
    reading = subject.reading
    secure, restconf = reading.setting(r"ip http secure-server$"), reading.setting(r"restconf$")
    if not secure.on and not restconf.on:
        return does_not_apply("feature-not-used")
    breaches: list[Breach] = []
    listed = reading.find(r"ip http access-class \S")
    versions = reading.find(r"ip http tls-version \S")
    old = [line for line in versions if _OLD.search(line.text.split()[-1])]
    if secure.on and not listed:
        breaches.append(Breach(Severity.MEDIUM, secure.lines, "ip http secure-server", (_ACCESS,)))
    if secure.on and (old or (not versions and by_default(reading, "old tls"))):
        breaches.append(Breach(Severity.MEDIUM, old or secure.lines, "ip http tls-version", ("ip http tls-version TLSv1.2",)))
    if restconf.on and not reading.find(r"restconf ipv[46] access-list "):
        breaches.append(Breach(Severity.MEDIUM, restconf.lines, "restconf", ("restconf ipv4 access-list name <list of managers>",)))
    return settle(breaches, 1, (*secure.lines, *listed, *versions))


def suite(subject: Subject) -> Outcome:
    """HTTPS with a named suite or version; by default old trains offer weak ones too."""
    reading = subject.reading
    secure = reading.setting(r"ip http secure-server$")
    if not secure.on:
        return does_not_apply("feature-not-used")
    suites = reading.find(r"ip http secure-ciphersuite \S")
    weak = [line for line in suites if _WEAK_SUITE.search(line.text)]
    strong = suites or [line for line in reading.find(r"ip http tls-version \S") if not _OLD.search(line.text.split()[-1])]
    breaches = []
    if weak or (not strong and by_default(reading, "old tls")):
        breaches.append(Breach(Severity.MEDIUM, weak or secure.lines, "ip http secure-server", ("ip http tls-version TLSv1.2",)))
    return settle(breaches, 1, strong)


def asdm(subject: Subject) -> Outcome:
    """Who may open ASDM is said by address; its TLS is that of the whole firewall, old ones too until told otherwise on most trains."""
    reading = subject.reading
    if not reading.setting(r"http server enable").on:
        return does_not_apply("feature-not-used")
    inside = {port.nameif for port in reading.interfaces} - {port.nameif for port in reading.outside}
    anybody = [line for line in reading.find(r"http (?:0\.0\.0\.0 0\.0\.0\.0|0 0|::/0) \S+$") if line.text.split()[-1] in inside]
    breaches = [Breach(Severity.MEDIUM, (line,), line.text, (f"no {line.text}",)) for line in anybody]
    versions = reading.find(r"ssl server-version \S")[-1:]
    if any(_OLD_OR_ANY.match(line.text.split()[2]) for line in versions) or (not versions and by_default(reading, "old tls")):
        enabled = reading.find(r"http server enable")
        breaches.append(Breach(Severity.MEDIUM, versions or enabled, "ssl server-version", ("ssl server-version tlsv1.2",)))
    return settle(breaches, 1, (*reading.find(r"http \S+ \S+ \S+$"), *versions))


CHECK = ConfigurationRule(
    id="security.mgmt.https",
    title=Text("Web access open to all or with old TLS", "Webbåtkomst öppen för alla eller med gammal TLS"),
    impact=Text(
        "Whoever reaches the device reaches its web server, where the worst vulnerabilities of recent years were.",
        "Den som når enheten når dess webbserver, där de senaste årens värsta sårbarheter fanns.",
    ),
    recommendation=Text(
        "Let managers in by a list and allow TLS 1.2 and later only.",
        "Släpp in förvaltare med en lista och tillåt bara TLS 1.2 och senare.",
    ),
    severities=(Severity.MEDIUM,),
    effort_minutes=10,
    requirements=(
        Requirement(("ios", "ios-xe"), judge),
        Requirement(("ios", "ios-xe"), suite, ("CISC-ND-001210",)),
        Requirement(("asa",), asdm),
    ),
)
