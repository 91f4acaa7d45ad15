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
    must_deep = ["logging enable$"]             # as must, at any depth below the section
    must_not = ["exec-timeout 0 0$"]            # none of these may; the line is the evidence
    applies_if = ["line vty "]                  # otherwise not applicable
    nothing = "pass"                            # verdict where no section is judged: pass, fail or not-applicable (default)
    fix = ["{section}", " exec-timeout 10 0"]   # {section}, {line}, {object}: what comes after the section's first word
    severity = "medium"                         # where it is not the rule's highest

Instead of `section`, `ports = ["host", "phone"]` judges the ports of these roles (host, phone, uplink, ap, server, routed) that are in use,
with the lines of their templates; `{section}` is then `interface NAME`. Numbers are compared with thresholds, which the strict profile and
the customer may set otherwise; a line that is not there breaks none of them:

    at_most = [{ line = "login block-for \\d+ attempts (\\d+)", name = "login_attempts", value = 5, strict = 3 }]
    at_least = [{ line = "login block-for (\\d+)", name = "login_block_seconds", value = 60, strict = 900 }]

Patterns are regular expressions from the line's start, whatever its case.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from natvakt_server.analysis.configuration.check import Breach, Judge, Outcome, PolicyValue, Subject, does_not_apply, fails, passes, settle
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line

NOTHING = ("not-applicable", "pass", "fail")


@dataclass(frozen=True, slots=True)
class Threshold:
    """The number that the pattern's group finds is at most, or at least, what the policy or the profile says."""

    line: str
    limit: PolicyValue
    at_most: bool

    def broken(self, text: str, subject: Subject) -> bool:
        found = re.match(self.line, text, re.IGNORECASE)
        if found is None:
            return False
        number, limit = float(found[1]), subject.limit(self.limit)
        return number > limit if self.at_most else number < limit


@dataclass(frozen=True, slots=True)
class Pattern:
    """The fields of a requirement as above; `severity` is the one that a breach has."""

    severity: Severity
    section: str = ""
    where: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    must_any: tuple[str, ...] = ()
    must_deep: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    applies_if: tuple[str, ...] = ()
    nothing: str = "not-applicable"
    fix: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    thresholds: tuple[Threshold, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the text that is judged by itself, or all of it: a command's block, or a port with the lines of its templates."""

    line: Line | None
    name: str
    find: Callable[[str], Sequence[Line]]
    find_deep: Callable[[str], Sequence[Line]]


def judge_of(pattern: Pattern) -> Judge:
    """The judgement that a pattern describes."""

    def judge(subject: Subject) -> Outcome:
        return judge_pattern(pattern, subject)

    return judge


def judge_pattern(pattern: Pattern, subject: Subject) -> Outcome:
    reading = subject.reading
    if pattern.applies_if and not all(reading.configuration.anywhere(each) for each in pattern.applies_if):
        return does_not_apply("feature-not-used")
    if not pattern.section and not pattern.ports:
        breach, lines = _judged(pattern, subject, Section(None, "", reading.find, reading.configuration.anywhere))
        return fails(breach) if breach is not None else passes(lines)
    breaches: list[Breach] = []
    shown: list[Line] = []
    sections = [each for each in _sections(pattern, reading) if _is_judged(pattern, each)]
    for section in sections:
        breach, lines = _judged(pattern, subject, section)
        shown += lines
        if breach is not None:
            breaches.append(breach)
    if not sections and pattern.nothing == "pass":
        return passes()
    if not sections and pattern.nothing == "fail":
        return fails(Breach(pattern.severity, remediation=_commands(pattern, None, ())))
    return settle(breaches, len(sections), shown, "no-such-section")


def _sections(pattern: Pattern, reading: Reading) -> Iterator[Section]:
    if pattern.ports:
        for port in reading.interfaces:
            if port.role in pattern.ports and not port.shut and not port.management:
                yield Section(port.line, f"interface {port.name}", port.all, port.all)
        return
    for line in reading.find(pattern.section):
        yield Section(line, line.text, partial(_within, reading, line), partial(reading.inside, line))


def _within(reading: Reading, line: Line, pattern: str) -> Sequence[Line]:
    return reading.find(pattern, line)


def _is_judged(pattern: Pattern, section: Section) -> bool:
    return all(section.find(each) for each in pattern.where) and not any(section.find(each) for each in pattern.unless)


def _judged(pattern: Pattern, subject: Subject, section: Section) -> tuple[Breach | None, Sequence[Line]]:
    wrong = [line for each in pattern.must_not for line in section.find(each)]
    wrong += [line for each in pattern.thresholds for line in section.find(each.line) if each.broken(line.text, subject)]
    good: list[Line] = []
    missing = False
    for found in (*map(section.find, pattern.must), *map(section.find_deep, pattern.must_deep)):
        good += found
        missing = missing or not found
    alternatives = [line for each in pattern.must_any for line in section.find(each)]
    missing = missing or (bool(pattern.must_any) and not alternatives)
    if not wrong and not missing:
        return None, [*good, *alternatives]
    lines = wrong or ([section.line] if section.line is not None else [])
    return Breach(pattern.severity, lines, section.name or None, _commands(pattern, section, wrong)), ()


def _commands(pattern: Pattern, section: Section | None, wrong: Sequence[Line]) -> tuple[str, ...]:
    """`{line}` stands for every wrong line in turn; a command with it is left out where none is wrong."""
    named = section.name if section is not None else ""
    shown = {"section": named, "object": named.partition(" ")[2]}
    commands: list[str] = []
    for command in pattern.fix:
        if "{line}" in command:
            commands += [_filled(command, {**shown, "line": _bare(line.text)}) for line in wrong]
        elif "{section}" not in command or named:
            commands.append(_filled(command, shown))
    return tuple(commands)


def _bare(text: str) -> str:
    """`no no ip http server` is never meant."""
    return re.sub(r"^no ", "", text)


def _filled(command: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        command = command.replace(f"{{{name}}}", value)
    return command
