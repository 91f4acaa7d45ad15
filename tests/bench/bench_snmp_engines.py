"""What one hostile device costs the others (promise 29), and what an engine's varbinds cost, for both SNMP engines.

Four honest devices are asked every 50 ms; the figure is how much later their answers come, measured from when they were due, while a
fifth is asked without pause and answers with 8,000 varbinds in one datagram. The second engine runs in its real child process.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

import psutil
from natvakt_agent.app.snmp_engines import GUFO, PYSNMP, OnlyThisRun, SnmpEngines, snmp_child
from natvakt_agent.app.system_clock import SystemClock
from natvakt_agent.collectors.snmp.session import Session, SnmpFault
from testkit.snmp import v2c_target

PERIOD_SECONDS, ROUNDS = 0.05, 60
COLUMN, ROWS = "1.3.6.1.2.1.2.2.1.10", 48
WALKS = 400
GOAL_JITTER_MS = 50.0


@dataclass(frozen=True, slots=True)
class EngineFigures:
    """`jitter_ms`: what the hostile device added to the 99th percentile of the others' delay. CPU is of the engine's process alone."""

    engine: str
    calm_ms: float
    beside_hostile_ms: float
    varbinds_per_cpu_second: float

    @property
    def jitter_ms(self) -> float:
        return max(0.0, self.beside_hostile_ms - self.calm_ms)


def run() -> Iterator[EngineFigures]:
    child = snmp_child(8, os.environ)
    engines = SnmpEngines(GUFO, child, OnlyThisRun(), SystemClock())
    try:
        with devices() as ports:
            for name in (GUFO, PYSNMP):
                targets = [replace(v2c_target(port), snmp_engine=name) for port in ports]
                sessions = [engines.open_session(target, 2.0) for target in targets]
                for session in sessions[:-1]:
                    session.get_many([f"{COLUMN}.1"])  # the child starts with its first question
                calm = delays(sessions[:-1])
                with asked_without_pause(sessions[-1]):
                    beside = delays(sessions[:-1])
                yield EngineFigures(name, percentile(calm), percentile(beside), rate(sessions[0], child.pid if name == PYSNMP else None))
    finally:
        engines.close()


@contextmanager
def devices() -> Iterator[Sequence[int]]:
    process = subprocess.Popen([sys.executable, "-m", "bench.hostile_devices"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield [int(port) for port in process.stdout.readline().split()]
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


@contextmanager
def asked_without_pause(session: Session) -> Iterator[None]:
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            with suppress(SnmpFault):
                session.walk(COLUMN, 25).step()

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def delays(sessions: Sequence[Session]) -> list[float]:
    """Seconds between when each question was due and its answer."""
    found: list[float] = []

    def ask(session: Session, offset_seconds: float) -> None:
        due = time.monotonic() + offset_seconds
        for _ in range(ROUNDS):
            time.sleep(max(0.0, due - time.monotonic()))
            session.walk(COLUMN, 25).step()
            found.append(time.monotonic() - due)
            due += PERIOD_SECONDS

    threads = [threading.Thread(target=ask, args=(session, place * PERIOD_SECONDS / 4)) for place, session in enumerate(sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def percentile(seconds: Sequence[float]) -> float:
    """The 99th, in milliseconds."""
    return sorted(seconds)[int(len(seconds) * 0.99)] * 1e3


def rate(session: Session, child: int | None) -> float:
    """Varbinds for each second of CPU of the process that decodes."""
    process = psutil.Process(child) if child is not None else psutil.Process()
    before = process.cpu_times()
    for _ in range(WALKS):
        walk, left = session.walk(COLUMN, 25), ROWS
        while left > 0:
            left -= len(walk.step().varbinds)
    after = process.cpu_times()
    return WALKS * ROWS / max(0.001, after.user + after.system - before.user - before.system)


if __name__ == "__main__":
    for figures in run():
        print(figures, f"jitter {figures.jitter_ms:.1f} ms, goal {GOAL_JITTER_MS:g}")
