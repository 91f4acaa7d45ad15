"""The agent's end of a child process: what may misbehave runs there, and its end is an error of one call (promises 29 and 36).

call ─► frames ─► child's thread pool ─► service.handle ─► frames ─► the caller's future
"""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from queue import Empty, Full, SimpleQueue

from natvakt_agent.isolation.frames import Answer, Call, FrameRefused, read_frame, write_frame
from natvakt_agent.isolation.limits import Limits

logger = logging.getLogger(__name__)

ENVIRONMENT_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "TEMP", "TMP", "MALLOC_ARENA_MAX", "PYTHONPATH")
"""Nothing else of the agent's environment reaches a child: a passphrase may be among it."""
FEW_ARENAS = {"MALLOC_ARENA_MAX": "2"}
"""glibc sets 64 MiB of address space aside for the heap of each thread, and address space is what a child's memory is limited by."""

MOST_PUSHED = 50_000
END_SECONDS = 5.0


class ChildError(Exception):
    """A call that a child did not answer as meant."""


class ChildTimedOut(ChildError):
    """The child was silent past the call's deadline; it was ended and starts anew with the next call."""


class ChildLost(ChildError):
    """The child ended before it answered: killed, out of memory, or ended with another call's deadline."""


class ChildFailed(ChildError):
    """The service refused or failed; `fault` is the class name of its exception."""

    def __init__(self, fault: str, message: str) -> None:
        super().__init__(message or fault)
        self.fault = fault


class _Running:
    """One life of the process."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], pushed: "_Pushed") -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(environment), cwd=os.sep)
        self._pushed = pushed
        self._lock = threading.Lock()
        self._waiting: dict[int, Future[Answer]] = {}
        self._number = 0
        self._is_over = False
        self._reader = threading.Thread(target=self._read, name="child-reader", daemon=True)
        self._reader.start()

    @property
    def is_over(self) -> bool:
        return self._is_over

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, method: str, argument: bytes) -> "Future[Answer]":
        """Raises ChildLost."""
        assert self._process.stdin is not None
        answer: Future[Answer] = Future()
        with self._lock:
            if self._is_over:
                raise ChildLost("the child has ended")
            self._number += 1
            self._waiting[self._number] = answer
            try:
                write_frame(self._process.stdin, Call(self._number, method, argument))
            except OSError as error:
                del self._waiting[self._number]
                raise ChildLost(f"the child takes no call: {error.strerror or error}") from error
            except FrameRefused as error:
                del self._waiting[self._number]
                raise ChildFailed("FrameRefused", str(error)) from error
        return answer

    def _read(self) -> None:
        assert self._process.stdout is not None
        reason = "it closed its pipe"
        try:
            while (answer := read_frame(self._process.stdout, Answer)) is not None:
                if answer.number == 0:
                    self._pushed.put(answer.body)
                    continue
                with self._lock:
                    waiting = self._waiting.pop(answer.number, None)
                if waiting is not None:
                    waiting.set_result(answer)
        except (OSError, FrameRefused, ValueError) as error:
            reason = str(error)
        self._end(reason)

    def _end(self, reason: str) -> None:
        with self._lock:
            self._is_over = True
            orphans, self._waiting = list(self._waiting.values()), {}
        for orphan in orphans:
            orphan.set_exception(ChildLost(f"the child ended: {reason}"))

    def kill(self) -> None:
        self._process.kill()
        self._reader.join(END_SECONDS)
        self._close()

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._reader.join(END_SECONDS)
        self._close()

    def _close(self) -> None:
        self._process.wait(END_SECONDS)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    logger.debug("the child's pipe was broken already")


class _Pushed:
    """What children pushed, until the agent looks; bounded, the surplus counted."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[bytes] = SimpleQueue()
        self.dropped = 0

    def put(self, body: bytes) -> None:
        if self._queue.qsize() >= MOST_PUSHED:
            self.dropped += 1
            return
        try:
            self._queue.put(body)
        except Full:
            self.dropped += 1

    def drain(self) -> list[bytes]:
        found: list[bytes] = []
        while True:
            try:
                found.append(self._queue.get_nowait())
            except Empty:
                return found


class Child:
    """A child process that exists while it is needed. Safe to call from several threads.

    `target` is `module:factory` of a `Service`, imported in the child only.
    """

    def __init__(self, name: str, target: str, limits: Limits | None = None, environment: Mapping[str, str] | None = None) -> None:
        """`environment` is the agent's own; only harmless names of it are passed on."""
        self._name = name
        self._limits = limits or Limits()
        took = self._limits
        numbers = (took.memory_bytes, took.threads, took.niceness, took.open_files)
        self._command = [sys.executable, "-P", "-m", "natvakt_agent.isolation", target, *map(str, numbers)]
        self._environment = FEW_ARENAS | {key: value for key, value in (environment or {}).items() if key in ENVIRONMENT_KEPT}
        self._lock = threading.Lock()
        self._pushed = _Pushed()
        self._running: _Running | None = None
        self._starts = 0

    @property
    def starts(self) -> int:
        """How often the process was started."""
        return self._starts

    @property
    def dropped(self) -> int:
        """Pushed messages that nobody fetched in time."""
        return self._pushed.dropped

    @property
    def pid(self) -> int | None:
        running = self._running
        return None if running is None or running.is_over else running.pid

    def call(self, method: str, argument: bytes, timeout_seconds: float) -> bytes:
        """The service's answer. Raises ChildTimedOut, ChildLost, ChildFailed."""
        running = self._started()
        try:
            answer = running.ask(method, argument).result(timeout_seconds)
        except FutureTimeout as error:
            logger.warning("child ended for its silence name=%s method=%s seconds=%g", self._name, method, timeout_seconds)
            self._forget(running)
            running.kill()
            raise ChildTimedOut(f"{self._name}: no answer to {method} within {timeout_seconds:g} s") from error
        except ChildLost:
            self._forget(running)
            running.kill()
            raise
        if answer.fault:
            raise ChildFailed(answer.fault, answer.body.decode("utf-8", "replace"))
        return answer.body

    def events(self) -> Sequence[bytes]:
        """What the service pushed since the last look."""
        return self._pushed.drain()

    def close(self) -> None:
        with self._lock:
            running, self._running = self._running, None
        if running is not None:
            running.close()

    def _started(self) -> _Running:
        with self._lock:
            if self._running is not None and self._running.is_over:
                self._running.kill()
                self._running = None
            if self._running is None:
                self._starts += 1
                self._running = _Running(self._command, self._environment, self._pushed)
                logger.info("child started name=%s pid=%d starts=%d", self._name, self._running.pid, self._starts)
            return self._running

    def _forget(self, running: _Running) -> None:
        with self._lock:
            if self._running is running:
                self._running = None
