"""Backup jobs of the simulated servers: the reports that their scripts leave in a folder, as they stand at any moment of the story.

Planted: the nightly job of hq-win has not run for 55 hours, so it is 31 hours late. The weekly one of hq-lin last ran eight days ago, which
is within a quarter of its week.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from demo.load import SECOND_NS
from demo.world import DAY_NS, HOUR_NS, wobble

REPORTS_FOLDER = "backup-reports"
LATE_HOURS = 31.0
RESTORE_TEST_DAYS_AGO = 47.0


@dataclass(frozen=True, slots=True)
class SimulatedJob:
    """A job that runs every `interval_hours` and ran last `last_hours_ago` before the story's now."""

    device: str
    name: str
    interval_hours: int
    last_hours_ago: float
    minutes: int
    octets: int

    @property
    def file_name(self) -> str:
        return f"{self.device}-{self.name}.json"

    def report(self, epoch_ns: int, now_ns: int) -> str:
        """What its script told at the end of the newest run before `now_ns`."""
        interval_ns = self.interval_hours * HOUR_NS
        last_ns = epoch_ns - round(self.last_hours_ago * HOUR_NS)
        end_ns = last_ns - max(0, -((now_ns - last_ns) // interval_ns)) * interval_ns
        told = {
            "result": "ok",
            "start": end_ns // SECOND_NS - self.minutes * 60,
            "end": end_ns // SECOND_NS,
            "bytes": self.octets + wobble(len(self.device), end_ns, self.octets // 50),
            "items": 1,
            "warnings": 0,
            "target": "nas",
            "restore_test": (epoch_ns - round(RESTORE_TEST_DAYS_AGO * DAY_NS)) // SECOND_NS,
        }
        return json.dumps(told) + "\n"


JOBS: Sequence[SimulatedJob] = (
    SimulatedJob("hq-win", "nightly", 24, 24 + LATE_HOURS, 74, 61_000_000_000),
    SimulatedJob("hq-lin", "weekly", 7 * 24, 8 * 24, 190, 240_000_000_000),
)


class JobReports:
    """Writes the reports into `folder`, each when it changes."""

    def __init__(self, folder: Path, epoch_ns: int) -> None:
        self._folder, self._epoch_ns = folder, epoch_ns
        self._written: dict[str, str] = {}

    def write(self, now_ns: int) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for job in JOBS:
            report = job.report(self._epoch_ns, now_ns)
            if self._written.get(job.file_name) != report:
                self._written[job.file_name] = report
                (self._folder / job.file_name).write_text(report)


def settings_of(folder: Path, devices: Sequence[str]) -> list[str]:
    """Lines of agent.toml for the jobs of these devices."""
    lines: list[str] = []
    for job in JOBS:
        if job.device in devices:
            lines += [
                "[[backup]]",
                f'job = "{job.name}"',
                'kind = "status"',
                f'device = "{job.device}"',
                f'interval = "{job.interval_hours}h"',
                f'path = "{folder / job.file_name}"',
                "",
            ]
    return lines
