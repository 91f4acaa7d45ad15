"""Where the agent meets the world: what the command, the demo with its stepped clock and the tests hand in."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

import psutil

from natvakt_agent.app.site_guard import SessionOpener
from natvakt_agent.collectors.host.psutil_reader import PsutilReader, run_program
from natvakt_agent.collectors.host.reader import HostReader
from natvakt_agent.collectors.host.windows_reader import WindowsReader
from natvakt_agent.collectors.reachability.prober import Prober
from natvakt_agent.model.clock import Clock


def own_machine() -> HostReader:
    return WindowsReader(run_program) if sys.platform == "win32" else PsutilReader()


@dataclass(frozen=True, slots=True)
class Edges:
    """`random` gives bytes, `spread` the jitter of schedules, no `open_session` means the real engines."""

    clock: Clock
    random: Callable[[int], bytes] = os.urandom
    spread: Random = field(default_factory=Random)
    open_session: SessionOpener | None = None
    host_reader: HostReader = field(default_factory=own_machine)
    probers: tuple[Prober, ...] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    resident_bytes: Callable[[], int] = lambda: int(psutil.Process().memory_info().rss)
