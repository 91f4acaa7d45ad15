"""Where the agent meets the world: what the command, the demo with its stepped clock and the tests hand in."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from natvakt_agent.app.own_memory import own_resident_bytes
from natvakt_agent.app.site_guard import SessionOpener
from natvakt_agent.collectors.host.reader import HostReader
from natvakt_agent.collectors.reachability.prober import Prober
from natvakt_agent.model.clock import Clock


@dataclass(frozen=True, slots=True)
class Edges:
    """`random` gives bytes, `spread` the jitter of schedules, no `open_session` means the real engines, no
    `host_reader` the machine itself.
    """

    clock: Clock
    random: Callable[[int], bytes] = os.urandom
    spread: Random = field(default_factory=Random)
    open_session: SessionOpener | None = None
    host_reader: HostReader | None = None
    probers: tuple[Prober, ...] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    resident_bytes: Callable[[], int] = own_resident_bytes
