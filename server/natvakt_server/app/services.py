"""The server's long-running parts as threads: gateway, enrolment, ingest, jobs, upkeep, console. Stopped by one event.

A part that ends by itself, or fails, stops the whole process with its reason: a supervisor starts it again, whole.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

_log = logging.getLogger(__name__)
START_SECONDS = 30.0
STOP_SECONDS = 20.0


class Part(Protocol):
    """Serves until `stop`; calls `ready` once it does, with words for the log. Raises what keeps it from serving."""

    @property
    def name(self) -> str: ...
    def run(self, stop: threading.Event, ready: Callable[[str], None]) -> None: ...


class PartFailed(Exception):
    """Names the part and why it cannot serve."""


@dataclass(slots=True)
class _Running:
    part: Part
    ready: threading.Event = field(default_factory=threading.Event)
    where: str = ""
    failure: BaseException | None = None


class Services:
    """Starts parts in order, each when the one before it serves; stops them in reverse."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._running: list[tuple[_Running, threading.Thread, threading.Event]] = []
        self._ended = threading.Event()

    def start(self) -> None:
        """Raises PartFailed; what had started is stopped again."""
        try:
            for part in self._parts:
                self._start(part)
        except PartFailed:
            self.stop()
            raise

    def _start(self, part: Part) -> None:
        running, stop = _Running(part), threading.Event()
        thread = threading.Thread(target=self._run, args=(running, stop), name=part.name, daemon=True)
        self._running.append((running, thread, stop))
        thread.start()
        if not running.ready.wait(START_SECONDS):
            raise PartFailed(f"{part.name} did not start within {START_SECONDS:.0f} s")
        if running.failure is not None:
            raise PartFailed(f"{part.name}: {running.failure}") from running.failure

    def _run(self, running: _Running, stop: threading.Event) -> None:
        def ready(where: str) -> None:
            running.where = where
            running.ready.set()
            _log.info("part serves part=%s where=%s", running.part.name, where)

        try:
            running.part.run(stop, ready)
        except Exception as error:
            # The end of a thread: the reason goes to whoever waits for the process.
            running.failure = error
            _log.exception("part failed part=%s", running.part.name)
        finally:
            running.ready.set()
            if not stop.is_set():
                self._ended.set()

    def where(self, name: str) -> str:
        """Where a part serves, as it said when it was ready."""
        return next((running.where for running, _, _ in self._running if running.part.name == name), "")

    def wait(self, seconds: float | None = None) -> bool:
        """Until a part ends by itself, at most that long. True when one has."""
        return self._ended.wait(seconds)

    def failure(self) -> str | None:
        for running, _, _ in self._running:
            if running.failure is not None:
                return f"{running.part.name}: {running.failure}"
        return None

    def stop(self) -> None:
        for running, thread, stop in reversed(self._running):
            stop.set()
            thread.join(STOP_SECONDS)
            if thread.is_alive():
                _log.error("part did not stop part=%s", running.part.name)
        self._running.clear()


@dataclass(frozen=True, slots=True)
class Loop:
    """A part that calls `step` again and again; `step` answers how many seconds to wait before the next call."""

    name: str
    step: Callable[[], float]

    def run(self, stop: threading.Event, ready: Callable[[str], None]) -> None:
        ready("here")
        while not stop.is_set():
            wait_seconds = self.step()
            if wait_seconds > 0:
                stop.wait(wait_seconds)
