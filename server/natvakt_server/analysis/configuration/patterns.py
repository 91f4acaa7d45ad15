"""Requirements as data: what must stand in a configuration, what must not, in which sections.

One requirement in a rule file (TOML), for a network engineer to write without any program:

    [[rule.requirement]]
    os = ["ios", "ios-xe"]
    references = ["CISC-ND-000720"]
    section = "line (con|vty) "                 # each such section is judged; without it the whole text
    where = ["transport input (?!none)"]        # only sections with such a line (all of them)
    unless = ["no exec$"]                       # but not sections with such a line (any of them)
    must = ["exec-timeout ([1-9]|10) "]         # each of these must match a line
    must_any = ["login local$", "login auth"]   # one of these must
    must_not = ["exec-timeout 0 0$"]            # none of these may; the line is the evidence
    applies_if = ["line vty "]                  # otherwise not applicable
    nothing = "pass"                            # verdict where no section is judged: pass, fail or not-applicable (default)
    fix = ["{section}", " exec-timeout 10 0"]   # {section}, {line}, {object}: what comes after the section's first word
    severity = "medium"                         # where it is not the rule's highest

Patterns are regular expressions from the line's start, whatever its case.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from natvakt_server.analysis.configuration.check import Breach, Judge, Outcome, Subject, does_not_apply, fails, passes, settle
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Configuration, Line

NOTHING = ("not-applicable", "pass", "fail")


@dataclass(frozen=True, slots=True)
class Pattern:
    """The fields of a requirement as above; `severity` is the one that a breach has."""

    severity: Severity
    section: str = ""
    where: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    must_any: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    applies_if: tuple[str, ...] = ()
    nothing: str = "not-applicable"
    fix: tuple[str, ...] = ()


def judge_of(pattern: Pattern) -> Judge:
    """The judgement that a pattern describes."""

    def judge(subject: Subject) -> Outcome:
        return judge_pattern(pattern, subject.configuration)

    return judge


def judge_pattern(pattern: Pattern, configuration: Configuration) -> Outcome:
    if pattern.applies_if and not all(configuration.anywhere(each) for each in pattern.applies_if):
        return does_not_apply("feature-not-used")
    if not pattern.section:
        breach, lines = _judged(pattern, configuration, None)
        return fails(breach) if breach is not None else passes(lines)
    breaches: list[Breach] = []
    shown: list[Line] = []
    sections = [line for line in configuration.find(pattern.section) if _is_judged(pattern, configuration, line)]
    for section in sections:
        breach, lines = _judged(pattern, configuration, section)
        shown += lines
        if breach is not None:
            breaches.append(breach)
    if not sections and pattern.nothing == "pass":
        return passes()
    if not sections and pattern.nothing == "fail":
        return fails(Breach(pattern.severity, remediation=_commands(pattern, None, None)))
    return settle(breaches, len(sections), shown, "no-such-section")


def _is_judged(pattern: Pattern, configuration: Configuration, section: Line) -> bool:
    wanted = all(_matching(configuration, section, each) for each in pattern.where)
    return wanted and not any(_matching(configuration, section, each) for each in pattern.unless)


def _judged(pattern: Pattern, configuration: Configuration, section: Line | None) -> tuple[Breach | None, Sequence[Line]]:
    wrong = [line for each in pattern.must_not for line in _matching(configuration, section, each)]
    good: list[Line] = []
    missing = False
    for each in pattern.must:
        found = _matching(configuration, section, each)
        good += found
        missing = missing or not found
    alternatives = [line for each in pattern.must_any for line in _matching(configuration, section, each)]
    missing = missing or (bool(pattern.must_any) and not alternatives)
    if not wrong and not missing:
        return None, [*good, *alternatives]
    lines = wrong or ([section] if section is not None else [])
    return Breach(pattern.severity, lines, section.text if section is not None else None, _commands(pattern, section, wrong)), ()


def _matching(configuration: Configuration, section: Line | None, pattern: str) -> Sequence[Line]:
    if section is None:
        return configuration.find(pattern)
    return configuration.find(pattern, within=section)


def _commands(pattern: Pattern, section: Line | None, wrong: Sequence[Line] | None) -> tuple[str, ...]:
    """`{line}` stands for every wrong line in turn; a command with it is left out where none is wrong."""
    shown = {
        "section": section.text if section is not None else "",
        "object": section.text.partition(" ")[2] if section is not None else "",
    }
    commands: list[str] = []
    for command in pattern.fix:
        if "{line}" in command:
            commands += [_filled(command, {**shown, "line": _bare(line.text)}) for line in wrong or ()]
        elif "{section}" not in command or section is not None:
            commands.append(_filled(command, shown))
    return tuple(commands)


def _bare(text: str) -> str:
    """`no no ip http server` is never meant."""
    return re.sub(r"^no ", "", text)


def _filled(command: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        command = command.replace(f"{{{name}}}", value)
    return command
