"""security.mgmt.exec-timeout: a session that nobody uses ends; nobody gets in at the console or the auxiliary port without a login."""

import re

from natvakt_server.analysis.configuration.check import (
    Breach,
    ConfigurationRule,
    Outcome,
    PolicyValue,
    Requirement,
    Subject,
    does_not_apply,
    settle,
)
from natvakt_server.analysis.configuration.login_lines import LoginLine
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line

MINUTES = PolicyValue("exec_timeout_minutes", 10, 5)


def _most(subject: Subject) -> int:
    return int(subject.limit(MINUTES))


def _minutes(line: Line) -> float:
    """Of `exec-timeout MINUTES SECONDS` and its like; nothing is left of 0, which means never."""
    numbers = [int(number) for number in re.findall(r"\d+", line.text)]
    return numbers[0] + (numbers[1] / 60 if len(numbers) > 1 else 0) if numbers else 0


def judge(subject: Subject) -> Outcome:
    """Every line that people use has a time of its own: what no line says depends on the train."""
    reading, most = subject.reading, _most(subject)
    lines = [line for line in reading.login_lines if line.kind in ("con", "vty") and not line.closed]
    breaches = [each for line in lines if (each := _too_long(line, most)) is not None]
    good = [line for each in lines if (line := each.last(r"exec-timeout \d"))]
    web = reading.setting(r"ip http secure-server$") if subject.os in ("ios", "ios-xe") else None
    judged = len(lines)
    if web is not None and web.on:
        judged += 1
        told = reading.find(r"ip http timeout-policy idle \d+")
        if not told or int(re.findall(r"idle (\d+)", told[-1].text)[0]) > most * 60:
            fix = (f"ip http timeout-policy idle {most * 60} life 86400 requests 10000",)
            breaches.append(Breach(Severity.MEDIUM, told[-1:] or web.lines, "ip http", fix))
        good += told
    return settle(breaches, judged, good, "no-line")


def _too_long(line: LoginLine, most: int) -> Breach | None:
    told = line.last(r"(?:no )?exec-timeout\b")
    minutes = 0 if told is None or told.text.lower().startswith("no ") else _minutes(told)
    if 0 < minutes <= most:
        return None
    return Breach(Severity.MEDIUM, (told or line.line,), line.name, (line.name, f" exec-timeout {most} 0"))


def auxiliary(subject: Subject) -> Outcome:
    """The auxiliary port gives no prompt."""
    lines = [line for line in subject.reading.login_lines if line.kind == "aux"]
    usable = [line for line in lines if not line.silent]
    breaches = [Breach(Severity.MEDIUM, (line.line,), line.name, (line.name, " no exec", " transport input none")) for line in usable]
    return settle(breaches, len(lines), [found for line in lines if (found := line.last(r"no exec$"))], "no-aux-line")


def console(subject: Subject) -> Outcome:
    """The console asks for a login: with AAA by the default list unless a list says none, without AAA by `login`."""
    reading = subject.reading
    aaa = reading.setting(r"aaa new-model$")
    lines = [line for line in reading.login_lines if line.kind == "con"]
    breaches: list[Breach] = []
    for line in lines:
        told = line.last(r"(?:no )?login\b")
        name = told.text.split()[-1] if told is not None and aaa.on and told.text.lower().startswith("login authentication") else "default"
        lists = reading.find(rf"aaa authentication login {re.escape(name)} ")
        open_lists = [each for each in lists if each.text.lower().split()[4:] == ["none"]]
        if open_lists if aaa.on else (told is None or told.text.lower().startswith("no ")):
            shown = (told or line.line, *open_lists)
            breaches.append(
                Breach(Severity.MEDIUM, shown, line.name, (line.name, " login authentication default" if aaa.on else " login local"))
            )
    return settle(breaches, len(lines), [line.line for line in lines], "no-console-line")


def asa(subject: Subject) -> Outcome:
    """Console never ends by default; SSH and the web server are given a time as well."""
    reading, most = subject.reading, _most(subject)
    wanted = [("console timeout", 1), ("ssh timeout", 1 if reading.find(r"ssh \S+ \S+ \S+$") or reading.find(r"ssh timeout") else 0)]
    wanted += [("http server idle-timeout", 1)] if reading.setting(r"http server enable").on or reading.find(r"http server idle") else []
    breaches: list[Breach] = []
    good: list[Line] = []
    for command, needed in wanted:
        told = reading.find(rf"{command} \d+")[-1:]
        if not told and not needed:
            continue
        if not told or not 0 < _minutes(told[0]) <= most:
            breaches.append(Breach(Severity.MEDIUM, told, command, (f"{command} {most}",)))
        good += told
    return settle(breaches, len(wanted), good)


def xr(subject: Subject) -> Outcome:
    lines = subject.reading.find(r"line (?:console|default|template \S+)$")
    if not lines:
        return does_not_apply("no-line")
    breaches = []
    for line in lines:
        told = subject.reading.find(r"exec-timeout \d", line)[-1:]
        if not told or not 0 < _minutes(told[0]) <= _most(subject):
            breaches.append(Breach(Severity.MEDIUM, told or (line,), line.text, (line.text, f" exec-timeout {_most(subject)} 0")))
    return settle(breaches, len(lines), lines)


CHECK = ConfigurationRule(
    id="security.mgmt.exec-timeout",
    title=Text("Sessions stay open, or open without login", "Sessioner ligger kvar, eller öppnas utan inloggning"),
    impact=Text(
        "Whoever finds a session left open, or a port without login, has the rights of the one who left it.",
        "Den som hittar en kvarlämnad session, eller en port utan inloggning, får samma rättigheter som den som lämnade den.",
    ),
    recommendation=Text(
        "Give every line a time of ten minutes or less, close the auxiliary port, and have the console ask.",
        "Ge varje linje en tid på högst tio minuter, stäng aux-porten och låt konsolen fråga.",
    ),
    severities=(Severity.MEDIUM,),
    effort_minutes=5,
    requirements=(
        Requirement(("ios", "ios-xe"), judge, ("CISC-ND-000720",)),
        Requirement(("ios", "ios-xe"), auxiliary, ("CISC-RT-000230",)),
        Requirement(("ios", "ios-xe"), console),
        Requirement(("nx-os",), judge),
        Requirement(("asa",), asa, ("CASA-ND-000690",)),
        Requirement(("ios-xr",), xr),
    ),
    thresholds=(MINUTES,),
)
