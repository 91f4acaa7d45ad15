"""Parts that only some sites use, loaded when the settings or the first text ask for them: an agent that watches no backup jobs and asks
nobody over SSH holds neither their readers nor the grammar of secrets, which together are a tenth of its memory.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from natvakt_agent.app.agent import Agent
from natvakt_agent.app.context import Context, Settings
from natvakt_agent.app.credentials import Credentials
from natvakt_agent.app.edges import Edges
from natvakt_agent.app.paths import StatePaths
from natvakt_agent.app.plans import Planned
from natvakt_agent.collectors.host.reader import HostReader
from natvakt_agent.config.schema import AgentConfig
from natvakt_agent.model.target import Collector
from natvakt_agent.scrubbing.outcome import Scrubs


class Backups(Protocol):
    """`app/backups/joining.py`."""

    def backup_collector(
        self, config: AgentConfig, planned: Planned, credentials: Credentials, paths: StatePaths, edges: Edges
    ) -> Collector: ...


class Listening(Protocol):
    """`app/listening/joining.py`."""

    def heard(
        self, agent: Agent, found: Settings, credentials: Credentials, context: Context, name: str
    ) -> AbstractContextManager[None]: ...


class Machine(Protocol):
    """`collectors/host/machine.py`."""

    def own_machine(self) -> HostReader: ...


class Scrubbing(Protocol):
    """`app/scrubbing.py`."""

    def site_scrubber(self, path: Path, secrets: Iterable[str], random: Callable[[int], bytes]) -> Scrubs: ...


def backups() -> Backups:
    return cast("Backups", import_module("natvakt_agent.app.backups.joining"))


def listening() -> Listening:
    return cast("Listening", import_module("natvakt_agent.app.listening.joining"))


def scrubbing() -> Scrubbing:
    return cast("Scrubbing", import_module("natvakt_agent.app.scrubbing"))


def machine() -> Machine:
    return cast("Machine", import_module("natvakt_agent.collectors.host.machine"))
