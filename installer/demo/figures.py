"""What the demo cost: seconds and CPU seconds of each step, and which processes took them. Linux tells it; elsewhere only the seconds."""

import os
import resource
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import psutil


def cpu_seconds(process_id: int) -> float:
    """CPU of a process so far, its ended children included; of one that has just ended too, until it is waited for."""
    try:
        times = psutil.Process(process_id).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)


def own_cpu_seconds() -> float:
    """CPU of this process and of all its children that have ended."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    seconds: float
    cpu_seconds: float


@dataclass(slots=True)
class Figures:
    """`running` answers the ids of the processes that go on, by name."""

    running: Callable[[], Iterable[tuple[str, int]]]
    steps: list[Step] = field(default_factory=list)
    by_process: dict[str, float] = field(default_factory=dict)
    _before: tuple[float, float] = field(default_factory=lambda: (time.monotonic(), own_cpu_seconds()))

    def ended(self, name: str, spent_seconds: float) -> None:
        """A process of this name has ended by itself."""
        self._add(name, spent_seconds)

    def _add(self, name: str, spent_seconds: float) -> None:
        self.by_process[name] = self.by_process.get(name, 0.0) + spent_seconds

    def step_done(self, name: str) -> None:
        """Everything since the last step was this one."""
        now = time.monotonic(), own_cpu_seconds() + sum(cpu_seconds(number) for _, number in self.running())
        self.steps.append(Step(name, now[0] - self._before[0], now[1] - self._before[1]))
        self._before = now

    def lines(self) -> Sequence[str]:
        """A table for people: each step, then the processes, the dearest first."""
        for name, number in self.running():
            self._add(name, cpu_seconds(number))
        total = sum(step.cpu_seconds for step in self.steps)
        self._add("commands", max(0.0, total - sum(self.by_process.values())))
        dearest = sorted(self.by_process.items(), key=lambda each: -each[1])
        rows = [*self.steps, Step(f"all, on {os.cpu_count()} processors", sum(step.seconds for step in self.steps), total)]
        table = [f"{step.seconds:6.0f} s {step.cpu_seconds:6.0f} s of CPU  {step.name}" for step in rows]
        return [*table, "CPU: " + ", ".join(f"{name} {spent:.0f} s" for name, spent in dearest)]
