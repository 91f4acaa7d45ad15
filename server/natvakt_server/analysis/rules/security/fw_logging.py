"""security.fw.logging: what the firewall dropped and let through reaches a server, over a way that loses nothing."""

import re

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity

_TCP = re.compile(r"logging host \S+ \S+ (?:tcp|6)(?:/\d+)?\b", re.IGNORECASE)


def enabled(subject: Subject) -> Outcome:
    told = subject.reading.setting(r"logging enable$")
    return settle([] if told.on else [Breach(Severity.MEDIUM, told.lines, "logging enable", ("logging enable",))], 1, told.lines)


def level(subject: Subject) -> Outcome:
    """Sessions that were let through are told at level informational."""
    reading = subject.reading
    told = reading.find(r"logging trap (?:informational|debugging|6|7|\S+)$")[-1:]
    good = [line for line in told if line.text.split()[-1].lower() in ("informational", "debugging", "6", "7")]
    lists = [line for line in told if reading.find(rf"logging list {re.escape(line.text.split()[-1])} ")]
    hosts = reading.find(r"logging host \S+ \S")
    breaches = [] if good or lists else [Breach(Severity.MEDIUM, told, "logging trap", ("logging trap informational",))]
    if not hosts:
        breaches.append(Breach(Severity.MEDIUM, (), "logging host", ("logging host <interface> <server> tcp/1470",)))
    return settle(breaches, 1, (*good, *lists, *hosts))


def denied(subject: Subject) -> Outcome:
    """Denied traffic is told at level warnings, so that a server hears of it from there on."""
    reading = subject.reading
    told = reading.find(r"logging trap \S+$")[-1:]
    quiet = {"emergencies", "alerts", "critical", "errors", "0", "1", "2", "3"}
    good = [line for line in told if line.text.split()[-1].lower() not in quiet]
    hosts = reading.find(r"logging host \S+ \S")
    breaches = [] if good and hosts else [Breach(Severity.MEDIUM, told, "logging trap", ("logging trap informational",))]
    return settle(breaches, 1, (*good, *hosts))


def transport(subject: Subject) -> Outcome:
    """Each server is reached over TCP, so that nothing is lost on the way without notice."""
    hosts = subject.reading.find(r"logging host \S+ \S")
    wrong = [line for line in hosts if not _TCP.match(line.text)]
    breaches = [Breach(Severity.MEDIUM, (line,), " ".join(line.text.split()[:4]), _over_tcp(line.text)) for line in wrong]
    if not hosts:
        breaches.append(Breach(Severity.MEDIUM, (), "logging host", ("logging host <interface> <server> tcp/1470",)))
    return settle(breaches, max(len(hosts), 1), hosts)


def _over_tcp(text: str) -> tuple[str, ...]:
    words = text.split()
    return (f"no {text}", f"{' '.join(words[:4])} tcp/1470", "logging permit-hostdown")


def queue(subject: Subject) -> Outcome:
    lines = subject.reading.find(r"logging (?:queue \d+|flash-bufferwrap|ftp-bufferwrap)")
    return settle([] if lines else [Breach(Severity.MEDIUM, (), "logging queue", ("logging queue 8192",))], 1, lines)


CHECK = ConfigurationRule(
    id="security.fw.logging",
    title=Text("The firewall's log is incomplete", "Brandväggens logg är ofullständig"),
    impact=Text(
        "Nobody can tell afterwards who came in and what left.", "Ingen kan i efterhand säga vem som kom in och vad som lämnade nätet."
    ),
    recommendation=Text(
        "Log at informational to a server over TCP, with a queue for the time it is away.",
        "Logga på informational till en server över TCP, med en kö för tiden den är borta.",
    ),
    severities=(Severity.MEDIUM,),
    effort_minutes=10,
    requirements=(
        Requirement(("asa",), enabled, ("CASA-FW-000040", "CASA-FW-000200", "CASA-FW-000090")),
        Requirement(("asa",), denied, ("CASA-FW-000200",)),
        Requirement(("asa",), level),
        Requirement(("asa",), transport, ("CASA-FW-000100",)),
        Requirement(("asa",), queue, ("CASA-FW-000090",)),
    ),
)
