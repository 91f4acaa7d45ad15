"""What a command is given: the terminal, the environment and the world's edges, so that a test can stand in for all of them."""

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TextIO

from natvakt_agent.app.credentials import Credentials, key_source, open_vault
from natvakt_agent.app.edges import Edges
from natvakt_agent.app.paths import StatePaths
from natvakt_agent.config.loading import agent_folder, load
from natvakt_agent.config.schema import DEFAULT_CONFIG_FILE, AgentConfig
from natvakt_agent.config.site_policy import SitePolicy, find_site_policy, load_site_policy
from natvakt_agent.link.identity_files import IdentityFiles
from natvakt_agent.model.clock import Clock
from natvakt_agent.model.refusal import Refusal
from natvakt_agent.vault.store import Vault

OK, FAILED, USAGE = 0, 1, 2


class CommandFailed(Refusal):
    """The command cannot be done; the text goes to the user. Exit code 1."""


class UsageError(Exception):
    """The command line contradicts itself. Exit code 2."""


@dataclass(frozen=True, slots=True)
class Context:
    """`ask` prompts for a secret without showing it."""

    out: TextIO
    notes: TextIO
    environment: Mapping[str, str]
    edges: Edges
    ask: Callable[[str], str]
    version: str

    @property
    def clock(self) -> Clock:
        return self.edges.clock

    def print(self, text: str) -> None:
        self.out.write(text + "\n")

    def note(self, text: str) -> None:
        self.notes.write(text + "\n")

    def print_json(self, document: object) -> None:
        self.print(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False))


class Command(Protocol):
    """One module of `commands/`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...
    def run(self, options: argparse.Namespace, context: Context) -> int: ...


def add_common_arguments(parser: argparse.ArgumentParser, is_action: bool = False) -> None:
    """For a command, and again for its actions: `--json` may stand before or after the action."""
    where = f"settings (default: {DEFAULT_CONFIG_FILE} where it exists)"
    parser.add_argument("--config", type=Path, metavar="FILE", help=where, default=argparse.SUPPRESS if is_action else None)
    parser.add_argument("--json", action="store_true", help="print one JSON object", default=argparse.SUPPRESS if is_action else False)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the configuration says, for one command."""

    config: AgentConfig
    config_file: Path | None
    paths: StatePaths

    def site_policy(self) -> SitePolicy:
        """Raises ConfigError."""
        return load_site_policy(find_site_policy(self.config.policy_file, self.config_file))

    def vault(self, context: Context) -> Vault:
        """The vault, begun where there is none. Raises VaultError."""
        source = key_source(self.config, self.paths, lambda: context.ask("Vault passphrase: "), context.environment)
        return open_vault(self.paths, source, context.edges.random)

    def credentials(self, context: Context) -> Credentials:
        """What the vault holds; nothing where there is no vault yet, and none is made. Raises VaultError."""
        return Credentials.of(self.vault(context)) if self.paths.vault.exists() else Credentials({}, {})

    def identity_files(self, context: Context) -> IdentityFiles:
        return IdentityFiles(self.paths.identity, context.edges.random)


def settings(options: argparse.Namespace, context: Context) -> Settings:
    """Load the settings a command was given. Raises ConfigError."""
    config_file: Path | None = options.config
    if config_file is None and Path(DEFAULT_CONFIG_FILE).exists():
        config_file = Path(DEFAULT_CONFIG_FILE)
    config = load(config_file, context.environment)
    return Settings(config, config_file, StatePaths(agent_folder(config)))
