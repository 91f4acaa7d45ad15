"""Rule files: TOML text to configuration rules, every mistake told with its place.

    [[rule]]
    id = "security.mgmt.http-server"
    severity = "high"                     # or severities = ["high", "medium"]
    effort_minutes = 5
    title = { en = "...", sv = "..." }
    impact = { en = "...", sv = "..." }
    recommendation = { en = "...", sv = "..." }
    roles = ["access", "core"]            # optional: only these
    references = ["RFC 3414"]             # optional: shown with every verdict
    change = "live"                       # optional: live, interruption, restart, on-site

and its `[[rule.requirement]]` as `patterns` describes them.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard, TypeVar

from natvakt_server.analysis.configuration.check import ConfigurationRule, PolicyValue, Requirement
from natvakt_server.analysis.configuration.interfaces import PortRole
from natvakt_server.analysis.configuration.patterns import NOTHING, Pattern, Threshold, judge_of
from natvakt_server.analysis.rule import Change, Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.refusal import Refusal
from natvakt_server.domain.registry import Role

SYSTEMS = ("ios", "ios-xe", "nx-os", "asa", "ios-xr", "aireos", "small-business")
RULE_KEYS = frozenset(
    (
        *("id", "severity", "severities", "effort_minutes", "title", "impact", "recommendation", "roles", "references", "change"),
        *("version", "aliases", "requirement"),
    )
)
REQUIREMENT_KEYS = frozenset(
    (
        *("os", "references", "section", "where", "unless", "must", "must_any", "must_not", "applies_if", "nothing", "fix", "severity"),
        *("ports", "at_most", "at_least", "must_deep"),
    )
)
THRESHOLD_KEYS = frozenset(("line", "name", "value", "strict"))
LIMITS = ("at_most", "at_least")
Choice = TypeVar("Choice", Severity, Role, Change, PortRole)
_ID = re.compile(r"(?:core|security|voice)\.[a-z0-9-]+\.[a-z0-9-]+")


class RuleFileRefused(Refusal, ValueError):
    """The text says the file, the place in it, the value, the reason and the way out."""


def read_rules(text: str, origin: str) -> Sequence[ConfigurationRule]:
    """Raises RuleFileRefused. `origin` names the file in what is told."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleFileRefused(f"{origin}: not TOML: {error}") from error
    entries = document.get("rule")
    if set(document) != {"rule"} or not isinstance(entries, list):
        raise RuleFileRefused(f"{origin}: holds {', '.join(sorted(document)) or 'nothing'}; a rule file is a list of [[rule]]")
    return [_rule(entry, f"{origin}: rule {number}") for number, entry in enumerate(entries, 1)]


def _rule(entry: Mapping[str, Any], place: str) -> ConfigurationRule:
    identifier = _text(entry, "id", place)
    if _ID.fullmatch(identifier) is None:
        raise RuleFileRefused(f"{place}: id {identifier[:60]!r}; write level.group.name, as security.mgmt.telnet")
    place = f"{place} ({identifier})"
    _known(entry, RULE_KEYS, place)
    severities = tuple(_severity(word, place) for word in (entry.get("severities") or [_text(entry, "severity", place)]))
    requirements = entry.get("requirement")
    if not isinstance(requirements, list) or not requirements:
        raise RuleFileRefused(f"{place}: has no [[rule.requirement]]; without one nothing is judged")
    effort = entry.get("effort_minutes")
    if not isinstance(effort, int) or not 0 < effort <= 10_000:
        raise RuleFileRefused(f"{place}: effort_minutes is {effort!r}; give whole minutes, from 1")
    read = [_requirement(each, f"{place}, requirement {number}", severities[0]) for number, each in enumerate(requirements, 1)]
    return ConfigurationRule(
        identifier,
        _words(entry, "title", place),
        _words(entry, "impact", place),
        _words(entry, "recommendation", place),
        severities,
        effort,
        tuple(requirement for requirement, _ in read),
        frozenset(_word(Role, word, f"{place}: roles") for word in _list(entry, "roles", place)),
        _list(entry, "references", place),
        _word(Change, entry.get("change", "live"), f"{place}: change"),
        int(entry.get("version", 1)),
        _list(entry, "aliases", place),
        tuple(dict.fromkeys(threshold.limit for _, pattern in read for threshold in pattern.thresholds)),
    )


