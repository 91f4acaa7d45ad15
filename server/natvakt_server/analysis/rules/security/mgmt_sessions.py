"""security.mgmt.sessions: not more people or programs at a time than there are managers."""

import re

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, PolicyValue, Requirement, Subject, settle
from natvakt_server.analysis.configuration.login_lines import LoginLine
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity

SESSIONS = PolicyValue("management_sessions", 4)


def judge(subject: Subject) -> Outcome:
    """Connections of the web server are limited by a line; of the five lines every device has, spare ones are closed."""
    reading = subject.reading
    most = int(subject.limit(SESSIONS))
    breaches: list[Breach] = []
    servers = [each for each in (reading.setting(r"ip http server$"), reading.setting(r"ip http secure-server$")) if each.on]
    limit = reading.find(r"ip http max-connections \d+")
    if servers and not limit:
        breaches.append(Breach(Severity.LOW, servers[0].lines, "ip http", ("ip http max-connections 2",)))
    open_lines = [line for line in reading.vty if not line.closed and line.last(r"session-limit \d") is None]
    count = sum(map(_count, open_lines))
    if count > most:
        spare = open_lines[-1]
        last = re.findall(r"\d+", spare.name)[-1:]
        fix = (f"line vty {most - 2} {last[0] if last else most}", " transport input none")
        breaches.append(Breach(Severity.LOW, [line.line for line in open_lines], "line vty", fix))
    judged = len(servers) + len(reading.vty)
    return settle(breaches, judged, (*limit, *(line.line for line in reading.vty)), "no-session")


def _count(line: LoginLine) -> int:
    numbers = [int(number) for number in re.findall(r"\d+", line.name)]
    return numbers[-1] - numbers[0] + 1 if len(numbers) > 1 else 1


def asa(subject: Subject) -> Outcome:
    lines = subject.reading.find(r"quota management-session \S")
    breaches = [] if lines else [Breach(Severity.LOW, (), None, ("quota management-session 5",))]
    return settle(breaches, 1, lines)


def nx_os(subject: Subject) -> Outcome:
    lines = [line for vty in subject.reading.vty if (line := vty.last(r"session-limit \d"))]
    breaches = (
        [] if lines else [Breach(Severity.LOW, [vty.line for vty in subject.reading.vty], "line vty", ("line vty", " session-limit 5"))]
    )
    return settle(breaches, len(subject.reading.vty), lines, "no-vty-line")


CHECK = ConfigurationRule(
    id="security.mgmt.sessions",
    title=Text("Sessions of managers are not limited", "Antalet hanteringssessioner är inte begränsat"),
    impact=Text(
        "Somebody who opens all lines locks the managers out, and a session left open goes unnoticed.",
        "Den som öppnar alla linjer stänger ute förvaltarna, och en kvarlämnad session märks inte.",
    ),
    recommendation=Text(
        "Limit web connections and close the lines nobody needs.", "Begränsa webbanslutningar och stäng linjer som ingen behöver."
    ),
    severities=(Severity.LOW,),
    effort_minutes=5,
    requirements=(
        Requirement(("ios", "ios-xe"), judge, ("CISC-ND-000010",)),
        Requirement(("asa",), asa, ("CASA-ND-000010",)),
        Requirement(("nx-os",), nx_os),
    ),
    thresholds=(SESSIONS,),
)
