"""Child processes of the demo: started with their output in a log file, ended together, and never left behind."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.figures import cpu_seconds

STOP_SECONDS = 20.0


class StepFailed(RuntimeError):
    """A step of the demo could not be done; the text says which, and shows the end of its output."""


@dataclass(slots=True)
class Household:
    """Everything the demo started; may be used from several threads. `environment` is given to every child."""

    folder: Path
    environment: Mapping[str, str]
    _children: list[tuple[str, subprocess.Popen[str]]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_over: bool = False

    def start(self, name: str, command: Sequence[str], extra: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start a process that goes on. Its stderr goes to `NAME.log`; its stdout is a pipe. Raises StepFailed once `stop` was called."""
        environment = {**os.environ, **self.environment, **(extra or {})}
        with self._lock, (self.folder / f"{name}.log").open("a") as log:
            if self._is_over:
                raise StepFailed(f"{name} is not started: the demo is ending")
            child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
            self._children.append((name, child))
        return child

    def run(self, name: str, command: Sequence[str], extra: Mapping[str, str] | None = None, secret: str | None = None) -> str:
        """Run to the end and answer its stdout. `secret` goes to its stdin. Raises StepFailed."""
        done = subprocess.run(
            command, input=secret, capture_output=True, text=True, check=False, env={**os.environ, **self.environment, **(extra or {})}
        )
        with (self.folder / f"{name}.log").open("a") as log:
            log.write(done.stderr)
        if done.returncode != 0:
            raise StepFailed(f"{' '.join(command[:4])} ended with {done.returncode}: {done.stderr.strip()[-800:]}")
        return done.stdout

    def run_json(
        self, name: str, command: Sequence[str], extra: Mapping[str, str] | None = None, secret: str | None = None
    ) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run(name, [*command, "--json"], extra, secret))
        return found

    def running(self) -> Sequence[tuple[str, int]]:
        """Name and process id of everything that goes on."""
        return [(name, child.pid) for name, child in list(self._children)]

    def follow(self, name: str, say: Callable[[int], None]) -> float:
        """Until a started process ends by itself; `say` gets the percentage of each `progress DONE ALL` it prints.

        Answers the seconds of CPU it took. Raises StepFailed.
        """
        child = next(each for label, each in self._children if label == name)
        assert child.stdout is not None
        for line in child.stdout:
            match line.split():
                case ["progress", done, of]:
                    say(int(done) * 100 // max(1, int(of)))
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # ended, but its figures are still told
        spent_seconds = cpu_seconds(child.pid)
        if child.wait() != 0:
            self.check()
            raise StepFailed(f"{name} was ended")
        child.stdout.close()
        self._children.remove((name, child))
        return spent_seconds

    def check(self) -> None:
        """Raises StepFailed when something that should go on has ended."""
        for name, child in list(self._children):
            if child.poll() is not None:
                end = (self.folder / f"{name}.log").read_text("utf-8", "replace").strip()[-800:]
                raise StepFailed(f"{name} ended by itself with {child.returncode}: {end}")

    def stop(self) -> None:
        """End every child, the last started first; none is started after."""
        with self._lock:
            self._is_over = True
        for _, child in reversed(list(self._children)):
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for name, child in reversed(list(self._children)):
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                print(f"demo: {name} did not stop and is ended", file=sys.stderr)
                child.kill()
                child.wait()
            if child.stdout is not None:
                child.stdout.close()
        self._children.clear()


def tool(name: str) -> str:
    """A command of this installation, beside the running Python."""
    return str(Path(sys.executable).with_name(name))