def _requirement(entry: Mapping[str, Any], place: str, severity: Severity) -> tuple[Requirement, Pattern]:
    _known(entry, REQUIREMENT_KEYS, place)
    systems = _list(entry, "os", place)
    strange = sorted(set(systems) - set(SYSTEMS))
    if not systems or strange:
        raise RuleFileRefused(f"{place}: os is {', '.join(strange) or 'empty'}; use {', '.join(SYSTEMS)}")
    pattern = Pattern(
        severity=_severity(entry["severity"], place) if "severity" in entry else severity,
        section=_pattern(entry.get("section", ""), f"{place}: section"),
        where=_patterns(entry, "where", place),
        unless=_patterns(entry, "unless", place),
        must=_patterns(entry, "must", place),
        must_any=_patterns(entry, "must_any", place),
        must_deep=_patterns(entry, "must_deep", place),
        must_not=_patterns(entry, "must_not", place),
        applies_if=_patterns(entry, "applies_if", place),
        nothing=str(entry.get("nothing", NOTHING[0])),
        fix=_list(entry, "fix", place),
        ports=tuple(_word(PortRole, word, f"{place}: ports").value for word in _list(entry, "ports", place)),
        thresholds=tuple(_threshold(each, f"{place}: {key}", at_most=key == "at_most") for key in LIMITS for each in entry.get(key, ())),
    )
    if not (pattern.must or pattern.must_any or pattern.must_deep or pattern.must_not or pattern.thresholds):
        raise RuleFileRefused(f"{place}: has neither must, must_any, must_not, at_most nor at_least; it would judge nothing")
    if pattern.ports and pattern.section:
        raise RuleFileRefused(f"{place}: has both section and ports; a requirement judges one or the other")
    if pattern.nothing not in NOTHING:
        raise RuleFileRefused(f"{place}: nothing is {pattern.nothing[:40]!r}; use {', '.join(NOTHING)}")
    return Requirement(systems, judge_of(pattern), _list(entry, "references", place)), pattern


def _threshold(entry: object, place: str, *, at_most: bool) -> Threshold:
    if not isinstance(entry, dict):
        raise RuleFileRefused(f"{place}: is {str(entry)[:40]!r}; write a list of {{ line = ..., name = ..., value = ... }}")
    _known(entry, THRESHOLD_KEYS, place)
    pattern = _pattern(_text(entry, "line", place), place)
    if re.compile(pattern).groups < 1:
        raise RuleFileRefused(f"{place}: {pattern[:60]!r} has no group; put the number in brackets, as in (\\d+)")
    value, strict = entry.get("value"), entry.get("strict")
    if not _is_number(value) or not (strict is None or _is_number(strict)):
        raise RuleFileRefused(f"{place}: value is {value!r} and strict {strict!r}; give numbers")
    return Threshold(pattern, PolicyValue(_text(entry, "name", place), value, strict), at_most)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _known(entry: Mapping[str, Any], keys: frozenset[str], place: str) -> None:
    strange = sorted(set(entry) - keys)
    if strange:
        raise RuleFileRefused(f"{place}: key {strange[0][:40]!r} is not known; keys are {', '.join(sorted(keys))}")


def _text(entry: Mapping[str, Any], key: str, place: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise RuleFileRefused(f"{place}: {key} is missing; write it as a text")
    return value


def _words(entry: Mapping[str, Any], key: str, place: str) -> Text:
    value = entry.get(key)
    if (
        not isinstance(value, dict)
        or set(value) != {"en", "sv"}
        or not all(isinstance(each, str) and each.strip() for each in value.values())
    ):
        raise RuleFileRefused(f'{place}: {key} needs both languages: {{ en = "...", sv = "..." }}')
    return Text(value["en"], value["sv"])


def _list(entry: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise RuleFileRefused(f"{place}: {key} is {str(value)[:40]!r}; write a list of texts")
    return tuple(value)


def _patterns(entry: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    return tuple(_pattern(each, f"{place}: {key}") for each in _list(entry, key, place))


def _pattern(text: object, place: str) -> str:
    try:
        re.compile(str(text))
    except re.error as error:
        raise RuleFileRefused(f"{place}: {str(text)[:60]!r} is no regular expression: {error}") from error
    return str(text)


def _severity(word: object, place: str) -> Severity:
    return _word(Severity, word, f"{place}: severity")


def _word(kind: type[Choice], word: object, place: str) -> Choice:
    try:
        return kind(str(word))
    except ValueError:
        raise RuleFileRefused(f"{place} is {str(word)[:40]!r}; use {', '.join(each.value for each in kind)}") from None
