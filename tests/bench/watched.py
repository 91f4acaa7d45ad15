"""What devices of a simulated site were asked, as they saw it: requests, octets, and when each poll began."""

import json
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from subprocess import Popen
from types import FrameType

from demo.device import SimulatedDevice
from demo.site import Answering

UDP_IP_OCTETS = 28
PAUSE_BETWEEN_POLLS_SECONDS = 3.0


@dataclass(slots=True)
class Asked:
    """Of one device since the site began. Octets are those of the UDP payload and its headers; `begins` are monotonic seconds."""

    requests: int = 0
    octets_in: int = 0
    octets_out: int = 0
    begins: list[float] = field(default_factory=list)
    last: float = -1e9

    def note(self, octets_in: int, now: float) -> None:
        if now - self.last > PAUSE_BETWEEN_POLLS_SECONDS:
            self.begins.append(now)
        self.last = now
        self.requests += 1
        self.octets_in += octets_in + UDP_IP_OCTETS


class Watched:
    """`Answering` that notes what goes through it."""

    def __init__(self, speaker: Answering, asked: Asked, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._speaker = speaker
        self._asked = asked
        self._monotonic = monotonic

    def answer(self, datagram: bytes, now_ns: int) -> bytes | None:
        self._asked.note(len(datagram), self._monotonic())
        response = self._speaker.answer(datagram, now_ns)
        if response is not None:
            self._asked.octets_out += len(response) + UDP_IP_OCTETS
        return response


class Ledger:
    """All devices of a site; `tell_on_signal` makes the process print it as one line of JSON at each SIGUSR1."""

    def __init__(self) -> None:
        self.devices: dict[str, Asked] = {}

    def speaker(self, inner: Callable[[SimulatedDevice], Answering]) -> Callable[[SimulatedDevice], Answering]:
        return lambda device: Watched(inner(device), self.of(device.identity.name))

    def of(self, name: str) -> Asked:
        return self.devices.setdefault(name, Asked())

    def tell_on_signal(self) -> None:
        def tell(_number: int, _frame: FrameType | None) -> None:
            print(json.dumps({name: asdict(asked) for name, asked in self.devices.items()}), flush=True)

        signal.signal(signal.SIGUSR1, tell)


def asked_so_far(site: Popen[str]) -> Mapping[str, Asked]:
    """From the running site process."""
    assert site.stdout is not None
    os.kill(site.pid, signal.SIGUSR1)
    return {name: Asked(**asked) for name, asked in json.loads(site.stdout.readline()).items()}


@dataclass(frozen=True, slots=True)
class Schedule:
    """How well a device's polls kept their grid."""

    polls: int
    missed: int
    delays: Sequence[float]  # seconds behind the grid, of each poll; the grid lies where no poll was early


def schedule(begins: Sequence[float], until: float, cycle_seconds: float) -> Schedule:
    """`begins` from the first poll to count on; `until` is the moment it was looked at."""
    if not begins:
        return Schedule(0, 1, ())
    numbers = [round((begin - begins[0]) / cycle_seconds) for begin in begins]
    offsets = [begin - number * cycle_seconds for begin, number in zip(begins, numbers, strict=True)]
    grid = min(offsets)
    expected = int((until - grid) / cycle_seconds) + 1
    return Schedule(len(begins), max(0, expected - len(set(numbers))), [offset - grid for offset in offsets])
