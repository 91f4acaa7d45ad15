"""security.vuln.smart-install: the Smart Install client answers whoever asks, and obeys (CVE-2018-0171)."""

from natvakt_server.analysis.configuration.check import (
    Breach,
    ConfigurationRule,
    Outcome,
    Requirement,
    Subject,
    does_not_apply,
    fails,
    passes,
)
from natvakt_server.analysis.configuration.defaults import by_default
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity

_FIX = ("no vstack",)


def judge(subject: Subject) -> Outcome:
    reading = subject.reading
    told = reading.setting(r"vstack(?:$| )")
    if told.line is None and not reading.switches:
        return does_not_apply("not-a-switch")
    if told.line is not None:
        return fails(Breach(Severity.CRITICAL, told.lines, None, _FIX)) if told.on else passes(told.lines)
    if by_default(reading, "vstack"):
        version = reading.find(r"version ")
        return fails(Breach(Severity.CRITICAL, version[:1], None, _FIX))
    return passes()


CHECK = ConfigurationRule(
    id="security.vuln.smart-install",
    title=Text("Smart Install is on", "Smart Install är på"),
    impact=Text(
        "Anybody who reaches port 4786 reads and replaces the configuration and runs code, without a password.",
        "Vem som helst som når port 4786 läser och byter konfigurationen och kör kod, utan lösenord.",
    ),
    recommendation=Text(
        "Turn it off; it is on by default on old trains, where no line shows it.",
        "Stäng av det; på äldre versioner är det på som standard utan att någon rad visar det.",
    ),
    severities=(Severity.CRITICAL,),
    effort_minutes=5,
    requirements=(Requirement(("ios", "ios-xe"), judge),),
    references=("CVE-2018-0171", "cisco-sa-20180328-smi2"),
)
