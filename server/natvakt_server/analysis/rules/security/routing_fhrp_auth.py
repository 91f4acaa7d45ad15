"""security.routing.fhrp-auth: only routers that know a key may take over the gateway's address."""

import re

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.interfaces import Interface
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line

_GROUP = re.compile(r"(?P<word>standby|vrrp) (?P<number>\d+ )?(?:ip|ipv6)\b", re.IGNORECASE)


def judge(subject: Subject) -> Outcome:
    """Groups of HSRP and VRRP version 2 on IOS; version 3 of VRRP has no keys."""
    groups = [
        (port, line, match)
        for port in subject.reading.interfaces
        if not port.shut
        for line in port.lines
        if (match := _GROUP.match(line.text))
    ]
    once = {(port.name, match["word"].lower(), match["number"] or ""): (port, line) for port, line, match in reversed(groups)}
    breaches, good = [], []
    for (name, word, number), (port, line) in once.items():
        told = port.last(rf"{word} {number}authentication\b")
        if told is not None and " md5 " in f"{told.text} ":
            good.append(told)
            continue
        fix = (f"interface {name}", f" {word} {number}authentication md5 key-chain <chain>")
        breaches.append(Breach(Severity.LOW, (told or line,), name, fix))
    return settle(breaches, len(once), good, "no-group")


def nx_os(subject: Subject) -> Outcome:
    """`hsrp GROUP` is a block below the interface."""
    reading = subject.reading
    breaches, good, judged = [], [], 0
    for port in reading.interfaces:
        for head in port.all(r"(?:hsrp|vrrp) \d+"):
            judged += 1
            told = _authentication(reading.inside(head, r"authentication "), head)
            if told is not None and " md5 " in f"{told.text} ":
                good.append(told)
            else:
                breaches.append(_breach(port, head, told))
    return settle(breaches, judged, good, "no-group")


def _authentication(lines: list[Line], head: Line) -> Line | None:
    return lines[-1] if lines and lines[-1].parent == head.place else None


def _breach(port: Interface, head: Line, told: Line | None) -> Breach:
    fix = (f"interface {port.name}", f" {head.text}", "  authentication md5 key-chain <chain>")
    return Breach(Severity.LOW, (told or head,), f"{port.name} {head.text}", fix)


CHECK = ConfigurationRule(
    id="security.routing.fhrp-auth",
    title=Text("Anybody may become the gateway", "Vem som helst kan bli gateway"),
    impact=Text(
        "A computer that speaks the protocol takes the gateway's address and reads what leaves the segment.",
        "En dator som talar protokollet tar gatewayens adress och läser det som lämnar segmentet.",
    ),
    recommendation=Text("Authenticate each group with MD5 and a key chain.", "Autentisera varje grupp med MD5 och en nyckelkedja."),
    severities=(Severity.LOW,),
    effort_minutes=10,
    requirements=(Requirement(("ios", "ios-xe"), judge), Requirement(("nx-os",), nx_os)),
    references=("RFC 2281",),
)
