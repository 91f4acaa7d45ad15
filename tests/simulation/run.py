"""Run the delivery line under the deterministic simulator.

    PYTHONPATH=tests python tests/simulation/run.py --seeds 2000 [--start 0] [--processes 2] [--plant spool|gateway|worker]

Prints the seeds that failed with the command that replays one, then `runs N crashes N batches N lost N doubled N` and what lies behind it.
Exit code 0: all passed, 1: some failed; with `--plant` 0: the bug was caught.
"""

import argparse
import gc
import itertools
import logging
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from testkit.simulation_world import Verdict, World

PLANTS = ("", "spool", "gateway", "worker")
_CHUNK = 25
_SHOWN = 5


def run_seed(seed: int, plant: str = "") -> Verdict:
    """One world, whatever happens in it."""
    try:
        return World(seed, plant).run()
    except Exception as error:
        # The judge of a seed: an exception out of the code under test is a finding, not the end of the run.
        return Verdict(seed, [f"exception: {type(error).__name__}: {error}"])


def run_seeds(seeds: Sequence[int], plant: str = "", processes: int = 1) -> Iterable[Verdict]:
    """Verdicts in order of the seeds."""
    if processes <= 1:
        return (run_seed(seed, plant) for seed in seeds)
    return _in_processes(seeds, plant, processes)


def _in_processes(seeds: Sequence[int], plant: str, processes: int) -> Iterable[Verdict]:
    with multiprocessing.get_context("spawn").Pool(processes, _prepare, maxtasksperchild=40) as pool:
        chunks = [(seeds[start : start + _CHUNK], plant) for start in range(0, len(seeds), _CHUNK)]
        for verdicts in pool.imap(_run_chunk, chunks):
            yield from verdicts


def _run_chunk(work: tuple[Sequence[int], str]) -> list[Verdict]:
    seeds, plant = work
    verdicts = [run_seed(seed, plant) for seed in seeds]
    gc.collect()
    return verdicts


def _prepare() -> None:
    """Worlds log what would alarm a person, here it is all expected; and their garbage is collected once a chunk, not all the time."""
    logging.disable(logging.CRITICAL)
    gc.freeze()
    gc.disable()


def _until(verdicts: Iterable[Verdict], seconds: float) -> Iterable[Verdict]:
    begun = time.perf_counter()
    return itertools.takewhile(lambda _verdict: time.perf_counter() - begun < seconds, verdicts)


def report(verdicts: Iterable[Verdict], plant: str) -> int:
    """Prints what the module says; returns the exit code."""
    sums: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    failed: list[Verdict] = []
    for verdict in verdicts:
        sums["runs"] += 1
        for name in ("batches", "applied", "under_gap", "quarantined", "set_aside", "lost", "doubled", "agent_crashes", "server_crashes"):
            sums[name] += getattr(verdict, name)
        faults.update(verdict.faults)
        if verdict.problems:
            failed.append(verdict)
            if len(failed) <= _SHOWN:
                print(f"seed {verdict.seed} FAILED: " + "\n    ".join(verdict.problems[:_SHOWN]))
                planted = f" --plant {plant}" if plant else ""
                print(f"    replay: PYTHONPATH=tests python tests/simulation/run.py --start {verdict.seed} --seeds 1{planted}")
        if sums["runs"] % 1000 == 0:
            print(f"... {_sums(sums)} failed seeds {len(failed)}", file=sys.stderr, flush=True)
    print(_sums(sums))
    print(
        f"crashes: agents {sums['agent_crashes']}, server {sums['server_crashes']}; "
        f"batches: applied {sums['applied']}, under a gap record {sums['under_gap']}, quarantined or held {sums['quarantined']}, "
        f"set aside after a fencing {sums['set_aside']}; failed seeds {len(failed)}"
    )
    print("faults: " + ", ".join(f"{name} {count}" for name, count in sorted(faults.items())))
    if plant:
        print(f"planted bug in the {plant}: " + (f"caught, first by seed {failed[0].seed}" if failed else "NOT caught"))
        return 0 if failed else 1
    return 1 if failed else 0


def _sums(sums: Mapping[str, int]) -> str:
    crashes = sums["agent_crashes"] + sums["server_crashes"]
    return f"runs {sums['runs']} crashes {crashes} batches {sums['batches']} lost {sums['lost']} doubled {sums['doubled']}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Delivery under the deterministic simulator.")
    parser.add_argument("--seeds", type=int, default=2000, help="how many seeds")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--plant", choices=PLANTS, default="", help="bring a bug that must be caught")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop then, and report what has run")
    options = parser.parse_args(arguments)
    _prepare()
    begun = time.perf_counter()
    verdicts = run_seeds(range(options.start, options.start + options.seeds), options.plant, options.processes)
    code = report(_until(verdicts, options.seconds), options.plant)
    print(f"{time.perf_counter() - begun:.1f} s")
    return code


if __name__ == "__main__":
    sys.exit(main())
