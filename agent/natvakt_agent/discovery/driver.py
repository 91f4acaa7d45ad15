"""The edge: runs the core against real time, a sweeper and a pool of threads that speak SNMP. Can be cancelled at any moment."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Lock

from natvakt_agent.discovery.core import WORKERS, Discovery, Progress
from natvakt_agent.discovery.pace import Pace
from natvakt_agent.discovery.words import (
    Asker,
    DiscoveryCancelled,
    Event,
    Explore,
    Explored,
    Identified,
    Identify,
    LoggedIn,
    Login,
    LoginResult,
    Look,
    Probe,
    Sweeper,
)
from natvakt_agent.model.clock import Clock

logger = logging.getLogger(__name__)

SAY_EVERY_NS = 2_000_000_000
SAVE_EVERY_NS = 15_000_000_000
LONGEST_POLL_SECONDS = 0.5


class Driver:
    """`stop` cancels; `say` is told how far it is every 2 s, `save` is called every 15 s and at the end."""

    def __init__(
        self,
        discovery: Discovery,
        pace: Pace,
        sweeper: Sweeper,
        asker: Asker,
        clock: Clock,
        stop: Flag,
        say: Callable[[Progress], None],
        save: Callable[[], None],
    ) -> None:
        self._discovery = discovery
        self._pace = pace
        self._lock = Lock()  # around the pace, which the threads share
        self._sweeper = sweeper
        self._asker = asker
        self._clock = clock
        self._stop = stop
        self._say = say
        self._save = save
        self._events: SimpleQueue[Event] = SimpleQueue()
        self.broken = 0

    def run(self) -> None:
        """Until nothing is left to ask, or `stop` is set and what is under way has ended."""
        next_say_ns = next_save_ns = self._clock.monotonic_ns()
        with ThreadPoolExecutor(WORKERS, thread_name_prefix="discover") as pool:
            while not self._discovery.is_done:
                if self._stop.is_set():
                    self._discovery.cancel()
                self._start(pool)
                self._collect()
                now_ns = self._clock.monotonic_ns()
                if now_ns >= next_say_ns:
                    next_say_ns = now_ns + SAY_EVERY_NS
                    self._say(self.progress())
                if now_ns >= next_save_ns:
                    next_save_ns = now_ns + SAVE_EVERY_NS
                    self._save()
        self._save()
        self._say(self.progress())

    def progress(self) -> Progress:
        return self._discovery.progress(self._pace)

    def spend(self, address: str) -> None:
        """Wait until one packet may go to `address`. Raises DiscoveryCancelled."""
        while True:
            if self._stop.is_set():
                raise DiscoveryCancelled
            with self._lock:
                wait_ns = self._pace.take(address, self._clock.monotonic_ns())
            if wait_ns == 0:
                return
            self._stop.wait(wait_ns / 1e9)

    def _start(self, pool: ThreadPoolExecutor) -> None:
        with self._lock:
            probes = self._discovery.start(self._clock.monotonic_ns(), self._pace)
        for probe in probes:
            if isinstance(probe, Look):
                self._sweeper.send(probe)
            else:
                pool.submit(self._work, probe)

    def _collect(self) -> None:
        """Wait for what comes first: an answer, the end of a conversation, the next packet's turn."""
        timeout_seconds = 0.0 if self._events.qsize() else min(LONGEST_POLL_SECONDS, self._discovery.wait_ns / 1e9)
        for looked in self._sweeper.poll(timeout_seconds):
            self._discovery.handle(looked)
        while True:
            try:
                self._discovery.handle(self._events.get_nowait())
            except Empty:
                return

    def _work(self, probe: Probe) -> None:
        try:
            event = self._asked(probe)
        except DiscoveryCancelled:
            event = _nothing(probe, "discovery was cancelled")
        except Exception as error:  # a pool thread's edge: told, logged and counted
            logger.exception("discovery probe broke address=%s", probe.address)
            self.broken += 1
            event = _nothing(probe, f"the probe broke: {type(error).__name__}")
        self._events.put(event)
        self._sweeper.wake()

    def _asked(self, probe: Probe) -> Event:
        match probe:
            case Login():
                return self._asker.login(probe, self.spend)
            case Identify():
                return self._asker.identify(probe, self.spend)
            case Explore():
                return self._asker.explore(probe, self.spend)
            case Look():
                raise TypeError("looks go to the sweeper")


def _nothing(probe: Probe, detail: str) -> Event:
    """The event of a probe that brought nothing."""
    match probe:
        case Login():
            return LoggedIn(probe, LoginResult.UNUSABLE, detail)
        case Identify():
            return Identified(probe, None, detail)
        case Explore():
            return Explored(probe, (), detail)
        case Look():
            raise TypeError("looks go to the sweeper")
