"""A few worlds on every run of the tests; `make sim` runs thousands. And the proof that the simulator can catch a bug at all."""

import logging
from collections.abc import Iterator

import pytest
from testkit.simulation_world import World

SEEDS = range(60)
PLANTS = ("spool", "gateway", "worker")
"""Bugs that must be caught: forget the digest, acknowledge before the commit, apply before the ledger."""
CAUGHT_WITHIN = 100


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("seed", SEEDS)
def test_promises_1_to_9_and_15_nothing_durable_is_lost_and_nothing_is_applied_twice(seed: int) -> None:
    verdict = World(seed).run()
    assert verdict.problems == [], f"replay: PYTHONPATH=tests python tests/simulation/run.py --start {seed} --seeds 1"
    assert (verdict.lost, verdict.doubled) == (0, 0)


def test_a_seed_replays_to_the_same_end() -> None:
    first, second = World(17).run(), World(17).run()
    assert first == second
    assert first.trace
    assert first.batches > 0
    assert World(18).run().trace != first.trace


def test_the_seeds_together_reach_what_they_are_for() -> None:
    verdicts = [World(seed).run() for seed in range(100, 120)]
    assert sum(verdict.agent_crashes for verdict in verdicts) > 10
    assert sum(verdict.server_crashes for verdict in verdicts) > 3
    assert sum(verdict.applied for verdict in verdicts) > 150


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_bug_is_caught(plant: str) -> None:
    verdicts = (World(seed, plant).run() for seed in range(CAUGHT_WITHIN))
    caught = next(verdict for verdict in verdicts if (verdict.doubled if plant == "worker" else verdict.lost))
    assert caught.problems
    assert World(caught.seed).run().problems == []
