"""security.vpn.remote-access: a password alone lets nobody in from afar."""

import re

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line

_STRONG = r"authentication (?:.*\b)?(?:certificate|saml|multiple-certificate)\b"


def judge(subject: Subject) -> Outcome:
    """Each group of remote access asks for a certificate, a second factor, or leaves it to an identity provider."""
    reading = subject.reading
    everywhere = reading.find(r"ssl certificate-authentication ")
    heads = reading.find(r"tunnel-group \S+ (?:type (?:remote-access|webvpn|ipsec-ra)|webvpn-attributes)")
    if not heads and reading.below(r"webvpn$", r"enable \S"):
        heads = reading.find(r"tunnel-group \S+ general-attributes") or reading.find(r"webvpn$")
    groups: dict[str, Line] = {}
    for head in heads:
        groups.setdefault(head.text.split()[1] if len(head.text.split()) > 1 else "DefaultWEBVPNGroup", head)
    breaches, good = [], []
    for name, head in groups.items():
        own = rf"tunnel-group {re.escape(name)} (?:webvpn|general|ipsec)-attributes"
        strong = reading.below(own, _STRONG) + reading.below(own, r"secondary-authentication-server-group \S")
        strong += reading.below(own, r"ikev2 remote-authentication certificate")
        if strong or everywhere:
            good += strong or everywhere
            continue
        fix = (f"tunnel-group {name} webvpn-attributes", " authentication aaa certificate")
        breaches.append(Breach(Severity.MEDIUM, (head, *reading.below(own, r"authentication \S")), name, fix))
    return settle(breaches, len(groups), good, "no-remote-access")


CHECK = ConfigurationRule(
    id="security.vpn.remote-access",
    title=Text("Remote access with a password alone", "Fjärråtkomst med bara lösenord"),
    impact=Text(
        "One password from a leak or a phishing mail is enough to be on the network.",
        "Ett lösenord från en läcka eller ett nätfiskemejl räcker för att vara inne på nätet.",
    ),
    recommendation=Text(
        "Ask for a certificate, or log in by SAML with a second factor.", "Kräv certifikat, eller logga in via SAML med en andra faktor."
    ),
    severities=(Severity.MEDIUM,),
    effort_minutes=120,
    requirements=(Requirement(("asa",), judge, ("CASA-VN-000440",)),),
)
