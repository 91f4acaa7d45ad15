"""What every command is handed: its options, where to print, and the server's stores when it asks for them."""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from natvakt_server.app.config import Configuration, load
from natvakt_server.app.state import DEFAULT_STATE, STATE_VARIABLE, StatePaths
from natvakt_server.app.stores import Stores, open_stores
from natvakt_server.app.system_clock import SystemClock, new_id
from natvakt_server.domain.refusal import Refusal

DEFAULT_CONFIGURATION = Path("/etc/natvakt/server.toml")


class CommandFailed(Refusal):
    """A command could not do what was asked; the text says what, why and the way out. Exit code 1."""


@dataclass(frozen=True, slots=True)
class Context:
    options: argparse.Namespace
    environment: Mapping[str, str]
    out: TextIO
    err: TextIO
    version: str
    clock: SystemClock

    def configuration(self) -> Configuration:
        """Raises ConfigurationError."""
        return load(self.options.config or DEFAULT_CONFIGURATION, self.environment)

    def paths(self) -> StatePaths:
        return StatePaths(Path(self.environment.get(STATE_VARIABLE) or DEFAULT_STATE))

    def stores(self) -> Stores:
        """The SQL stores of an initialised server. Raises StateError, BadDatabase, ConfigurationError."""
        paths = self.paths()
        paths.require()
        return open_stores(self.configuration(), paths, new_id)

    def note(self, text: str) -> None:
        """Progress and notes go to stderr."""
        print(text, file=self.err)

    def show(self, data: Mapping[str, Any], lines: Sequence[str]) -> None:
        """One JSON object with --json, else lines for people."""
        if self.options.json:
            json.dump(data, self.out, ensure_ascii=False, indent=2)
            self.out.write("\n")
        else:
            for line in lines:
                print(line, file=self.out)


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as aligned text, the first one being the head."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))] if rows else []
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
