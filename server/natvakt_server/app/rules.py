"""The rules that a server judges by: those in code, those in files that ship, and the partner's own in a folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from natvakt_server.analysis.configuration.adapting import Shelf, as_rule, beside
from natvakt_server.analysis.configuration.check import ConfigurationRule
from natvakt_server.analysis.configuration.rule_files import RuleFileRefused, read_rules
from natvakt_server.analysis.rule import Rule
from natvakt_server.analysis.rules import CHECKS, RULES

SHIPPED = "natvakt_server.analysis.rules"
FILES = "files"
LARGEST_FILE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class RuleBook:
    """`checks` judge a configuration alone; `rules` are all that an assessment judges by, checks included."""

    rules: Sequence[Rule]
    checks: Sequence[ConfigurationRule]


def rule_book(own_folder: Path | None = None) -> RuleBook:
    """Raises RuleFileRefused, also where an id is used twice."""
    folder = resources.files(SHIPPED).joinpath(FILES)
    shipped = [
        (each.name, each.read_text("utf-8")) for each in sorted(folder.iterdir(), key=lambda each: each.name) if each.name.endswith(".toml")
    ]
    own = [(str(path), _text(path)) for path in sorted(own_folder.glob("*.toml"))] if own_folder is not None else []
    checks = [*CHECKS, *(rule for name, text in (*shipped, *own) for rule in read_rules(text, name))]
    seen: set[str] = set()
    for check in checks:
        if check.id in seen:
            raise RuleFileRefused(f"rule {check.id} is there twice; give your own rule another id")
        seen.add(check.id)
    return RuleBook(_joined(RULES, checks), checks)


def _joined(rules: Sequence[Rule], checks: Sequence[ConfigurationRule]) -> Sequence[Rule]:
    """A rule on other evidence and a check of the same id are one rule: it fails where either does."""
    shelf = Shelf()
    adapted = {check.id: as_rule(check, shelf) for check in checks}
    return [*(beside(rule, adapted.pop(rule.id)) if rule.id in adapted else rule for rule in rules), *adapted.values()]


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise RuleFileRefused(f"{path}: larger than {LARGEST_FILE_BYTES // 1024} KiB; no rule file is")
        return path.read_text("utf-8")
    except OSError as error:
        raise RuleFileRefused(f"{path}: cannot be read: {error.strerror}; check its rights") from error
    except UnicodeDecodeError as error:
        raise RuleFileRefused(f"{path}: byte {error.start} is not UTF-8; save it as UTF-8") from error
