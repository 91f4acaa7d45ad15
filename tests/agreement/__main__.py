"""How far our verdicts agree with DISA's check texts: `make agreement STIG=stig-check-and-fix.json`.

The sample configuration in each check text must pass under its identifier, and fail without the lines it is about (`named_lines.toml` says
which those are); where a text shows what must not be there, its sample must fail and pass without it. Nothing of the texts is kept here:
the file is given, and the project does not need it.
"""

import argparse
import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from natvakt_server.analysis.configuration.check import ConfigurationRule, Outcome, Subject, answers, merged
from natvakt_server.analysis.configuration.indentation import reindented
from natvakt_server.app.rules import rule_book
from natvakt_server.domain.assessment import Verdict
from natvakt_server.domain.configuration.parser import parse
from natvakt_server.domain.registry import Role

NAMED = Path(__file__).parent / "named_lines.toml"
BARE = "hostname R1\n"  # where taking the line out leaves nothing
GOAL, MOST_MANUAL = 0.9, 6
_PROSE = re.compile(
    r"(?:review|verify|note|if |step \d|by default|in cases|the |this |an? |switch ports|all |bandwidth|or$|dai |mstp|hostname \S+#)"
    r"|.*[a-z)]\.$|.*:$|.*\. [A-Z]|…|[A-Z][\w ]+: ",
    re.IGNORECASE,
)
_PROSE_CASE = re.compile(r"[A-Z][a-z]+ [a-z]+ [a-z]+|[A-Z][A-Za-z ]+ ?: |…")
_PROMPT = re.compile(r"[\w-]+[#>]\s*show\b")


def sample(check: str) -> str:
    """The configuration lines of a check text: no prose, nothing that a show command printed."""
    return "\n".join(_lines(check.split("\n"))) + "\n"


def _lines(lines: Sequence[str]) -> Iterator[str]:
    banner = ""
    output = False
    for line in lines:
        bare = line.strip()
        if banner:
            yield line
            banner = "" if bare == banner else banner
        elif _PROMPT.match(bare):
            output = True
        elif not bare:
            output = output and True
        elif bare.startswith("banner "):
            banner = bare.split()[-1]
            yield line
        elif not output and not _is_prose(bare):
            yield line.rstrip()


def _is_prose(line: str) -> bool:
    return (_PROSE.match(line) is not None and not re.match(r"(?:access|aaa|archive|action|authentication)", line)) or bool(
        _PROSE_CASE.match(line)
    )


def without(text: str, pattern: str) -> str:
    """The text less the lines that match, or, where the pattern has a group, less what the group holds."""
    wanted = re.compile(pattern, re.IGNORECASE)
    kept = []
    for line in text.split("\n"):
        found = wanted.match(line.strip())
        if found is None:
            kept.append(line)
        elif found.groups():
            kept.append(line.replace(found[1], ""))
    return "\n".join(kept)


def verdict(checks: Sequence[ConfigurationRule], identifier: str, text: str, entry: Mapping[str, Any]) -> Outcome | None:
    """All answers under one identifier together, by the STIG profile; None where nothing answers it."""
    system = entry.get("os", "ios")
    role = Role(entry["role"]) if "role" in entry else None
    subject = Subject(system, parse(reindented(text), system), role, entry.get("version"), strict=True)
    found = [each.outcome for check in checks for each in answers(check, subject) if identifier in each.references]
    return merged(found) if found else None


def judged(checks: Sequence[ConfigurationRule], identifier: str, check: str, entry: Mapping[str, Any]) -> tuple[str, str]:
    """`agrees`, `manual`, `differs` or `missing`, and what came out."""
    if "manual" in entry:
        return "manual", entry["manual"]
    text = entry.get("sample") or sample(check)
    whole = verdict(checks, identifier, text, entry)
    if whole is None:
        return "missing", "no rule answers it"
    forbidden = entry.get("forbidden", False)
    good, bad = (Verdict.FAIL, Verdict.PASS) if forbidden else (Verdict.PASS, Verdict.FAIL)
    told = [f"sample {whole.verdict}" + (f" ({whole.reason})" if whole.reason else "")]
    agrees = whole.verdict is good
    parts = ["|".join(entry["lines"])] if forbidden else entry["lines"]
    for pattern in parts:
        left = verdict(checks, identifier, without(text, pattern).strip() or BARE, entry)
        outcome = left.verdict if left is not None else None
        agrees = agrees and (outcome is bad or (forbidden and outcome in (Verdict.NOT_APPLICABLE, Verdict.PASS)))
        told.append(f"without {pattern[:40]!r} {outcome}")
    for pattern, put in entry.get("changed", ()):
        left = verdict(checks, identifier, re.sub(pattern, put, text), entry)
        agrees = agrees and left is not None and left.verdict is bad
        told.append(f"with {put!r} {left.verdict if left is not None else None}")
    return ("agrees" if agrees else "differs"), "; ".join(told)


def main() -> int:
    parser = argparse.ArgumentParser(prog="agreement", description="Compare our verdicts with DISA's check texts.")
    parser.add_argument("stig", type=Path, metavar="FILE", help="check and fix texts as JSON: a list of objects with stig_id and check")
    parser.add_argument("--show", metavar="ID", help="print the sample of one text as it is read")
    options = parser.parse_args()
    texts = {each["stig_id"]: each["check"] for each in json.loads(options.stig.read_text("utf-8"))}
    if options.show:
        print(sample(texts[options.show]))
        return 0
    checks = rule_book().checks
    named = tomllib.loads(NAMED.read_text("utf-8"))
    counts = dict.fromkeys(("agrees", "manual", "differs", "missing"), 0)
    for identifier, check in texts.items():
        how, told = judged(checks, identifier, check, named[identifier]) if identifier in named else ("missing", "no line is named")
        counts[how] += 1
        print(f"{identifier}  {how:8} {told}")
    total = len(texts)
    print(f"{total} texts: " + ", ".join(f"{count} {word}" for word, count in counts.items()) + f"; {counts['agrees'] / total:.1%} agree")
    return 0 if counts["agrees"] >= GOAL * total and counts["manual"] <= MOST_MANUAL else 1


if __name__ == "__main__":
    sys.exit(main())
