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
from natvakt_server.app.config import Configuration

SHIPPED = "natvakt_server.analysis.rules"
FILES = "files"
LARGEST_FILE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class RuleBook:
    """`checks` judge a configuration alone; `rules` are all that an assessment judges by, checks included."""

    rules: Sequence[Rule]
    checks: Sequence[ConfigurationRule]


def rules_folder(configuration: Configuration) -> Path | None:
    """The partner's own, as server.toml names it. Raises RuleFileRefused where it is not there."""
    if not configuration.assessment.rules_folder:
        return None
    folder = Path(configuration.assessment.rules_folder)
    if not folder.is_dir():
        raise RuleFileRefused(f"assessment.rules_folder: {folder} is no folder; make it, or leave the setting out")
    return folder


def read_rule_files(path: Path) -> Sequence[ConfigurationRule]:
    """Of one file, or of every *.toml in a folder. Raises RuleFileRefused."""
    paths = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    return [rule for each in paths for rule in read_rules(_text(each), str(each))]


def rule_book(own_folder: Path | None = None) -> RuleBook:
    """Raises RuleFileRefused, also where an id is used twice."""
    folder = resources.files(SHIPPED).joinpath(FILES)
    shipped = [
        (each.name, each.read_text("utf-8")) for each in sorted(folder.iterdir(), key=lambda each: each.name) if each.name.endswith(".toml")
    ]
    own = read_rule_files(own_folder) if own_folder is not None else ()
    checks = [*CHECKS, *(rule for name, text in shipped for rule in read_rules(text, name)), *own]
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
