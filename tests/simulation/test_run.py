"""What `make sim` prints and returns."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from testkit.simulation_world import Verdict

PROGRAM = Path(__file__).with_name("run.py")


def _run(*arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, PROGRAM, *arguments], env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def test_it_closes_with_the_sums_and_returns_0() -> None:
    printed = _run("--start", "100", "--seeds", "4")
    assert re.search(r"^runs 4 crashes [1-9]\d* batches [1-9]\d* lost 0 doubled 0$", printed, re.MULTILINE)


def test_a_planted_bug_that_is_caught_returns_0() -> None:
    assert "planted bug in the spool: caught, first by seed" in _run("--seeds", "10", "--plant", "spool")


def test_a_failed_seed_is_named_with_its_replay_and_returns_1(capsys: pytest.CaptureFixture[str]) -> None:
    report = runpy.run_path(str(PROGRAM))["report"]
    verdicts = [Verdict(6, batches=10, agent_crashes=2), Verdict(7, ["lost: a1-3"], batches=5, lost=1, server_crashes=1)]
    assert report(verdicts, "") == 1
    printed = capsys.readouterr().out
    assert "seed 7 FAILED: lost: a1-3" in printed
    assert "tests/simulation/run.py --start 7 --seeds 1\n" in printed
    assert "\nruns 2 crashes 3 batches 15 lost 1 doubled 0\n" in printed


def test_a_planted_bug_that_escapes_returns_1(capsys: pytest.CaptureFixture[str]) -> None:
    report = runpy.run_path(str(PROGRAM))["report"]
    assert report([Verdict(6)], "worker") == 1
    assert "planted bug in the worker: NOT caught" in capsys.readouterr().out
