"""`natvakt-server rule list | show | test`: the rules this server judges by, and a partner's own before they are put in its folder."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from natvakt_server.analysis.configuration.check import ConfigurationRule, Subject, answers
from natvakt_server.analysis.configuration.indentation import reindented
from natvakt_server.analysis.rule import Rule
from natvakt_server.analysis.thresholds import thresholds_of
from natvakt_server.app.commands.check_config import ROLES, SYSTEMS, answer_json, answer_rows, read_configuration
from natvakt_server.app.context import CommandFailed, Context, columns
from natvakt_server.app.rules import RuleBook, read_rule_files, rule_book, rules_folder
from natvakt_server.domain.assessment import Level, Verdict
from natvakt_server.domain.configuration.parser import parse

SCHEMA = "natvakt.rules/1"
TEST_SCHEMA = "natvakt.rule-test/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    shown = verbs.add_parser("list", help="every rule with its severity")
    shown.add_argument("--level", choices=[level.value for level in Level], help="only rules of this level")
    one = verbs.add_parser("show", help="one rule: texts, what it reads, thresholds, references")
    one.add_argument("id", metavar="ID", help="as rule list prints it")
    test = verbs.add_parser("test", help="run rule files against configurations, without any database of devices")
    test.add_argument("rules", type=Path, metavar="FILE-OR-FOLDER", help="a rule file, or a folder of them")
    test.add_argument("configurations", nargs="*", type=Path, metavar="CONFIGURATION", help="texts to judge; none: only the files are read")
    test.add_argument("--os", choices=SYSTEMS, default="ios-xe", help="the system the configurations are of (ios-xe)")
    test.add_argument("--role", choices=tuple(ROLES), help="what the devices are for")
    test.add_argument("--strict", action="store_true", help="the thresholds of the STIG profile")


def run(context: Context) -> int:
    return {"list": _list, "show": _show, "test": _test}[context.options.verb](context)


def _book(context: Context) -> RuleBook:
    return rule_book(rules_folder(context.configuration()))


def _list(context: Context) -> int:
    book = _book(context)
    wanted = context.options.level
    rules = [rule for rule in sorted(book.rules, key=lambda each: each.id) if wanted in (None, rule.level.value)]
    rows = [[rule.id, "/".join(each.value for each in rule.severities), rule.title.en] for rule in rules]
    context.show({"schema": SCHEMA, "rules": [_json(book, rule) for rule in rules]}, [*columns(rows), f"{len(rules)} rules"])
    return 0


def _show(context: Context) -> int:
    book = _book(context)
    asked = context.options.id
    rule = next((each for each in book.rules if asked in (each.id, *each.aliases)), None)
    if rule is None:
        near = sorted(each.id for each in book.rules if asked.rpartition(".")[2] in each.id)[:5]
        hint = f"; near are {', '.join(near)}" if near else "; natvakt-server rule list names them all"
        raise CommandFailed(f"rule {asked[:80]!r} is not known{hint}")
    context.show({"schema": SCHEMA, "rules": [_json(book, rule)]}, _lines(book, rule))
    return 0


def _check(book: RuleBook, rule: Rule) -> ConfigurationRule | None:
    return next((each for each in book.checks if each.id == rule.id), None)


def _json(book: RuleBook, rule: Rule) -> dict[str, Any]:
    check = _check(book, rule)
    return {
        "id": rule.id,
        "title": dict(rule.title.mapping()),
        "impact": dict(rule.impact.mapping()),
        "recommendation": dict(rule.recommendation.mapping()),
        "severities": [each.value for each in rule.severities],
        "effort_minutes": rule.effort_minutes,
        "references": list(rule.references),
        "tables": [*rule.tables, *rule.beside],
        "change": rule.change.value,
        "version": rule.version,
        "systems": sorted({system for each in check.requirements for system in each.systems}) if check is not None else [],
        "thresholds": [{"name": value.name, "default": value.default, "strict": value.strict} for value in thresholds_of(rule.id, check)],
    }


def _lines(book: RuleBook, rule: Rule) -> Sequence[str]:
    told = _json(book, rule)
    rows = [
        ["severity", ", ".join(told["severities"])],
        ["reads", ", ".join(told["tables"]) or "nothing"],
        ["systems", ", ".join(told["systems"]) or "any"],
        ["effort", f"{rule.effort_minutes} minutes, {rule.change.value}"],
        ["references", ", ".join(rule.references) or "none"],
    ]
    rows += [
        ["threshold", f"{value['name']}: {value['default']:g}" + (f", strict {value['strict']:g}" if value["strict"] is not None else "")]
        for value in told["thresholds"]
    ]
    texts = [rule.impact.en, rule.recommendation.en, rule.impact.sv, rule.recommendation.sv]
    return [f"{rule.id}: {rule.title.en} ({rule.title.sv})", *columns(rows), *texts]


def _test(context: Context) -> int:
    """Mistakes in a file raise RuleFileRefused, which main tells; verdicts do not change the exit code."""
    options = context.options
    rules = read_rule_files(options.rules)
    if not rules:
        raise CommandFailed(f"{options.rules}: holds no rule; a rule file ends in .toml and lists [[rule]]")
    files: list[dict[str, Any]] = []
    lines = [f"{len(rules)} rules read: {', '.join(rule.id for rule in rules)}"]
    for path in options.configurations:
        configuration = parse(reindented(read_configuration(path)), options.os)
        subject = Subject(options.os, configuration, ROLES.get(options.role), strict=options.strict)
        found = [answer for rule in rules for answer in answers(rule, subject)]
        files.append({"file": str(path), "results": [answer_json(each) for each in found]})
        counts = ", ".join(f"{sum(each.outcome.verdict is verdict for each in found)} {verdict.value}" for verdict in Verdict)
        lines += [f"{path}: {counts}", *answer_rows(found)]
    context.show({"schema": TEST_SCHEMA, "rules": [rule.id for rule in rules], "files": files}, lines)
    return 0
