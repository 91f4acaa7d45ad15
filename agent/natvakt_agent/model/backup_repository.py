"""What restic and borg have in common: a repository that a program opens with a password, and a check that the site runs itself."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from natvakt_agent.model.backup import Command, Files, Finished, JobUnreadable, Programs
from natvakt_agent.model.target import Secret

MOST_SETTINGS_OCTETS = 64 * 1024
CHECK_TAIL_OCTETS = 64 * 1024
LONGEST_ERROR = 200
_LOGIN = re.compile(r"//[^/@\s]+@")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Repository:
    """Where it is and how it opens. `password` comes from the vault, `password_file` from the site; an open one has neither."""

    place: str
    program: str
    password: Secret | None = None
    password_file: str | None = None
    environment_file: str | None = None
    check_file: str | None = None

    @property
    def shown(self) -> str:
        return without_login(self.place)


@dataclass(frozen=True, slots=True)
class Checked:
    """What the site's own check said: `verified` when it found nothing wrong, `fault` the line where it did."""

    verified: int | None = None
    fault: str | None = None


def without_login(text: str) -> str:
    """Addresses such as `rest:https://user:password@host/` without who logs in."""
    return _LOGIN.sub("//", text)


def asked(repository: Repository, programs: Programs, command: Command, timeout_seconds: float) -> Any:
    """The program's JSON. Raises JobUnreadable with the program's last words."""
    done = programs.run(command, timeout_seconds)
    if done.exit_code != 0:
        raise JobUnreadable(f"{repository.shown}: {command.arguments[0]}: {last_words(done)}")
    try:
        return json.loads(done.output)
    except (ValueError, RecursionError):
        raise JobUnreadable(f"{repository.shown}: {command.arguments[0]} did not answer in JSON; is the program too old?") from None


def last_words(done: Finished) -> str:
    lines = [line.strip() for line in done.errors.splitlines() if line.strip()]
    words = without_login(lines[-1])[:LONGEST_ERROR] if lines else "said nothing"
    return f"{words} (exit code {done.exit_code})"


def settings_of(files: Files, path: str | None) -> Mapping[str, str]:
    """`NAME=value` lines, as systemd reads them. Raises JobUnreadable that names the line, never its value."""
    if path is None:
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(files.head(path, MOST_SETTINGS_OCTETS).decode("utf-8", "replace").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if not equals or not _NAME.fullmatch(name.strip()):
            raise JobUnreadable(f"{path}: line {number} is not NAME=value")
        found[name.strip()] = value.strip().strip("\"'")
    return found


def checked(files: Files, path: str | None, good: str, bad: str) -> Checked:
    """`good` and `bad` are patterns of lines of the check's output; the last of them counts."""
    if path is None:
        return Checked()
    try:
        text = files.tail(path, CHECK_TAIL_OCTETS).decode("utf-8", "replace")
        written = files.facts(path).modified
    except FileNotFoundError:
        return Checked()
    for line in reversed(text.splitlines()):
        if re.search(good, line):
            return Checked(verified=written)
        if re.search(bad, line):
            return Checked(fault=" ".join(line.split())[:LONGEST_ERROR])
    return Checked()
