"""security.wifi.guest: guests reach the Internet, and neither the network nor each other."""

import re

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line
from natvakt_server.domain.registry import Role

_GUEST = re.compile(r"guest|gäst|gast|visitor|besok|besök", re.IGNORECASE)


def judge(subject: Subject) -> Outcome:
    """IOS-XE: the WLAN drops what is between its clients, the policy profile it is mapped to has a list."""
    reading = subject.reading
    wlans = [head for head in reading.find(r"wlan \S") if _GUEST.search(head.text)]
    breaches: list[Breach] = []
    for head in wlans:
        name = head.text.split()[1]
        if not reading.find(r"peer-blocking (?:drop|forward-upstream)", head):
            breaches.append(Breach(Severity.HIGH, (head,), name, (f"wlan {name}", " peer-blocking drop")))
        for profile in _profiles(reading, name):
            listed = reading.find(r"(?:ipv4|ip) acl \S", profile)
            anchored = reading.find(r"mobility anchor ", profile)
            if not listed and not anchored:
                fix = (profile.text, " shutdown", " ipv4 acl <list that denies private ranges>", " no shutdown")
                breaches.append(Breach(Severity.HIGH, (profile,), profile.text.split()[-1], fix))
    return settle(breaches, len(wlans), wlans, "no-guest-network")


def _profiles(reading: Reading, wlan: str) -> list[Line]:
    """Policy profiles that a tag maps the WLAN to."""
    mapped = reading.below(r"wireless tag policy \S", rf"wlan {re.escape(wlan)} policy \S")
    names = {line.text.split()[-1] for line in mapped}
    return [head for head in reading.find(r"wireless profile policy \S") if head.text.split()[-1] in names]


def aireos(subject: Subject) -> Outcome:
    reading = subject.reading
    created = [line for line in reading.find(r"config wlan create \d") if _GUEST.search(line.text)]
    breaches: list[Breach] = []
    for line in created:
        number = re.escape(line.text.split()[3])
        if not reading.find(rf"config wlan peer-blocking (?:drop|forward-upstream) {number}$"):
            breaches.append(Breach(Severity.HIGH, (line,), number, (f"config wlan peer-blocking drop {number}",)))
        if not reading.find(rf"config wlan acl {number} (?!none)\S"):
            breaches.append(Breach(Severity.HIGH, (line,), number, (f"config wlan acl {number} <list that denies private ranges>",)))
    return settle(breaches, len(created), created, "no-guest-network")


CHECK = ConfigurationRule(
    id="security.wifi.guest",
    title=Text("Guests reach the network or each other", "Gäster når nätet eller varandra"),
    impact=Text(
        "A guest's infected computer tries servers and the computers of other guests.",
        "En gästs smittade dator prövar servrar och andra gästers datorer.",
    ),
    recommendation=Text(
        "Block peers and bind a list that denies private ranges.", "Spärra trafik mellan gäster och bind en lista som nekar privata nät."
    ),
    severities=(Severity.HIGH,),
    effort_minutes=30,
    requirements=(Requirement(("ios-xe",), judge), Requirement(("aireos",), aireos)),
    roles=frozenset((Role.WLC,)),
)
