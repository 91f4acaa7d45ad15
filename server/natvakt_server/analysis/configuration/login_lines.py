"""Lines a person logs in through: console, auxiliary port, terminals over the network (`line vty 0 4`, NX-OS `line vty`)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from natvakt_server.domain.configuration.model import Configuration, Line

_HEAD = re.compile(r"line (?P<kind>console|con|aux|vty|tty|(?=\d)|ssh|telnet)\w* ?(?P<range>[\d/ ]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LoginLine:
    """`kind` is con, aux, vty, tty, ssh or telnet (the last two on small-business switches)."""

    line: Line
    kind: str
    lines: tuple[Line, ...]

    @property
    def name(self) -> str:
        return self.line.text

    def last(self, pattern: str) -> Line | None:
        """The last command below it that matches from its start."""
        wanted = re.compile(pattern, re.IGNORECASE)
        return next((line for line in reversed(self.lines) if wanted.match(line.text)), None)

    @property
    def closed(self) -> bool:
        """Nobody gets in over the network: `transport input none`."""
        transport = self.last(r"(?:no )?transport input\b")
        return transport is not None and (transport.text.lower().startswith("no ") or transport.text.lower().endswith(" none"))

    @property
    def silent(self) -> bool:
        """No prompt is ever given: `no exec`."""
        found = self.last(r"(?:no )?exec(?: |$)")
        return found is not None and found.text.lower().startswith("no ")


def read_login_lines(configuration: Configuration) -> Sequence[LoginLine]:
    found = []
    for line in configuration.find(r"line "):
        head = _HEAD.match(line.text)
        if head is not None:
            kind = {"console": "con", "": "tty"}.get(head["kind"].lower(), head["kind"].lower())
            found.append(LoginLine(line, kind, tuple(configuration.descendants(line))))
    return found
