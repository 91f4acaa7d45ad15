"""The knowledge base at full size: 3,000 CVE records taken in by the real command, and versions judged against them.

The records are generated: releases by train as real advisories list them, from a few to some hundreds each.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from natvakt_server.knowledge.exposure import ExposureJudge
from natvakt_server.store.estate.engine import open_engine
from natvakt_server.store.estate.knowledge import SqlKnowledge
from testkit.knowledge import archive, cve_record, product

RECORDS = 3_000
DEVICES = 105
PRODUCTS = {
    "Cisco IOS XE Software": lambda train, place: (
        f"{16 + train // 12}.{train % 12 + 1}.{place}{'abc'[place % 3] if place % 4 == 0 else ''}"
    ),
    "Cisco IOS": lambda train, place: f"15.{train % 8}({place % 8 + 1}){'EMTS'[train % 4]}{place}",
    "Cisco NX-OS Software": lambda train, place: f"{7 + train % 4}.{train % 3}({place + 1})",
    "Cisco Adaptive Security Appliance (ASA) Software": lambda train, place: f"9.{train % 20}.{place % 4}.{place}",
    "Cisco IOS XR Software": lambda train, place: f"{6 + train % 2}.{train % 9}.{place}",
}
SYSTEMS = {"ios-xe": "Cisco IOS XE Software", "ios": "Cisco IOS", "nx-os": "Cisco NX-OS Software"}


@dataclass(frozen=True, slots=True)
class Figures:
    import_seconds: float
    import_cpu_seconds: float
    import_mebibytes: float
    again_seconds: float
    judge_cpu_seconds: float
    statements: int


def records(count: int, seed: int = 5) -> Iterator[dict[str, Any]]:
    dice = random.Random(seed)
    names = list(PRODUCTS)
    for number in range(count):
        name = dice.choice(names)
        spell = PRODUCTS[name]
        listed = sorted({spell(dice.randrange(24), dice.randrange(12)) for _ in range(dice.choice((3, 20, 80, 400)))})
        yield cve_record(f"CVE-2024-{10_000 + number}", [product(name, *listed)], score=round(dice.uniform(4, 10), 1))


def file_of(count: int) -> bytes:
    return archive({f"CVE-2024-{place}.json": record for place, record in enumerate(records(count))})


def imported(path: Path, environment: Mapping[str, str]) -> tuple[float, dict[str, Any]]:
    """Seconds, and what the command answered."""
    began = time.monotonic()
    command = [str(Path(sys.executable).with_name("natvakt-server")), "knowledge", "import", str(path), "--json"]
    done = subprocess.run(command, capture_output=True, check=True, env=dict(environment))
    (answer,) = json.loads(done.stdout)["files"]
    return time.monotonic() - began, answer


def judged(state: Path) -> tuple[float, int]:
    """Seconds of CPU and statements for as many versions as a full site has devices."""
    engine = open_engine(f"sqlite:///{state / 'server' / 'estate.sqlite'}")
    judge, began, told = ExposureJudge(SqlKnowledge(engine)), time.process_time(), 0
    for device in range(DEVICES):
        os = list(SYSTEMS)[device % len(SYSTEMS)]
        told += len(judge.judge(os, PRODUCTS[SYSTEMS[os]](device % 24, device % 9)).statements)
    spent = time.process_time() - began
    engine.dispose()
    return spent, told


def measure(environment: Mapping[str, str], count: int = RECORDS) -> Figures:
    """Raises AssertionError where the counts are not what they must be."""
    with tempfile.TemporaryDirectory() as folder:
        path, state = Path(folder) / "records.tar.gz", Path(folder) / "state"
        path.write_bytes(file_of(count))
        own = {**environment, "NATVAKT_STATE_DIR": str(state)}
        before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
        first, answer = imported(path, own)
        assert (answer["read"], answer["new"], answer["rejected"]) == (count, count, []), answer
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        again, answer = imported(path, own)
        assert answer["unchanged"] == count, answer
        return Figures(first, used.ru_utime + used.ru_stime - before, used.ru_maxrss / 1024, again, *judged(state))
