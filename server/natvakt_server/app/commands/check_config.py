"""`natvakt-server check-config FILE --os OS`: judges one configuration, without any database of devices."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from natvakt_server.analysis.configuration.check import Answer, Subject, answers, evidence_lines, remediation
from natvakt_server.analysis.configuration.indentation import reindented
from natvakt_server.app.context import CommandFailed, Context, columns
from natvakt_server.app.rules import rule_book
from natvakt_server.domain.assessment import Severity, Verdict
from natvakt_server.domain.configuration.parser import parse
from natvakt_server.domain.registry import Role

SCHEMA = "natvakt.check-config/1"
SYSTEMS = ("ios", "ios-xe", "nx-os", "asa", "ios-xr", "aireos", "small-business")
ROLES = {
    "access": Role.ACCESS,
    "distribution": Role.DISTRIBUTION,
    "core": Role.CORE,
    "router": Role.ROUTER,
    "wan-edge": Role.WAN_EDGE,
    "firewall": Role.FIREWALL,
    "wlc": Role.WLC,
    "voice-gateway": Role.VOICE_GATEWAY,
}
MOST_BYTES = 16 * 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--os", required=True, choices=SYSTEMS)
    parser.add_argument("--role", choices=tuple(ROLES), help="what the device is for; without it rules of every role are judged")
    parser.add_argument("--version", metavar="V", help="the software, where the text does not tell it: defaults differ")
    parser.add_argument("--strict", action="store_true", help="the thresholds of the STIG profile")
    parser.add_argument("--rules", type=Path, metavar="FOLDER", help="rule files of your own, beside those that ship")


def run(context: Context) -> int:
    options = context.options
    text = read_configuration(options.file)
    today = datetime.fromtimestamp(context.clock.wall_ns() / 1e9, UTC).date()
    subject = Subject(
        options.os, parse(reindented(text), options.os), ROLES.get(options.role), options.version, options.strict, today=today
    )
    found = [answer for check in sorted(rule_book(options.rules).checks, key=lambda each: each.id) for answer in answers(check, subject)]
    context.show({"schema": SCHEMA, "os": options.os, "results": [answer_json(each) for each in found]}, answer_rows(found))
    return 0


def read_configuration(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CommandFailed(f"{path}: cannot be read: {error.strerror}; check its name and rights") from error
    if len(data) > MOST_BYTES:
        raise CommandFailed(f"{path}: larger than {MOST_BYTES // 1024**2} MiB; no device's configuration is")
    if b"\0" in data:
        raise CommandFailed(f"{path}: byte {data.index(0)} is NUL: this is no text; export the configuration as text")
    return data.decode("utf-8-sig", "replace")


def answer_json(answer: Answer) -> dict[str, Any]:
    outcome = answer.outcome
    failed = outcome.verdict is Verdict.FAIL
    return {
        "rule": answer.rule.id,
        "references": list(answer.references),
        "verdict": outcome.verdict.value,
        "severity": answer.severity.value,
        "evidence": [{"line": line.number, "text": line.text} for line in evidence_lines(outcome)],
        "remediation": list(remediation(outcome)) if failed else [],
        "effort_minutes": answer.rule.effort_minutes,
        "reason": outcome.reason if outcome.verdict in (Verdict.NOT_APPLICABLE, Verdict.UNKNOWN, Verdict.MANUAL) else None,
        "title": dict(answer.rule.title.mapping()),
    }


def answer_rows(found: Sequence[Answer]) -> Sequence[str]:
    order = list(Severity)
    failed = sorted(
        (each for each in found if each.outcome.verdict is Verdict.FAIL), key=lambda each: (order.index(each.severity), each.rule.id)
    )
    rows = [[each.severity.value, each.rule.id, ", ".join(each.references[:1]), _shown(each), each.rule.title.en] for each in failed]
    counts = ", ".join(f"{sum(each.outcome.verdict is verdict for each in found)} {verdict.value}" for verdict in Verdict)
    return [*columns(rows), counts]


def _shown(answer: Answer) -> str:
    lines = evidence_lines(answer.outcome)
    more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
    return f"line {lines[0].number}: {lines[0].text[:50]}{more}" if lines else "not there"
