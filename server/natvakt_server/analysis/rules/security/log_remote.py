"""security.log.remote: two servers get the log, at a level that shows faults, and the device keeps some itself."""

import re

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line

LEAST_HOSTS = 2
_LEVELS = ("emergencies", "alerts", "critical", "errors", "warnings", "notifications", "informational", "debugging")
_CRITICAL = 2
_HOSTS = {
    "asa": r"logging host \S+ \S",
    "nx-os": r"logging server \S",
    "small-business": r"logging host \S",
    "aireos": r"config logging syslog host \S",
}
_FIXES = {"asa": "logging host <interface> <server>", "nx-os": "logging server <server>", "aireos": "config logging syslog host <server>"}


def _hosts(reading: Reading) -> list[Line]:
    """One line for each server. IOS writes `logging 10.0.0.1` on old trains, `logging host` on newer ones."""
    old_or_new = r"logging (?:host (?:ipv6 )?\S|\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:]+(?: |$)|[x-z]\.[x-z]\.[x-z]\.[x-z])"
    lines = reading.find(_HOSTS.get(reading.system, old_or_new))
    return list({_host(line): line for line in lines}.values()) if not _lettered(lines) else lines


def _host(line: Line) -> str:
    words = [word for word in line.text.split() if word.lower() not in ("logging", "host", "ipv6", "server", "config", "syslog")]
    return (
        words[1]
        if line.text.lower().startswith("logging host") and len(words) > 1 and "." not in words[0] and ":" not in words[0]
        else words[0]
    )


def _lettered(lines: list[Line]) -> bool:
    """Documents write `x.x.x.x` for each of several servers."""
    return all(re.search(r"\bx\.x\.x\.x\b", line.text) for line in lines)


def hosts(subject: Subject) -> Outcome:
    found = _hosts(subject.reading)
    breaches = []
    if len(found) < LEAST_HOSTS:
        severity = Severity.LOW if found else Severity.HIGH
        breaches.append(Breach(severity, found, "logging", (_FIXES.get(subject.os, "logging host <server>"),)))
    return settle(breaches, 1, found)


def kept(subject: Subject) -> Outcome:
    """A buffer of its own, for the days no server is reached."""
    asa = subject.os == "asa"
    told = subject.reading.find(r"(?:no )?logging (?:buffered|buffer-size)\b" if asa else r"(?:no )?logging buffered\b")[-1:]
    good = [line for line in told if not line.text.lower().startswith("no ")]
    fix = ("logging buffer-size 65536", "logging buffered informational") if asa else ("logging buffered 65536 informational",)
    return settle([] if good else [Breach(Severity.LOW, told, "logging buffered", fix)], 1, good)


def level(subject: Subject) -> Outcome:
    """Critical or anything that shows more; informational is the default of IOS."""
    told = subject.reading.find(r"(?:no )?logging trap\b")[-1:]
    quiet = [line for line in told if line.text.lower().startswith("no ") or _number(line.text.split()[-1]) < _CRITICAL]
    return settle([Breach(Severity.LOW, quiet, "logging trap", ("logging trap informational",))] if quiet else [], 1, told)


def _number(word: str) -> int:
    lowered = word.lower()
    if lowered.isdigit():
        return int(lowered)
    return next((number for number, name in enumerate(_LEVELS) if name.startswith(lowered.rstrip("s"))), len(_LEVELS))


IOS = ("ios", "ios-xe")
CHECK = ConfigurationRule(
    id="security.log.remote",
    title=Text("Events reach fewer than two log servers", "Händelser når färre än två loggservrar"),
    impact=Text(
        "After a fault or a break-in the log on the device is gone or was wiped.",
        "Efter ett fel eller intrång är loggen på enheten borta eller raderad.",
    ),
    recommendation=Text(
        "Send the log to two servers at level informational and keep a buffer.",
        "Skicka loggen till två servrar på nivå informational och behåll en buffert.",
    ),
    severities=(Severity.HIGH, Severity.LOW),
    effort_minutes=10,
    requirements=(
        Requirement(IOS, hosts, ("CISC-ND-001450",)),
        Requirement(IOS, kept, ("CISC-ND-000980",)),
        Requirement(IOS, level, ("CISC-ND-001000",)),
        Requirement(("asa",), hosts, ("CASA-ND-001410",)),
        Requirement(("asa",), kept, ("CASA-ND-000920",)),
        Requirement(("nx-os", "ios-xr", "aireos", "small-business"), hosts),
    ),
    references=("RFC 5424",),
)
